"""Judge a molecule against a reading: find the core, cut into branches, hold each against its site.

The answer names every branch with the clause that allows it, and the branch that no clause allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rules.language.compile import CompiledReading, CompiledSkeleton
from rules.language.view import Branch, TooManyMatches, View
from rules.language.words import Vocabulary
from rules.result import Structure
from rules.schema import Site

CORE = "core"
PARENT = "parent"
CLAUSE = "clause"
ASK = "ask"
FREE = "free"
FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Fit:
    """How one branch stands at its site. `ref` is the clause or the question."""

    verdict: str
    site: str
    ref: str = ""
    word: str = ""
    atoms: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reading says of a molecule.

    `fits` covers core and branches of the skeleton that came nearest. `fails` names the first
    thing no clause allows (`core` when no core is found, `change` when nothing was changed).
    """

    structure: Structure
    skeleton: str = ""
    clauses: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    fits: tuple[Fit, ...] = ()
    fails: str = ""


NO_CORE = Judgement(Structure.DOES_NOT_MEET, fails=CORE)
TOO_MANY = Judgement(Structure.UNDETERMINED, fails="too many ways to place the core")


def judge(view: View, reading: CompiledReading) -> Judgement:
    """The best judgement over all skeletons and all ways to place each core."""
    best = NO_CORE
    try:
        for skeleton in reading.skeletons:
            for judgement in _placements(view, skeleton, reading.words):
                best = max(best, judgement, key=_merit)
    except TooManyMatches:
        return best if best.structure is Structure.MEETS else TOO_MANY
    return best


def _merit(judgement: Judgement) -> tuple[int, int, int, int]:
    rank = [Structure.DOES_NOT_MEET, Structure.UNDETERMINED, Structure.MEETS]
    verdicts = [fit.verdict for fit in judgement.fits]
    return (
        rank.index(judgement.structure),
        0 if judgement is NO_CORE else 1,
        -verdicts.count(FAIL),
        -len(judgement.clauses),
    )


def _placements(view: View, compiled: CompiledSkeleton, words: Vocabulary) -> Iterator[Judgement]:
    seen = set()
    for match in view.matches(compiled.core):
        at = {match[place]: number for number, place in compiled.positions.items()}
        # Orientations that put the same sites on the same atoms give the same answer.
        key = frozenset((atom, compiled.sites[n].name if n in compiled.sites else "")
                        for atom, n in at.items())  # fmt: skip
        if key not in seen:
            seen.add(key)
            yield _judge_placement(view, compiled, words, match, at)


def _judge_placement(
    view: View,
    compiled: CompiledSkeleton,
    words: Vocabulary,
    match: tuple[int, ...],
    at: dict[int, int],
) -> Judgement:
    fits = [_core_fit(compiled, match)]
    by_site: dict[str, list[Branch]] = {site.name: [] for site in compiled.skeleton.sites}
    for branch in view.branches(match):
        site = compiled.sites.get(at.get(branch.attachments[0][0], 0))
        if site is None:
            verdict = FREE if compiled.skeleton.elsewhere == "free" else FAIL
            fits.append(Fit(verdict, "elsewhere", atoms=_order(branch.atoms)))
        else:
            by_site[site.name].append(branch)
    for site in compiled.skeleton.sites:
        fits += _judge_site(view, words, site, by_site[site.name])
    return _conclude(compiled, fits)


def _core_fit(compiled: CompiledSkeleton, match: tuple[int, ...]) -> Fit:
    atoms = tuple(sorted(match))
    if compiled.skeleton.ask:
        return Fit(ASK, CORE, compiled.skeleton.ask, "", atoms)
    return Fit(CORE, CORE, compiled.skeleton.clause or "", "", atoms)


def _conclude(compiled: CompiledSkeleton, fits: Sequence[Fit]) -> Judgement:
    skeleton = compiled.skeleton
    clauses = _distinct(
        [skeleton.clause or "", *(fit.ref for fit in fits if fit.verdict == CLAUSE)]
    )
    questions = _distinct(fit.ref for fit in fits if fit.verdict == ASK)
    failing = [fit for fit in fits if fit.verdict == FAIL]
    changed = any(fit.verdict == CLAUSE for fit in fits)
    structure, fails = Structure.MEETS, ""
    if failing:
        structure, fails = Structure.DOES_NOT_MEET, failing[0].site
    elif questions:
        structure = Structure.UNDETERMINED
    elif skeleton.change == "required" and not changed:
        structure, fails = Structure.DOES_NOT_MEET, "change"
    return Judgement(structure, skeleton.name, clauses, questions, tuple(fits), fails)


def _distinct(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({item for item in items if item}))


def _order(atoms: frozenset[int]) -> tuple[int, ...]:
    return tuple(sorted(atoms))


def _judge_site(view: View, words: Vocabulary, site: Site, branches: Sequence[Branch]) -> list[Fit]:
    if site.parent is None:
        return _with_free_tail(
            view, words, site, [(b, _added(view, words, site, b)) for b in branches]
        )
    choices = [*branches, None] if not branches or site.carries else list(branches)
    return max((_with_main(view, words, site, main, branches) for main in choices), key=_site_merit)


def _site_merit(fits: list[Fit]) -> tuple[int, int, int]:
    verdicts = [fit.verdict for fit in fits]
    return (-verdicts.count(FAIL), -verdicts.count(ASK), verdicts.count(PARENT))


def _with_main(
    view: View, words: Vocabulary, site: Site, main: Branch | None, branches: Sequence[Branch]
) -> list[Fit]:
    """One branch stands where the parent has its group; the others are additions."""
    fits = _main(view, words, site, main)
    return fits + [_added(view, words, site, other) for other in branches if other is not main]


def _main(view: View, words: Vocabulary, site: Site, main: Branch | None) -> list[Fit]:
    atoms = _order(main.atoms) if main else ()
    assert site.parent is not None  # noqa: S101 (checked by the caller)
    if words.fits(view, main, site.parent):
        return [Fit(PARENT, site.name, "", site.parent, atoms)]
    found = _by_clause(view, words, main, site.becomes)
    if found:
        return [Fit(CLAUSE, site.name, clause, word, atoms) for clause, word in found]
    on_parent = _on_parent(view, words, site, main) if main else []
    if on_parent and all(fit.verdict not in (FAIL, ASK) for fit in on_parent):
        return on_parent
    asked = _by_clause(view, words, main, site.ask)
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
            (rest, _listed(view, words, site, rest, site.on_parent, site.ask_on_parent))
            for rest in rests
        ]
        kept = Fit(PARENT, site.name, "", site.parent or "", _order(group))
        return [kept, *_with_free_tail(view, words, site, judged)]
    return []


def _added(view: View, words: Vocabulary, site: Site, branch: Branch) -> Fit:
    return _listed(view, words, site, branch, site.carries, {} if site.parent else site.ask)


def _listed(
    view: View,
    words: Vocabulary,
    site: Site,
    branch: Branch,
    allowed: dict[str, tuple[str, ...]],
    asked: dict[str, tuple[str, ...]],
) -> Fit:
    atoms = _order(branch.atoms)
    for verdict, table in ((CLAUSE, allowed), (ASK, asked)):
        found = _by_clause(view, words, branch, table)
        if found:
            return Fit(verdict, site.name, found[0][0], found[0][1], atoms)
    return Fit(FAIL, site.name, atoms=atoms)


def _with_free_tail(
    view: View, words: Vocabulary, site: Site, judged: Sequence[tuple[Branch, Fit]]
) -> list[Fit]:
    """Once a clause is met, what the law lets follow freely no longer fails."""
    if not site.then or all(fit.verdict != CLAUSE for _, fit in judged):
        return [fit for _, fit in judged]
    return [
        Fit(FREE, site.name, "", word, fit.atoms)
        if fit.verdict in (FAIL, ASK) and (word := _first(view, words, branch, site.then))
        else fit
        for branch, fit in judged
    ]


def _by_clause(
    view: View, words: Vocabulary, branch: Branch | None, table: dict[str, tuple[str, ...]]
) -> list[tuple[str, str]]:
    found = [(clause, _first(view, words, branch, names)) for clause, names in table.items()]
    return [(clause, word) for clause, word in found if word]


def _first(view: View, words: Vocabulary, branch: Branch | None, names: Sequence[str]) -> str:
    return next((name for name in names if words.fits(view, branch, name)), "")
