"""Takes jobs one after another and does them. Any number of processes may do so at once."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from api import webhook
from api.engine import Engine
from api.simulating import Tally
from api.usecases import simulate
from api.usecases import watch as usecase
from api.usecases.rescreen import rescreen
from api.usecases.watch_runs import Progress
from registry.errors import InputError, NotFound, RegisterError
from registry.store import jobs, watches
from registry.store.jobs import Lease, LeaseLost
from registry.store.session import reading, writing

PAUSE_SECONDS = 2.0
Clock = Callable[[], datetime]
Tell = Callable[[str], None]


def run_jobs(engine: Engine, clock: Clock, tell: Tell, *, once: bool = False) -> int:
    """Do what is waiting. `once`: until nothing is; else for ever. The number of jobs that failed."""
    failed = 0
    while True:
        done = run_one(engine, clock, tell)
        if done is not None:
            failed += not done
        elif once:
            return failed
        else:
            time.sleep(PAUSE_SECONDS)


def run_one(engine: Engine, clock: Clock, tell: Tell) -> bool | None:
    """Do the job that has waited longest: whether it was done, or None where none waits."""
    with writing(engine.sessions) as session:
        lease = jobs.take(session, clock(), kinds=_DO.keys())
    if lease is None:
        return None
    tell(f"{lease.kind} {lease.id}: attempt {lease.attempt}")
    try:
        result = _DO[lease.kind](engine, lease, clock, tell)
    except LeaseLost as error:
        tell(f"{lease.kind} {lease.id}: {error.message}")
        return True  # whoever took it answers for it
    except Exception as error:  # noqa: BLE001 (a job that fails in any way is tried again)
        _failed(engine, lease, clock(), error, tell)
        return False
    return _finished(engine, lease, clock(), result, tell)


def _finished(
    engine: Engine, lease: Lease, now: datetime, result: dict[str, Any], tell: Tell
) -> bool:
    try:
        with writing(engine.sessions) as session:
            jobs.finish(session, lease, now, result)
    except LeaseLost as error:
        tell(f"{lease.kind} {lease.id}: {error.message}")
        return True
    tell(f"{lease.kind} {lease.id}: done")
    return True


def _failed(engine: Engine, lease: Lease, now: datetime, error: Exception, tell: Tell) -> None:
    """Say why in words fit to be kept: of a fault of ours only its kind."""
    said = error.message if isinstance(error, RegisterError) else type(error).__name__
    hopeless = isinstance(error, InputError | NotFound)
    try:
        with writing(engine.sessions) as session:
            state = jobs.fail(session, lease, now, said, for_good=hopeless)
    except LeaseLost as lost:
        tell(f"{lease.kind} {lease.id}: {lost.message}")
        return
    tell(f"{lease.kind} {lease.id}: failed, now {state}: {said}")


def _run_watch(engine: Engine, lease: Lease, clock: Clock, tell: Tell) -> dict[str, Any]:
    def said(progress: Progress) -> None:
        tell(f"{lease.kind} {lease.id}: {progress.members} judged, {progress.changed} changed")

    watch = str(lease.payload["watch"])
    done = rescreen(engine, watch, actor=lease.actor, clock=clock, lease=lease, progress=said)
    return {"watch": watch, "run": done.run, "fresh": done.fresh, "changed": done.changed}


def _send_report(engine: Engine, lease: Lease, clock: Clock, _tell: Tell) -> dict[str, Any]:
    with reading(engine.sessions) as session:
        watch = watches.get(session, str(lease.payload["watch"]))
        number = int(lease.payload["run"])
        body = json.dumps(usecase.report(session, watch, number), ensure_ascii=False).encode()
    target = webhook.Target(watch.webhook, watch.secret, engine.settings.webhook_private)
    at = int(clock().timestamp())
    status = webhook.deliver(target, body, f"{watch.id}/{number}", at)
    return {"status": status}


def _simulate(engine: Engine, lease: Lease, clock: Clock, tell: Tell) -> dict[str, Any]:
    def said(far: Tally) -> None:
        tell(f"{lease.kind} {lease.id}: {far.members} asked, {far.told} touched")

    return simulate.run(engine, lease, clock, said)


_DO: dict[str, Callable[[Engine, Lease, Clock, Tell], dict[str, Any]]] = {
    usecase.RUN: _run_watch,
    usecase.REPORT: _send_report,
    simulate.RUN: _simulate,
}
