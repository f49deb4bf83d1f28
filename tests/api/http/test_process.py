"""The service as an operator runs it: a process of its own, its log, its end."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[3]
FENTANYL = "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
COMMAND = [sys.executable, "-m", "uvicorn", "api.http.app:create_app", "--factory", "--port", "0"]


@contextmanager
def started(url: str, log: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The running service and its address; it is killed if it has not ended by itself."""
    environment = os.environ | {"SUBREG_DATABASE_URL": url, "SUBREG_WORKERS": "1"}
    with log.open("wb") as errors:
        process = subprocess.Popen(COMMAND, cwd=ROOT, env=environment, stderr=errors)
        try:
            yield process, address_in(process, log)
        finally:
            process.kill()
            process.wait()


def address_in(process: subprocess.Popen[bytes], log: Path) -> str:
    while not (found := re.search(r"running on (http://[\d.:]+)", log.read_text())):
        assert process.poll() is None, log.read_text()
        time.sleep(0.05)
    return found[1]


def descendants(parent: int) -> set[int]:
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        parents[int(status.parent.name)] = int(fields[1])
    found = {parent}
    while more := {child for child, its in parents.items() if its in found} - found:
        found |= more
    return found - {parent}


def test_the_log_is_json_and_never_holds_a_structure(shared_url: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with started(shared_url, log) as (process, address):
        with httpx.Client(base_url=address, timeout=60) as client:
            client.post("/v1/classify", json={"structure": FENTANYL}).raise_for_status()
            client.post("/v1/classify", json={"structure": FENTANYL + "("})
            client.get("/", params={"text": FENTANYL}).raise_for_status()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) in (0, -signal.SIGTERM)
    written = log.read_text()
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    asked = [(one["method"], one["path"], one["status"]) for one in lines]
    assert ("POST", "/v1/classify", 200) in asked
    assert ("GET", "/", 200) in asked
    assert all(one["request_id"] for one in lines)
    assert "ccccc" not in written


def test_no_process_outlives_the_service(shared_url: str, tmp_path: Path) -> None:
    with started(shared_url, tmp_path / "log") as (process, address):
        httpx.get(f"{address}/v1/health", timeout=60).raise_for_status()
        workers = descendants(process.pid)
        assert workers
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        deadline = time.monotonic() + 20
        while any(Path(f"/proc/{one}").exists() for one in workers):
            assert time.monotonic() < deadline, "a worker outlived the service"
            time.sleep(0.05)


def test_a_database_that_is_missing_is_said_to_be_missing(tmp_path: Path) -> None:
    environment = os.environ | {"SUBREG_DATABASE_URL": f"sqlite:///{tmp_path / 'none.sqlite'}"}
    ended = subprocess.run(
        COMMAND, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode != 0
    assert "does not exist; run `subreg db upgrade`" in ended.stderr
