"""From a molecule as drawn to its components as substances: named, versioned steps.

Hydrogen atoms are folded in by the reader. A single uncharged component without labels passes
untouched, after two quick looks; only what can change is worked on. The canonical tautomer is not
used: it changes molecules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from rdkit import Chem
from rdkit.Chem import rdqueries
from rdkit.Chem.MolStandardize import rdMolStandardize

from registry.chem import amides
from registry.chem.counterions import Companion, Kind, companion
from registry.errors import StructureError

VERSION = "1"

_ALKALI = "Li,Na,K,Rb,Cs,Mg,Ca,Sr,Ba"
_METAL_BOND = Chem.MolFromSmarts(f"[{_ALKALI}]-[O,S,N,n,F,Cl,Br,I]")
_PROTONATED_OXIDE = Chem.MolFromSmarts("[OX2;H1]-[#7;+;H0;!$([#7]~[-])]")
_OPEN_CHARGES = Chem.MolFromSmarts("[S,Se,Te,P,As;+,+2,+3:1]-[O,S,N;-:2]")
_END_AZIDE = Chem.MolFromSmarts("[NX2;-:1]-[N;+:2]#[NX1:3]")
_NITROUS_OXIDE = Chem.MolFromSmarts("[NX1;-:1]=[NX2;+:2]=[OX1:3]")
_COMPLEX_ANION = Chem.MolFromSmarts("[-;!#6;!#7;!#8;!#16;!#34;!$([#9,#17,#35,#53;D0])]")
_UNCHARGER = rdMolStandardize.Uncharger(canonicalOrder=True)
_MAP, _DRAWN = "molAtomMapNumber", "_drawn"

# Asked of the toolkit as queries, since a loop over atoms costs more than reading the molecule.
_MAPPED = rdqueries.HasPropQueryAtom(_MAP)
_CHARGED = rdqueries.FormalChargeEqualsQueryAtom(0, negate=True)
_LABELLED = rdqueries.IsotopeGreaterQueryAtom(0)


def _one_atom(smarts: str) -> Chem.Mol:
    """A query for one atom, or for any atom with a map."""
    atom = Chem.MolFromSmarts(smarts).GetAtomWithIdx(0)
    atom.ExpandQuery(rdqueries.HasPropQueryAtom(_MAP), Chem.CompositeQueryType.COMPOSITE_OR)
    query = Chem.RWMol()
    query.AddAtom(atom)
    return query.GetMol()


# Two questions whether some step may have to change a molecule: a quick one that few pass, and the
# exact one, which knows that nitro groups and N-oxides keep their charges.
_UNUSUAL = _one_atom("[!+0,!0*,!#6&!#8&!#7&!#16&!#17&!#9&!#35]")
_CHANGEABLE = _one_atom(
    f"[!+0&!$([#7+;!$(*(~[-])~[-])]~[O-])&!$([O-]~[#7+;!$(*(~[-])~[-])]),!0*,#1,{_ALKALI}]"
)


class Role(StrEnum):
    """Why a component is there. At least one component is always active."""

    ACTIVE = "active"
    COUNTERION = "counterion"
    SOLVENT = "solvent"


@dataclass(frozen=True, slots=True)
class Step:
    """One change that was made, by a named procedure of a version, and to what."""

    name: str
    version: str
    detail: str


@dataclass(frozen=True, slots=True)
class Component:
    """One connected structure, neutral where it can be, without isotope labels.

    `atoms` gives for each of its atoms the index in `Standardised.mol` (of the first copy).
    `isotopes` are the labels left out ("2H×5"); `labelled` is its SMILES with them, else "".
    `name` is that of a counterion or solvent, and empty for an active component. `mol` may be
    shared with the molecule that was read; it is not to be changed.
    """

    mol: Chem.Mol
    role: Role
    name: str
    copies: int
    atoms: tuple[int, ...]
    charge_changed: bool
    isotopes: tuple[str, ...] = ()
    labelled: str = ""


@dataclass(frozen=True)
class Standardised:
    """What a structure was understood to be. `mol` holds every component, labels included."""

    mol: Chem.Mol
    steps: tuple[Step, ...]
    components: tuple[Component, ...]

    @cached_property
    def smiles(self) -> str:
        """The canonical SMILES of the whole, made when first asked for."""
        text: str = Chem.MolToSmiles(self.mol)
        return text

    @property
    def active(self) -> tuple[Component, ...]:
        return tuple(part for part in self.components if part.role is Role.ACTIVE)


def standardise(mol: Chem.Mol) -> Standardised:
    """Split a sanitised molecule into neutral, unlabelled components, saying what was changed.

    Alkali and alkaline-earth salts drawn with a bond are taken apart. Protonated amines and
    deprotonated acids are neutralised; quaternary ammonium, nitro groups, N-oxides and inner salts
    of a permanent charge stay as they are. Salts, hydrates and mixtures are split; of components
    that are all counterions or solvents those that are not water or a metal are the active ones.
    The result says nothing of tautomers and nothing of any law. `mol` itself is not changed.

    Raises StructureError where a step leaves no valid structure.
    """
    fragments = Chem.GetMolFrags(mol)
    try:
        if (
            (mol.HasSubstructMatch(_UNUSUAL) and mol.HasSubstructMatch(_CHANGEABLE))
            or mol.HasSubstructMatch(amides.IMIDIC_ACID)
            or mol.GetStereoGroups()
        ):
            return _standardise_fully(mol)
        if len(fragments) == 1:
            only = Component(mol, Role.ACTIVE, "", 1, fragments[0], False)
            return Standardised(mol, (), (only,))
        return _split(mol, fragments)
    except (Chem.MolSanitizeException, RuntimeError) as error:
        reason = str(error).strip().splitlines()[-1]
        raise StructureError(f"the structure cannot be standardised: {reason}") from error


def _split(mol: Chem.Mol, fragments: tuple[tuple[int, ...], ...]) -> Standardised:
    parts = Chem.GetMolFrags(mol, asMols=True)
    found = [
        Component(part, Role.ACTIVE, "", 1, atoms, False)
        for part, atoms in zip(parts, fragments, strict=True)
    ]
    components = _companions(_group(found, set()))
    return Standardised(mol, (_components_step(components),), components)


def _standardise_fully(mol: Chem.Mol) -> Standardised:
    whole = Chem.RWMol(mol)
    steps = list(_apply(whole, _WHOLE_STEPS))
    drawn: list[tuple[int, ...]] = []
    parts = [
        Chem.RWMol(part) for part in Chem.GetMolFrags(whole, asMols=True, fragsMolAtomMapping=drawn)
    ]
    placed = list(zip(parts, drawn, strict=True))
    moved = [atom for part, atoms in placed for atom in _neutralise(part, atoms, whole)]
    if moved:
        steps.append(_step("neutralised", f"protons moved at {_atoms(moved)}"))
    shifted = [atom for part, atoms in placed for atom in _as_amides(part, atoms, whole)]
    if shifted:
        steps.append(_step("amides", f"imidic acids drawn as amides at {_atoms(shifted)}"))
    if moved or shifted:
        _settle(whole)
    unlabelled = [_unlabelled(part, atoms) for part, atoms in placed]
    components = _companions(_group(unlabelled, set(moved)))
    labels = sorted({label for part in components for label in part.isotopes})
    if labels:
        steps.append(_step("isotopes", f"set apart: {', '.join(labels)}"))
    if len(parts) > 1:
        steps.append(_components_step(components))
    return Standardised(whole.GetMol(), tuple(steps), components)


def _components_step(components: Iterable[Component]) -> Step:
    return _step("components", "; ".join(map(_described, components)))


def _step(name: str, detail: str) -> Step:
    return Step(name, VERSION, detail)


def _apply(whole: Chem.RWMol, steps: dict[str, Callable[[Chem.RWMol], str]]) -> Iterable[Step]:
    changed = False
    for name, change in steps.items():
        if detail := change(whole):
            changed = True
            yield _step(name, detail)
    if changed:
        _settle(whole)


def _settle(mol: Chem.RWMol) -> None:
    Chem.SanitizeMol(mol)
    Chem.AssignStereochemistry(mol, cleanIt=True, force=True)


def _clear_maps(mol: Chem.RWMol) -> str:
    mapped = list(mol.GetAtomsMatchingQuery(_MAPPED))
    for atom in mapped:
        atom.ClearProp(_MAP)
    return f"cleared on {len(mapped)} atoms" if mapped else ""


def _cut_metal_bonds(mol: Chem.RWMol) -> str:
    cut = mol.GetSubstructMatches(_METAL_BOND)
    for metal, other in cut:
        mol.RemoveBond(metal, other)
        for index, charge in ((metal, 1), (other, -1)):
            atom = mol.GetAtomWithIdx(index)
            atom.SetFormalCharge(atom.GetFormalCharge() + charge)
            atom.SetNumExplicitHs(atom.GetTotalNumHs())
            atom.SetNoImplicit(True)
            atom.SetNumRadicalElectrons(0)
    return f"cut at {_atoms(metal for metal, _ in cut)}" if cut else ""


def _join_charges(mol: Chem.RWMol) -> str:
    """S+–O- is S=O, terminal azides are N=N+=N- and nitrous oxide is N#N+–O-: one way of drawing
    each."""
    joined = []
    while match := mol.GetSubstructMatch(_OPEN_CHARGES):
        _raise_bond(mol, *match)
        joined.append(match[0])
    while match := mol.GetSubstructMatch(_END_AZIDE):
        outer, middle, end = match
        mol.GetAtomWithIdx(end).SetFormalCharge(-1)
        mol.GetAtomWithIdx(outer).SetFormalCharge(0)
        mol.GetBondBetweenAtoms(outer, middle).SetBondType(Chem.BondType.DOUBLE)
        mol.GetBondBetweenAtoms(middle, end).SetBondType(Chem.BondType.DOUBLE)
        joined.append(middle)
    for outer, middle, end in mol.GetSubstructMatches(_NITROUS_OXIDE):
        mol.GetAtomWithIdx(outer).SetFormalCharge(0)
        mol.GetAtomWithIdx(end).SetFormalCharge(-1)
        mol.GetBondBetweenAtoms(outer, middle).SetBondType(Chem.BondType.TRIPLE)
        mol.GetBondBetweenAtoms(middle, end).SetBondType(Chem.BondType.SINGLE)
        joined.append(middle)
    return f"drawn one way at {_atoms(joined)}" if joined else ""


def _raise_bond(mol: Chem.RWMol, positive: int, negative: int) -> None:
    mol.GetBondBetweenAtoms(positive, negative).SetBondType(Chem.BondType.DOUBLE)
    for index, charge in ((positive, -1), (negative, 1)):
        atom = mol.GetAtomWithIdx(index)
        atom.SetFormalCharge(atom.GetFormalCharge() + charge)


def _settle_stereo_groups(mol: Chem.RWMol) -> str:
    """A centre marked racemic or relative on its own is an unspecified one.

    Centres marked together keep their drawn relative configuration, which is then said.
    """
    groups = [
        [atom.GetIdx() for atom in group.GetAtoms()]
        for group in mol.GetStereoGroups()
        if group.GetGroupType() != Chem.StereoGroupType.STEREO_ABSOLUTE
    ]
    for group in groups:
        if len(group) == 1:
            mol.GetAtomWithIdx(group[0]).SetChiralTag(Chem.ChiralType.CHI_UNSPECIFIED)
    mol.SetStereoGroups([])
    return "; ".join(
        f"atom {group[0]} unspecified" if len(group) == 1 else f"{_atoms(group)} as drawn"
        for group in groups
    )


_WHOLE_STEPS: dict[str, Callable[[Chem.RWMol], str]] = {
    "atom-maps": _clear_maps,
    "metal-bonds": _cut_metal_bonds,
    "charge-pairs": _join_charges,
    "stereo-groups": _settle_stereo_groups,
}


def _neutralise(part: Chem.RWMol, drawn: tuple[int, ...], whole: Chem.RWMol) -> list[int]:
    """Move protons on or off until no charge is left that could be; returns the drawn atoms."""
    before = {
        atom.GetIdx(): atom.GetFormalCharge() for atom in part.GetAtomsMatchingQuery(_CHARGED)
    }
    if not before:
        return []
    for oxygen, _ in part.GetSubstructMatches(_PROTONATED_OXIDE):
        before[oxygen] = 0
        atom = part.GetAtomWithIdx(oxygen)
        atom.SetFormalCharge(-1)
        atom.SetNumExplicitHs(0)
    if not part.HasSubstructMatch(_COMPLEX_ANION):
        _UNCHARGER.unchargeInPlace(part)
    changed = [i for i in before if part.GetAtomWithIdx(i).GetFormalCharge() != before[i]]
    if not changed:
        return []
    _settle(part)
    for index in changed:
        atom, shown = part.GetAtomWithIdx(index), whole.GetAtomWithIdx(drawn[index])
        shown.SetFormalCharge(atom.GetFormalCharge())
        shown.SetNumExplicitHs(atom.GetTotalNumHs())
        shown.SetNoImplicit(True)
    return [drawn[index] for index in changed]


def _as_amides(part: Chem.RWMol, drawn: tuple[int, ...], whole: Chem.RWMol) -> list[int]:
    places = list(amides.shift_all(part))
    for nitrogen, carbon, oxygen in places:
        amides.shift(whole, (drawn[nitrogen], drawn[carbon], drawn[oxygen]))
    if places:
        _settle(part)
    return [drawn[carbon] for _, carbon, _ in places]


def _unlabelled(part: Chem.RWMol, drawn: tuple[int, ...]) -> Component:
    labelled = list(part.GetAtomsMatchingQuery(_LABELLED))
    if not labelled:
        return Component(part.GetMol(), Role.ACTIVE, "", 1, tuple(drawn), False)
    counts = Counter(f"{atom.GetIsotope()}{atom.GetSymbol()}" for atom in labelled)
    isotopes = tuple(f"{label}×{count}" for label, count in sorted(counts.items()))
    smiles = Chem.MolToSmiles(part)
    for atom in labelled:
        atom.SetIsotope(0)
    for atom in part.GetAtoms():
        atom.SetIntProp(_DRAWN, drawn[atom.GetIdx()])
    plain = Chem.RemoveHs(part)
    Chem.AssignStereochemistry(plain, cleanIt=True, force=True)
    atoms = tuple(atom.GetIntProp(_DRAWN) for atom in plain.GetAtoms())
    for atom in plain.GetAtoms():
        atom.ClearProp(_DRAWN)
    return Component(plain, Role.ACTIVE, "", 1, atoms, False, isotopes, smiles)


def _group(parts: list[Component], moved: set[int]) -> list[Component]:
    """Equal components counted together, in the order drawn."""
    groups: dict[tuple[str, str], list[Component]] = {}
    for part in parts:
        key = (Chem.MolToSmiles(part.mol), part.labelled) if len(parts) > 1 else ("", "")
        groups.setdefault(key, []).append(part)
    return [
        replace(
            group[0],
            copies=len(group),
            charge_changed=any(moved.intersection(part.atoms) for part in group),
        )
        for group in groups.values()
    ]


def _companions(parts: list[Component]) -> tuple[Component, ...]:
    known = [companion(part.mol) if len(parts) > 1 else None for part in parts]
    if not any(found is None for found in known):
        # Nothing but counterions and solvents: what is not water or a metal is what it is about,
        # and in the salt of an acid with a base the base.
        kinds = {found.kind for found in known if found}
        minor = {Kind.WATER, Kind.METAL}
        minor |= {Kind.ACID} if {Kind.ACID, Kind.BASE} <= kinds else set()
        kept = [None if found and found.kind not in minor else found for found in known]
        known = kept if None in kept else [None] * len(parts)
    return tuple(_as(part, found) for part, found in zip(parts, known, strict=True))


def _as(part: Component, found: Companion | None) -> Component:
    if found is None:
        return part
    solvent = found.kind in {Kind.SOLVENT, Kind.WATER}
    return replace(part, role=Role.SOLVENT if solvent else Role.COUNTERION, name=found.name)


def _described(part: Component) -> str:
    copies = f" ×{part.copies}" if part.copies > 1 else ""
    return f"{part.name or 'a structure'}{copies} ({part.role})"


def _atoms(indices: Iterable[int]) -> str:
    found = sorted(set(indices))
    return f"{'atoms' if len(found) > 1 else 'atom'} {', '.join(map(str, found))}"
