"""From text to one definite molecule, or an error that says why not."""

from __future__ import annotations

import re
from collections.abc import Callable

from rdkit import Chem, rdBase
from rdkit.Chem import rdinchi

from registry.chem.amides import lactam_form
from registry.chem.formats import Format, detect
from registry.chem.gate import MOST_RINGS, check_graph, check_text
from registry.errors import StructureError

__all__ = ["Format", "detect", "read_structure", "split_smiles_line"]

# Without these a SMILES holds no dummy atom, no query and no extension.
_SUSPECT = ("*", "~", "|", "#0")
_REPEATING = {"SRU", "MON", "MER", "COP", "CRO", "MOD", "GRA", "ANY"}
_VAGUE_BONDS = {
    Chem.BondType.HYDROGEN,
    Chem.BondType.ZERO,
    Chem.BondType.OTHER,
    Chem.BondType.UNSPECIFIED,
}
# Coordinates and wedges draw a structure; the SMILES before them already says what it is.
_DRAWING = re.compile(r"\([-+.,;\deE]*\),?|w[UDudy]?:[\d.,]+,?")
_LABELLED = re.compile(r"_(?:R\d*|AP\d*)\b")

_STAMP = re.compile(r"^\[[\d:]+\] ?")
_PREFIX = re.compile(r"^(?:SMILES Parse Error: |Structure: 1 )?")
_ECHO = re.compile(r"(?: while parsing| for input|: check for mistakes).*")
_NO_REASON = re.compile(r"[-~^* ]*|.*(?:Violation|Range Error)|\d+$")
_POSITION = re.compile(r"around position (\d+)")


def read_structure(
    text: str,
    format: Format = Format.AUTO,  # noqa: A002 - the word every door uses
    *,
    bounded: bool = True,
) -> Chem.Mol:
    """Read a SMILES (with or without a CXSMILES extension), a standard InChI or a molfile.

    The molecule is sanitised and its hydrogen atoms are folded in; nothing else is changed, so it
    may still hold atom maps, salts and charges: see `registry.chem.standardise`. `bounded` False
    leaves out the bounds of `check_graph`. The time of reading has no bound here: untrusted text
    belongs into a `registry.chem.worker`.

    Raises GateRefusal for a text the toolkit must not see and StructureError for one that is not a
    single definite structure. Never None.
    """
    written_as = detect(text) if format is Format.AUTO else format
    check_text(text, written_as)
    try:
        mol = _READERS[written_as](text)
    except (Chem.MolSanitizeException, RuntimeError) as error:
        subject = "the text" if written_as is Format.MOLFILE else f"`{_shown(text.strip())}`"
        message = _unreadable(subject, _CALLED[written_as], str(error))
        raise StructureError(message) from error
    if not mol.GetNumAtoms():
        raise StructureError("the structure has no atoms")
    # A short SMILES without brackets can break none of the bounds.
    if bounded and (len(text) > MOST_RINGS or "[" in text or written_as is not Format.SMILES):
        check_graph(mol)
    return mol


def split_smiles_line(line: str) -> tuple[str, str]:
    """The SMILES and the name of a line `SMILES name`; the name may be empty.

    A CXSMILES extension `|...|` stays with the SMILES.
    """
    smiles, _, rest = line.strip().replace("\t", " ").partition(" ")
    rest = rest.strip()
    end = rest.find("|", 1)
    if not rest.startswith("|"):
        return smiles, rest
    if end < 0:
        return f"{smiles} {rest}", ""
    return f"{smiles} {rest[: end + 1]}", rest[end + 1 :].strip()


def _read_smiles(text: str) -> Chem.Mol:
    smiles = text.strip()
    if any(mark in smiles for mark in _SUSPECT):
        core, _, extension = smiles.partition("|")
        if _LABELLED.search(extension):
            raise StructureError("an R group label: a single definite structure is needed")
        smiles = f"{core}|{_DRAWING.sub('', extension)}" if extension else core
        mol = _smiles_to_mol(smiles)
        _check_definite(mol)
        return mol
    return _smiles_to_mol(smiles)


def _smiles_to_mol(smiles: str) -> Chem.Mol:
    mol: Chem.Mol | None = Chem.MolFromSmiles(smiles)
    if mol is None:
        complaint = _complaint(Chem.MolFromSmiles, smiles)
        raise StructureError(_unreadable(f"`{_shown(smiles)}`", "SMILES", complaint))
    return mol


def _read_inchi(text: str) -> Chem.Mol:
    given = text.strip()
    read: tuple[Chem.Mol | None, int, str, str] = rdinchi.InchiToMol(given, True, True)
    mol, _, _, log = read
    if mol is None:
        reason = log.strip().rpartition("\n")[2]
        raise StructureError(_unreadable(f"`{_shown(given)}`", "InChI", reason))
    # The toolkit can return another molecule than the InChI names, without an error.
    back = rdinchi.MolToInchi(mol)[0]
    if back != given:
        raise StructureError(
            f"`{_shown(given)}` does not come back from its structure, which gives `{_shown(back)}`"
        )
    _check_definite(mol)
    # The InChI leaves open where a mobile proton sits; of its forms the amide is the usual one.
    usual = lactam_form(mol)
    return usual if rdinchi.MolToInchi(usual)[0] == given else mol


def _read_molfile(text: str) -> Chem.Mol:
    mol: Chem.Mol | None = Chem.MolFromMolBlock(text)
    if mol is None:
        complaint = _complaint(Chem.MolFromMolBlock, text)
        raise StructureError(_unreadable("the text", "molfile", complaint))
    _check_definite(mol)
    return mol


def _complaint(reader: Callable[..., Chem.Mol | None], text: str) -> str:
    """Why a reader gave nothing, found by asking again in two halves.

    Raises what the second half raises: a MolSanitizeException, or MemoryError, which a reader would
    pass over in silence.
    """
    with rdBase.CaptureErrorLog() as log:
        mol = reader(text, sanitize=False)
    if mol is not None:
        Chem.SanitizeMol(mol)
    return str(log.messages)


def _unreadable(subject: str, kind: str, complaint: str) -> str:
    if "bad_alloc" in complaint:
        raise MemoryError
    lines = (_STAMP.sub("", line).strip() for line in complaint.splitlines())
    said = next((line for line in lines if line and not _NO_REASON.fullmatch(line)), "")
    reason = _ECHO.sub("", _PREFIX.sub("", said)).strip(" .")
    reason = reason[:1].lower() + reason[1:] or "the reading stops without a reason"
    position = _POSITION.search(complaint)
    near = f" near character {position.group(1)}" if position else ""
    return f"{subject} cannot be read as {kind}: {reason}{near}"


def _check_definite(mol: Chem.Mol) -> None:
    """Raise StructureError unless every atom and bond is a definite one."""
    problem = (
        _vague_atom(mol)
        or _vague_bond(mol)
        or ("a link node" if mol.HasProp("_molLinkNodes") else "")
        or _repeating_unit(mol)
    )
    if problem:
        raise StructureError(f"{problem} is not allowed: a single definite structure is needed")


def _vague_atom(mol: Chem.Mol) -> str:
    for atom in mol.GetAtoms():
        if atom.GetAtomicNum() == 0:
            return f"the dummy atom or R group at atom {atom.GetIdx()}"
        if atom.HasQuery():
            return f"the query at atom {atom.GetIdx()}"
    return ""


def _vague_bond(mol: Chem.Mol) -> str:
    for bond in mol.GetBonds():
        if bond.HasQuery() or bond.GetBondType() in _VAGUE_BONDS:
            ends = f"{bond.GetBeginAtomIdx()} and {bond.GetEndAtomIdx()}"
            return f"the bond without an order between atoms {ends}"
    return ""


def _repeating_unit(mol: Chem.Mol) -> str:
    kinds = {group.GetProp("TYPE") for group in Chem.GetMolSubstanceGroups(mol)}
    return "a repeating unit" if kinds & _REPEATING else ""


def _shown(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:80]}…"


_CALLED = {Format.SMILES: "SMILES", Format.INCHI: "InChI", Format.MOLFILE: "molfile"}
_READERS: dict[Format, Callable[[str], Chem.Mol]] = {
    Format.SMILES: _read_smiles,
    Format.INCHI: _read_inchi,
    Format.MOLFILE: _read_molfile,
}
