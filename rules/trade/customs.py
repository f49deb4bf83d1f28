"""What customs do with goods that come with a paper: release, hold or refuse, and why.

Goods without an export authorisation are detained (1961 article 31 (10), 1971 article 12 (3) (d)).
What is certainly wrong with the paper refuses it; what has to be asked of somebody first holds the
goods. Nothing is released on an unknown. Which word a state of a paper deserves is our reading: the
conventions know papers that are there and papers that are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.trade_facts import Authorisation, Paper
from registry.trade_facts import AuthorisationState as State

NATIONAL = "national law"
NO_PAPER = {"1961": "1961 art. 31 (10)", "1971": "1971 art. 12 (3) (d)"}
PERIOD = {"1961": "1961 art. 31 (4) (b)", "1971": "1971 art. 12 (1) (b)"}
EACH = {"1961": "1961 art. 31 (4) (a)", "1971": "1971 art. 12 (1) (a)"}
ON_THE_WAY = {"1961": "1961 art. 31 (6) and (11)", "1971": "1971 art. 12 (1) (d) and (3) (e)"}
ROUTE = {"1961": "1961 art. 31 (11) and (12)", "1971": "1971 art. 12 (3) (e) and (f)"}
EXPORTS = (Paper.EXPORT, Paper.EXPORT_DECLARATION)


class Word(StrEnum):
    """What is to be done with the goods, from best to worst."""

    RELEASE = "release"
    HOLD = "hold"
    REFUSE = "refuse"


class Print(StrEnum):
    """Which version of the paper the scanned code was printed of; typed numbers say nothing."""

    NOT_SCANNED = "not scanned"
    AS_IT_STANDS = "as it stands"
    OTHER_PARTICULARS = "other particulars"
    OF_NO_VERSION = "of no version"


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
    scanned: Print = Print.NOT_SCANNED


@dataclass(frozen=True, slots=True)
class Advice:
    """The word of the worst ground. It judges the paper, not whether the goods are what it says."""

    word: Word
    grounds: tuple[Ground, ...]


UNKNOWN = Ground(
    Word.HOLD,
    "this register holds no paper of that number",
    ", ".join(NO_PAPER.values()),
    "ask the authority printed on it whether it issued it; without one, detain the goods",
)
_PRINTS = {
    Print.OTHER_PARTICULARS: Ground(
        Word.HOLD,
        "the print is of an earlier version, with other particulars than the paper has now",
        NATIONAL,
        "a print of the paper as it stands",
    ),
    Print.OF_NO_VERSION: Ground(
        Word.HOLD,
        "the code on the print is of no version of this paper",
        NATIONAL,
        "the word of the authority that issued it: the print may be altered or made up",
    ),
}
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
    kind, quantity and seals are for the officer to compare with what the paper says. Nor does it
    say that this paper suffices: an import takes the papers of both countries.
    """
    grounds = (UNKNOWN,) if paper is None else tuple(_grounds(paper, border))
    worst = max((ground.word for ground in grounds), key=list(Word).index, default=Word.RELEASE)
    if paper is None or grounds:
        return Advice(worst, grounds)
    return Advice(worst, (_in_order(paper, border),))


def _grounds(paper: Authorisation, border: Border) -> Iterator[Ground]:
    """A paper for another way is refused for that alone: the rest of it is not theirs to be told."""
    route = paper.route
    if border.country not in (route.origin, *route.via, route.destination):
        text = f"its route does not touch {border.country}"
        remedy = "an authorisation for this route, or of the diversion"
        yield Ground(Word.REFUSE, text, _cite(paper, ROUTE), remedy)
        return
    if border.scanned in _PRINTS:
        yield _PRINTS[border.scanned]
    yield from _state(paper)
    yield from _period(paper, border)
    if paper.state in _USABLE:
        yield from _use(paper, border)


def _state(paper: Authorisation) -> Iterator[Ground]:
    if paper.state in _STATES:
        word, text, remedy = _STATES[paper.state]
        yield Ground(word, text, NATIONAL, remedy)
    elif paper.state not in _USABLE:
        text = f"it is no authorisation yet: it is {paper.state.value.replace('_', ' ')}"
        yield Ground(Word.REFUSE, text, _cite(paper, NO_PAPER), "wait until it is issued")


def _period(paper: Authorisation, border: Border) -> Iterator[Ground]:
    """Exports have to leave, imports to arrive within it: an export that left in time may arrive
    later, an import that did is for the authority to say."""
    begins, ends, cite = paper.valid_from, paper.valid_to, _cite(paper, PERIOD)
    coming = border.on_the_way and border.country != paper.route.origin
    if begins is None or ends is None:
        yield Ground(Word.HOLD, "its period of use is not on record", cite, "ask the authority")
    elif border.on < begins:
        yield Ground(Word.REFUSE, f"it may be used from {begins} only", cite, "wait until then")
    elif border.on >= ends and not coming:
        text = f"it could be used before {ends} only"
        yield Ground(Word.REFUSE, text, cite, "another authorisation")
    elif border.on >= ends and paper.paper not in EXPORTS:
        text = f"it could be used before {ends} only, and a consignment was on the way"
        yield Ground(Word.HOLD, text, cite, "the authority's word that it came in time")


def _use(paper: Authorisation, border: Border) -> Iterator[Ground]:
    """At home something must be left on it or, of what comes in, on the way; elsewhere only an
    export's paper counts, and something must have left under it."""
    home, coming = border.country == paper.jurisdiction, border.country != paper.route.origin
    if not home and paper.paper not in EXPORTS:
        text = f"it counts in {paper.jurisdiction} only; goods travel under the paper of the export"
        remedy = f"the export authorisation of {paper.route.origin}"
        yield Ground(Word.HOLD, text, _cite(paper, ON_THE_WAY), remedy)
    elif paper.state is State.ENDORSED and coming:
        text = "what came under it is endorsed already"
        yield Ground(Word.HOLD, text, NATIONAL, "ask the authority that endorsed it")
    elif home:
        left = border.left and paper.state is not State.ENDORSED
        if not left and not (coming and border.on_the_way):
            cite = _cite(paper, EACH)
            yield Ground(Word.REFUSE, "nothing is left on it", cite, "another authorisation")
    elif not border.on_the_way:
        text = "no consignment is on record as having left under it"
        remedy = "ask the customs of the exporting country"
        yield Ground(Word.HOLD, text, _cite(paper, ON_THE_WAY), remedy)


def _in_order(paper: Authorisation, border: Border) -> Ground:
    coming = border.country != paper.route.origin
    way = ", ".join(str(number) for number in border.on_the_way if coming)
    text = (
        f"it is in force, and consignment {way} on the way"
        if way
        else "it is in force, not used up"
    )
    remedy = "compare goods, quantity, parties and seals with it"
    return Ground(Word.RELEASE, text, _cite(paper, PERIOD), remedy)


def _cite(paper: Authorisation, articles: dict[str, str]) -> str:
    """The article of the paper's convention; declarations and precursors are national law's."""
    if paper.paper is Paper.EXPORT_DECLARATION:
        return NATIONAL
    return articles.get(paper.convention, NATIONAL)
