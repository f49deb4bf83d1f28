"""Whom a command acts for: the holder of the key that is set, else whoever runs the register."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from api.access.acts import Act
from api.access.allow import Actor, allow
from api.engine import Engine
from api.settings import Settings
from api.usecases import access
from registry.errors import Denied
from registry.models import Role


def acting(sessions: sessionmaker[Session], settings: Settings, now: datetime) -> Actor:
    """Raises NotIdentified where `SUBREG_KEY` is no key that holds.

    Without a key it is the operator, who has the database anyway: the operator reads, asks and
    makes keys, and acts on no record of trade.
    """
    key = settings.key.get_secret_value()
    if key:
        return access.identify(sessions, key, now=now)
    return Actor(settings.actor, Role.OPERATOR)


def who(engine: Engine, act: Act, now: datetime) -> str:
    """Who does this, for the log. Raises Denied."""
    actor = acting(engine.sessions, engine.settings, now)
    allow(actor, act)
    return actor.id


@contextmanager
def denials_on_record(
    sessions: sessionmaker[Session], settings: Settings, now: datetime
) -> Iterator[None]:
    """Put an act that is denied in between into the log of acts."""
    try:
        yield
    except Denied as denied:
        access.put_denial_on_record(sessions, denied, actor=settings.actor, now=now)
        raise
