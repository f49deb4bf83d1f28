"""Hold a branch that closes a ring between two places of the core against what the law allows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rdkit import Chem

from rules.language.compile import CompiledSkeleton
from rules.language.limits import within
from rules.language.sites import FAIL, FREE, Fit, first, listed, order
from rules.language.view import Branch, View
from rules.language.words import Vocabulary
from rules.reading import Bridge, Site

CLOSED = "ring closure"


def judge_bridge(
    view: View,
    words: Vocabulary,
    compiled: CompiledSkeleton,
    branch: Branch,
    at: Mapping[int, int],
) -> Fit:
    """The clause that lets a branch join the places it joins; `at` gives the position of an atom.

    A ring of a forbidden size fails, and so does a branch that, with the ring thought open again,
    would not be allowed at the sites the class names for that.
    """
    bridge = compiled.bridge(positions(branch, at))
    if bridge is None:
        return Fit(FAIL, CLOSED, atoms=order(branch.atoms))
    if not within(bridge.ring, _ring(view, branch)):
        return Fit(FAIL, bridge.name, "a ring of another size", atoms=order(branch.atoms))
    if not all(_fits_open(view, words, compiled, branch, at, name) for name in bridge.opened_at):
        return Fit(FAIL, bridge.name, "not allowed with the ring open", atoms=order(branch.atoms))
    return _allowed(view, words, bridge, branch)


def positions(branch: Branch, at: Mapping[int, int]) -> frozenset[int]:
    """The positions of the core that a branch joins; 0 for an atom without one."""
    return frozenset(at.get(outer, 0) for outer, _ in branch.attachments)


def _allowed(view: View, words: Vocabulary, bridge: Bridge, branch: Branch) -> Fit:
    fit = listed(view, words, bridge, branch, bridge.carries, bridge.ask)
    if fit.verdict == FAIL and (word := first(view, words, branch, bridge.may)):
        return Fit(FREE, bridge.name, "", word, fit.atoms)
    return fit


def _ring(view: View, branch: Branch) -> int:
    """Atoms of the smallest ring that a branch closes with the core."""
    ends = {outer for outer, _ in branch.attachments}
    return min(
        (len(ring) for ring in view.rings if len(ring & ends) > 1 and ring & branch.atoms),
        default=0,
    )


def _fits_open(
    view: View,
    words: Vocabulary,
    compiled: CompiledSkeleton,
    branch: Branch,
    at: Mapping[int, int],
    name: str,
) -> bool:
    """Whether the branch alone, hanging from one site only, is allowed there."""
    for outer, inner in branch.attachments:
        site = compiled.sites.get(at.get(outer, 0))
        if site is not None and site.name == name:
            alone = Branch(branch.atoms, ((outer, inner),))
            return _at_site(view, words, site, alone)
    return True


def _at_site(view: View, words: Vocabulary, site: Site, branch: Branch) -> bool:
    tables = (*site.carries.values(), *site.becomes.values(), site.may)
    return any(first(view, words, branch, names) for names in tables)


def without_a_branch(
    view: View, core: Chem.Mol, match: tuple[int, ...], bonds: int
) -> Iterable[Fit]:
    """A bond between atoms of the core that the core does not have: a ring without a branch."""
    atoms = frozenset(match)
    within_core = sum(len(atoms.intersection(view.neighbours[atom])) for atom in atoms) // 2
    if within_core > bonds and core.GetNumAtoms() == len(match):
        yield Fit(FAIL, CLOSED, "a bond the core does not have", atoms=order(atoms))
