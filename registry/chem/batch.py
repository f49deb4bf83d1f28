"""Many records through killable workers: chunks in, answers out, in the same order.

Memory stays bounded whatever the length of the stream. A chunk that overruns is asked again record
by record, so that only the record that cannot be computed is answered as stopped.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from registry.chem.worker import MEMORY_BYTES, WorkerPool
from registry.errors import InputError, Overrun

A = TypeVar("A")
B = TypeVar("B")

# A chunk may take its slowest record's deadline and this share of it for each of the others.
SHARE = 200


@dataclass(frozen=True, slots=True)
class Workers:
    """How many worker processes, and what each may take for one structure; 0 is one per CPU."""

    count: int = 0
    deadline: float = 5.0
    memory_bytes: int = MEMORY_BYTES

    @property
    def number(self) -> int:
        return self.count or os.cpu_count() or 1

    def pool(self, work: Callable[..., object]) -> WorkerPool:
        """A pool for this work, whose module each process loads before any deadline runs."""
        return WorkerPool(
            self.number,
            initializer=_loaded,
            initargs=(work,),
            deadline_seconds=self.deadline,
            memory_bytes=self.memory_bytes,
        )


def _loaded(_work: object) -> None:
    """Receiving the work has loaded its module."""


def allowed(deadline: float, records: int) -> float:
    """Seconds a chunk of so many records may take where one may take `deadline`."""
    return deadline * (1 + (records - 1) / SHARE)


def in_chunks(
    records: Iterable[A], ask: Callable[[list[A]], B], size: int, workers: int
) -> Generator[B]:
    """`ask(chunk)` of every chunk of `size` records, on so many threads, answers in order.

    A stream of records that breaks off with an InputError does so in its place, after the answers
    to what came before. Close the generator to leave the rest unasked.
    """
    threads = ThreadPoolExecutor(workers)

    def submit(chunk: list[A]) -> Future[B]:
        return threads.submit(ask, chunk)

    try:
        yield from _in_order(_asked(records, submit, size), ahead=2 * workers)
    finally:
        threads.shutdown(wait=False, cancel_futures=True)


def ask_chunk(
    pool: WorkerPool,
    work: Callable[[list[A]], list[B]],
    stopped: Callable[[A, Overrun], B],
    deadline: float,
    chunk: list[A],
) -> list[B]:
    """`work(chunk)` in a worker, one answer per record; `stopped` answers for one that overran.

    `deadline` is seconds for one record.
    """
    try:
        return pool.call(work, chunk, deadline=allowed(deadline, len(chunk)))
    except Overrun as overrun:
        if len(chunk) == 1:
            return [stopped(chunk[0], overrun)]
        single = ([record] for record in chunk)
        return [ask_chunk(pool, work, stopped, deadline, one)[0] for one in single]


def _in_order(asked: Iterable[Future[B]], ahead: int) -> Iterator[B]:
    """Answers in the order of asking, never more than `ahead` questions before the answer."""
    waiting: deque[Future[B]] = deque()
    for future in asked:
        waiting.append(future)
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _asked(
    records: Iterable[A], ask: Callable[[list[A]], Future[B]], size: int
) -> Iterator[Future[B]]:
    """Every chunk asked. A stream that breaks off does so in its place, after what came before."""
    stream = iter(records)
    while True:
        chunk: list[A] = []
        try:
            chunk.extend(islice(stream, size))
        except InputError as error:
            yield ask(chunk)
            broken: Future[B] = Future()
            broken.set_exception(error)
            yield broken
            return
        if not chunk:
            return
        yield ask(chunk)
