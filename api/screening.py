"""Screening of many structures: a stream of records in, finished lines out, in the same order.

Chunks go to killable workers. A chunk that overruns is asked again record by record, so that only
the record that cannot be computed becomes undetermined. Nothing here opens a database: the facts
come as one frozen value, and memory stays bounded whatever the length of the stream.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from api.compared import Comparison, compared_json
from api.law import law_of
from registry.chem.batch import allowed, in_chunks
from registry.chem.parse import Format, read_structure
from registry.chem.standardise import standardise
from registry.chem.worker import WorkerPool, preload
from registry.collections.identify import UnreadableRecord
from registry.collections.read import Record
from registry.errors import GateRefusal, InputError, Overrun
from registry.facts import Facts
from rules.decide import Book, Scope, bind, decide, undecided
from rules.render import screen_json
from rules.result import Decision

CHUNK = 500
MEMORY_BYTES = 2 << 30


class Errors(StrEnum):
    """What becomes of a record that cannot be read."""

    STRICT = "strict"
    REPORT = "report"
    IGNORE = "ignore"


class Output(StrEnum):
    JSONL = "jsonl"
    CSV = "csv"


class Fault(NamedTuple):
    """A record that could not be read, and where."""

    line: int
    column: int
    code: str
    message: str


class Screened(NamedTuple):
    """The lines of some records: `faults` could not be read, `stopped` could not be computed."""

    body: bytes
    records: int
    faults: tuple[Fault, ...] = ()
    stopped: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of every record. With a comparison the lines are those of `api.compared`."""

    on: date
    known_at: str
    scope: Scope
    format: Format = Format.SMILES
    all_findings: bool = False
    errors: Errors = Errors.STRICT
    output: Output = Output.JSONL
    comparison: Comparison | None = None


def screen(
    records: Iterable[Record],
    question: Question,
    facts: Facts,
    *,
    law_root: Path | None = None,
    workers: int | None = None,
    deadline: float = 5.0,
) -> Generator[Screened]:
    """Judge a stream of records; the answers come chunk by chunk in the order of the records.

    `deadline` is seconds for one structure. A structure that overruns it, exhausts memory or brings
    its worker down is answered `undetermined` with the error `computation-stopped`, whatever
    `question.errors` says: it is an answer, not a bad record. Under `Errors.STRICT` a chunk ends
    before its first unreadable record and names it in `faults`; nothing comes after it.
    """
    size = workers or os.cpu_count() or 1
    if law_root is None:
        preload("api.shipped")
    with WorkerPool(size, _open, (law_root, facts, question), deadline, MEMORY_BYTES) as pool:
        ask = partial(_ask, pool, question.errors, deadline)
        with closing(in_chunks(records, ask, CHUNK, size)) as answers:
            for answer in answers:
                yield answer
                if answer.faults and question.errors is Errors.STRICT:
                    return


def heading(output: Output) -> bytes:
    """What stands above the answers."""
    return _rows([COLUMNS]) if output is Output.CSV else b""


def _ask(pool: WorkerPool, errors: Errors, deadline: float, chunk: list[Record]) -> Screened:
    try:
        answer = pool.call(_judge_chunk, chunk, deadline=allowed(deadline, len(chunk)))
    except Overrun as overrun:
        if len(chunk) > 1:
            return _one_by_one(pool, errors, deadline, chunk)
        answer = pool.call(_stopped, chunk[0], overrun.code, overrun.message)
    return answer


def _one_by_one(pool: WorkerPool, errors: Errors, deadline: float, chunk: list[Record]) -> Screened:
    parts: list[Screened] = []
    for record in chunk:
        parts.append(_ask(pool, errors, deadline, [record]))
        if parts[-1].faults and errors is Errors.STRICT:
            break
    return Screened(
        b"".join(part.body for part in parts),
        sum(part.records for part in parts),
        tuple(fault for part in parts for fault in part.faults),
        sum(part.stopped for part in parts),
    )


# What follows runs inside a worker process, which asks one question all its life.

_given: list[tuple[Book, Question]] = []


def _open(law_root: Path | None, facts: Facts, question: Question) -> None:
    _given[:] = [(bind(law_of(law_root), facts), question)]


def _judge_chunk(chunk: list[Record]) -> Screened:
    [(book, question)] = _given
    answers: list[dict[str, Any]] = []
    faults: list[Fault] = []
    stopped = 0
    for record in chunk:
        try:
            answers.append(_judge(record, book, question))
        except InputError as error:
            faults.append(_fault(record, error))
            if question.errors is Errors.STRICT:
                break
            if question.errors is Errors.REPORT:
                answers.append(_unjudged(record, error.code, error.message, book, question))
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 (native code may fail in any way; never `no`)
            stopped += 1
            message = f"the structure could not be judged: {type(error).__name__}"
            answers.append(_unjudged(record, "judgement-failed", message, book, question))
    return Screened(_lines(answers, question.output), len(chunk), tuple(faults), stopped)


def _stopped(record: Record, code: str, message: str) -> Screened:
    [(book, question)] = _given
    answer = _unjudged(record, code, message, book, question)
    return Screened(_lines([answer], question.output), 1, stopped=1)


def _judge(record: Record, book: Book, question: Question) -> dict[str, Any]:
    if record.fault:
        raise UnreadableRecord(record.fault)
    decision = decide(
        standardise(read_structure(record.text, question.format, bounded=False)),
        book,
        on=question.on,
        known_at=question.known_at,
        text=record.text,
        scope=question.scope,
        everything=question.all_findings,
    )
    return _line(decision, record, book, question)


def _unjudged(
    record: Record, code: str, message: str, book: Book, question: Question
) -> dict[str, Any]:
    decision = undecided(
        (code, message),
        book,
        on=question.on,
        known_at=question.known_at,
        text=record.text,
        scope=question.scope,
    )
    return _line(decision, record, book, question)


def _line(decision: Decision, record: Record, book: Book, question: Question) -> dict[str, Any]:
    if question.comparison is None:
        return screen_json(decision, record.id)
    return compared_json(
        decision, record.id, record.before, book, question.scope, question.comparison
    )


def _fault(record: Record, error: InputError) -> Fault:
    shift = error.position or 0 if isinstance(error, GateRefusal) else 0
    return Fault(record.line, record.column + shift, error.code, error.message)


def _lines(answers: list[dict[str, Any]], output: Output) -> bytes:
    if output is Output.CSV:
        return _rows([row for answer in answers for row in _table(answer)])
    return "".join([json.dumps(answer) + "\n" for answer in answers]).encode()


COLUMNS = (
    "id",
    "input",
    "standardised",
    "error_code",
    "error_message",
    "provision",
    "jurisdiction",
    "structure",
    "outcome",
    "clauses",
    "displaced_by",
    "missing",
    "draft",
    "summary",
)


def _table(answer: dict[str, Any]) -> list[list[str]]:
    """One row for each finding; an answer without findings keeps one row."""
    error = answer["error"] or {"code": "", "message": ""}
    before = [answer["id"], answer["input"], answer["standardised"], *error.values()]
    summary = "; ".join(f"{code}={status}" for code, status in answer["summary"].items())
    findings = answer["findings"] or [dict.fromkeys(COLUMNS[5:13], "")]
    return [[*before, *map(_text, finding.values()), summary] for finding in findings]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "; ".join(value) if isinstance(value, list) else str(value)


def _rows(rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
