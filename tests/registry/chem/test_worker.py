from __future__ import annotations

import os
import pickle
import resource
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rdkit import Chem
from rdkit.Chem import rdMolDescriptors

from registry.chem import worker
from registry.chem.parse import read_structure
from registry.chem.worker import WorkerPool
from registry.errors import (
    AmbiguousName,
    GateRefusal,
    Overrun,
    RegisterError,
    SeedError,
    StructureError,
)


def cycloparaphenylene(rings: int) -> str:
    """[n]cycloparaphenylene, a macrocycle of 1,4-linked benzene rings."""
    return "c1-%99ccc(cc1)" + "-c1ccc(cc1)" * (rings - 1) + "%99"


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(size=2, deadline_seconds=5.0) as workers:
        yield workers


def _stopped(pool: WorkerPool, *request: Any, deadline: float | None = None) -> str:
    with pytest.raises(Overrun) as stop:
        pool.call(*request, deadline=deadline)
    assert stop.value.code == "computation-stopped"
    return stop.value.reason


def test_the_generator_draws_the_named_hydrocarbon():
    mol = Chem.MolFromSmiles(cycloparaphenylene(6))
    assert rdMolDescriptors.CalcMolFormula(mol) == "C36H24"
    assert all(atom.IsInRing() for atom in mol.GetAtoms())


def test_a_molecule_comes_back(pool: WorkerPool):
    assert pool.call(read_structure, "CCO").GetNumAtoms() == 3


def test_a_structure_that_never_ends_is_stopped_while_others_are_served(pool: WorkerPool):
    answers: list[float] = []
    done = threading.Event()

    def ordinary() -> None:
        while not done.is_set():
            start = time.monotonic()
            assert pool.call(read_structure, "CCO").GetNumAtoms() == 3
            answers.append(time.monotonic() - start)

    other = threading.Thread(target=ordinary)
    other.start()
    start = time.monotonic()
    reason = _stopped(pool, read_structure, cycloparaphenylene(16), deadline=0.5)
    taken = time.monotonic() - start
    done.set()
    other.join()
    assert reason == "deadline"
    assert 0.5 <= taken < 3
    assert len(answers) > 50
    assert pool.call(len, "abc") == 3


def test_both_workers_may_be_stopped_at_once_and_the_pool_serves_again(pool: WorkerPool):
    reasons: list[str] = []

    def hostile() -> None:
        reasons.append(_stopped(pool, read_structure, cycloparaphenylene(16), deadline=0.3))

    threads = [threading.Thread(target=hostile) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert reasons == ["deadline", "deadline"]
    assert pool.call(read_structure, "CCO").GetNumAtoms() == 3


def test_a_crash_is_told_from_an_error(pool: WorkerPool):
    assert _stopped(pool, os.abort) == "crash"
    assert _stopped(pool, os._exit, 0) == "crash"
    assert pool.call(len, "abc") == 3


def test_memory_is_bounded(pool: WorkerPool):
    assert _stopped(pool, bytes, 3 << 30) == "memory"
    assert pool.call(len, "abc") == 3


def test_memory_exhausted_while_reading_does_not_pass_for_an_unreadable_text():
    with WorkerPool(size=1, deadline_seconds=60, memory_bytes=300 << 20) as small:
        assert _stopped(small, read_structure, cycloparaphenylene(18)) == "memory"


def test_no_core_file_is_left(pool: WorkerPool):
    assert pool.call(resource.getrlimit, resource.RLIMIT_CORE) == (0, 0)


def test_errors_of_the_register_keep_type_code_and_detail(pool: WorkerPool):
    with pytest.raises(StructureError, match="cannot be read"):
        pool.call(read_structure, "CC(")
    with pytest.raises(GateRefusal) as refusal:
        pool.call(read_structure, "CC morphine")
    assert refusal.value.position == 2


@pytest.mark.parametrize(
    "error",
    [AmbiguousName("two answer", ("a", "b")), SeedError("wrong", "f.csv", 3), Overrun("x", "busy")],
)
def test_an_error_with_a_constructor_of_its_own_crosses_the_pipe_whole(error: RegisterError):
    def failing() -> None:
        raise error

    _, sent = worker._attempt(failing, ())
    received = worker._rebuilt(*pickle.loads(pickle.dumps(sent)))
    assert type(received) is type(error)
    assert str(received) == str(error)
    assert received.__dict__ == error.__dict__


def test_a_fault_of_ours_is_raised_as_what_it_is(pool: WorkerPool):
    with pytest.raises(ValueError, match="invalid literal"):
        pool.call(int, "x")
    with pytest.raises(TypeError, match="cannot be sent"):
        pool.call(threading.Lock)
    assert pool.call(len, "abc") == 3


def test_the_deadline_starts_with_the_work_and_waiting_has_its_own_bound():
    with WorkerPool(size=1, deadline_seconds=5.0, wait_seconds=0.1) as single:
        single.call(len, "warm")
        busy = threading.Thread(target=single.call, args=(time.sleep, 0.6))
        busy.start()
        time.sleep(0.1)
        assert _stopped(single, len, "abc") == "busy"
        busy.join()
        assert single.call(len, "abc") == 3
    with WorkerPool(size=1, deadline_seconds=0.4, wait_seconds=10) as single:
        single.call(len, "warm")
        threads = [threading.Thread(target=single.call, args=(time.sleep, 0.2)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert single.call(len, "abc") == 3


def test_the_initializer_runs_in_every_worker_and_again_after_a_stop():
    with WorkerPool(1, os.putenv, ("SUBREG_TEST_STARTED", "yes")) as started:
        seen = started.call(os.system, 'test "$SUBREG_TEST_STARTED" = yes')
        assert seen == 0
        assert _stopped(started, time.sleep, 5, deadline=0.1) == "deadline"
        assert started.call(os.system, 'test "$SUBREG_TEST_STARTED" = yes') == 0


def test_an_initializer_that_fails_says_so():
    with WorkerPool(1, read_structure, ("CC(",)) as broken, pytest.raises(StructureError):
        broken.call(len, "abc")


def test_a_worker_that_died_idle_is_replaced_unnoticed(pool: WorkerPool):
    for _ in range(2):
        victim = pool.call(os.getpid)
        os.kill(victim, signal.SIGKILL)
        time.sleep(0.1)
        assert pool.call(os.getpid) != victim


def test_closing_ends_every_process_and_refuses_later_calls():
    closing = WorkerPool(size=2, wait_seconds=30)
    numbers = {closing.call(os.getpid)}
    reasons: list[str] = []
    waiting = threading.Thread(
        target=lambda: reasons.append(_stopped(closing, time.sleep, 30, deadline=30))
    )
    waiting.start()
    time.sleep(0.2)
    closing.close()
    waiting.join(timeout=5)
    assert reasons == ["crash"]
    for number in numbers:
        assert not Path(f"/proc/{number}").exists()
    start = time.monotonic()
    assert _stopped(closing, len, "abc") == "crash"
    assert time.monotonic() - start < 1
    closing.close()
