"""Ask the law about one structure, name or number, and put the answer on record."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from api.engine import Engine, Structure
from api.usecases.dates import Dates
from api.usecases.record import Made, keep
from registry.chem.parse import Format
from registry.errors import GateRefusal, InputError, StructureError
from registry.models import DecisionKind, Substance
from registry.store import substances
from registry.store.session import reading
from rules.goods import PURE, Goods
from rules.sitting import Scope, check_scope

CAS = re.compile(r"\d{2,7}-\d\d-\d")
INCHIKEY = re.compile(r"[A-Z]{14}-[A-Z]{10}-[A-Z]")
LONGEST_NAME = 500


class NoStructure(InputError):
    """The substance is a plant, a group, or has a structure nobody has read."""

    code = "substance-without-structure"


class By(StrEnum):
    """How the text names what is asked about. `ANY` takes a name or number first."""

    STRUCTURE = "structure"
    NAME = "name"
    CAS = "cas"
    INCHIKEY = "inchikey"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. With `everything`, provisions plainly not met are answered too. `goods`: what
    they are like, as far as stated; with nothing stated, the pure substance."""

    text: str
    dates: Dates
    by: By = By.STRUCTURE
    format: Format = Format.AUTO
    scope: Scope = field(default_factory=Scope)
    everything: bool = False
    goods: Goods = field(default_factory=dict)

    def recorded(self) -> dict[str, Any]:
        """As it is kept, and asked again on replay."""
        return {
            "text": self.text,
            "by": self.by.value,
            "format": self.format.value,
            "on": self.dates.on.isoformat(),
            "known_at": self.dates.known_text,
            "jurisdictions": list(self.scope.jurisdictions),
            "provisions": list(self.scope.provisions),
            "everything": self.everything,
            "goods": {fact: str(value) for fact, value in sorted(self.goods.items())},
        }

    @classmethod
    def of(cls, recorded: dict[str, Any], dates: Dates) -> Question:
        return cls(
            text=recorded["text"],
            dates=dates,
            by=By(recorded["by"]),
            format=Format(recorded["format"]),
            scope=Scope(tuple(recorded["jurisdictions"]), tuple(recorded["provisions"])),
            everything=recorded["everything"],
            goods={fact: Decimal(value) for fact, value in recorded.get("goods", {}).items()},
        )


def classify(engine: Engine, question: Question, *, actor: str, now: datetime) -> Made:
    """Answer and record. Raises InputError, NotFound; an overrun is an answer, not an error."""
    answer = answer_to(engine, question)
    kind, dates = DecisionKind.CLASSIFY, question.dates
    return keep(engine, kind, question.recorded(), answer, dates=dates, actor=actor, now=now)


def again(engine: Engine, recorded: dict[str, Any], dates: Dates) -> dict[str, Any]:
    """The answer to a recorded question today."""
    return answer_to(engine, Question.of(recorded, dates))


def answer_to(engine: Engine, question: Question) -> dict[str, Any]:
    """The answer, without recording it. `taken` says which substance stood for a name."""
    check_scope(engine.law, question.scope)
    taken = None
    if question.by is not By.STRUCTURE:
        with reading(engine.sessions) as session:
            taken = _taken(session, question)
    structure = Structure(question.text, question.format)
    if taken is not None:
        structure = Structure(taken["structure"], Format(taken["format"]))
    try:
        decision = engine.classify(
            structure,
            question.dates,
            question.scope,
            everything=question.everything,
            goods=question.goods or PURE,
        )
    except (StructureError, GateRefusal) as error:
        if question.by is not By.ANY or taken is not None:
            raise
        raise _neither(question.text, error) from error
    return decision | {"taken": taken}


def _taken(session: Session, question: Question) -> dict[str, Any] | None:
    """The substance a name or number stands for; None where `ANY` text is no name."""
    known_at, asked = question.dates.known_at, question.text.strip()
    if question.by is By.ANY and (len(asked) > LONGEST_NAME or "\n" in asked):
        return None
    by, found = _search(session, question.by, asked, known_at)
    if question.by is By.ANY and by is By.NAME and not found:
        return None
    substance = substances.only(found, asked)
    structure = substances.structure(session, substance.id, known_at)
    if structure is None:
        raise NoStructure(
            f"`{substance.name}` has no structure in this register; see substance `{substance.id}`"
        )
    return {
        "by": by.value,
        "substance": substance.id,
        "name": substance.name,
        "structure": structure.as_given,
        "format": structure.format,
    }


def _search(session: Session, by: By, asked: str, known_at: datetime) -> tuple[By, list[Substance]]:
    if by is By.CAS or (by is By.ANY and CAS.fullmatch(asked)):
        return By.CAS, substances.by_identifier(session, "cas", asked, known_at)
    if by is By.INCHIKEY or (by is By.ANY and INCHIKEY.fullmatch(asked)):
        return By.INCHIKEY, substances.by_structure(session, known_at, inchikey=asked)
    return By.NAME, substances.by_name(session, asked, known_at)


def _neither(text: str, error: InputError) -> StructureError:
    asked = text.strip()
    shown = asked if len(asked) <= 80 else f"{asked[:77]}…"
    return StructureError(
        f"no substance is called `{shown}`, and it is no structure that can be read: {error.message}"
    )
