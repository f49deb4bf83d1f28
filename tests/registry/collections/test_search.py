"""What is found in a collection, and how it is shown."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rdkit import Chem, DataStructs

from registry.chem import contains, identity
from registry.chem.batch import Workers
from registry.chem.fingerprint import from_bytes, morgan
from registry.chem.parse import Format, read_structure
from registry.chem.standardise import standardise
from registry.collections import search
from registry.collections.collection import Collection
from registry.collections.identify import identify
from registry.collections.manifest import Same
from registry.collections.search import Scanned
from registry.errors import InputError, NotFound, Overrun
from tests.registry.collections.conftest import FENTANYL, KETAMINE, Import

MOLECULES = Path(__file__).parents[3] / "bench" / "molecules.smi"
RACEMATE = "C[C@H](N)Cc1ccccc1.C[C@@H](N)Cc1ccccc1"


def named_substances() -> list[str]:
    return [line.split()[0] for line in MOLECULES.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("smiles", named_substances())
def test_the_layers_are_those_of_the_register(smiles: str) -> None:
    found = identify(smiles, Format.SMILES)
    (part,) = standardise(read_structure(smiles)).active
    layers = (
        identity.formula(part.mol),
        identity.connectivity(part.mol),
        identity.stereo(part.mol),
    )
    assert (found.formula, found.connectivity, found.stereo) == layers
    assert from_bytes(found.fingerprint) == morgan(part.mol)


def test_components_side_by_side_have_the_bits_of_each_and_each_layer_once() -> None:
    found = identify(RACEMATE)
    flat = "CC(N)Cc1ccccc1"
    assert (found.formula, found.connectivity) == ("C9H13N", flat)
    assert found.stereo == ".".join(sorted(found.stereo.split(".")))
    mixture = identify(f"{KETAMINE}.{FENTANYL}")
    whole = morgan(Chem.MolFromSmiles(f"{KETAMINE}.{FENTANYL}"))
    assert from_bytes(mixture.fingerprint) == whole


def test_likeness_is_that_of_the_toolkit_best_first(collection: Collection) -> None:
    found = collection.similar(identify(FENTANYL), 0.0)
    asked = morgan(Chem.MolFromSmiles(FENTANYL))
    expected = {
        row.row: DataStructs.TanimotoSimilarity(asked, morgan(Chem.MolFromSmiles(row.stereo)))
        for row in collection.rows()
    }
    assert {hit.row.row: hit.score for hit in found} == pytest.approx(expected)
    assert [hit.score for hit in found] == sorted(expected.values(), reverse=True)
    assert [hit.row.id for hit in found[:2]] == ["fentanyl", "fentanyl hydrochloride"]


def test_the_best_few_are_the_first_of_all(collection: Collection) -> None:
    asked = identify(KETAMINE)
    assert list(collection.similar(asked, 0.0, top=3)) == list(collection.similar(asked, 0.0)[:3])


def test_a_structure_may_be_given_as_text(collection: Collection) -> None:
    assert [hit.row.id for hit in collection.similar(KETAMINE, 0.9)] == ["ketamine"]
    with pytest.raises(InputError):
        collection.similar("C1CC")
    with pytest.raises(InputError, match="from 0 to 1"):
        collection.similar(identify("O"), 1.5)


@pytest.mark.parametrize(
    ("layer", "ids"),
    [
        (Same.WHOLE, ["dexamfetamine"]),
        (Same.STEREO, ["dexamfetamine"]),
        (Same.CONNECTIVITY, ["dexamfetamine", "amfetamine"]),
    ],
)
def test_rows_are_found_by_an_equal_layer(
    collection: Collection, layer: Same, ids: list[str]
) -> None:
    found = collection.exact(identify("N[C@@H](C)Cc1ccccc1"), layer)
    assert [hit.row.id for hit in found] == ids


def test_the_salt_of_a_base_is_found_by_what_is_active_in_it(collection: Collection) -> None:
    found = collection.exact(identify(f"{FENTANYL}.OC(=O)CC(O)(CC(O)=O)C(O)=O"))
    assert [hit.row.id for hit in found] == ["fentanyl", "fentanyl hydrochloride"]
    assert not collection.exact(identify(f"{FENTANYL}.Br"), Same.WHOLE)


def test_a_part_is_found_in_every_row_that_has_it(collection: Collection) -> None:
    found = collection.substructure(identify("O=C1CCCCC1"), Workers(1))
    assert [hit.row.id for hit in found] == ["ketamine", "cyclohexanone"]


def test_what_few_atoms_rule_out_is_never_a_hit() -> None:
    mols = [Chem.MolFromSmiles(smiles) for smiles in named_substances()]
    for part in (Chem.MolFromSmiles(smiles) for smiles in ("c1ccccc1", "CCl", "O=S=O", "N")):
        needed = contains.heavy_atoms(identity.formula(part))
        for mol in mols:
            if mol.HasSubstructMatch(part):
                assert contains.may_contain(identity.formula(mol), needed)


def test_atoms_are_counted_over_all_parts_of_a_formula() -> None:
    assert contains.heavy_atoms("C9H13N.C2H7NO+") == {"C": 11, "N": 2, "O": 1}
    assert not contains.may_contain("C6H12O", contains.heavy_atoms("C6H5Cl"))


def test_rows_that_could_not_be_computed_make_no_whole_answer(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = list(collection.rows())
    stopped = [search._stopped(("O", row), Overrun("stopped", "deadline")) for row in rows]
    assert search.scanned(stopped) == Scanned(len(rows), [], rows)
    monkeypatch.setattr(collection, "scan", lambda *_: [search.scanned(stopped)])
    with pytest.raises(InputError, match=r"rows \[1, 2, 3, 4, 5, 6\] could not be computed"):
        collection.substructure("O")


def test_rows_and_errors_are_paged(collection: Collection) -> None:
    assert [row.row for row in collection.rows(after=2, limit=3)] == [3, 4, 5]
    assert [one.number for one in collection.errors(after=1)] == [2]
    assert [one.number for one in collection.duplicates(limit=1)] == [1]


def test_an_unknown_collection_is_not_found(root: Path) -> None:
    with pytest.raises(NotFound, match="there is no collection `other`"):
        Collection.open(root, "other")


def test_a_data_frame_has_a_line_for_each_row(collection: Collection) -> None:
    pytest.importorskip("pandas")
    frame = collection.to_pandas()
    assert list(frame.index) == [1, 2, 3, 4, 5, 6]
    assert frame.loc[3, "id"] == "ketamine"


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += [name for name, _ in attrs]


def test_a_notebook_shows_pictures_and_no_text_becomes_markup(tmp_path: Path, run: Import) -> None:
    evil = "<script>alert(1)</script>\"'<img src=x onerror=alert(1)>&amp;"
    (tmp_path / "a.smi").write_text(f"O {evil}\n{KETAMINE} ketamine\n")
    run(tmp_path / "a.smi", tmp_path, "a")
    found = Collection.open(tmp_path, "a")
    hits = found.similar(identify(KETAMINE), 0.9)
    shown = found._repr_html_(), hits._repr_html_()
    for html in shown:
        tags = Tags()
        tags.feed(html)
        assert not {"script", "img"} & set(tags.names)
        assert not [name for name in tags.attributes if name.startswith("on")]
        assert "svg" in tags.names
    assert "2 structures" in shown[0]
    assert ".rows(after=10" in shown[0]
    assert "&lt;script&gt;" in shown[0]
    assert "1 found" in shown[1]
    assert "never a legal answer" in shown[1]
    assert re.search(r"1\.000", shown[1])
    assert repr(found) == "<collection a: 2 structures>"
    assert repr(hits) == "<1 found: likeness of at least 0.9>"
