"""What customs see of a paper: by its number, on a day, from their side of the border."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy.orm import Session

from api.access.acts import Act
from api.access.allow import Actor, allow, may
from api.access.papers import of_authorisation, of_border
from api.usecases.trade.acts import Sessions
from api.usecases.trade.papers import left_of
from registry.documents.form import certificate_hash
from registry.documents.record import Unprintable, form_of
from registry.errors import InputError
from registry.models import Consignment
from registry.store import authorisations, endorsements
from registry.store.authorisations import Wanted, plain
from registry.store.session import reading
from registry.trade_facts import Authorisation
from rules.trade.customs import Advice, Border, Print, advise


def check(engine: Sessions, scanned: str, country: str, actor: Actor, on: date) -> dict[str, Any]:
    """Release, hold or refuse at the border of a country, with the reasons.

    `scanned`: a number as typed, or the address that the code on a paper holds. The paper itself is
    in the answer where the actor may read it. Nothing is put on record: letting goods pass is an act
    of its own. Raises Denied for the border of another country, InputError without a number.
    """
    number, code = number_of(scanned), code_of(scanned)
    allow(actor, Act.CUSTOMS_CHECK, of_border(number, country))
    with reading(engine.sessions) as session:
        paper = _numbered(session, number)
        if paper is None:
            border, seen = Border(country, on, left=False), False
        else:
            border, seen = _standing(session, paper, country, on), _readable(session, actor, paper)
            border = replace(border, scanned=_scanned(session, paper, code))
    told = _shown(number, border, advise(paper, border))
    way = list(border.on_the_way) if seen else []
    return told | {"on_the_way": way, "paper": plain(paper) if paper and seen else None}


def number_of(scanned: str) -> str:
    """The number of a paper, as typed in any case, or out of the address in the code printed on it.

    Raises InputError where there is none.
    """
    asked = _asked(scanned)
    text = scanned if asked is None else asked.get("number", "")
    number = " ".join(text.split()).upper()
    if not number or not number.isprintable():
        raise InputError("there is no number of a paper in what was scanned or typed")
    return number


def code_of(scanned: str) -> str:
    """The certificate hash in a scanned address; empty where a number was typed."""
    return (_asked(scanned) or {}).get("hash", "").lower()


def _asked(scanned: str) -> dict[str, str] | None:
    """What a scanned address asks for; None where it is no address."""
    text = scanned.strip()
    if not text.lower().startswith(("http://", "https://")):
        return None
    try:
        return {name: values[0] for name, values in parse_qs(urlsplit(text).query).items()}
    except ValueError:
        return {}


def _scanned(session: Session, paper: Authorisation, code: str) -> Print:
    """Which version a code was printed of. Where it stood then does not matter, what it says does."""
    if not code:
        return Print.NOT_SCANNED
    for earlier in authorisations.every(session, paper.id):
        if _printed(earlier) == code:
            same = replace(earlier, version=paper.version, state=paper.state) == paper
            return Print.AS_IT_STANDS if same else Print.OTHER_PARTICULARS
    return Print.OF_NO_VERSION


def _printed(paper: Authorisation) -> str:
    """The hash a print of it bears; empty where it cannot be printed."""
    try:
        return certificate_hash(form_of(paper))
    except Unprintable:
        return ""


def _numbered(session: Session, number: str) -> Authorisation | None:
    return next(iter(authorisations.page(session, Wanted(number=number), limit=1)), None)


def _standing(session: Session, paper: Authorisation, country: str, on: date) -> Border:
    shipped = endorsements.consignments(session, paper.id)
    arrived = endorsements.endorsements(session, paper.id)
    way = tuple(one.number for one in shipped if one.number not in arrived)
    return Border(country, on, _left(paper, shipped), way)


def _readable(session: Session, actor: Actor, paper: Authorisation) -> bool:
    standing = of_authorisation(paper, authorisations.applicant(session, paper.id))
    return may(actor, Act.AUTHORISATION_READ, standing)


def _shown(number: str, border: Border, advice: Advice) -> dict[str, Any]:
    return {
        "number": number,
        "country": border.country,
        "on": border.on.isoformat(),
        "word": advice.word.value,
        "grounds": [asdict(ground) | {"word": ground.word.value} for ground in advice.grounds],
    }


def _left(paper: Authorisation, shipped: list[Consignment]) -> bool:
    most = paper.consignments
    more = most is None or len(shipped) < most
    return more and any(quantity > 0 for quantity in left_of(paper, shipped).values())
