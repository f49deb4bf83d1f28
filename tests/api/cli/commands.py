"""How the tests run a command: as a user does, or within this process where that is enough."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from api.cli.main import main

REPOSITORY = Path(__file__).resolve().parents[3]
COMMAND = [sys.executable, "-m", "api.cli.main"]


class Ran(NamedTuple):
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Subreg = Callable[..., Ran]


def environment(data_home: Path, **more: str) -> dict[str, str]:
    """This process's environment, with a data folder of its own and no setting of the user's."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("SUBREG_")}
    return {**kept, "XDG_DATA_HOME": str(data_home), "PYTHONPATH": str(REPOSITORY), **more}


def run(data_home: Path, *arguments: str, stdin: bytes = b"", **more: str) -> Ran:
    """One command in a process of its own."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        env=environment(data_home, **more),
        input=stdin,
        capture_output=True,
        timeout=240,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def call(data_home: Path, *arguments: str, stdin: bytes = b"", **more: str) -> Ran:
    """The same within this process, which saves its start."""
    given = io.TextIOWrapper(io.BytesIO(stdin))
    out, err = (io.TextIOWrapper(io.BytesIO(), write_through=True) for _ in range(2))
    with (
        mock.patch.dict(os.environ, environment(data_home, **more), clear=True),
        mock.patch.object(sys, "stdin", given),
        mock.patch.object(sys, "stdout", out),
        mock.patch.object(sys, "stderr", err),
    ):
        code = _exit_code(arguments)
    return Ran(code, _written(out), _written(err))


def _written(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


def _exit_code(arguments: tuple[str, ...]) -> int:
    try:
        main(arguments)
    except SystemExit as end:
        return int(end.code or 0)
