"""What a record of a collection is: its layers and its fingerprint, made in a worker process."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from registry.chem import identity
from registry.chem.batch import ask_chunk
from registry.chem.fingerprint import morgan, to_bytes
from registry.chem.parse import Format, read_structure
from registry.chem.standardise import Component, Standardised, standardise
from registry.chem.worker import WorkerPool
from registry.collections.read import Record
from registry.errors import GateRefusal, InputError, Overrun

# Characters of a text that are kept with an error or a repetition.
LONGEST_KEPT = 4_000

_STEREO = re.compile(r"[@/\\]")


class Identified(NamedTuple):
    """A structure as a collection knows it.

    `smiles` is the whole as standardised. The other layers and the fingerprint are of what is
    active in it, without counterions, solvents and isotope labels; several components stand side
    by side, each once, joined by dots.
    """

    smiles: str
    formula: str
    connectivity: str
    stereo: str
    fingerprint: bytes


class UnreadableRecord(InputError):
    """The record is no input: its row does not fit the heading, or cannot be read as a row."""

    code = "record-unreadable"


class Fault(NamedTuple):
    """Why a record is not in the collection, and where it stands in the file."""

    line: int
    column: int
    id: str
    code: str
    message: str
    text: str


Answer = tuple[Record, Identified] | Fault


def identify(
    text: str,
    format: Format = Format.AUTO,  # noqa: A002 - the word every door uses
    *,
    bounded: bool = True,
) -> Identified:
    """Gate, read, standardise, and name in layers. Raises InputError."""
    whole = standardise(read_structure(text, format, bounded=bounded))
    stereos = {_stereo(part, whole): part.mol for part in whole.active}
    flats = {_flat(stereo, mol): mol for stereo, mol in stereos.items()}
    formulas = (identity.formula(flats[flat]) for flat in sorted(flats))
    # The bits of components side by side are those of each together.
    bits = reduce(or_, map(morgan, stereos.values()))
    return Identified(
        smiles=whole.smiles,
        formula=".".join(formulas),
        connectivity=".".join(sorted(flats)),
        stereo=".".join(sorted(stereos)),
        fingerprint=to_bytes(bits),
    )


def _stereo(part: Component, whole: Standardised) -> str:
    return whole.smiles if part.mol is whole.mol else identity.stereo(part.mol)


def _flat(stereo: str, mol: Any) -> str:
    """The connectivity; a SMILES without stereochemistry is it already."""
    return identity.connectivity(mol) if _STEREO.search(stereo) else stereo


def identify_chunk(
    pool: WorkerPool,
    written_as: Format,
    deadline: float,
    chunk: list[Record],
) -> list[Answer]:
    """One answer for each record; one that cannot be computed is a Fault like any other."""
    given = [(record, written_as) for record in chunk]
    return ask_chunk(pool, _identify_all, _stopped, deadline, given)


def fingerprints(given: Iterable[tuple[int, str]]) -> list[bytes]:
    """The fingerprints of rows, given by number and `stereo` layer."""
    # The layers are canonical SMILES of what is active, so they are read as they stand.
    mols = (read_structure(smiles, Format.SMILES, bounded=False) for _, smiles in given)
    return [to_bytes(morgan(mol)) for mol in mols]


def _stopped(given: tuple[Record, Format], overrun: Overrun) -> Answer:
    return _fault(given[0], overrun.code, overrun.message)


def _identify_all(given: Iterable[tuple[Record, Format]]) -> list[Answer]:
    return [_identify(record, format_) for record, format_ in given]


def _identify(record: Record, format_: Format) -> Answer:
    try:
        found = identify(_sound(record), format_, bounded=False)
    except InputError as error:
        shift = error.position or 0 if isinstance(error, GateRefusal) else 0
        return _fault(record, error.code, error.message, shift)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 (native code may fail in any way; never lost)
        message = f"the structure could not be identified: {type(error).__name__}"
        return _fault(record, "identification-failed", message)
    kept = record.text[:LONGEST_KEPT]
    return record._replace(text=kept), found


def _sound(record: Record) -> str:
    if record.fault:
        raise UnreadableRecord(record.fault)
    return record.text


def _fault(record: Record, code: str, message: str, shift: int = 0) -> Fault:
    line, column = record.line, record.column + shift
    return Fault(line, column, record.id, code, message, record.text[:LONGEST_KEPT])
