"""Members of libraries through killable workers: what each of them is told, in the same order.

A plan says what is asked; each worker opens it once. Of a member there comes back what is to be
counted and, where there is something to tell, one row: memory stays bounded by the rows told,
whatever the size of the library, and the answer is the same for any number of workers. What cannot
be read is told as a fault, what cannot be computed as undetermined.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from api.usecases.libraries import Library, Member
from registry.chem.batch import allowed, in_chunks
from registry.chem.parse import Format, read_structure
from registry.chem.standardise import Standardised, standardise
from registry.chem.worker import WorkerPool, preload
from registry.collections.identify import UnreadableRecord
from registry.errors import InputError, Overrun
from registry.facts import Facts

CHUNK = 200
MEMORY_BYTES = 2 << 30
START_SECONDS = 600.0  # several laws are bound with the facts before the first question
ABOUT_SECONDS = 300.0  # every example of every draft is run; no structure of a library is
FAILED = "judgement-failed"

Row = dict[str, Any]
Key = tuple[str, ...]


class Told(NamedTuple):
    """What is told of one member: `row` None is nothing; each of `counted` counts once."""

    row: Row | None
    counted: tuple[Key, ...] = ()


class Judge(Protocol):
    """What a worker asks of each member. It keeps nothing between two members."""

    def about(self) -> dict[str, Any]:
        """What is told once, whatever the members."""

    def judge(self, member: Member, standardised: Standardised) -> Told:
        """What is told of a structure that could be read."""

    def stopped(self, member: Member, code: str, message: str) -> Told:
        """What is told where no judgement was possible: undetermined."""


class Plan(Protocol):
    """What is asked, small enough to be sent to each worker."""

    def open(self, law_root: Path | None, facts: Facts) -> Judge:
        """Bind law and facts, once in each worker."""


class Fault(NamedTuple):
    """A row of a library that could not be read."""

    library: str
    key: str
    name: str
    line: int
    code: str
    message: str


class Part(NamedTuple):
    """What came of some members, in their order."""

    members: int
    rows: list[Row]
    counts: Counter[Key]
    faults: list[Fault]
    stopped: int


@dataclass
class Tally:
    """What came of all members so far. Beyond `most` rows or faults only their number is kept."""

    most: int
    members: int = 0
    stopped: int = 0
    told: int = 0
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    counts: Counter[Key] = field(default_factory=Counter)
    unread_in: Counter[str] = field(default_factory=Counter)

    @property
    def unread(self) -> int:
        return self.unread_in.total()

    def unread_of(self, library: str) -> int:
        return self.unread_in[library]

    def add(self, part: Part) -> None:
        self.members += part.members
        self.stopped += part.stopped
        self.unread_in.update(fault.library for fault in part.faults)
        self.told += len(part.rows)
        self.counts.update(part.counts)
        self.rows += part.rows[: max(0, self.most - len(self.rows))]
        self.faults += part.faults[: max(0, self.most - len(self.faults))]


@dataclass(frozen=True)
class Running:
    """A plan opened in its workers."""

    pool: WorkerPool
    deadline: float

    def about(self) -> dict[str, Any]:
        """What the plan has to tell once, whatever the libraries."""
        return self.pool.call(_about, deadline=ABOUT_SECONDS)

    def parts(self, libraries: Iterable[Library]) -> Generator[Part]:
        """Ask every member of every library; the parts come in the order of the members.

        A structure that overruns its deadline, exhausts memory or brings its worker down is told
        by `Judge.stopped`.
        """
        members = ((one.format, member) for one in libraries for member in one.rows())
        ask = partial(_ask, self.pool, self.deadline)
        with closing(in_chunks(members, ask, CHUNK, self.pool.size)) as parts:
            yield from parts


@contextmanager
def running(
    plan: Plan,
    facts: Facts,
    *,
    law_root: Path | None = None,
    workers: int | None = None,
    deadline: float = 5.0,
) -> Iterator[Running]:
    """Open a plan in worker processes.

    `deadline` is seconds for one structure under everything the plan asks of it. What the plan
    raises on opening is raised by the first question.
    """
    if law_root is None:
        preload("api.shipped")
    size, start = workers or os.cpu_count() or 1, (law_root, facts, plan)
    with WorkerPool(
        size, _open, start, deadline, MEMORY_BYTES, START_SECONDS, START_SECONDS
    ) as pool:
        yield Running(pool, deadline)


Asked = tuple[Format, Member]


def _ask(pool: WorkerPool, deadline: float, chunk: list[Asked]) -> Part:
    try:
        return pool.call(_judge_chunk, chunk, deadline=allowed(deadline, len(chunk)))
    except Overrun as overrun:
        if len(chunk) > 1:
            return _joined(_ask(pool, deadline, [one]) for one in chunk)
        told = chunk[0][1], overrun.code, overrun.reason
        return pool.call(_stopped, *told, deadline=ABOUT_SECONDS)


def _joined(parts: Iterable[Part]) -> Part:
    whole = Part(0, [], Counter(), [], 0)
    for part in parts:
        whole.rows.extend(part.rows)
        whole.counts.update(part.counts)
        whole.faults.extend(part.faults)
        whole = whole._replace(
            members=whole.members + part.members, stopped=whole.stopped + part.stopped
        )
    return whole


# What follows runs inside a worker process, which asks one plan all its life.

_given: list[Judge] = []


def _open(law_root: Path | None, facts: Facts, plan: Plan) -> None:
    _given[:] = [plan.open(law_root, facts)]


def _about() -> dict[str, Any]:
    [judge] = _given
    return judge.about()


def _judge_chunk(chunk: list[Asked]) -> Part:
    return _joined(_judge(member, written) for written, member in chunk)


def _judge(member: Member, written: Format) -> Part:
    [judge] = _given
    try:
        return _part(judge.judge(member, _read(member, written)))
    except InputError as error:
        fault = Fault(
            member.library, member.key, member.name, member.line, error.code, error.message
        )
        return Part(1, [], Counter(), [fault], 0)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 (native code may fail in any way; never `unchanged`)
        return _stopped(member, FAILED, type(error).__name__)


def _read(member: Member, written: Format) -> Standardised:
    if member.fault:
        raise UnreadableRecord(member.fault)
    return standardise(read_structure(member.smiles, written, bounded=False))


def _stopped(member: Member, code: str, why: str) -> Part:
    """The words are the same on every run: no seconds, no address."""
    [judge] = _given
    told = judge.stopped(member, code, f"the structure could not be judged: {why}")
    return _part(told)._replace(stopped=1)


def _part(told: Told) -> Part:
    return Part(1, [] if told.row is None else [told.row], Counter(told.counted), [], 0)


def each(parts: Iterable[Part], tally: Tally) -> Iterator[Tally]:
    """Add up the parts as they come."""
    for part in parts:
        tally.add(part)
        yield tally


def described(member: Member) -> Row:
    """A member as rows show it."""
    shown = ("library", "key", "name", "use", "smiles", "source")
    return {name: getattr(member, name) for name in shown}


def unread(tally: Tally) -> dict[str, Any]:
    """The rows of libraries that could not be read, named up to the most that is kept."""
    return {
        "unreadable": [fault._asdict() for fault in tally.faults],
        "unreadable_left_out": tally.unread - len(tally.faults),
    }
