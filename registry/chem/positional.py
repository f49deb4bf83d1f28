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
from functools import cached_property, lru_cache

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


class _Sketch:
    """A molecule as ring systems and functional groups, each written so that equal ones are equal
    text, worked out only as far as it is asked."""

    def __init__(self, mol: Chem.Mol) -> None:
        self.mol = mol
        self.symbols = [f"{_symbol(atom)}{_hydrogen(atom)}" for atom in mol.GetAtoms()]
        self.functional = tuple(_functional(mol))

    @cached_property
    def atoms(self) -> Groups:
        """The atoms of all functional groups together: quick to compare."""
        return Counter(self.symbols[atom] for group in self.functional for atom in group)

    @cached_property
    def groups(self) -> Groups:
        return Counter(_fragment(self.mol, group, self.symbols) for group in self.functional)

    @cached_property
    def _written_rings(self) -> list[tuple[str, bool]]:
        rings = [frozenset(system) for system in _ring_systems(self.mol)]
        return [(_written(self.mol, ring), _saturated(self.mol, ring)) for ring in rings]

    @cached_property
    def rings(self) -> Groups:
        return Counter(text for text, _ in self._written_rings)

    @cached_property
    def unsaturated(self) -> Groups:
        return Counter(text for text, saturated in self._written_rings if not saturated)

    def exact(self, core: frozenset[int]) -> Groups:
        """The groups with what they are bound to, on the core or elsewhere."""
        symbols = list(self.symbols)
        for group in self.functional:
            for atom, said in _bound(self.mol, group, core).items():
                symbols[atom] += said
        return Counter(_fragment(self.mol, group, symbols) for group in self.functional)


def positional(listed: Chem.Mol, asked: Chem.Mol) -> Answer:
    """Whether `asked` is a positional isomer of `listed`.

    Both are components as `registry.chem.standardise` gives them, of one formula and of different
    connectivity; neither is checked.
    """
    core, mine = _known(Chem.MolToSmiles(listed))
    other = _Sketch(asked)
    if mine.atoms != other.atoms or mine.groups != other.groups:
        return Answer(Positional.NO, "a chemical functionality is created or destroyed")
    if mine.unsaturated != other.unsaturated:
        return Answer(Positional.NO, "a ring system is created or destroyed")
    answer = _on_the_core(core, mine, other)
    if mine.rings != other.rings and answer.verdict is Positional.YES:
        return Answer(Positional.OPEN, "a saturated ring of another kind")
    return answer


def _on_the_core(core: Core | None, mine: _Sketch, other: _Sketch) -> Answer:
    if core is None:
        return Answer(Positional.OPEN, "the core structure of its class is not named")
    atoms = other.mol.GetSubstructMatches(core.pattern)
    if not atoms:
        if core.named or (core.wider and not other.mol.HasSubstructMatch(core.wider)):
            return Answer(Positional.NO, f"it has not the core, {core.name}")
        return Answer(Positional.OPEN, f"whether it still has the core, {core.name}")
    found = [other.exact(frozenset(match)) for match in atoms]
    if any(
        mine.exact(frozenset(match)) in found
        for match in mine.mol.GetSubstructMatches(core.pattern)
    ):
        return Answer(
            Positional.YES, "the same core and functional groups; only alkyl is rearranged"
        )
    return Answer(
        Positional.OPEN, "a functional group of the same kind, bound to another kind of atom"
    )


@lru_cache(maxsize=1024)
def _known(smiles: str) -> tuple[Core | None, _Sketch]:
    """The core and the sketch of a listed substance."""
    mol = Chem.MolFromSmiles(smiles)
    core = next((one for one in CORES if mol.HasSubstructMatch(one.pattern)), None)
    return core, _Sketch(mol)


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
    """Hydrogen counts on oxygen and sulfur, and on a carbonyl carbon without nitrogen or oxygen beside
    it: an aldehyde is no ketone. On nitrogen it does not: the regulation lets alkyl move to and from
    an amine."""
    return f"H{atom.GetTotalNumHs()}" if _hydrogen_counts(atom) else ""


def _hydrogen_counts(atom: Chem.Atom) -> bool:
    if atom.GetSymbol() in ("O", "S"):
        return True
    if atom.GetSymbol() != "C" or not atom.GetTotalNumHs():
        return False
    bonds = [(bond.GetBondType(), bond.GetOtherAtom(atom).GetSymbol()) for bond in atom.GetBonds()]
    carbonyl = (Chem.BondType.DOUBLE, "O") in bonds
    return carbonyl and not any(kind == Chem.BondType.SINGLE and s != "C" for kind, s in bonds)
