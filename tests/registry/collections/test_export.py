"""A collection written out can be read again, whatever its ids hold."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import pytest
from rdkit import Chem

from registry.chem.batch import Workers
from registry.collections import export
from registry.collections.collection import Collection
from registry.collections.export import ExportKind, export_kind, lines, write
from registry.collections.table import Row
from registry.errors import Overrun

FIELDS = ["row", "id", "line", "smiles", "formula", "connectivity", "stereo", "problem"]


def written(collection: Collection, file: Path, **more: bool) -> Path:
    kind = export_kind(file.name)
    assert kind is not None
    found = lines(collection.rows(), Workers(1), molfiles=kind is ExportKind.SDF, **more)
    assert list(write(file, kind, found))[-1] == len(collection)
    assert not [path for path in file.parent.iterdir() if path != file]
    return file


def test_the_kind_is_that_of_the_name() -> None:
    given = ("a.jsonl", "a.CSV.gz", "a.sdf", "a.parquet", "a.parquet.gz", "a.txt", "csv")
    kinds = [export_kind(name) for name in given]
    assert kinds == ["jsonl", "csv", "sdf", "parquet", None, None, None]


def test_lines_of_json_hold_every_field(collection: Collection, tmp_path: Path) -> None:
    file = written(collection, tmp_path / "a.jsonl")
    found = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [list(line) for line in found] == [FIELDS] * 6
    assert [Row(*list(line.values())[:7]) for line in found] == list(collection.rows())


def test_a_table_may_be_compressed_and_has_a_heading(
    collection: Collection, tmp_path: Path
) -> None:
    file = written(collection, tmp_path / "a.csv.gz", inchikeys=True)
    with gzip.open(file, "rt", encoding="utf-8") as text:
        found = list(csv.DictReader(text))
    assert list(found[0]) == [*FIELDS, "inchikey"]
    assert found[0]["inchikey"] == "PJMPHNIQZUBGLI-UHFFFAOYSA-N"


def test_an_sd_file_is_read_by_the_toolkit_with_its_fields(
    collection: Collection, tmp_path: Path
) -> None:
    file = written(collection, tmp_path / "a.sdf")
    with Chem.SDMolSupplier(str(file)) as mols:
        found = list(mols)
    assert [Chem.MolToSmiles(mol) for mol in found] == [row.smiles for row in collection.rows()]
    assert [mol.GetProp("_Name") for mol in found] == [row.id for row in collection.rows()]
    assert [int(mol.GetProp("row")) for mol in found] == [1, 2, 3, 4, 5, 6]
    assert found[1].GetProp("formula") == "C22H28N2O"
    assert found[0].GetNumConformers() == 1


def test_no_value_ends_a_record_of_an_sd_file(tmp_path: Path) -> None:
    rows = [Row(1, "$$$$\n> <x>", 1, "O", "H2O", "O", "O"), Row(2, "b\n\nc", 2, "O", "", "O", "O")]
    found = lines(rows, Workers(1), molfiles=True)
    assert list(write(tmp_path / "a.sdf", ExportKind.SDF, found)) == [1, 2]
    with Chem.SDMolSupplier(str(tmp_path / "a.sdf")) as mols:
        assert [mol.GetProp("id").strip() for mol in mols] == ["$$$$ > <x>", "b c"]


def test_parquet_holds_the_same_columns(collection: Collection, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(written(collection, tmp_path / "a.parquet"))
    assert table.column_names == FIELDS
    assert table["smiles"].to_pylist() == [row.smiles for row in collection.rows()]
    empty = tmp_path / "empty.parquet"
    assert not list(write(empty, ExportKind.PARQUET, []))
    assert parquet.read_table(empty).num_rows == 0


def test_a_row_that_cannot_be_computed_keeps_its_place_and_says_so(collection: Collection) -> None:
    row = next(collection.rows())
    line = export._stopped((row, True, True), Overrun("stopped", "deadline"))
    assert line["problem"] == "computation-stopped: stopped"
    assert (line["row"], line["inchikey"]) == (1, "")
    assert Chem.MolFromMolBlock(line["molfile"]).GetNumAtoms() == 0


def test_a_file_is_there_only_once_it_is_whole(tmp_path: Path) -> None:
    def broken() -> export.Line:
        raise OSError("the disk is full")

    file = tmp_path / "a.jsonl"
    with pytest.raises(OSError, match="full"):
        list(write(file, ExportKind.JSONL, (broken() for _ in range(1))))
    assert not list(tmp_path.iterdir())
