"""Names found: substances by what they are called, and structures by systematic names."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from api.usecases.dates import Dates
from registry.chem import opsin
from registry.chem.worker import WorkerPool
from registry.errors import InputError, Overrun
from registry.models import Substance
from registry.search.candidates import Asked
from registry.search.names import SURE, find, nearest
from registry.search.ranking import Key, Match
from registry.store.session import reading

EVIDENCE = "names that answer to a text are evidence for a reader, never a legal answer"
PROPOSAL = "one route to a structure is a proposal: confirm it by another before it is relied on"
SECONDS = 30.0  # for OPSIN, the start of Java included
_java = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for, among which kinds and languages of names; all where empty."""

    text: str
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Answers, best first. `after` continues the list; None at its end.

    `nearest` suggests names where there is no answer at all.
    """

    items: tuple[dict[str, Any], ...]
    after: Key | None
    nearest: tuple[dict[str, Any], ...]


def search(
    sessions: sessionmaker[Session],
    wanted: Wanted,
    dates: Dates,
    *,
    after: Key | None = None,
    limit: int = 20,
) -> Page:
    """One page of the substances that answer to a text, as known at a moment.

    Raises InputError for a text without letters and digits, WrongCheckDigit.
    """
    asked = Asked(dates.known_at, wanted.kinds, wanted.languages)
    with reading(sessions) as session:
        found = find(session, wanted.text, asked)
        rest = [match for match in found if after is None or match.key > after]
        page = rest[:limit]
        suggested = () if found else _suggested(session, wanted.text, asked)
        items = tuple(_shown(session, match) for match in page)
    return Page(items, page[-1].key if len(rest) > limit else None, suggested)


def called(session: Session, text: str, known_at: datetime) -> list[str]:
    """The substances whose name, number or salt the text is, in order of identifier."""
    try:
        found = find(session, text, Asked(known_at))
    except InputError as error:
        if error.code == InputError.code:  # no text that could be a name
            return []
        raise
    return sorted(match.name.substance for match in found if match.how in SURE)


def structure(workers: WorkerPool, name: str) -> dict[str, Any]:
    """The structure that OPSIN reads in a systematic name, and what the name leaves open.

    Raises NameNotAStructure, OpsinNotInstalled, and Overrun where it had to be stopped or others
    are waiting.
    """
    if not _java.acquire(timeout=SECONDS):
        raise Overrun("too many names are being read; try again", "busy")
    try:
        (said,) = opsin.ask([name], deadline=SECONDS)
    finally:
        _java.release()
    named: opsin.Named = workers.call(opsin.confirm, said)
    return {
        "name": named.name,
        "smiles": named.smiles,
        "inchi": named.inchi,
        "undefined": list(named.undefined),
        "route": named.route,
        "note": PROPOSAL,
    }


def _suggested(session: Session, text: str, asked: Asked) -> tuple[dict[str, Any], ...]:
    return tuple(_shown(session, match) for match in nearest(session, text, asked))


def _shown(session: Session, match: Match) -> dict[str, Any]:
    name = match.name
    return {
        "id": name.substance,
        "name": session.get_one(Substance, name.substance).name,
        "how": match.how.value,
        "score": match.score,
        "matched": {
            "text": name.text,
            "kind": name.kind,
            "language": name.language,
            "script": name.script,
            "misprint": name.kind == "misprint",
        },
        "read": match.read.text,
        "salt": list(match.read.salt),
    }
