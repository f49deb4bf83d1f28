"""A systematic name as a structure, by OPSIN: one route, never enough for the register.

OPSIN (Lowe and others, 2011) reads the grammar of English systematic names. It needs Java and the
extra `opsin`, whose wheel brings the program. It reads some names wrongly and says nothing, so an
answer is given only where nothing is in doubt: OPSIN had no remark, the toolkit reads the same
InChI from the SMILES as OPSIN makes itself, and configuration named in the text is there.

What comes back is a proposal for a chemist. It is no identity, and not a legal answer.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

from rdkit import Chem
from rdkit.Chem import rdinchi

from registry.chem.parse import Format, read_structure
from registry.errors import InputError, Overrun, RegisterError

ROUTE = "one-route: OPSIN"
LONGEST = 2_000  # characters of a name
DEADLINE = 60.0  # seconds for one call, the start of Java included

_JAVA = ("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8")
_CENTRE = re.compile(r"\((?:\d*[a-z]?'*[RS])(?:,\d*[a-z]?'*[RS])*\)", re.ASCII)
_BOND = re.compile(r"\(\d*'*[EZ](?:,\d*'*[EZ])*\)")
_TRIOXIDE = Chem.MolFromSmarts("[O;!R]~[O;!R]~[O;!R]")


class OpsinNotInstalled(RegisterError):
    """OPSIN or Java is not on this machine."""

    code = "opsin-not-installed"


class NameNotAStructure(InputError):
    """The name cannot be read as one definite structure without doubt."""

    code = "name-not-a-structure"


@dataclass(frozen=True, slots=True)
class Said:
    """What OPSIN says of a name: a structure in two forms, or none, and its remarks."""

    name: str
    smiles: str
    inchi: str
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A structure read from a name. `undefined` says what the name leaves open."""

    name: str
    smiles: str
    inchi: str
    undefined: tuple[str, ...]
    route: str = ROUTE


def structures_of(
    names: Sequence[str], *, deadline: float = DEADLINE
) -> list[Named | NameNotAStructure]:
    """Each name as a structure, or the error that says what is in doubt, in the order of `names`.

    One start of Java serves all. `deadline` is in seconds and for the whole call. Raises
    OpsinNotInstalled, and Overrun where OPSIN had to be stopped.
    """
    return [_told(said) for said in ask(names, deadline=deadline)]


def structure_of(name: str, *, deadline: float = DEADLINE) -> Named:
    """A systematic name as a structure. Raises NameNotAStructure, OpsinNotInstalled, Overrun."""
    return confirm(ask([name], deadline=deadline)[0])


def ask(names: Sequence[str], *, deadline: float = DEADLINE) -> list[Said]:
    """What OPSIN says, unchecked. No toolkit code runs here: `confirm` is for a worker process.

    Raises OpsinNotInstalled, Overrun, and NameNotAStructure for a text that is no name at all.
    """
    program = _program()
    for name in names:
        _check(name)
    with ThreadPoolExecutor(2) as pool:
        forms = ("smi", "stdinchi")
        smiles, inchis = pool.map(lambda form: _run(program, form, names, deadline), forms)
    return [
        Said(name, drawn, inchi, tuple(dict.fromkeys(remarks)))
        for name, (drawn, remarks), (inchi, _) in zip(names, smiles, inchis, strict=True)
    ]


def confirm(said: Said) -> Named:
    """The structure, where nothing about it is in doubt. Raises NameNotAStructure."""
    if not said.smiles:
        reason = "; ".join(said.remarks) or "OPSIN gives no reason"
        raise NameNotAStructure(f"`{said.name}` cannot be read: {reason}")
    if said.remarks:
        raise _doubt(said, "; ".join(said.remarks))
    try:
        mol = read_structure(said.smiles, Format.SMILES)
    except InputError as error:
        raise _doubt(said, f"what OPSIN draws is not read here: {error.message}") from error
    inchi, undefined = _inchi(mol)
    if inchi != said.inchi:
        raise _doubt(said, f"two ways to an InChI differ, `{said.inchi}` and `{inchi}`")
    if odd := _odd(said, mol):
        raise _doubt(said, odd)
    return Named(said.name, said.smiles, inchi, undefined)


def _told(said: Said) -> Named | NameNotAStructure:
    try:
        return confirm(said)
    except NameNotAStructure as error:
        return error


def _doubt(said: Said, reason: str) -> NameNotAStructure:
    return NameNotAStructure(f"`{said.name}` is not read without doubt: {reason}")


def _odd(said: Said, mol: Chem.Mol) -> str:
    """What speaks against the reading although nothing went wrong."""
    if _CENTRE.search(said.name) and "@" not in said.smiles:
        return "the name gives the configuration of a centre and the structure has none"
    if _BOND.search(said.name) and not {"/", "\\"} & set(said.smiles):
        return "the name gives the configuration of a double bond and the structure has none"
    if mol.HasSubstructMatch(_TRIOXIDE):
        return "it has a chain of three oxygen atoms, as when `peroxy` is counted twice"
    return ""


def _inchi(mol: Chem.Mol) -> tuple[str, tuple[str, ...]]:
    """The standard InChI, and what the InChI leaves undefined."""
    inchi, _, message, _, _ = rdinchi.MolToInchi(mol)
    remarks = tuple(part.strip() for part in message.split(";") if "undefined" in part.lower())
    centres = sum(
        one.specified == Chem.StereoSpecified.Unspecified
        for one in Chem.FindPotentialStereo(mol)
        if one.type == Chem.StereoType.Atom_Tetrahedral
    )
    if centres:
        return inchi, (f"centres without configuration: {centres}",)
    return inchi, remarks


def _check(name: str) -> None:
    if not name.strip() or len(name) > LONGEST:
        raise NameNotAStructure(f"a name has between 1 and {LONGEST} characters")
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in name):
        raise NameNotAStructure("the name holds a control character or a line break")


def _program() -> list[str]:
    """The command that starts OPSIN."""
    found = find_spec("py2opsin")
    folders = found.submodule_search_locations if found else None
    jars = sorted(Path(folders[0]).glob("opsin-cli-*.jar")) if folders else []
    if not jars:
        raise OpsinNotInstalled("OPSIN is not installed: install `substance-register[opsin]`")
    java = shutil.which("java")
    if java is None:
        raise OpsinNotInstalled("OPSIN needs Java 8 or newer, and there is no `java` on the path")
    return [java, *_JAVA, "-jar", str(jars[-1])]


def _run(
    program: list[str], form: str, names: Sequence[str], deadline: float
) -> list[tuple[str, list[str]]]:
    """Each name's line of output and the remarks on it.

    OPSIN writes its remarks to standard error without saying of which name. So an unreadable mark
    is put between the names, and what is written between two marks belongs to the name between.
    """
    mark = f"~{uuid4().hex}~"
    lines = [mark, *(line for name in names for line in (name, mark))]
    try:
        done = subprocess.run(
            [*program, f"-o{form}"],
            input="\n".join(lines) + "\n",
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=deadline,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Overrun(f"OPSIN took longer than {deadline:g} seconds", "deadline") from None
    written = done.stdout.splitlines()
    remarks = _remarks(done.stderr, mark)
    if done.returncode or len(written) != len(lines) or len(remarks) != len(names):
        raise Overrun(f"OPSIN stopped: {done.stderr.strip()[-200:]}", "crash")
    return list(zip(written[1::2], remarks, strict=True))


def _remarks(errors: str, mark: str) -> list[list[str]]:
    """The lines between each two marks; the message about a mark begins with it."""
    found: list[list[str]] = []
    for line in errors.splitlines():
        if line.startswith(mark):
            found.append([])
        elif found and line.strip():
            found[-1].append(line.strip())
    return found[:-1]
