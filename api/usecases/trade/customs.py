"""What customs see of a paper: by its number, on a day, from their side of the border."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import date
from typing import Any
from urllib.parse import unquote

from api.usecases.trade.acts import Sessions
from api.usecases.trade.papers import left_of
from registry.models import Consignment
from registry.store import authorisations, endorsements
from registry.store.authorisations import Wanted, plain
from registry.store.session import reading
from registry.trade_facts import Authorisation
from rules.trade.customs import Advice, Border, advise

SCANNED = re.compile(r"https?://.*[?&]number=([^&#]+)")


def check(engine: Sessions, scanned: str, country: str, on: date) -> dict[str, Any]:
    """Release, hold or refuse, with the reasons, and the paper where there is one.

    `scanned`: a number as typed, or the address that the code on a paper holds. Nothing is put on
    record: releasing is an act of its own.
    """
    number = number_of(scanned)
    with reading(engine.sessions) as session:
        found = authorisations.page(session, Wanted(number=number), limit=1) if number else []
        paper = found[0] if found else None
        shipped = endorsements.consignments(session, paper.id) if paper else []
        arrived = endorsements.endorsements(session, paper.id) if paper else {}
    way = tuple(one.number for one in shipped if one.number not in arrived)
    border = Border(country, on, paper is not None and _left(paper, shipped), way)
    advice = advise(paper, border)
    return shown(number, border, advice) | {"paper": plain(paper) if paper else None}


def number_of(scanned: str) -> str:
    """The number of a paper, as typed or out of the address in the code printed on it."""
    found = SCANNED.fullmatch(scanned.strip())
    return unquote(found[1]) if found else " ".join(scanned.split())


def shown(number: str, border: Border, advice: Advice) -> dict[str, Any]:
    return {
        "number": number,
        "country": border.country,
        "on": border.on.isoformat(),
        "word": advice.word.value,
        "grounds": [asdict(ground) | {"word": ground.word.value} for ground in advice.grounds],
        "on_the_way": list(border.on_the_way),
    }


def _left(paper: Authorisation, shipped: list[Consignment]) -> bool:
    most = paper.consignments
    more = most is None or len(shipped) < most
    return more and any(quantity > 0 for quantity in left_of(paper, shipped).values())
