"""Files of structures are read as a stream of records that keep their place."""

from __future__ import annotations

import gzip
import io
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.collections.optional import MissingLibrary
from registry.collections.read import (
    LONGEST_LINE,
    Columns,
    FileKind,
    Reading,
    Record,
    UnreadableFile,
    kind_of,
    read_records,
)

FENTANYL = "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
WATER = "\n  made by hand\n\n  1  0  0  0  0  0  0  0  0  0999 V2000\n    0.0000    0.0000"
WATER += "    0.0000 O   0  0  0  0  0  0  0  0  0  0  0  0\nM  END\n"


def records(path: Path, columns: Columns | None = None) -> list[Record]:
    kind = kind_of(path.name)
    assert kind is not None
    return list(read_records(str(path), kind, columns or Columns()))


def written(path: Path, text: str) -> Path:
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.smi", FileKind.SMI),
        ("A.SMI.GZ", FileKind.SMI),
        ("a.csv", FileKind.CSV),
        ("a.csv.gz", FileKind.CSV),
        ("a.sdf", FileKind.SDF),
        ("a.b.sdf.gz", FileKind.SDF),
        ("a.mol", None),
        ("smi", None),
        ("-", None),
    ],
)
def test_the_name_of_a_file_says_what_it_is(name: str, kind: FileKind | None) -> None:
    assert kind_of(name) is kind


def test_a_missing_id_gets_the_number_of_its_line(tmp_path: Path) -> None:
    path = written(tmp_path / "a.smi", f"{FENTANYL} fentanyl\r\n\n  O\nCCO\tethanol\n")
    assert records(path) == [
        Record("fentanyl", FENTANYL, 1),
        Record("3", "O", 3, 3),
        Record("ethanol", "CCO", 4),
    ]


def test_an_id_may_hold_spaces(tmp_path: Path) -> None:
    path = written(tmp_path / "a.smi", "CC(=O)OC(C)=O acetic anhydride\n")
    assert records(path)[0].id == "acetic anhydride"


def test_a_gz_file_reads_like_the_plain_one(tmp_path: Path) -> None:
    plain = written(tmp_path / "a.smi", f"{FENTANYL} fentanyl\nO water\n")
    packed = tmp_path / "a.smi.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert records(packed) == records(plain)


def test_a_gz_file_that_is_cut_short_is_named_after_its_whole_records(tmp_path: Path) -> None:
    packed = tmp_path / "a.smi.gz"
    packed.write_bytes(gzip.compress(b"O water\n" * 10_000)[:-12])
    with pytest.raises(UnreadableFile, match=r"a\.smi\.gz: the compressed file"):
        records(packed)


def test_a_file_that_only_claims_to_be_gz_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"a\.smi\.gz"):
        records(written(tmp_path / "a.smi.gz", "O water\n"))


def test_csv_columns_are_found_by_name_and_a_byte_order_mark_is_no_part_of_it(
    tmp_path: Path,
) -> None:
    path = written(tmp_path / "a.csv", "\ufeffid,note,smiles\nf1,x,CCO\n,,O\n")
    assert records(path) == [Record("f1", "CCO", 2, 3), Record("3", "O", 3, 3)]


def test_csv_columns_may_have_other_names(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", 'code,structure\n"a, b",CCO\n')
    assert records(path, Columns("code", "structure")) == [Record("a, b", "CCO", 2, 2)]


def test_a_csv_without_the_default_id_column_is_numbered(tmp_path: Path) -> None:
    assert records(written(tmp_path / "a.csv", "smiles\nO\n")) == [Record("2", "O", 2)]


@pytest.mark.parametrize("columns", [Columns(id="code"), Columns(smiles="structure")])
def test_a_csv_without_a_column_asked_for_says_what_it_has(
    tmp_path: Path, columns: Columns
) -> None:
    with pytest.raises(UnreadableFile, match=r"a\.csv:1: the heading `id, smiles` lacks"):
        records(written(tmp_path / "a.csv", "id,smiles\nw,O\n"), columns)


def test_an_empty_csv_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="lacks"):
        records(written(tmp_path / "a.csv", ""))


def test_a_row_with_a_wrong_number_of_columns_keeps_its_place_and_its_line(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", 'id,smiles\na,O\nb,O,"two\nlines"\nc\nd,CCO\n')
    read = records(path)
    assert [(record.id, record.line) for record in read] == [
        ("a", 2),
        ("b", 3),
        ("c", 5),
        ("d", 6),
    ]
    assert [record.fault for record in read] == [
        "",
        "3 columns where the heading has 2",
        "1 columns where the heading has 2",
        "",
    ]


def test_a_quote_that_is_never_closed_stops_at_its_line(tmp_path: Path) -> None:
    # It swallows every row behind it, so going on would lose them without a word.
    with pytest.raises(UnreadableFile, match=r"a\.csv:2: a quote is never closed"):
        records(written(tmp_path / "a.csv", 'id,smiles\na,"O\nb,O\n'))


def test_an_sdf_is_split_at_its_delimiters_and_keeps_each_molfile(tmp_path: Path) -> None:
    path = written(tmp_path / "a.sdf", f"water{WATER}> <N>\nw1\n\n$$$$\n{WATER}$$$$\n\n")
    first, second = records(path)
    assert (first.id, first.text, first.line) == ("water", f"water{WATER}", 1)
    assert (second.id, second.text) == (str(second.line), WATER)
    assert path.read_text().splitlines()[second.line - 2] == "$$$$"


def test_a_record_that_is_no_molfile_does_not_take_its_neighbours_along(tmp_path: Path) -> None:
    path = written(tmp_path / "a.sdf", f"a{WATER}$$$$\nnot a molfile\n$$$$\nb{WATER}")
    assert [record.id for record in records(path)] == ["a", "not a molfile", "b"]


def test_an_sdf_id_may_come_from_a_data_item(tmp_path: Path) -> None:
    text = f"x{WATER}> 25 <OTHER>\nno\n\n>  <CODE> (1)\nW-1\n\n$$$$\ny{WATER}$$$$\n"
    first, second = records(written(tmp_path / "a.sdf", text), Columns(id_tag="CODE"))
    assert (first.id, second.id) == ("W-1", str(second.line))


def test_a_line_without_end_is_cut_and_costs_no_more_than_its_bound(tmp_path: Path) -> None:
    path = written(tmp_path / "a.smi", "C" * (2 * LONGEST_LINE + 5) + "\nO water\n")
    long, water = records(path)
    assert len(long.text) == LONGEST_LINE
    assert water == Record("water", "O", 2)


def test_bytes_that_are_not_utf8_stay_visible(tmp_path: Path) -> None:
    path = tmp_path / "a.smi"
    path.write_bytes(b"O eau gaz\xe9ifi\xe9e\n")
    assert records(path)[0].id == r"eau gaz\xe9ifi\xe9e"


def test_parquet_rows_are_counted_and_what_is_missing_is_named(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "a.parquet"
    parquet.write_table(arrow.table({"n": [1, 2], "id": [7, None], "smiles": ["O", None]}), path)
    assert records(path) == [Record("7", "O", 1, 3), Record("2", "", 2, 3)]
    with pytest.raises(UnreadableFile, match="lacks the columns `structure` and `id`"):
        records(path, Columns(smiles="structure"))
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(UnreadableFile, match="cannot be read"):
        records(path)
    with pytest.raises(UnreadableFile, match="standard input"):
        list(read_records("-", FileKind.PARQUET, Columns()))


def test_a_library_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingLibrary, match="`pyarrow`, which is not installed"):
        list(read_records("a.parquet", FileKind.PARQUET, Columns()))


def test_how_much_has_been_read_grows_to_the_whole(tmp_path: Path) -> None:
    path = written(tmp_path / "a.smi", "O\n" * 50_000)
    reading = Reading(str(path), FileKind.SMI, Columns())
    shares = [reading.share for _ in reading]
    assert reading.share == 1.0
    assert shares == sorted(shares, key=float)
    assert 0 < shares[0] < 0.5


def test_standard_input_is_read_as_the_kind_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"smiles,id\nO,w\n")))
    assert list(read_records("-", FileKind.CSV, Columns())) == [Record("w", "O", 2)]


@given(st.lists(st.sampled_from(["O", "CCO", FENTANYL]), max_size=20), st.sampled_from("\n\r"))
def test_every_line_of_a_smi_file_is_one_record(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], end: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "every.smi"
    path.write_bytes("".join(f"{line} n{at}{end}" for at, line in enumerate(lines)).encode())
    expected = [(f"n{at}", line) for at, line in enumerate(lines)]
    assert [(record.id, record.text) for record in records(path)] == expected
