"""A small collection, imported once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from registry.chem.batch import Workers
from registry.collections.collection import Collection
from registry.collections.importing import Progress, import_file
from registry.collections.read import FileKind, kind_of

NOW = datetime(2026, 1, 2, tzinfo=UTC)
FENTANYL = "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
KETAMINE = "CNC1(c2ccccc2Cl)CCCCC1=O"

# Line by line; 3 and 6 cannot be read, 5 and 8 repeat what stands in lines 1 and 4.
LINES = (
    f"{FENTANYL} fentanyl",
    f"{FENTANYL}.Cl fentanyl hydrochloride",
    "C1CC broken",
    f"{KETAMINE} ketamine",
    "O=C(CC)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1 fentanyl again",
    "[C+99] charged",
    "C[C@H](N)Cc1ccccc1 dexamfetamine",
    f"  {KETAMINE} ketamine again",
    "CC(N)Cc1ccccc1 amfetamine",
    "O=C1CCCCC1 cyclohexanone",
)

Import = Callable[..., list[Progress]]


def imported(file: Path, root: Path, name: str, **choices: Any) -> list[Progress]:
    kind: FileKind | None = kind_of(file.name)
    assert kind is not None
    workers = Workers(1, choices.pop("deadline", 20.0))
    return list(import_file(file, kind, root, name, now=NOW, workers=workers, **choices))


@pytest.fixture
def run() -> Import:
    return imported


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("source") / "small.smi"
    file.write_text("\n".join(LINES) + "\n", encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def root(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("collections")
    imported(small, folder, "small")
    return folder


@pytest.fixture(scope="session")
def collection(root: Path) -> Collection:
    return Collection.open(root, "small")
