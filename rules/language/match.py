"""Judge a molecule against a reading: find the core, cut into branches, hold each against its site.

The answer names every branch with the clause that allows it, and the branch that no clause allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rdkit.Chem import rdMolDescriptors

from rules.language.bridges import judge_bridge, positions, without_a_branch
from rules.language.compile import CompiledReading, CompiledSkeleton
from rules.language.sites import ASK, CLAUSE, CORE, FAIL, FREE, PARENT, Fit, judge_site, order
from rules.language.view import Branch, TooManyMatches, View
from rules.language.words import Vocabulary
from rules.reading import Heaviest, Skeleton, Unsaturation
from rules.result import Structure

__all__ = ["ASK", "CLAUSE", "CORE", "FAIL", "FREE", "PARENT", "Fit", "Judgement", "judge"]


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


WEIGHED = {
    "average": rdMolDescriptors._CalcMolWt,  # noqa: SLF001
    "monoisotopic": rdMolDescriptors.CalcExactMolWt,
}
NO_CORE = Judgement(Structure.DOES_NOT_MEET, fails=CORE)
TOO_MANY = Judgement(Structure.UNDETERMINED, fails="too many ways to place the core")


def judge(view: View, reading: CompiledReading, *, thorough: bool = True) -> Judgement:
    """The best judgement over all skeletons and all ways to place each core. Not `thorough`: where
    the definition is not met, nobody asks which branch came nearest to meeting it."""
    best = NO_CORE
    try:
        for skeleton in reading.skeletons:
            if view.has(skeleton.probe):
                for match, at in _placements(view, skeleton):
                    placed = _judge_placement(
                        view, skeleton, reading.words, match, at, _most(best, thorough)
                    )
                    best = max(best, placed or best, key=merit)
    except TooManyMatches:
        best = best if best.structure is Structure.MEETS else TOO_MANY
    return best if reading.heaviest is None else _weighed(view, reading.heaviest, best)


def merit(judgement: Judgement) -> tuple[int, int, int, int]:
    """What makes one judgement come before another: what it says, then how near it came."""
    rank = [Structure.DOES_NOT_MEET, Structure.UNDETERMINED, Structure.MEETS]
    verdicts = [fit.verdict for fit in judgement.fits]
    return (
        rank.index(judgement.structure),
        0 if judgement is NO_CORE else 1,
        -verdicts.count(FAIL),
        -len(judgement.clauses),
    )


def _weighed(view: View, heaviest: Heaviest, judgement: Judgement) -> Judgement:
    """The same judgement once the molecule is weighed, in average and in monoisotopic mass."""
    if judgement.structure is Structure.DOES_NOT_MEET:
        return judgement
    most = float(heaviest.mass_at_most)
    light = [
        weigh(view.mol) <= most
        for mass, weigh in WEIGHED.items()
        if heaviest.weighs in (None, mass)
    ]
    if all(light):
        return judgement
    if any(light):
        fit = Fit(ASK, "mass", heaviest.ask)
        questions = _distinct([*judgement.questions, heaviest.ask])
        judgement = replace(judgement, structure=Structure.UNDETERMINED, questions=questions)
    else:
        fit = Fit(FAIL, "mass", f"more than {heaviest.mass_at_most} u")
        judgement = replace(
            judgement, structure=Structure.DOES_NOT_MEET, clauses=(), questions=(), fails="mass"
        )
    return replace(judgement, fits=(*judgement.fits, fit))


def _most(best: Judgement, thorough: bool) -> int:
    """How many branches may fail before a placement can no longer be the best."""
    if best is NO_CORE:
        return 1 << 30 if thorough else 0
    return sum(fit.verdict == FAIL for fit in best.fits)


def _placements(
    view: View, compiled: CompiledSkeleton
) -> Iterator[tuple[tuple[int, ...], dict[int, int]]]:
    """Each way to place the core that may give an answer of its own: the match, and the position of
    each of its atoms."""
    seen = set()
    for match in view.matches(compiled.core):
        at = {match[place]: number for number, place in compiled.positions.items()}
        # Orientations that put the same sites on the same atoms give the same answer.
        key = (
            frozenset(match),
            frozenset(
                (atom, compiled.sites[n].name if n in compiled.sites else "")
                for atom, n in at.items()
            ),
        )
        if compiled.skeleton.bridges:
            key = (*key, frozenset(at.items()))  # type: ignore[assignment]
        if key not in seen:
            seen.add(key)
            yield match, at


def _judge_placement(
    view: View,
    compiled: CompiledSkeleton,
    words: Vocabulary,
    match: tuple[int, ...],
    at: dict[int, int],
    most: int,
) -> Judgement | None:
    """The judgement of one placement; None as soon as more than `most` branches fail."""
    branches = view.branches(match)
    by_site, beside = _hung(compiled, branches, at)
    judged: dict[str, list[Fit]] = {}
    failing = 0
    for place, site in enumerate(compiled.telling):
        if place == compiled.needed and failing + _lost(compiled, judged, beside, at) > most:
            return None
        atoms = [atom for atom, number in at.items() if number in site.at]
        if atoms:
            judged[site.name] = judge_site(view, words, site, by_site[site.name], atoms)
            failing += sum(fit.verdict == FAIL for fit in judged[site.name])
        if failing > most:
            return None
    fits = [_core_fit(compiled, match)]
    fits += (_beside(view, compiled, words, branch, at, sites) for branch, sites in beside)
    fits += (fit for site in compiled.skeleton.sites for fit in judged.get(site.name, ()))
    fits += _whole(view, compiled, match, branches)
    return _conclude(compiled, fits)


def _hung(
    compiled: CompiledSkeleton, branches: Sequence[Branch], at: dict[int, int]
) -> tuple[dict[str, list[Branch]], list[tuple[Branch, set[str]]]]:
    """The branches of each site, and those that hang from none or from more than one, with the
    names of the sites (empty for a place that is no site)."""
    by_site: dict[str, list[Branch]] = {site.name: [] for site in compiled.skeleton.sites}
    beside = []
    for branch in branches:
        sites = {compiled.site_of(at.get(outer, 0)) for outer, _ in branch.attachments}
        if len(sites) == 1 and "" not in sites:
            by_site[sites.pop()].append(branch)
        else:
            beside.append((branch, sites))
    return by_site, beside


def _lost(
    compiled: CompiledSkeleton,
    judged: dict[str, list[Fit]],
    beside: list[tuple[Branch, set[str]]],
    at: dict[int, int],
) -> int:
    """How many clauses that have to be met are not, once every site that speaks of them is judged,
    and will not be by a ring either."""
    fits = [fit for found in judged.values() for fit in found]
    met = {fit.ref for fit in fits if fit.verdict == CLAUSE}
    bridges = [compiled.bridge(positions(branch, at)) for branch, _ in beside]
    open_ = {clause for bridge in bridges if bridge for clause in bridge.clauses}
    if compiled.skeleton.unsaturation is not None:
        open_.add(compiled.skeleton.unsaturation.clause)
    lacking = _lacking(compiled.skeleton, [*met, compiled.skeleton.clause or ""], fits)
    return sum(fit.ref not in open_ for fit in lacking)


def _beside(
    view: View,
    compiled: CompiledSkeleton,
    words: Vocabulary,
    branch: Branch,
    at: dict[int, int],
    sites: set[str],
) -> Fit:
    """A branch that hangs from no site, or from more than one."""
    free = compiled.skeleton.elsewhere == "free"
    if free and ("" in sites or not compiled.skeleton.bridges):
        return Fit(FREE, "elsewhere", atoms=order(branch.atoms))
    if len(sites) == 1:
        return Fit(FAIL, "elsewhere", atoms=order(branch.atoms))
    return judge_bridge(view, words, compiled, branch, at)


def _core_fit(compiled: CompiledSkeleton, match: tuple[int, ...]) -> Fit:
    atoms = tuple(sorted(match))
    if compiled.skeleton.ask:
        return Fit(ASK, CORE, compiled.skeleton.ask, "", atoms)
    return Fit(CORE, CORE, compiled.skeleton.clause or "", "", atoms)


def _whole(
    view: View, compiled: CompiledSkeleton, match: tuple[int, ...], branches: Sequence[Branch]
) -> Iterable[Fit]:
    """What is said of the core with its bonds, of all branches together, of the molecule."""
    skeleton = compiled.skeleton
    if skeleton.elsewhere == "closed":
        yield from without_a_branch(view, compiled.core, match, compiled.bonds)
    if skeleton.unsaturation is not None:
        yield from _double_bonds(view, skeleton.unsaturation, frozenset(match))
    for clause, probe in compiled.but_not.items():
        if view.has(probe):
            yield Fit(FAIL, "taken out", clause)
    if skeleton.together is not None:
        atoms = frozenset[int]().union(*(branch.atoms for branch in branches))
        if not skeleton.together.fit(view, atoms):
            yield Fit(FAIL, "all groups together", "beyond a limit", atoms=order(atoms))


def _double_bonds(view: View, limit: Unsaturation, core: frozenset[int]) -> Iterable[Fit]:
    """The clause for double bonds in the core, and the ring that has too many. An aromatic ring
    has half as many double bonds as atoms."""
    unsaturated = [view.double_bonds(ring) for ring in view.rings if ring <= core]
    if any(count > limit.per_ring_at_most for count in unsaturated):
        yield Fit(FAIL, "double bonds in one ring", f"more than {limit.per_ring_at_most}")
    elif any(unsaturated):
        yield Fit(CLAUSE, "double bonds", limit.clause)


def _conclude(compiled: CompiledSkeleton, fits: Sequence[Fit]) -> Judgement:
    skeleton = compiled.skeleton
    clauses = _distinct(
        [skeleton.clause or "", *(fit.ref for fit in fits if fit.verdict == CLAUSE)]
    )
    questions = _distinct(fit.ref for fit in fits if fit.verdict == ASK)
    fits = [*fits, *_lacking(skeleton, clauses, fits)]
    failing = [fit for fit in fits if fit.verdict == FAIL]
    changed = any(fit.verdict == CLAUSE for fit in fits)
    structure, fails = Structure.MEETS, ""
    if failing:
        structure, fails = Structure.DOES_NOT_MEET, failing[0].site
    elif questions:
        structure = Structure.UNDETERMINED
    elif skeleton.change == "required" and not changed:
        structure, fails = Structure.DOES_NOT_MEET, "change"
    return Judgement(structure, compiled.name, clauses, questions, tuple(fits), fails)


def _lacking(skeleton: Skeleton, clauses: Sequence[str], fits: Sequence[Fit]) -> Iterator[Fit]:
    """Every clause that has to be met and is not, unless what is asked about at a place that clause
    speaks of may be what meets it."""
    asking = {fit.site for fit in fits if fit.verdict == ASK}
    open_ = {c for place in skeleton.places if place.name in asking for c in place.clauses}
    for need in skeleton.needs:
        if need not in clauses and need not in open_:
            yield Fit(FAIL, f"clause {need}", need)


def _distinct(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({item for item in items if item}))
