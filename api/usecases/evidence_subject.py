"""Which substance a report is about: one of the register, or a structure outside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from api.engine import Engine
from api.usecases.evidence_report import EvidenceRefused, Fault, New
from api.usecases.substances import named
from registry.chem.identity import inchikey
from registry.chem.parse import read_structure
from registry.chem.standardise import standardise
from registry.errors import InputError, NotFound, Overrun, StructureError
from registry.store import substances
from registry.store.session import reading

Keys = Mapping[str, str | InputError | Overrun]


@dataclass(frozen=True, slots=True)
class Subject:
    """A substance of the register, or the InChIKey of a structure outside it."""

    substance: str | None
    inchikey: str = ""


def subjects(engine: Engine, reports: Sequence[New], now: datetime) -> list[Subject]:
    """The subject of each report. Raises EvidenceRefused with every one that is not known."""
    keys = _inchikeys(engine, {one.structure for one in reports if one.structure})
    with reading(engine.sessions) as session:
        meant = {(one.substance, one.structure): _meant(session, one, keys, now) for one in reports}
    found: list[Subject] = []
    faults: list[Fault] = []
    for one in reports:
        subject = meant[one.substance, one.structure]
        if isinstance(subject, Subject):
            found.append(subject)
        else:
            faults.append(Fault(one.line, "substance" if one.substance else "structure", subject))
    if faults:
        raise EvidenceRefused(faults)
    return found


def _meant(session: Session, one: New, keys: Keys, now: datetime) -> Subject | str:
    """The subject, or what stands in the way of knowing it."""
    try:
        if one.substance:
            return Subject(named(session, one.substance, now).id)
        key = keys[one.structure]
        if not isinstance(key, str):
            return key.message
        return Subject(holding(session, key, now), key)
    except (NotFound, InputError) as error:
        return error.message


def holding(session: Session, key: str, known_at: datetime) -> str | None:
    """The substance of the register with this InChIKey, if there is one. Raises AmbiguousName."""
    held = substances.by_structure(session, known_at, inchikey=key)
    return substances.only(held, key).id if held else None


def _inchikeys(engine: Engine, texts: set[str]) -> Keys:
    found: dict[str, str | InputError | Overrun] = {}
    for text in sorted(texts):
        try:
            found[text] = engine.workers.call(read_inchikey, text)
        except (InputError, Overrun) as error:
            found[text] = error
    return found


def read_inchikey(text: str) -> str:
    """The InChIKey of what is active in a structure. Runs inside a worker.

    Raises InputError where it cannot be read, holds several active parts, or is too large for one.
    """
    active = standardise(read_structure(text)).active
    if len(active) != 1:
        raise StructureError("the structure has more than one active part; report them one by one")
    key = inchikey(active[0].mol)
    if not key:
        raise StructureError(
            "the structure has no InChIKey, by which its reports are kept together"
        )
    return key
