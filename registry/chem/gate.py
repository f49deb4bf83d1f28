"""What may reach the chemistry toolkit at all.

The toolkit reads some texts silently as another molecule: charges wrap at 8 bits and isotopes at
16, and what follows a space is dropped. Such texts, and texts far larger than any substance of the
register, are refused here. A bound on size does not bound the time of reading; that needs
`registry.chem.worker`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rdkit import Chem

from registry.chem.formats import Format, detect
from registry.errors import GateRefusal

LONGEST_SMILES = 4_000
LONGEST_INCHI = 8_000
LARGEST_MOLFILE = 1 << 20
MOST_COMPONENTS = 64
DEEPEST_BRANCH = 100
MOST_ATOMS = 1_000
MOST_NEIGHBOURS = 12
MOST_RINGS = 200

CHARGE, ISOTOPE, HYDROGENS, ATOM_MAP, RING_LABEL, ELEMENT = 15, 400, 12, 9_999, 99_999, 118

_VISIBLE = re.compile(r"[!-~]+")
_STRANGE = re.compile(r"[^!-~]")
_BRACKET = re.compile(r"\[[^\[\]]*\]")
_LARGE_NUMBER = re.compile(r"\[[^\[\]]*(?:\d\d|[+-][+\-\d])|%\(")
_BOUNDS = (
    (re.compile(r"(?<=\[)(\d+)"), ISOTOPE, "isotope"),
    (re.compile(r"#(\d+)"), ELEMENT, "atomic number"),
    (re.compile(r"(?<!@[TO])H(\d+)"), HYDROGENS, "hydrogen count"),
    (re.compile(r"[+-](\d+)"), CHARGE, "charge"),
    (re.compile(r":(\d+)"), ATOM_MAP, "atom map"),
)
_SIGNS = re.compile(r"[+-]{2,}")
_RING_LABEL = re.compile(r"%\((\d+)\)")
_LONG_NUMBER = re.compile(r"\d{6,}")
_HEADER_STRANGE = re.compile(
    r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)
_BODY_STRANGE = re.compile(r"[^ -~]")
_PROPERTY = re.compile(r"M  (CHG|ISO|RAD)(.*)")
_V3000_FIELD = re.compile(r"\b(CHG|MASS|RAD|COUNTS)[= ](-?\d+)")
_MOLFILE_BOUNDS = {"CHG": CHARGE, "RAD": CHARGE, "ISO": ISOTOPE, "MASS": ISOTOPE}


def check_text(text: str, format: Format) -> None:  # noqa: A002 - the word every door uses
    """Refuse a text that must not reach the toolkit.

    Surrounding white space is tolerated; a SMILES may carry a CXSMILES extension `|...|` after a
    space. Passing says nothing of whether the text is a structure.

    Raises GateRefusal, whose `position` counts characters of `text` from 0.
    """
    if not text or text.isspace():
        raise GateRefusal("the structure is empty", 0)
    _CHECKS[detect(text) if format is Format.AUTO else format](text)


def check_graph(mol: Chem.Mol) -> None:
    """Refuse a molecule larger or more tangled than interactive use allows. Raises GateRefusal."""
    atoms, bonds = mol.GetNumAtoms(), mol.GetNumBonds()
    if atoms > MOST_ATOMS and mol.GetNumHeavyAtoms() > MOST_ATOMS:
        raise GateRefusal(f"{mol.GetNumHeavyAtoms()} heavy atoms; at most {MOST_ATOMS} are read")
    # Every component adds one to the cyclomatic number, so this bound is never too strict.
    if bonds - atoms + 1 > MOST_RINGS:
        raise GateRefusal(f"more than {MOST_RINGS} independent rings")
    if bonds > MOST_NEIGHBOURS and mol.HasSubstructMatch(_CROWDED):
        raise GateRefusal(f"an atom with more than {MOST_NEIGHBOURS} neighbours")


def _check_smiles(text: str) -> None:
    stripped = text.strip()
    start = text.index(stripped[0])
    core = stripped
    if not _VISIBLE.fullmatch(stripped):
        core = _without_extension(stripped, start)
    if len(stripped) > LONGEST_SMILES:
        raise GateRefusal(
            f"{len(stripped)} characters; a SMILES of at most {LONGEST_SMILES} is read",
            start + LONGEST_SMILES,
        )
    if core.count(".") >= MOST_COMPONENTS:
        raise GateRefusal(f"more than {MOST_COMPONENTS} components", start)
    if core.count("(") > DEEPEST_BRANCH:
        _check_depth(core, start)
    if _LARGE_NUMBER.search(core):
        _check_numbers(core, start)


def _without_extension(text: str, start: int) -> str:
    strange = _STRANGE.search(text)
    core = text[: strange.start()] if strange else text
    rest = text[len(core) :].lstrip(" \t")
    if rest[:1] == "|" and rest[-1:] == "|" and len(rest) > 1 and _VISIBLE.fullmatch(rest):
        return core
    position = strange.start() if strange else 0
    if strange and strange.group().isspace():
        raise GateRefusal(
            f"white space inside the SMILES, before `{_shown(rest)}`; give a name apart from it",
            start + position,
        )
    raise GateRefusal(f"the character `{_named(text[position])}` is not allowed", start + position)


def _check_depth(core: str, start: int) -> None:
    depth = 0
    for position, character in enumerate(core):
        depth += (character == "(") - (character == ")")
        if depth > DEEPEST_BRANCH:
            raise GateRefusal(f"branches nested deeper than {DEEPEST_BRANCH}", start + position)


def _check_numbers(core: str, start: int) -> None:
    for label in _RING_LABEL.finditer(core):
        _check_number(label.group(1), RING_LABEL, "ring closure", start + label.start(1))
    for bracket in _BRACKET.finditer(core):
        here = start + bracket.start()
        for pattern, bound, what in _BOUNDS:
            for number in pattern.finditer(bracket.group()):
                _check_number(number.group(1), bound, what, here + number.start(1))
        for signs in _SIGNS.finditer(bracket.group()):
            _check_number(str(len(signs.group())), CHARGE, "charge", here + signs.start())


def _check_number(digits: str, bound: int, what: str, position: int | None) -> None:
    if len(digits) > 9 or int(digits) > bound:
        raise GateRefusal(f"the {what} `{_shown(digits)}` is beyond {bound}", position)


def _check_inchi(text: str) -> None:
    stripped = text.strip()
    start = text.index(stripped[0])
    if strange := _STRANGE.search(stripped):
        raise GateRefusal(
            f"the character `{_named(strange.group())}` is not allowed in an InChI",
            start + strange.start(),
        )
    if len(stripped) > LONGEST_INCHI:
        raise GateRefusal(
            f"{len(stripped)} characters; an InChI of at most {LONGEST_INCHI} is read",
            start + LONGEST_INCHI,
        )
    if number := _LONG_NUMBER.search(stripped):
        raise GateRefusal(f"the number `{_shown(number.group())}` is too long", number.start())
    if stripped.split("/")[1:2] and stripped.split("/")[1].count(".") >= MOST_COMPONENTS:
        raise GateRefusal(f"more than {MOST_COMPONENTS} components", start)


def _check_molfile(text: str) -> None:
    if len(text) > LARGEST_MOLFILE:
        raise GateRefusal(f"a molfile of at most {LARGEST_MOLFILE} characters is read", 0)
    position = 0
    for number, line in enumerate(text.split("\n"), 1):
        content = line.rstrip("\r")
        # The title and comment are free text; only what hides itself is refused there.
        strange = (_HEADER_STRANGE if number <= 3 else _BODY_STRANGE).search(content)
        if strange:
            raise GateRefusal(
                f"the character `{_named(strange.group())}` is not allowed (line {number})",
                position + strange.start(),
            )
        if content.startswith("$$$$"):
            _check_nothing_after(text, position + len(line))
            break
        position += len(line) + 1
    _check_molfile_numbers(text)


def _check_nothing_after(text: str, position: int) -> None:
    if text[position:].strip():
        raise GateRefusal("more than one record; give one structure at a time", position)


def _check_molfile_numbers(text: str) -> None:
    # A V3000 line that ends in a hyphen goes on in the next.
    joined = re.sub(r"-\r?\nM  V30 ", "", text)
    for kind, fields in _PROPERTY.findall(joined):
        # Three columns for their number, then pairs of four columns: atom, value.
        for value in (fields[at : at + 4].strip(" +-") for at in range(7, len(fields), 8)):
            if value.isdigit():
                _check_number(value, _MOLFILE_BOUNDS[kind], f"{kind} value", None)
    lines = joined.count("\n") + 1
    for kind, value in _V3000_FIELD.findall(joined):
        _check_number(value.lstrip("-"), _MOLFILE_BOUNDS.get(kind, lines), f"{kind} value", None)


def _shown(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def _named(character: str) -> str:
    return character if character.isprintable() and character != " " else f"U+{ord(character):04X}"


_CROWDED = Chem.MolFromSmarts(f"[D{{{MOST_NEIGHBOURS + 1}-}}]")
_CHECKS: dict[Format, Callable[[str], None]] = {
    Format.SMILES: _check_smiles,
    Format.INCHI: _check_inchi,
    Format.MOLFILE: _check_molfile,
}
