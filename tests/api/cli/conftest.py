"""One register for all commands, made by the first of them."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import pytest

from tests.api import past
from tests.api.cli.commands import Ran, Subreg, call, run
from tests.api.conftest import fill_database


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


@pytest.fixture(scope="session")
def told(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Subreg:
    """Run one command on the small register with a past, and the law of one rule file."""
    folder = tmp_path_factory.mktemp("past")
    url = fill_database(f"sqlite:///{shutil.copy(sqlite_template, folder / 'register.sqlite')}")
    law = past.small_law(folder / "law")
    settings = {"SUBREG_DATABASE_URL": past.give_past(url), "SUBREG_LAW_ROOT": str(law)}
    return partial(call, folder, **settings)
