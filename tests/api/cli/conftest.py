"""One register for all commands, made by the first of them."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.api.cli.commands import Ran, Subreg, call, run


@pytest.fixture(scope="session")
def first_use(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    """A data folder in which the default register was made by the first command that needed it."""
    home = tmp_path_factory.mktemp("data-home")
    return home, run(home, "show", "fentanyl", "--json")


@pytest.fixture(scope="session")
def subreg(first_use: tuple[Path, Ran]) -> Subreg:
    """Run one command on that register, within this process."""
    return partial(call, first_use[0])


@pytest.fixture(scope="session")
def process(first_use: tuple[Path, Ran]) -> Subreg:
    """Run one command on that register, in a process of its own."""
    return partial(run, first_use[0])
