"""The data that ship, prepared once; and copies of them in which a test may change a cell."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from registry.store.session import make_engine, reading, session_factory
from seed.load import LoadReport, Prepared, load
from seed.readers.dataset import ROOT
from seed.readers.sources import FILE, digests
from tests.conftest import FIRST

Change = Callable[[list[dict[str, str]]], None]


@pytest.fixture
def loaded(session: Session, shipped: Prepared) -> LoadReport:
    report = load(session, recorded_at=FIRST, prepared=shipped)
    session.commit()
    return report


@pytest.fixture
def register(seeded_file: Path) -> Iterator[Session]:
    """To be read only."""
    engine = make_engine(f"sqlite:///{seeded_file}")
    with reading(session_factory(engine)) as session:
        yield session
    engine.dispose()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The data that ship, where they may be changed."""
    root = tmp_path / "seed"
    shutil.copytree(ROOT / "data", root / "data")
    shutil.copy(ROOT / FILE, root / FILE)
    return root


@pytest.fixture
def sign() -> Callable[[Path], None]:
    """Write the digests of the files of a copy, as they now stand, into its `sources.yaml`."""
    return _sign


def _sign(root: Path) -> None:
    text = (root / FILE).read_text(encoding="utf-8")
    now = digests(root / "data")
    for file, digest in digests(ROOT / "data").items():
        text = text.replace(f"{file}: {digest}", f"{file}: {now[file]}")
    (root / FILE).write_text(text, encoding="utf-8")


def rewrite(root: Path, file: str, change: Change) -> None:
    """Change the rows of one file, and sign it."""
    path = root / "data" / file
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    columns = list(rows[0])
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    _sign(root)


@pytest.fixture
def edit(copy: Path) -> Callable[[str, str, str, str], Path]:
    """Set one cell of the row whose first cell is `key`; the folder of the changed data."""

    def set_cell(file: str, key: str, column: str, value: str) -> Path:
        def change(rows: list[dict[str, str]]) -> None:
            (row,) = [row for row in rows if next(iter(row.values())) == key]
            row[column] = value

        rewrite(copy, file, change)
        return copy

    return set_cell


@pytest.fixture
def drop(copy: Path) -> Callable[[str, str], Path]:
    """Take out the row whose first cell is `key`; the folder of the changed data."""

    def drop_row(file: str, key: str) -> Path:
        def change(rows: list[dict[str, str]]) -> None:
            rows[:] = [row for row in rows if next(iter(row.values())) != key]

        rewrite(copy, file, change)
        return copy

    return drop_row
