"""A class built upon others: cut a group off and ask whether what is left comes under them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase

from rdkit import Chem

from registry.chem.identity import connectivity
from rules.controls.matter import InForceRule, Matter
from rules.language.compile import CompiledReading, CompiledUpon
from rules.language.match import CLAUSE, CORE, NO_CORE, Fit, Judgement, merit
from rules.language.sites import first, order
from rules.language.view import Branch
from rules.result import Finding, Outcome, Structure

Rules = Mapping[str, InForceRule]
Judge = Callable[[InForceRule, Matter], Finding]


def judge_upon(reading: CompiledReading, matter: Matter, others: Rules, judged: Judge) -> Judgement:
    """The best judgement over every place where the group can be cut off. `others` are the rules in
    force, `judged` asks one of them."""
    best = NO_CORE
    if reading.upon is None or not matter.view.has(reading.upon.bond):
        return best
    for branch in _branches(matter, reading.upon):
        word = first(matter.view, reading.words, branch, reading.upon.upon.branch)
        if word:
            left = _without(matter, branch)
            judgement = _left(reading.upon, left, others, judged, word, branch)
            best = max(best, judgement, key=merit)
    return best


def _branches(matter: Matter, upon: CompiledUpon) -> Iterator[Branch]:
    for stays, goes, *_ in matter.view.matches(upon.bond.pattern):
        everything = set(range(matter.component.mol.GetNumAtoms()))
        for branch in matter.view.branches((stays,), everything):
            if branch.attachments == ((stays, goes),):
                yield branch


def _without(matter: Matter, branch: Branch) -> Matter:
    """The same component with hydrogen in the place of a branch."""
    mol = Chem.RWMol(matter.component.mol)
    mol.BeginBatchEdit()
    for atom in branch.atoms:
        mol.RemoveAtom(atom)
    mol.CommitBatchEdit()
    Chem.SanitizeMol(mol)
    kept = [atom for n, atom in enumerate(matter.component.atoms) if n not in branch.atoms]
    component = replace(matter.component, mol=mol.GetMol(), atoms=tuple(kept))
    return Matter(component, False, matter.on, matter.register, thorough=matter.thorough)


def _left(
    compiled: CompiledUpon,
    left: Matter,
    others: Rules,
    judged: Judge,
    word: str,
    branch: Branch,
) -> Judgement:
    upon = compiled.upon
    name = compiled.named.get(connectivity(left.component.mol))
    findings = {} if name else _findings(compiled, left, others, judged)
    met = name or next((k for k, f in findings.items() if _comes_under(f)), "")
    open_ = next((k for k, f in findings.items() if f.structure is Structure.UNDETERMINED), "")
    if not (met or open_):
        return NO_CORE
    fits = (
        Fit(CORE, CORE, "", atoms=_kept(left, branch)),
        Fit(CLAUSE, f"on a compound of {met or open_}", upon.clause, word, order(branch.atoms)),
    )
    if met:
        return Judgement(Structure.MEETS, met, (upon.clause,), (), fits)
    missing = f"whether the compound without the group comes under {open_}"
    return Judgement(Structure.UNDETERMINED, open_, (upon.clause,), (), fits, missing)


def _comes_under(finding: Finding) -> bool:
    """What a provision takes out by name meets its definition and still does not come under it."""
    return finding.structure is Structure.MEETS and finding.outcome is not Outcome.OUTSIDE


def _kept(left: Matter, branch: Branch) -> tuple[int, ...]:
    """The atoms that stay, as the whole component counts them."""
    whole = range(len(left.component.atoms) + len(branch.atoms))
    return tuple(atom for atom in whole if atom not in branch.atoms)


def _findings(
    compiled: CompiledUpon, left: Matter, others: Rules, judged: Judge
) -> dict[str, Finding]:
    return {
        key: judged(rule, left)
        for key, rule in others.items()
        if any(fnmatchcase(key, glob) for glob in compiled.upon.provisions)
    }
