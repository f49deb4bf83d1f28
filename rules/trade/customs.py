"""What customs do with goods that come with a paper: release, hold or refuse, and why.

Goods without an export authorisation are detained (1961 article 31 (10), 1971 article 12 (3) (d)).
What is certainly wrong with the paper refuses it; what has to be asked of somebody first holds the
goods. Nothing is released on an unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.trade_facts import Authorisation
from registry.trade_facts import AuthorisationState as State

NO_PAPER = "1961 art. 31 (10), 1971 art. 12 (3) (d)"
PERIOD = "1961 art. 31 (4) (b), 1971 art. 12 (1) (b)"
NATIONAL = "national law"


class Word(StrEnum):
    """What is to be done with the goods, from best to worst."""

    RELEASE = "release"
    HOLD = "hold"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason, with the article it rests on and what would settle it."""

    word: Word
    text: str
    cite: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Border:
    """Where and when goods stand with a paper.

    `left`: quantity and consignments remain on the paper. `on_the_way`: consignments that left and
    are not endorsed yet, by number.
    """

    country: str
    on: date
    left: bool
    on_the_way: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    """The word of the worst ground. It judges the paper, not whether the goods are what it says."""

    word: Word
    grounds: tuple[Ground, ...]


UNKNOWN = Ground(
    Word.HOLD,
    "this register holds no paper of that number",
    NO_PAPER,
    "ask the authority printed on it whether it issued it; without one, detain the goods",
)
_STATES = {
    State.SUSPENDED: (Word.HOLD, "it is suspended", "the authority's word that it counts again"),
    State.LOST: (Word.HOLD, "it was declared lost", "the paper that replaces it, or its finder's account"),
    State.CANCELLED: (Word.REFUSE, "it was cancelled", "another authorisation"),
    State.EXPIRED: (Word.REFUSE, "it has expired", "another authorisation"),
    State.CLOSED: (Word.REFUSE, "it is used up and closed", "another authorisation"),
    State.REFUSED: (Word.REFUSE, "what it applied for was refused", "another authorisation"),
}  # fmt: skip
_USABLE = (State.ISSUED, State.AMENDED, State.PARTLY_USED, State.IN_TRANSIT, State.ENDORSED)


def advise(paper: Authorisation | None, border: Border) -> Advice:
    """What customs of a country do on a day with goods that come with this paper.

    None stands for a number that nobody knows. The result is no finding about the goods: their
    kind, quantity and seals are for the officer to compare with what the paper says.
    """
    grounds = (UNKNOWN,) if paper is None else tuple(_grounds(paper, border))
    worst = max((ground.word for ground in grounds), key=list(Word).index, default=Word.RELEASE)
    return Advice(worst, grounds or (_in_order(border),))


def _grounds(paper: Authorisation, border: Border) -> Iterator[Ground]:
    if paper.state in _STATES:
        word, text, remedy = _STATES[paper.state]
        yield Ground(word, text, NATIONAL, remedy)
    elif paper.state not in _USABLE:
        text = f"it is no authorisation yet: it is {paper.state.value.replace('_', ' ')}"
        yield Ground(Word.REFUSE, text, NO_PAPER, "wait until it is issued")
    yield from _period(paper, border)
    yield from _place(paper, border)
    yield from _use(paper, border)


def _period(paper: Authorisation, border: Border) -> Iterator[Ground]:
    begins, ends = paper.valid_from, paper.valid_to
    if begins is None or ends is None:
        yield Ground(Word.HOLD, "its period of use is not on record", PERIOD, "ask the authority")
    elif border.on < begins:
        yield Ground(Word.REFUSE, f"it may be used from {begins} only", PERIOD, "wait until then")
    elif border.on >= ends and not border.on_the_way:
        text = f"it could be used before {ends} only"
        yield Ground(Word.REFUSE, text, PERIOD, "another authorisation")


def _place(paper: Authorisation, border: Border) -> Iterator[Ground]:
    route = paper.route
    along = (route.origin, *route.via, route.destination)
    if border.country not in along:
        text = f"its route ({' → '.join(along)}) does not touch {border.country}"
        cite = "1961 art. 31 (11) and (12), 1971 art. 12 (3) (e) and (f)"
        yield Ground(Word.REFUSE, text, cite, "an authorisation for this route")


def _use(paper: Authorisation, border: Border) -> Iterator[Ground]:
    """Where the paper was issued something must be left on it; elsewhere, something on the way."""
    leaving = border.country == paper.route.origin
    if paper.state not in _USABLE:
        return
    if paper.state is State.ENDORSED and not leaving:
        text = "what came under it is endorsed already"
        yield Ground(Word.HOLD, text, NATIONAL, "ask the authority that endorsed it")
    elif border.country == paper.jurisdiction:
        if not border.left and (leaving or not border.on_the_way):
            cite = "1961 art. 31 (4), 1971 art. 12 (1) (a)"
            yield Ground(Word.REFUSE, "nothing is left on it", cite, "another authorisation")
    elif not border.on_the_way:
        text = "no consignment is on record as having left under it"
        yield Ground(Word.HOLD, text, NATIONAL, "ask the customs of the exporting country")


def _in_order(border: Border) -> Ground:
    way = ", ".join(str(number) for number in border.on_the_way)
    text = f"consignment {way} is on the way" if way else "it is in force and not used up"
    remedy = "compare goods, quantity, parties and seals with it"
    return Ground(Word.RELEASE, text, PERIOD, remedy)
