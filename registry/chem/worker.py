"""Native code at arm's length: a pool of processes that can be killed.

The chemistry toolkit can run without end, exhaust memory or crash on texts of a hundred characters.
Work that may do so runs in a process of its own, which is killed at its deadline and replaced at
once. This guards time, memory and crashes; it is no sandbox against code that takes a process over.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import pickle
import queue
import resource
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

from registry.errors import Overrun, RegisterError

P = ParamSpec("P")
R = TypeVar("R")

MEMORY_BYTES = 2 << 30
_PRELOADED = ["rdkit.Chem", "rdkit.Chem.rdMolDescriptors", "registry.chem.standardise"]
_GRACE_SECONDS = 2.0
_READY, _DONE, _REFUSED, _FAILED = "ready", "done", "refused", "failed"
_MEMORY, _BROKEN = "memory", "broken"

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(_PRELOADED)
# Starting processes from two threads at once is not safe.
_starting = threading.Lock()


def preload(module: str) -> None:
    """Have a module imported once for all workers, which then begin with what it read.

    Counts only before the first worker of this process starts; later ones import it themselves.
    """
    if module not in _PRELOADED:
        _PRELOADED.append(module)
        _context.set_forkserver_preload(_PRELOADED)


class WorkerPool:
    """`size` processes, each doing one thing at a time.

    `initializer(*initargs)` runs once in each process, outside any deadline but within
    `start_seconds`. `deadline_seconds` is counted from when work starts in a free process;
    `wait_seconds` bounds the waiting for one. `memory_bytes` limits a process's address space.
    Functions, arguments and results are pickled: functions must be importable by name. Threads may
    share a pool. Use as a context manager, or call `close`.
    """

    def __init__(
        self,
        size: int = 2,
        initializer: Callable[..., object] | None = None,
        initargs: tuple[Any, ...] = (),
        deadline_seconds: float = 5.0,
        memory_bytes: int = MEMORY_BYTES,
        wait_seconds: float = 30.0,
        start_seconds: float = 60.0,
    ) -> None:
        self.size = size
        self._start = (initializer, initargs, memory_bytes)
        self._deadline, self._wait, self._start_seconds = (
            deadline_seconds,
            wait_seconds,
            start_seconds,
        )
        self._lock = threading.Lock()
        self._closed = False
        self._workers: set[_Worker] = set()
        self._idle: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(size):
            self._add()

    def call(
        self,
        function: Callable[..., R],
        *args: Any,
        deadline: float | None = None,
    ) -> R:
        """`function(*args)`, computed in one of the processes.

        Raises Overrun with the reason `deadline`, `memory`, `crash`, or `busy` where no process is
        free in time; errors of this register pass through with their type, and any other exception
        of the function as it is, for it is a fault of ours.
        """
        worker = self._free_worker()
        try:
            answer = worker.ask(
                function,
                args,
                self._deadline if deadline is None else deadline,
                self._start_seconds,
            )
        except BaseException:
            self._replace(worker)
            raise
        self._idle.put(worker)
        kind, value = answer
        if kind == _DONE:
            result: R = value
            return result
        raise _rebuilt(*value) if kind == _REFUSED else value

    def close(self) -> None:
        """Kill every process. A call under way ends with Overrun; later ones are refused."""
        with self._lock:
            self._closed = True
            workers, self._workers = self._workers, set()
        for worker in workers:
            worker.stop()
        with contextlib.suppress(queue.Empty):
            while worker_or_none := self._idle.get_nowait():
                worker_or_none.dispose()
        self._idle.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _free_worker(self) -> _Worker:
        while True:
            try:
                worker = self._idle.get(timeout=self._wait)
            except queue.Empty:
                message = f"no worker became free within {self._wait:g} seconds"
                raise Overrun(message, "busy") from None
            if worker is None:
                self._idle.put(None)  # for the next caller
                raise Overrun("the worker pool is closed", "crash")
            if worker.alive:
                return worker
            self._replace(worker)  # it died while idle, so no work was lost

    def _replace(self, worker: _Worker) -> None:
        worker.dispose()
        with self._lock:
            self._workers.discard(worker)
        self._add()

    def _add(self) -> None:
        with self._lock:
            if self._closed:
                return
            worker = _Worker(self._start)
            self._workers.add(worker)
        self._idle.put(worker)


_Start = tuple[Callable[..., object] | None, tuple[Any, ...], int]
_Answer = tuple[str, Any]


class _Worker:
    """One process and the pipe to it. It starts in the background; the first call waits for it."""

    def __init__(self, start: _Start) -> None:
        self._pipe, theirs = _context.Pipe()
        self._process = _context.Process(target=_serve, args=(theirs, *start), daemon=True)
        self._ready = False
        with _starting:
            self._process.start()
        theirs.close()

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    def ask(
        self,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        deadline: float,
        start_seconds: float,
    ) -> _Answer:
        request = pickle.dumps((deadline, pickle.dumps((function, args))))
        if not self._ready:
            self._await_start(start_seconds)
        try:
            self._pipe.send_bytes(request)
        except OSError as error:
            raise Overrun("the worker went away", "crash") from error
        answer = self._receive(deadline, f"stopped at its deadline of {deadline:g} seconds")
        if answer[0] == _MEMORY:
            raise Overrun("stopped at its memory limit", "memory")
        if answer[0] == _BROKEN:
            raise Overrun(f"the chemistry toolkit failed: {answer[1]}", "crash")
        return answer

    def _await_start(self, seconds: float) -> None:
        kind, value = self._receive(seconds, f"a worker did not start within {seconds:g} seconds")
        if kind == _MEMORY:
            raise Overrun("a worker exhausted its memory while starting", "memory")
        if kind != _READY:
            raise _rebuilt(*value) if kind == _REFUSED else value
        self._ready = True

    def _receive(self, seconds: float, overdue: str) -> _Answer:
        try:
            if not self._pipe.poll(seconds):
                raise Overrun(overdue, "deadline")
            # The peer is our own process, although one that runs native code.
            answer: _Answer = pickle.loads(self._pipe.recv_bytes())  # noqa: S301
        except (EOFError, OSError) as error:
            raise Overrun("the computation crashed its worker", "crash") from error
        return answer

    def stop(self) -> None:
        """Kill the process and wait for its end; whoever listens to it finds the pipe ended."""
        with contextlib.suppress(ValueError):  # disposed of already
            self._process.kill()
            self._process.join()

    def dispose(self) -> None:
        self.stop()
        self._process.close()
        self._pipe.close()


def _serve(
    pipe: Connection,
    initializer: Callable[..., object] | None,
    initargs: tuple[Any, ...],
    memory_bytes: int,
) -> None:
    """The life of a worker: start, then answer one request after another until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    with contextlib.suppress(EOFError, OSError):
        answer = _attempt(initializer or _nothing, initargs)
        _send(pipe, (_READY, None) if answer[0] == _DONE else answer)
        while answer[0] in {_DONE, _REFUSED, _FAILED}:
            deadline, request = pickle.loads(pipe.recv_bytes())  # noqa: S301
            # Should the caller die, nobody else would end this work.
            signal.setitimer(signal.ITIMER_REAL, deadline + _GRACE_SECONDS)
            answer = _attempt(_perform, (request,))
            signal.setitimer(signal.ITIMER_REAL, 0)
            _send(pipe, answer)


def _nothing() -> None:
    return None


def _perform(request: bytes) -> object:
    function, args = pickle.loads(request)  # noqa: S301
    return function(*args)


def _attempt(function: Callable[..., object], args: tuple[Any, ...]) -> _Answer:
    try:
        return _DONE, function(*args)
    except MemoryError:
        return _MEMORY, None
    except RegisterError as error:
        return _REFUSED, (type(error), error.args, error.__dict__)
    except Exception as error:  # noqa: BLE001 - it is raised again on the other side
        if type(error) is RuntimeError and "Violation" in str(error):
            return _BROKEN, " ".join(str(error).split()[:12])
        return _FAILED, error


def _send(pipe: Connection, answer: _Answer) -> None:
    try:
        data = pickle.dumps(answer)
    except MemoryError:
        data = pickle.dumps((_MEMORY, None))
    except Exception as error:  # noqa: BLE001 - whatever cannot be pickled is reported in words
        data = pickle.dumps((_FAILED, TypeError(f"the result cannot be sent: {error!r}")))
    pipe.send_bytes(data)


def _rebuilt(
    kind: type[RegisterError], args: tuple[object, ...], state: dict[str, object]
) -> RegisterError:
    """An error as it was, without calling its constructor, which may want more than `args`."""
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error
