"""Hold the branches at one place of the core against what the law allows there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rules.language.limits import within
from rules.language.view import Branch, View
from rules.language.words import Vocabulary
from rules.reading import Place, Site, Table

CORE = "core"
PARENT = "parent"
CLAUSE = "clause"
ASK = "ask"
FREE = "free"
FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Fit:
    """How one branch stands at its site. `ref` is the clause or the question; of a branch that
    fails, what is wrong with it."""

    verdict: str
    site: str
    ref: str = ""
    word: str = ""
    atoms: tuple[int, ...] = ()


TOO_FEW = "too few groups"
TOO_MANY = "too many groups"
TOO_MUCH = "the groups together go beyond a limit"


def judge_site(
    view: View, words: Vocabulary, site: Site, branches: Sequence[Branch], at: Iterable[int]
) -> list[Fit]:
    """Every branch at a site, and the atoms of the core there (`at`), each with its clause."""
    fits = [*_atoms(view, site, at), *_branches(view, words, site, branches)]
    if site.number is not None and not within(site.number, len(branches)):
        fits.append(Fit(FAIL, site.name, TOO_FEW if len(branches) < site.number[0] else TOO_MANY))
    if site.together is not None:
        atoms = frozenset[int]().union(*(branch.atoms for branch in branches))
        if not site.together.fit(view, atoms):
            fits.append(Fit(FAIL, site.name, TOO_MUCH, atoms=order(atoms)))
    return fits


def _atoms(view: View, site: Site, at: Iterable[int]) -> Iterable[Fit]:
    for atom in sorted(at):
        for clause, elements in site.atoms.items():
            if view.elements[atom] in elements:
                yield Fit(CLAUSE, site.name, clause, view.elements[atom], (atom,))


def _branches(view: View, words: Vocabulary, site: Site, branches: Sequence[Branch]) -> list[Fit]:
    if site.parent is None:
        return _with_free_tail(
            view, words, site, [(b, _added(view, words, site, b)) for b in branches]
        )
    choices = [*branches, None] if not branches or site.carries else list(branches)
    return max((_with_main(view, words, site, main, branches) for main in choices), key=_merit)


def _merit(fits: list[Fit]) -> tuple[int, int, int]:
    verdicts = [fit.verdict for fit in fits]
    return (-verdicts.count(FAIL), -verdicts.count(ASK), verdicts.count(PARENT))


def _with_main(
    view: View, words: Vocabulary, site: Site, main: Branch | None, branches: Sequence[Branch]
) -> list[Fit]:
    """One branch stands where the parent has its group; the others are additions."""
    fits = _main(view, words, site, main)
    return fits + [_added(view, words, site, other) for other in branches if other is not main]


def _main(view: View, words: Vocabulary, site: Site, main: Branch | None) -> list[Fit]:
    atoms = order(main.atoms) if main else ()
    assert site.parent is not None  # noqa: S101 (checked by the caller)
    if words.fits(view, main, site.parent):
        return [Fit(PARENT, site.name, "", site.parent, atoms)]
    found = by_clause(view, words, main, site.becomes)
    if found:
        return [Fit(CLAUSE, site.name, clause, word, atoms) for clause, word in found]
    on_parent = _on_parent(view, words, site, main) if main else []
    if on_parent and all(fit.verdict not in (FAIL, ASK) for fit in on_parent):
        return on_parent
    if word := first(view, words, main, site.may):
        return [Fit(FREE, site.name, "", word, atoms)]
    asked = by_clause(view, words, main, site.ask)
    if asked:
        return [Fit(ASK, site.name, asked[0][0], asked[0][1], atoms)]
    return on_parent or [Fit(FAIL, site.name, atoms=atoms)]


def _on_parent(view: View, words: Vocabulary, site: Site, main: Branch) -> list[Fit]:
    """The parent's own group, carrying what the law lets it carry."""
    if not (site.on_parent or site.ask_on_parent):
        return []
    word = words.words[site.parent or ""]
    for group in words.groups(view, main, word):
        rests = words.rests(view, main, group)
        judged = [
            (rest, listed(view, words, site, rest, site.on_parent, site.ask_on_parent))
            for rest in rests
        ]
        kept = Fit(PARENT, site.name, "", site.parent or "", order(group.atoms))
        return [kept, *_with_free_tail(view, words, site, judged)]
    return []


def _added(view: View, words: Vocabulary, site: Site, branch: Branch) -> Fit:
    fit = listed(view, words, site, branch, site.carries, {} if site.parent else site.ask)
    if fit.verdict == CLAUSE or site.parent:
        return fit
    word = first(view, words, branch, site.may)
    return Fit(FREE, site.name, "", word, fit.atoms) if word else fit


def listed(
    view: View,
    words: Vocabulary,
    place: Place,
    branch: Branch,
    allowed: Table,
    asked: Table,
) -> Fit:
    """A branch with the clause that allows it, or the question it raises, or as failing."""
    atoms = order(branch.atoms)
    for verdict, table in ((CLAUSE, allowed), (ASK, asked)):
        for clause, names in table.items():
            if word := first(view, words, branch, names):
                return Fit(verdict, place.name, clause, word, atoms)
    return Fit(FAIL, place.name, atoms=atoms)


def _with_free_tail(
    view: View, words: Vocabulary, site: Site, judged: Sequence[tuple[Branch, Fit]]
) -> list[Fit]:
    """Once a clause is met, what the law lets follow freely no longer fails."""
    if not site.then or all(fit.verdict != CLAUSE for _, fit in judged):
        return [fit for _, fit in judged]
    return [
        Fit(FREE, site.name, "", word, fit.atoms)
        if fit.verdict in (FAIL, ASK) and (word := first(view, words, branch, site.then))
        else fit
        for branch, fit in judged
    ]


def by_clause(
    view: View, words: Vocabulary, branch: Branch | None, table: Table
) -> list[tuple[str, str]]:
    """Each clause (or question) of a table that a branch fits, with the word it fits by."""
    found = [(clause, first(view, words, branch, names)) for clause, names in table.items()]
    return [(clause, word) for clause, word in found if word]


def first(view: View, words: Vocabulary, branch: Branch | None, names: Sequence[str]) -> str:
    """The first of some words that a branch fits; empty where none does."""
    return next((name for name in names if words.fits(view, branch, name)), "")


def order(atoms: frozenset[int]) -> tuple[int, ...]:
    """Atoms in the order of their indices, as answers give them."""
    return tuple(sorted(atoms))
