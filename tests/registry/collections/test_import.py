"""A file becomes a collection: nothing lost, nothing twice, whatever stops it."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.collections import importing, index, table
from registry.collections.collection import Collection
from registry.collections.identify import Answer, Fault, Identified
from registry.collections.manifest import (
    CollectionExists,
    Incomplete,
    Same,
    SourceChanged,
    alone,
    names,
    remove,
)
from registry.collections.read import Columns, Record
from registry.errors import InputError, NotFound, StaleIndex
from tests.registry.collections.conftest import FENTANYL, KETAMINE, LINES, Import

WATER = "\n\n\n  1  0  0  0  0  0  0  0  0  0999 V2000\n    0.0000    0.0000"
WATER += "    0.0000 O   0  0  0  0  0  0  0  0  0  0  0  0\nM  END\n"


def cycloparaphenylene(rings: int) -> str:
    """[n]cycloparaphenylene: the time of ring perception grows exponentially with n."""
    return "c1%99ccc(cc1)" + "-c2ccc(cc2)" * (rings - 2) + "-c2ccc-%99cc2"


def lines(collection: Collection) -> list[int]:
    parts = (collection.rows(), collection.duplicates(), collection.errors())
    return sorted(one.line for part in parts for one in part)


def dump(folder: Path) -> list[Any]:
    with sqlite3.connect(folder / table.FILE) as connection:
        found = list(connection.iterdump())
    connection.close()
    return found


def test_every_record_is_a_row_a_repetition_or_an_error(collection: Collection) -> None:
    counts = {"records": 10, "structures": 6, "duplicates": 2, "errors": 2}
    assert collection.counts == counts
    assert lines(collection) == list(range(1, len(LINES) + 1))


def test_a_repetition_names_the_row_it_repeats(collection: Collection) -> None:
    rows = {row.row: row for row in collection.rows()}
    repeated = [(one.line, one.id, rows[one.row].id) for one in collection.duplicates()]
    assert repeated == [(5, "fentanyl again", "fentanyl"), (8, "ketamine again", "ketamine")]
    assert [one.id for one in collection.table.repeating(1)] == ["fentanyl again"]


def test_an_error_has_its_line_column_code_and_text(collection: Collection) -> None:
    found = [(one.line, one.column, one.code, one.id, one.text) for one in collection.errors()]
    assert found == [
        (3, 1, "structure-unreadable", "broken", "C1CC"),
        (6, 4, "structure-refused", "charged", "[C+99]"),
    ]
    assert collection.table.errors_by_code() == {
        "structure-refused": 1,
        "structure-unreadable": 1,
    }


def test_a_salt_is_a_row_of_its_own_with_the_layers_of_its_base(collection: Collection) -> None:
    base, salt, *_ = collection.rows()
    assert base.smiles != salt.smiles
    assert base[4:] == salt[4:]


@pytest.mark.parametrize(
    ("same", "structures"), [(Same.WHOLE, 6), (Same.STEREO, 5), (Same.CONNECTIVITY, 4)]
)
def test_the_layer_asked_for_decides_what_repeats(
    small: Path, tmp_path: Path, run: Import, same: Same, structures: int
) -> None:
    run(small, tmp_path, "other", same=same)
    found = Collection.open(tmp_path, "other")
    assert len(found) == structures
    assert lines(found) == list(range(1, 11))


def test_each_kind_of_file_gives_the_same_structures(tmp_path: Path, run: Import) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table_ = {"id": ["w", "k"], "smiles": ["O", KETAMINE]}
    smi = f"O w\n{KETAMINE} k\n".encode()
    (tmp_path / "a.smi.gz").write_bytes(gzip.compress(smi))
    (tmp_path / "a.csv").write_text(f"id,smiles\nw,O\nk,{KETAMINE}\n")
    parquet.write_table(arrow.table(table_), tmp_path / "a.parquet")
    found = []
    for name in ("a.smi.gz", "a.csv", "a.parquet"):
        run(tmp_path / name, tmp_path / "c", name)
        found.append([(r.id, r.smiles) for r in Collection.open(tmp_path / "c", name).rows()])
    assert found == [[("w", "O"), ("k", KETAMINE)]] * 3
    (tmp_path / "a.sdf").write_text(f"w{WATER}$$$$\n")
    run(tmp_path / "a.sdf", tmp_path / "c", "sdf")
    assert [(r.id, r.smiles) for r in Collection.open(tmp_path / "c", "sdf").rows()] == [("w", "O")]


def test_a_structure_that_cannot_be_computed_is_an_error_and_its_neighbours_are_not(
    tmp_path: Path, run: Import
) -> None:
    file = tmp_path / "a.smi"
    file.write_text(f"O water\n{cycloparaphenylene(30)} hoop\n{KETAMINE} ketamine\n")
    run(file, tmp_path, "a", deadline=1.5)
    found = Collection.open(tmp_path, "a")
    assert [row.id for row in found.rows()] == ["water", "ketamine"]
    assert [(one.line, one.code) for one in found.errors()] == [(2, "computation-stopped")]


def test_stopped_between_fingerprints_and_rows_it_goes_on_without_loss_or_repetition(
    small: Path, tmp_path: Path, run: Import, collection: Collection, monkeypatch: Any
) -> None:
    monkeypatch.setattr(importing, "CHUNK", 2)
    calls: list[int] = []
    append = index.append

    def stop_after_writing(file: Any, prints: Any) -> None:
        append(file, prints)
        calls.append(1)
        if len(calls) in (1, 3, 4):
            raise KeyboardInterrupt

    monkeypatch.setattr(index, "append", stop_after_writing)
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            run(small, tmp_path, "small")
        half = Collection.open(tmp_path, "small")
        with pytest.raises(Incomplete):
            half.similar(FENTANYL)
        assert half.counts["records"] < 10
    run(small, tmp_path, "small")
    whole = Collection.open(tmp_path, "small")
    assert dump(whole.folder) == dump(collection.folder)
    asked = FENTANYL
    assert list(whole.similar(asked, 0.1)) == list(collection.similar(asked, 0.1))
    assert not (whole.folder / index.FLAT).exists()


def test_an_import_goes_on_only_with_the_file_it_began_with(
    small: Path, tmp_path: Path, run: Import, monkeypatch: Any
) -> None:
    file = tmp_path / "a.smi"
    file.write_bytes(small.read_bytes())
    monkeypatch.setattr(index, "lay_out", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run(file, tmp_path, "a")
    file.write_text("O water\n")
    with pytest.raises(SourceChanged, match="is not what it was"):
        run(file, tmp_path, "a")


def test_a_file_changed_while_it_is_read_does_not_become_a_collection(
    small: Path, tmp_path: Path, run: Import, monkeypatch: Any
) -> None:
    file = tmp_path / "a.smi"
    file.write_bytes(small.read_bytes())
    end = table.Draft.end

    def changed(draft: table.Draft) -> None:
        end(draft)
        file.write_text("O water\n")

    monkeypatch.setattr(table.Draft, "end", changed)
    with pytest.raises(SourceChanged, match="while it was read"):
        run(file, tmp_path, "a")
    assert not Collection.open(tmp_path, "a").manifest.complete


def test_importing_again_changes_nothing_and_another_file_is_refused(
    small: Path, root: Path, tmp_path: Path, run: Import, collection: Collection
) -> None:
    before = dump(collection.folder)
    [end] = run(small, root, "small")
    assert (end.position.records, end.share) == (10, 1.0)
    assert dump(collection.folder) == before
    other = tmp_path / "other.smi"
    other.write_text("O water\n")
    with pytest.raises(CollectionExists, match="of another file"):
        run(other, root, "small")
    with pytest.raises(CollectionExists, match="in another way"):
        run(small, root, "small", same=Same.STEREO)


def test_a_source_without_its_columns_stops_and_says_so(tmp_path: Path, run: Import) -> None:
    (tmp_path / "a.csv").write_text("id,structure\nw,O\n")
    with pytest.raises(InputError, match="lacks the columns"):
        run(tmp_path / "a.csv", tmp_path, "a")
    with pytest.raises(CollectionExists, match="in another way"):
        run(tmp_path / "a.csv", tmp_path, "a", columns=Columns(smiles="structure"))
    remove(tmp_path, "a")
    run(tmp_path / "a.csv", tmp_path, "a", columns=Columns(smiles="structure"))
    assert len(Collection.open(tmp_path, "a")) == 1


def test_an_empty_file_is_an_empty_collection(tmp_path: Path, run: Import) -> None:
    (tmp_path / "a.smi").write_text("")
    run(tmp_path / "a.smi", tmp_path, "a")
    found = Collection.open(tmp_path, "a")
    assert (len(found), list(found.rows()), list(found.similar("O", 0.0))) == (0, [], [])


def test_only_one_process_writes_at_a_time(small: Path, root: Path, run: Import) -> None:
    with alone(root / "small"), pytest.raises(InputError, match="another process"):
        run(small, root, "small")


@pytest.mark.parametrize("name", ["", "../up", ".hidden", "a/b", "a" * 101, "a b"])
def test_a_name_stays_in_its_folder(small: Path, tmp_path: Path, run: Import, name: str) -> None:
    with pytest.raises(InputError, match="is no name"):
        run(small, tmp_path, name)


def test_a_removed_collection_is_gone(small: Path, tmp_path: Path, run: Import) -> None:
    run(small, tmp_path, "a")
    assert names(tmp_path) == ["a"]
    remove(tmp_path, "a")
    assert names(tmp_path) == []
    with pytest.raises(NotFound):
        remove(tmp_path, "a")


def test_a_stale_index_is_refused_and_made_again(small: Path, tmp_path: Path, run: Import) -> None:
    run(small, tmp_path, "a")
    header = tmp_path / "a" / index.FOLDER / "arena.json"
    before = list(Collection.open(tmp_path, "a").similar(FENTANYL, 0.0))
    header.write_text(header.read_text().replace("rdkit-", "rdkit-1"))
    with pytest.raises(StaleIndex):
        Collection.open(tmp_path, "a").similar(FENTANYL)
    stale = Collection.open(tmp_path, "a")
    assert list(stale.build_index())[-1] == 6
    assert list(stale.similar(FENTANYL, 0.0)) == before


def test_layers_of_another_toolkit_are_not_compared(
    small: Path, tmp_path: Path, run: Import
) -> None:
    run(small, tmp_path, "a")
    manifest = tmp_path / "a" / "manifest.json"
    manifest.write_text(manifest.read_text().replace("layers-1", "layers-0"))
    with pytest.raises(StaleIndex, match="import it again"):
        Collection.open(tmp_path, "a").exact(FENTANYL)


@settings(max_examples=25, deadline=None)  # each makes a file
@given(st.lists(st.sampled_from("abcdX"), max_size=30), st.lists(st.integers(1, 7), min_size=30))
def test_how_a_source_is_cut_into_chunks_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, letters: list[str], sizes: list[int]
) -> None:
    answers: list[Answer] = [
        Fault(line, 1, letter, "structure-unreadable", "no structure", letter)
        if letter == "X"
        else (
            Record(letter, letter, line),
            Identified(letter, "C", letter, letter, letter.encode()),
        )
        for line, letter in enumerate(letters, 1)
    ]
    folder = tmp_path_factory.mktemp("chunks")
    prints: list[bytes] = []
    rest = list(answers)
    with table.draft(folder, Same.WHOLE) as draft:
        for size in sizes:
            chunk, rest = rest[:size], rest[size:]
            with draft.adding(chunk) as added:
                prints += added.fingerprints
        draft.end()
    found = table.Table(folder)
    first = list(dict.fromkeys(letter for letter in letters if letter != "X"))
    assert [row.id for row in found.rows()] == first
    assert prints == [letter.encode() for letter in first]
    assert all(first[one.row - 1] == one.id for one in found.duplicates())
    at = found.position()
    assert at.records == len(letters) == at.structures + at.duplicates + at.errors
    assert at.errors == letters.count("X")
