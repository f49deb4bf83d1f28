"""The reference libraries are what they say: known names, sound structures, two sources each."""

from __future__ import annotations

import csv
import re
import shutil
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from rdkit import Chem

from registry.errors import NotFound, SeedError
from rules.load import load_law
from seed.libraries.__main__ import main
from seed.libraries.check import Fault, faults, misread, systematic_names
from seed.libraries.read import FOLDER, LIBRARIES, Entry, digest, read_library, read_sources

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"

NAMED_IN_EXEMPTIONS = {
    *("acemetacin", "atorvastatin", "bazedoxifene", "indometacin", "losartan", "olmesartan"),
    *("olmesartan medoxomil", "proglumetacin", "telmisartan", "viminol", "zafirlukast"),
    *("clonitazene", "etonitazene", "granisetron", "bupropion", "amfepramone", "venlafaxine"),
    *("naloxone", "naltrexone", "nalmefene", "naloxegol", "nalbuphine", "butorphanol"),
    *("methylnaltrexone", "naldemedine", "samidorphan", "ioflupane", "trilostane", "prasterone"),
    *("dextromethorphan", "methoxyphenamine", "pipradrol", "ketamine", "tiletamine", "quinine"),
    *("fenfluramine", "selegiline", "melatonin", "nitrous oxide", "nicotine", "caffeine"),
    *("cathine", "ephedrine", "phenylpropanolamine", "bentazepam", "gidazepam", "flutoprazepam"),
}


@pytest.fixture(scope="module")
def libraries() -> dict[str, tuple[Entry, ...]]:
    return {name: read_library(name) for name in LIBRARIES}


def test_every_structure_is_its_inchikey_and_stands_once(
    libraries: dict[str, tuple[Entry, ...]],
) -> None:
    assert [fault for name in LIBRARIES for fault in faults(name, libraries[name])] == []


def test_the_libraries_are_as_large_as_their_page_says(
    libraries: dict[str, tuple[Entry, ...]],
) -> None:
    page = (FOLDER.parents[1] / "docs" / "libraries.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(\w+)\.csv` \|.*\| ([\d,]+) \| ([\d,]+) \|$", page, re.MULTILINE)
    counted = {
        name: (f"{len(entries):,}", f"{sum(bool(one.remark) for one in entries):,}")
        for name, entries in libraries.items()
    }
    assert {name: (every, unsure) for name, every, unsure in told} == counted


def test_what_named_exemptions_mention_is_there(libraries: dict[str, tuple[Entry, ...]]) -> None:
    names = {one.name for one in libraries["medicines"]}
    assert names >= NAMED_IN_EXEMPTIONS


def test_a_medicine_exempted_by_name_is_the_substance_the_rule_draws(
    libraries: dict[str, tuple[Entry, ...]],
) -> None:
    """Two drawings made apart: the rule file's exception and the library's entry."""
    drawn = {one.name: one.smiles for one in libraries["medicines"]}
    compared = [
        (drawn[given.name], given.smiles)
        for provision in load_law().provisions.values()
        for given in provision.exceptions
        if given.name in drawn
    ]
    assert len(compared) > 60
    assert [pair for pair in compared if skeleton(pair[0]) != skeleton(pair[1])] == []


def skeleton(smiles: str) -> str:
    mol = Chem.MolFromSmiles(smiles)
    Chem.RemoveStereochemistry(mol)
    return str(Chem.MolToInchiKey(mol))[:14]


def test_what_the_tables_of_1988_name_is_called_a_precursor_and_nothing_else(
    libraries: dict[str, tuple[Entry, ...]],
) -> None:
    data = FOLDER.parent / "data"
    with (data / "substances.csv").open(encoding="utf-8") as file:
        keys = {row["id"]: row["inchikey"][:14] for row in csv.DictReader(file)}
    with (data / "un_1988.csv").open(encoding="utf-8") as file:
        listed = [row for row in csv.DictReader(file) if row["role"] == "listed" and not row["to"]]
    names = {row["name"].casefold() for row in listed}
    skeletons = {keys[row["substance"]] for row in listed} - {""}
    tabled = {
        one.name
        for one in libraries["industrial"]
        if one.inchikey[:14] in skeletons or one.name in names
    }
    called = {one.name for one in libraries["industrial"] if one.use.split("; ")[0] == "precursor"}
    assert called == tabled
    assert len(called) > 25


def test_each_source_that_is_named_is_used_and_says_its_licence(
    libraries: dict[str, tuple[Entry, ...]],
) -> None:
    sources = read_sources()
    used = {key for entries in libraries.values() for one in entries for key in one.sources}
    assert used == set(sources) - {"who-atc"}
    assert all(source.licence and source.address for source in sources.values())


def test_systematic_names_are_kept_for_every_entry_that_rests_on_one(
    libraries: dict[str, tuple[Entry, ...]],
) -> None:
    for name, entries in libraries.items():
        assert set(systematic_names(name)) == {one.key for one in entries if "opsin" in one.sources}


@pytest.mark.skipif(
    find_spec("py2opsin") is None or shutil.which("java") is None, reason="OPSIN needs Java"
)
def test_systematic_names_are_read_as_the_structures_that_rest_on_them(
    libraries: dict[str, tuple[Entry, ...]],
) -> None:
    """Every twentieth, since reading takes Java; `python -m seed.libraries --names` reads all."""
    chosen = [*libraries["medicines"][::20], *libraries["industrial"][::20]]
    names = {**systematic_names("industrial"), **systematic_names("medicines")}
    assert len(names.keys() & {one.key for one in chosen}) > 20
    wrong = replace(chosen[0], line=9_999, key="wrong")
    assert misread("", [*chosen, wrong], {**names, "wrong": "methanol"}) == [
        Fault("", 9_999, "`methanol` is not this structure")
    ]


def test_faults_are_told_with_their_line() -> None:
    ethanol = Entry(
        2, "ethanol", "ethanol", "solvent", "", "CCO", "LFQSCWFLJHTTHZ-UHFFFAOYSA-N", (), ""
    )
    wrong = [
        replace(ethanol, line=3, smiles="OCC"),
        replace(ethanol, line=4, key="methanol", name="methanol"),
        replace(ethanol, line=5, key="a", name="a", smiles="CCO.O", inchikey="X", atc="N"),
        replace(ethanol, line=6, key="b", name="b", smiles="C(", inchikey="Y"),
    ]
    told = [str(fault) for fault in faults("industrial", [ethanol, *wrong])]
    assert told[:4] == [
        "industrial.csv:2: `a` belongs here",
        "industrial.csv:3: the name `ethanol` stands in line 2 already",
        "industrial.csv:3: the structure `LFQSCWFLJHTTHZ-UHFFFAOYSA-N` stands in line 2 already",
        "industrial.csv:3: the structure is written CCO here",
    ]
    assert "industrial.csv:5: `CCO.O` is 2 components" in told
    assert "industrial.csv:5: `N` is no group of the fourth level" in told
    assert any(line.startswith("industrial.csv:6: ") for line in told)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("sources", "pubchem", "sources: a structure needs two sources"),
        ("sources", "pubchem pubchem", "sources: a structure needs two sources"),
        ("sources", "pubchem hearsay", "sources: nothing is called `hearsay`"),
        ("use", "", "use: is missing"),
        ("key", "acetone", "key: `acetone` stands in line 2 already"),
    ],
)
def test_a_wrong_row_is_refused_at_its_place(
    tmp_path: Path, column: str, value: str, message: str
) -> None:
    good = {
        "key": "ethanol",
        "name": "ethanol",
        "use": "solvent",
        "atc": "",
        "smiles": "CCO",
        "inchikey": "LFQSCWFLJHTTHZ-UHFFFAOYSA-N",
        "sources": "opsin pubchem",
        "remark": "",
    }
    shutil.copy(FOLDER / "sources.yaml", tmp_path)
    with (tmp_path / "industrial.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(good), lineterminator="\n")
        writer.writeheader()
        writer.writerows([{**good, "key": "acetone"}, {**good, column: value}])
    with pytest.raises(SeedError) as caught:
        read_library("industrial", tmp_path)
    assert message in caught.value.message
    assert (caught.value.line, caught.value.column) == (3, list(good).index(column) + 1)


def test_a_library_that_does_not_exist_is_refused() -> None:
    with pytest.raises(NotFound, match="no library is called `cosmetics`"):
        read_library("cosmetics")
    with pytest.raises(NotFound, match="no library is called `cosmetics`"):
        digest("cosmetics")


def test_a_digest_changes_with_any_byte_of_the_file(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "industrial.csv", tmp_path)
    assert digest("industrial", tmp_path) == digest("industrial") != digest("medicines")
    with (tmp_path / "industrial.csv").open("a") as file:
        file.write(" ")
    assert digest("industrial", tmp_path) != digest("industrial")


def test_the_check_says_what_it_counted(
    libraries: dict[str, tuple[Entry, ...]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("seed.libraries.__main__.read_library", lambda name: libraries[name][:3])
    assert main([]) == 0
    assert capsys.readouterr().out.startswith("medicines: 3 entries, ")
    broken = replace(libraries["medicines"][0], inchikey="nothing")
    monkeypatch.setattr("seed.libraries.__main__.read_library", lambda name: (broken,))
    assert main([]) == 1
    assert "the InChIKey is" in capsys.readouterr().err


@pytest.mark.skipif(not CASES.exists(), reason="the cases are not on this machine")
def test_names_shared_with_an_independent_list_have_its_constitution(
    libraries: dict[str, tuple[Entry, ...]],
) -> None:
    """An independent list of medicines: where it has our name, its structure is ours."""
    with (CASES / "medicines.csv").open(encoding="utf-8") as file:
        theirs: dict[str, set[str]] = {}
        for row in csv.DictReader(file):
            theirs.setdefault(row["name"].casefold(), set()).add(row["parent_inchikey"][:14])
    ours = {one.name: one.inchikey[:14] for one in libraries["medicines"]}
    shared = ours.keys() & theirs.keys()
    assert len(shared) > 200
    assert {name for name in shared if ours[name] not in theirs[name]} == set()
