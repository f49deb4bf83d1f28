"""Who may do what to pre-export notifications, asked in the transaction of the act."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from sqlalchemy.orm import Session

from api.access.acts import Act as Asked
from api.access.allow import Actor, allow, found, may
from api.access.allow import Standing as Place
from api.access.papers import notification_act, of_notification
from api.usecases.notification_record import Kept, kept, standing
from registry.errors import InputError, NotFound
from registry.models import NotificationRecord, NotificationVersion
from registry.store import notifications as store
from registry.store.notifications import Wanted
from registry.trade_facts import NotificationState
from rules.trade.notification_states import Act, after

CHUNK = 200


def to_compose(actor: Actor, draft: Kept) -> None:
    """Raises Denied unless it is of the authority of the exporting country."""
    allow(actor, Asked.NOTIFICATION_COMPOSE, of_notification(draft.notification))


def to_receive(actor: Actor, receiver: str) -> None:
    """Raises Denied unless it is of the authority that a notification is sent to."""
    kept_there = Place(country=receiver, state=NotificationState.DELIVERED.value)
    allow(actor, notification_act("receive"), kept_there)


def to_meet(session: Session, actor: Actor, notification: str, word: str) -> NotificationRecord:
    """The notification, held, where the actor may read it or do this to it.

    To all others the act is denied, whether there is such a notification or not.
    """
    try:
        record = store.hold(session, notification)
    except NotFound:
        missing(actor, notification_act(word), notification)
        raise
    place = place_of(record, store.newest(session, record))
    if not may(actor, Asked.NOTIFICATION_READ, place):
        allow(actor, notification_act(word), place)
    return record


def to_act(session: Session, actor: Actor, record: NotificationRecord, act: Act) -> None:
    """Raises ActNotPossible where it stands elsewhere, then Denied unless the actor may do this."""
    newest = store.newest(session, record)
    after(standing(newest), act)
    allow(actor, notification_act(act), place_of(record, newest))


def to_amend(session: Session, actor: Actor, record: NotificationRecord, draft: Kept) -> None:
    """Raises Denied unless the draft is theirs, and stays theirs with its new content."""
    allow(actor, Asked.NOTIFICATION_COMPOSE, place_of(record, store.newest(session, record)))
    to_compose(actor, draft)


def to_expire(actor: Actor) -> None:
    """Raises Denied where the actor may mark nothing that its own country has sent."""
    own = Place(country=actor.country, state=NotificationState.SENT.value)
    allow(actor, notification_act(Act.EXPIRE), own)


def to_read(session: Session, actor: Actor, asked: str) -> NotificationRecord:
    """By identifier, or by a number that only one notification they may read has.

    Raises Denied alike for one that is not there and one that is not theirs.
    """
    named = list(those_may(session, actor, store.numbered(session, asked)))
    if len(named) > 1:
        raise InputError(f"several notifications have the number `{asked}`: give the identifier")
    if named:
        return named[0]
    try:
        record = store.get(session, asked)
    except NotFound:
        missing(actor, Asked.NOTIFICATION_READ, asked)
        raise
    allow(actor, Asked.NOTIFICATION_READ, place_of(record, store.newest(session, record)))
    return record


def readable(
    session: Session, actor: Actor, wanted: Wanted, *, after: str
) -> Iterator[NotificationRecord]:
    """The notifications the actor may read, in order of identifier."""
    while rows := store.page(session, wanted, after=after, limit=CHUNK):
        yield from those_may(session, actor, rows)
        after = rows[-1].id


def those_may(
    session: Session,
    actor: Actor,
    rows: Iterable[NotificationRecord],
    act: str = Asked.NOTIFICATION_READ,
) -> Iterator[NotificationRecord]:
    """Those of them to which the actor may do this; reading them, if nothing is said."""
    rest = iter(rows)
    while some := list(islice(rest, CHUNK)):
        newest = store.newest_of(session, some)
        yield from (row for row in some if may(actor, act, place_of(row, newest[row.id])))


def possible_to(
    actor: Actor, record: NotificationRecord, newest: NotificationVersion, acts: Iterable[Act]
) -> list[str]:
    """Which of the acts the actor may do."""
    place = place_of(record, newest)
    return [str(act) for act in acts if may(actor, notification_act(act), place)]


def place_of(record: NotificationRecord, newest: NotificationVersion) -> Place:
    return of_notification(kept(newest).notification, received=record.direction == "in")


def missing(actor: Actor, act: str, asked: str) -> None:
    """Raises Denied, or NotFound for those who may do this to every notification."""
    found(actor, act, None, asked)
