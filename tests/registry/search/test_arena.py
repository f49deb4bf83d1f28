"""An arena finds exactly what looking at every row finds, compiled or not."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem, DataStructs

from registry.chem.fingerprint import MORGAN, FingerprintScheme, morgan, packed, to_bytes
from registry.errors import InputError, StaleIndex
from registry.search import kernel
from registry.search.arena import Arena, ArenaWriter, Hits, Words, verify
from registry.search.metric import metric_of

SMALL = FingerprintScheme("test", 1, 192, chirality=False, version="1")
FENTANYL = "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
WEIGHTS = {"tanimoto": (1, 1), "dice": (0.5, 0.5), "tversky": (0.9, 0.05)}


@pytest.fixture(params=["compiled", "plain"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With and without numba."""
    if request.param == "plain":
        monkeypatch.setattr(kernel, "compiled", lambda: None)
    elif kernel.compiled() is None:
        pytest.skip("numba is not installed")
    return str(request.param)


def made(folder: Path, rows: Words, scheme: FingerprintScheme, chunk: int = 1000) -> Arena:
    with ArenaWriter(folder, scheme) as writer:
        for start in range(0, len(rows), chunk):
            writer.append(rows[start : start + chunk])
    return Arena.open(folder, scheme)


def looked_through(
    rows: Words, query: Words, at_least: float, metric: str
) -> list[tuple[int, float]]:
    """Every row in turn, in whole numbers until the one division."""
    alpha, beta = WEIGHTS[metric]
    bits, found = query.size * 64, []
    asked = int.from_bytes(query.tobytes(), "little")
    for number, row in enumerate(rows):
        held = int.from_bytes(row.tobytes(), "little")
        shared = (asked & held).bit_count()
        rest = alpha * (asked.bit_count() - shared) + beta * (held.bit_count() - shared)
        score = shared / (shared + rest) if shared + rest > 0 else 0.0
        assert held.bit_length() <= bits
        if score >= at_least:
            found.append((number, score))
    return sorted(found, key=lambda hit: (-hit[1], hit[0]))


def listed(hits: Hits) -> list[tuple[int, float]]:
    return list(zip(hits.rows.tolist(), hits.scores.tolist(), strict=True))


def clustered(count: int, words: int, seed: int) -> Words:
    """Rows with bits in common, of many sizes, some equal and some empty."""
    random = np.random.default_rng(seed)
    rows = random.integers(0, 1 << 63, (count, words), np.uint64)
    rows &= random.integers(0, 1 << 63, (1, words), np.uint64)
    rows[random.random(count) < 0.3] &= random.integers(0, 1 << 63, (1, words), np.uint64)
    rows[random.random(count) < 0.1] = 0
    return rows


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 1 << 32),
    count=st.sampled_from([0, 1, 63, 64, 511, 513, 1500]),
    at_least=st.one_of(
        st.floats(0, 1), st.fractions(0, 1, max_denominator=60).map(float), st.just(0.7)
    ),
    metric=st.sampled_from(sorted(WEIGHTS)),
    compiled=st.booleans(),
)
def test_an_arena_finds_what_looking_at_every_row_finds(
    seed: int, count: int, at_least: float, metric: str, compiled: bool
) -> None:
    rows = clustered(count, 3, seed)
    queries = clustered(3, 3, seed)
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        if not compiled:
            patch.setattr(kernel, "compiled", lambda: None)
        arena = made(Path(folder), rows, SMALL, chunk=700)
        alpha, beta = WEIGHTS[metric]
        assert len(arena) == count
        for query in queries:
            expected = looked_through(rows, query, at_least, metric)
            hits = arena.similar(query, at_least, metric, alpha=alpha, beta=beta)
            assert listed(hits) == expected
            best = arena.top(query, 5, at_least, metric, alpha=alpha, beta=beta)
            assert listed(best) == expected[:5]


def test_rows_of_several_blocks_are_all_found(way: str, tmp_path: Path) -> None:
    count = kernel.BLOCK + 700
    rows = clustered(count, 3, 7)
    arena, query = made(tmp_path, rows, SMALL, chunk=40_000), rows[count // 2]
    expected = looked_through(rows, query, 0.6, "tanimoto")
    assert expected
    assert listed(arena.similar(query, 0.6)) == expected
    assert listed(arena.similar(query, 0.6, threads=2)) == expected
    assert {row for row, _ in expected} - set(range(kernel.BLOCK)), "no hit in the second block"
    several = arena.similar_many(rows[:3], 0.6, threads=2)
    assert [listed(hits) for hits in several] == [listed(arena.similar(q, 0.6)) for q in rows[:3]]


def test_a_query_with_every_bit_counts_right(way: str, tmp_path: Path) -> None:
    rows = np.full((600, 32), (1 << 64) - 1, np.uint64)
    rows[1:, 0] = 0
    arena = made(tmp_path, rows, MORGAN)
    hits = arena.similar(rows[0], 0.9)
    assert listed(hits)[:2] == [(0, 1.0), (1, 1984 / 2048)]
    assert len(hits) == 600


def test_scores_are_those_of_the_toolkit(way: str, tmp_path: Path) -> None:
    smiles = [FENTANYL, "CNC1(CCCCC1=O)c1ccccc1Cl", "CC(N)Cc1ccccc1", "CC(=O)Oc1ccccc1C(=O)O", "O"]
    mols = [Chem.MolFromSmiles(one) for one in smiles]
    arena = made(tmp_path, packed(mols), MORGAN)
    hits = arena.similar(packed(mols[:1])[0], 0.0)
    expected = [DataStructs.TanimotoSimilarity(morgan(mols[0]), morgan(one)) for one in mols]
    assert dict(listed(hits)) == dict(enumerate(expected))


@given(order=st.permutations(range(25)))
@settings(max_examples=20, deadline=None)
def test_another_spelling_of_a_structure_has_the_same_row(order: list[int]) -> None:
    mol = Chem.MolFromSmiles(FENTANYL)
    respelled = Chem.MolFromSmiles(
        Chem.MolToSmiles(Chem.RenumberAtoms(mol, order), canonical=False)
    )
    assert np.array_equal(packed([mol]), packed([respelled]))


def test_a_row_holds_the_bits_of_its_fingerprint() -> None:
    mol = Chem.MolFromSmiles(FENTANYL)
    assert packed([mol]).tobytes() == to_bytes(morgan(mol))
    assert packed([]).shape == (0, 32)


def test_an_arena_of_another_scheme_is_refused_and_both_are_named(tmp_path: Path) -> None:
    made(tmp_path, clustered(10, 3, 1), SMALL)
    other = FingerprintScheme("test", 1, 192, chirality=False, version="2")
    with pytest.raises(StaleIndex, match=f"`{SMALL.label}`.*`{other.label}`") as refused:
        Arena.open(tmp_path, other)
    assert refused.value.code == "stale-index"


@pytest.mark.parametrize("damage", ["header", "format", "part", "short"])
def test_what_cannot_be_trusted_is_refused(tmp_path: Path, damage: str) -> None:
    made(tmp_path, clustered(10, 3, 1), SMALL)
    header, columns = tmp_path / "arena.json", next(tmp_path.glob("columns-*"))
    if damage == "header":
        header.write_text("{")
    elif damage == "format":
        header.write_text(json.dumps(json.loads(header.read_text()) | {"format": 0}))
    elif damage == "part":
        columns.unlink()
    else:
        columns.write_bytes(columns.read_bytes()[:-8])
    with pytest.raises(StaleIndex):
        Arena.open(tmp_path, SMALL)


def test_a_changed_byte_is_found_by_reading_everything(tmp_path: Path) -> None:
    made(tmp_path, clustered(10, 3, 1), SMALL)
    verify(tmp_path)
    columns = next(tmp_path.glob("columns-*"))
    data = bytearray(columns.read_bytes())
    data[100] ^= 1
    columns.write_bytes(data)
    with pytest.raises(StaleIndex, match="damaged"):
        verify(tmp_path)


def test_writing_again_replaces_and_an_open_arena_goes_on(tmp_path: Path) -> None:
    rows = clustered(600, 3, 2)
    old = made(tmp_path, rows, SMALL)
    new = made(tmp_path, rows[:10], SMALL)
    assert (len(old), len(new)) == (600, 10)
    assert listed(old.similar(rows[0], 0.5)) == looked_through(rows, rows[0], 0.5, "tanimoto")
    assert len(list(tmp_path.iterdir())) == 3


def test_writing_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    made(tmp_path, clustered(600, 3, 2), SMALL)
    writer = ArenaWriter(tmp_path, SMALL)
    writer.append(clustered(10, 3, 1))
    with pytest.raises(ZeroDivisionError), writer:
        1 / 0  # noqa: B018
    assert len(Arena.open(tmp_path, SMALL)) == 600
    assert len(list(tmp_path.iterdir())) == 3


def test_what_makes_no_question_is_refused(tmp_path: Path) -> None:
    arena = made(tmp_path, clustered(10, 3, 1), SMALL)
    query = np.zeros(3, np.uint64)
    for wrong in (-0.1, 1.1, float("nan")):
        with pytest.raises(InputError, match="0 to 1"):
            arena.similar(query, wrong)
    with pytest.raises(InputError, match="192 bits"):
        arena.similar(np.zeros(32, np.uint64), 0.5)
    with pytest.raises(InputError, match="no metric"):
        arena.similar(query, 0.5, "euclid")
    with pytest.raises(InputError, match="no measure"):
        metric_of("tversky", 0, 0)
    with pytest.raises(InputError, match="192 bits"), ArenaWriter(tmp_path, SMALL) as writer:
        writer.append(np.zeros((1, 32), np.uint64))
