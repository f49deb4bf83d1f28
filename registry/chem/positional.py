"""Positional isomers in the sense of one regulation: 21 CFR 1300.01(b), made for 1308.11(d).

Two substances of one formula are positional isomers there when they have the same core structure
(the parent molecule of the class: tryptamine, phenethylamine, ergoline …) and the same functional
groups, wherever on the core these stand; alkyl may be rearranged, divided and combined freely, but no
chemical functionality may be created or destroyed. This is not what a textbook calls a positional
isomer, nor a constitutional isomer in general, and it is no measure of likeness.

The regulation names three cores as examples and gives seven examples of what is and is not a positional
isomer; decisions of the Administration published in the Federal Register (88 FR 21101, 88 FR 86266,
90 FR 38396) add five. Whatever these do not settle is `OPEN`, with the reason: an expert has to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rdkit import Chem

Groups = Mapping[str, int]
_SP3 = Chem.HybridizationType.SP3


class Positional(StrEnum):
    """Whether two structures of one formula are positional isomers."""

    YES = "yes"
    NO = "no"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Core:
    """The parent of a class. `named`: the regulation itself gives it as an example, so a structure
    without it is out; otherwise that is for an expert to say. `wider`: a pattern that may pass for it.
    """

    name: str
    pattern: Chem.Mol
    named: bool = False
    wider: Chem.Mol | None = None


def _core(name: str, smarts: str, *, named: bool = False, wider: str = "") -> Core:
    return Core(
        name, Chem.MolFromSmarts(smarts), named, Chem.MolFromSmarts(wider) if wider else None
    )


_PHENETHYLAMINE = "c1ccccc1-[#6;!a]-[#6;!a]-[#7]"
# The first that a listed substance holds is its core.
CORES = (
    _core(
        "ergoline", "[#7]1[#6][#6][#6]~[#6]2c3cccc4[#7]cc([#6][#6]12)c34", named=True
    ),
    _core("tryptamine", "[#7]1cc(-[#6;!a]-[#6;!a]-[#7])c2ccccc12", named=True),
    _core("cathinone", "c-[CX3;!R](=O)-[#6;!a]-[#7]", wider=_PHENETHYLAMINE),
    _core("phenethylamine", _PHENETHYLAMINE, named=True),
    _core("1-arylcyclohexylamine", "a-[CX4]1(-[#7])[#6][#6][#6][#6][#6]1"),
    _core("indole-3-carbonyl or indazole-3-carbonyl", "O=[CX3;!R]-c1[c,n]n(-[#6])c2aaaac12"),
    _core("dibenzopyran", "[#8]c1cccc2[#8][CX4][#6]~[#6]c12"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer with its reason."""

    verdict: Positional
    reason: str


@dataclass(frozen=True, slots=True)
class _Parts:
    """Ring systems and functional groups, each written so that equal ones are equal text. `exact`
    tells apart groups by what they are bound to; `groups` does not."""

    rings: Groups
    exact: Groups
    groups: Groups
    saturated: Groups


def positional(listed: Chem.Mol, asked: Chem.Mol) -> Answer:
    """Whether `asked` is a positional isomer of `listed`.

    Both are components as `registry.chem.standardise` gives them, of one formula and of different
    connectivity; neither is checked.
    """
    core = _core_of(Chem.MolToSmiles(listed))
    if core is None:
        mine, other = _parts(listed, frozenset()), _parts(asked, frozenset())
        return _weighed(mine, other, "the core structure of its class is not named")
    atoms = [frozenset(match) for match in asked.GetSubstructMatches(core.pattern)]
    doubt = ""
    if not atoms:
        if core.named or (core.wider and not asked.HasSubstructMatch(core.wider)):
            return Answer(Positional.NO, f"it has not the core, {core.name}")
        atoms, doubt = [frozenset[int]()], f"whether it still has the core, {core.name}"
    mine_at = [frozenset(match) for match in listed.GetSubstructMatches(core.pattern)]
    answers = [
        _weighed(_parts(listed, mine), _parts(asked, other), doubt)
        for mine in mine_at
        for other in atoms
    ]
    return min(answers, key=lambda one: _ORDER.index(one.verdict))


_ORDER = [Positional.YES, Positional.OPEN, Positional.NO]


@lru_cache(maxsize=1024)
def _core_of(smiles: str) -> Core | None:
    mol = Chem.MolFromSmiles(smiles)
    return next((core for core in CORES if mol.HasSubstructMatch(core.pattern)), None)


def _weighed(listed: _Parts, asked: _Parts, doubt: str) -> Answer:
    """The two compared part by part; `doubt` is what keeps even equal parts open."""
    if listed.groups != asked.groups:
        return Answer(Positional.NO, "a chemical functionality is created or destroyed")
    if listed.rings != asked.rings:
        if _without(listed.rings, listed.saturated) != _without(asked.rings, asked.saturated):
            return Answer(Positional.NO, "a ring system is created or destroyed")
        return Answer(Positional.OPEN, "a saturated ring of another kind")
    if doubt:
        return Answer(Positional.OPEN, doubt)
    if listed.exact != asked.exact:
        return Answer(
            Positional.OPEN, "a functional group of the same kind, bound to another kind of atom"
        )
    return Answer(Positional.YES, "the same core and functional groups; only alkyl is rearranged")


def _without(rings: Groups, saturated: Groups) -> Groups:
    return Counter(rings) - Counter(saturated)


def _parts(mol: Chem.Mol, core: frozenset[int]) -> _Parts:
    rings = [frozenset(system) for system in _ring_systems(mol)]
    functional = list(_functional(mol))
    written = [_written(mol, ring) for ring in rings]
    return _Parts(
        rings=Counter(written),
        exact=Counter(_group(mol, group, _bound(mol, group, core)) for group in functional),
        groups=Counter(_group(mol, group, {}) for group in functional),
        saturated=Counter(
            text for ring, text in zip(rings, written, strict=True) if _saturated(mol, ring)
        ),
    )


def _ring_systems(mol: Chem.Mol) -> Iterator[set[int]]:
    """Fused and bridged rings as one system; spiro rings apart."""
    systems: list[set[int]] = []
    for ring in mol.GetRingInfo().AtomRings():
        joined = set(ring)
        for other in [one for one in systems if len(one & joined) > 1]:
            systems.remove(other)
            joined |= other
        systems.append(joined)
    yield from systems


def _saturated(mol: Chem.Mol, ring: frozenset[int]) -> bool:
    return all(
        mol.GetAtomWithIdx(atom).GetHybridization() == _SP3
        or mol.GetAtomWithIdx(atom).GetSymbol() != "C"
        for atom in ring
    )


def _functional(mol: Chem.Mol) -> Iterator[frozenset[int]]:
    """Groups of atoms that make a functionality: hetero atoms outside aromatic rings, carbons bound
    to them more than once or to two of them, carbons of multiple bonds; adjoining ones together."""
    marked = {atom.GetIdx() for atom in mol.GetAtoms() if _is_functional(atom)}
    while marked:
        frontier = [marked.pop()]
        group = set(frontier)
        while frontier:
            for other in mol.GetAtomWithIdx(frontier.pop()).GetNeighbors():
                if other.GetIdx() in marked:
                    marked.discard(other.GetIdx())
                    group.add(other.GetIdx())
                    frontier.append(other.GetIdx())
        yield frozenset(group)


def _is_functional(atom: Chem.Atom) -> bool:
    if atom.GetIsAromatic():
        return False
    if atom.GetSymbol() != "C":
        return True
    if any(
        bond.GetBondType() in (Chem.BondType.DOUBLE, Chem.BondType.TRIPLE)
        for bond in atom.GetBonds()
    ):
        return True
    hetero = [other for other in atom.GetNeighbors() if other.GetSymbol() in ("N", "O", "S")]
    return sum(not other.GetIsAromatic() for other in hetero) > 1


def _bound(mol: Chem.Mol, group: frozenset[int], core: frozenset[int]) -> dict[int, str]:
    """What each atom of a group is bound to outside it, alkyl and hydrogen apart."""
    found = {}
    for number in group:
        atom = mol.GetAtomWithIdx(number)
        others = [o for o in atom.GetNeighbors() if o.GetIdx() not in group and o.GetIsAromatic()]
        kinds = sorted("-core" if o.GetIdx() in core else "-ring" for o in others)
        acetal = atom.GetSymbol() == "C" and atom.GetHybridization() == _SP3
        found[number] = "".join(kinds) + (f"-H{atom.GetTotalNumHs()}" if acetal else "")
    return found


def _written(mol: Chem.Mol, ring: frozenset[int]) -> str:
    """Canonical text of the atoms of a ring system. Double bonds are left out: they make functional
    groups of their own."""
    graph, place = Chem.RWMol(), {}
    for atom in sorted(ring):
        place[atom] = graph.AddAtom(Chem.Atom(0))
    for bond in mol.GetBonds():
        if {bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()} <= ring:
            graph.AddBond(
                place[bond.GetBeginAtomIdx()], place[bond.GetEndAtomIdx()], Chem.BondType.SINGLE
            )
    return _fragment(graph, place.values(), [_symbol(mol.GetAtomWithIdx(atom)) for atom in place])


def _group(mol: Chem.Mol, atoms: frozenset[int], bound: Mapping[int, str]) -> str:
    """Canonical text of a functional group. Hydrogen counts on oxygen and sulfur, and on a carbonyl
    carbon without nitrogen or oxygen beside it: an aldehyde is no ketone. On nitrogen it does not:
    the regulation lets alkyl move to and from an amine."""
    symbols = [
        f"{_symbol(atom)}{_hydrogen(atom)}{bound.get(atom.GetIdx(), '')}" for atom in mol.GetAtoms()
    ]
    return _fragment(mol, atoms, symbols)


def _symbol(atom: Chem.Atom) -> str:
    text: str = atom.GetSymbol()
    return text.lower() if atom.GetIsAromatic() else text


def _fragment(mol: Chem.Mol, atoms: Iterable[int], symbols: list[str]) -> str:
    written = [f"[{symbol}]" for symbol in symbols]
    found: str = Chem.MolFragmentToSmiles(
        mol, sorted(atoms), atomSymbols=written, isomericSmiles=False
    )
    return found


def _hydrogen(atom: Chem.Atom) -> str:
    return f"H{atom.GetTotalNumHs()}" if _hydrogen_counts(atom) else ""


def _hydrogen_counts(atom: Chem.Atom) -> bool:
    if atom.GetSymbol() in ("O", "S"):
        return True
    if atom.GetSymbol() != "C" or not atom.GetTotalNumHs():
        return False
    bonds = [(bond.GetBondType(), bond.GetOtherAtom(atom).GetSymbol()) for bond in atom.GetBonds()]
    carbonyl = (Chem.BondType.DOUBLE, "O") in bonds
    return carbonyl and not any(kind == Chem.BondType.SINGLE and s != "C" for kind, s in bonds)
