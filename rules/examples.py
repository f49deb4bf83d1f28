"""The examples inside rule files, run against the engine: the proof that a reading does what it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from registry.chem.parse import Format, read_structure
from registry.chem.standardise import Standardised, standardise
from registry.errors import RegisterError
from rules.decide import Book, Scope, decide
from rules.goods import PURE
from rules.result import Finding
from rules.schema import Example, Provision


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that did not come out as the file says."""

    provision: str
    example: str
    expected: str
    got: str


def run(book: Book, provision: Provision) -> Iterator[Failure]:
    """Every failing example of one provision, judged together with all other provisions."""
    for example in provision.examples:
        failure = check(book, provision, example)
        if failure is not None:
            yield failure


def check(book: Book, provision: Provision, example: Example) -> Failure | None:
    """The failure of one example, or None."""
    label = f"{example.name}, {example.on.isoformat()}"
    try:
        finding = _finding(book, provision, example)
    except RegisterError as error:
        return Failure(provision.id, label, str(example.expect.outcome), error.message)
    wrong = list(_differences(example, finding))
    if not wrong:
        return None
    return Failure(
        provision.id, label, "; ".join(e for e, _ in wrong), "; ".join(g for _, g in wrong)
    )


def _finding(book: Book, provision: Provision, example: Example) -> Finding | None:
    """The finding of the provision, judged with everything of its jurisdiction in view."""
    scope = Scope(jurisdictions=(provision.jurisdiction,))
    decision = decide(
        _standardised(_smiles(book, example)),
        book,
        on=example.on,
        goods=dict[str, Decimal](example.goods.items()) or PURE,
        known_at="",
        text="",
        scope=scope,
        everything=True,
    )
    found = (f for f in decision.findings if f.provision == provision.id)
    return next(found, None)


@lru_cache(maxsize=4096)
def _standardised(smiles: str) -> Standardised:
    """Each example is asked again for every clause taken out of its file."""
    return standardise(read_structure(smiles, Format.SMILES))


def _smiles(book: Book, example: Example) -> str:
    if example.smiles:
        return example.smiles
    name = example.name.casefold()
    for substance in book.facts.substances:
        names = {substance.name.casefold(), *(one.text.casefold() for one in substance.names)}
        if name in names and substance.smiles:
            return substance.smiles
    raise RegisterError(f"the register holds no structure for `{example.name}`")


def _differences(example: Example, finding: Finding | None) -> Iterator[tuple[str, str]]:
    expect = example.expect
    if expect.outcome == "not in force":
        # A provision that only a draft brings is not there at all on other days.
        if finding is not None and not any("not in force" in r.text for r in finding.reasons):
            yield "not in force", finding.outcome.value
        return
    if finding is None:
        yield expect.outcome, "no finding"
        return
    yield from _compare("outcome", expect.outcome, finding.outcome.value)
    if expect.structure is not None:
        yield from _compare("structure", expect.structure, finding.structure.value)
    if expect.clauses is not None:
        yield from _compare("clauses", sorted(expect.clauses), sorted(finding.clauses))
    if expect.by is not None:
        yield from _compare("displaced by", sorted(expect.by), sorted(finding.displaced_by))
    if expect.fails is not None:
        failing = [r.part for r in finding.reasons if r.holds == "no"]
        yield from _compare("fails", [expect.fails], failing[:1])
    if expect.questions is not None:
        asked = sorted({r.question for r in finding.reasons if r.question})
        yield from _compare("questions", sorted(expect.questions), asked)


def _compare(what: str, expected: object, got: object) -> Iterator[tuple[str, str]]:
    if expected != got:
        yield f"{what} {expected}", f"{what} {got}"
