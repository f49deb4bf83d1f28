"""The documents of the command line name every command, option and exit code, and no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from api.cli.app import app
from api.cli.exits import MEANING, Exit
from tests.api.cli.commands import REPOSITORY

DOCUMENTS = (
    "access.md",
    "authorisations.md",
    "cli.md",
    "collections.md",
    "documents.md",
    "drafts-kept.md",
    "pre-export-notifications.md",
    "simulate.md",
    "structure-search.md",
    "watch.md",
)
TEXT = "\n".join((REPOSITORY / "docs" / name).read_text() for name in DOCUMENTS)
SECTIONS = dict(
    re.findall(r"^## (subreg [a-z -]+)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
)


def commands(command: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Every command that can be called, by what is typed."""
    inner = getattr(command, "commands", {})
    if not inner or command.invoke_without_command:
        yield " ".join(path), command
    for name, one in inner.items():
        yield from commands(one, (*path, name))


COMMANDS = dict(commands(typer.main.get_command(app), ("subreg",)))


def options(command: Any) -> set[str]:
    return {name for one in command.params for name in one.opts if name.startswith("--")} - {
        "--help"
    }


def test_every_command_has_its_section_and_every_section_its_command() -> None:
    assert set(SECTIONS) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_its_row_and_every_row_its_option(name: str) -> None:
    rows = set(re.findall(r"^\| `(--[a-z-]+)` \|", SECTIONS[name], re.MULTILINE))
    assert rows == options(COMMANDS[name])


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help_text_of_one_sentence(name: str) -> None:
    assert re.fullmatch(r"[A-Z][^\n]+\.", COMMANDS[name].help)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_a_help_text(name: str) -> None:
    assert all(one.help for one in COMMANDS[name].params)


def test_the_table_of_exit_codes_is_the_one_the_code_has() -> None:
    rows = re.findall(r"^\| (\d+) \| (.*) \|$", TEXT, re.MULTILINE)
    assert {Exit(int(code)): meaning for code, meaning in rows} == MEANING
    assert len(rows) == len(MEANING) == len(Exit)
