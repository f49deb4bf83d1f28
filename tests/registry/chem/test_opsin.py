"""Systematic names read by OPSIN: the published structure, or an error that says what is in doubt."""

from __future__ import annotations

import csv
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from registry.chem import opsin
from registry.chem.opsin import Named, NameNotAStructure, OpsinNotInstalled, Said
from registry.errors import Overrun

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases" / "opsin_name_inchi.tsv"
FENTANYL = "InChI=1S/C22H28N2O/c1-2-22(25)24(20-11-7-4-8-12-20)21-14-17-23(18-15-21)16-13-19-9-5-3-6-10-19/h3-12,21H,2,13-18H2,1H3"
BUTANOL = "InChI=1S/C4H10O/c1-3-4(2)5/h4-5H,3H2,1-2H3/t4-/m1/s1"

installed = pytest.mark.skipif(
    find_spec("py2opsin") is None or shutil.which("java") is None, reason="OPSIN needs Java"
)


def said(**given: object) -> Said:
    plain = {"name": "ethanol", "smiles": "CCO", "inchi": "InChI=1S/C2H6O/c1-2-3/h3H,2H2,1H3"}
    return Said(**{**plain, "remarks": (), **given})  # type: ignore[arg-type]


@installed
def test_each_name_has_its_own_answer_and_its_own_remarks() -> None:
    names = [
        "N-phenyl-N-[1-(2-phenylethyl)piperidin-4-yl]propanamide",
        "dimethylbenzene",
        "7-methylbenzene",
        "(2R)-butan-2-ol",
        "phenyl",
        "(±)-butan-2-ol",
        "butan-2-ol",
    ]
    fentanyl, xylene, benzene, butanol, radical, rotation, flat = opsin.structures_of(names)
    assert isinstance(fentanyl, Named)
    assert (fentanyl.inchi, fentanyl.undefined) == (FENTANYL, ())
    assert fentanyl.route == "one-route: OPSIN"
    assert isinstance(butanol, Named)
    assert butanol.inchi == BUTANOL
    assert isinstance(flat, Named)
    assert flat.undefined == ("centres without configuration: 1",)
    for error, reason in (
        (xylene, "APPEARS_AMBIGUOUS"),
        (benzene, "locant 7"),
        (radical, "just a substituent"),
        (rotation, "STEREOCHEMISTRY_IGNORED"),
    ):
        assert isinstance(error, NameNotAStructure)
        assert reason in error.message


@installed
def test_opsin_is_stopped_at_its_deadline() -> None:
    with pytest.raises(Overrun, match=r"0\.01 seconds"):
        opsin.ask(["ethanol"], deadline=0.01)


@installed
@pytest.mark.skipif(not CASES.exists(), reason="the published names are not part of the project")
def test_published_names_give_the_published_structure_or_say_what_is_in_doubt() -> None:
    with CASES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    answers = opsin.structures_of([row["name"] for row in rows], deadline=200)
    wrong = []
    for row, answer in zip(rows, answers, strict=True):
        expected = row["inchi_or_expectation"]
        read = isinstance(answer, Named)
        if expected.startswith("InChI") and read:
            wrong += [row["name"]] if answer.inchi != standard(expected) else []
        elif expected in ("(ambiguous)", "(uninterpretable)"):
            wrong += [row["name"]] if read else []
    assert not wrong
    assert sum(isinstance(answer, Named) for answer in answers) > 1_000


def standard(inchi: str) -> str:
    """A non-standard InChI without its layer of fixed hydrogen, as a standard one."""
    if inchi.startswith("InChI=1S/"):
        return inchi
    return "InChI=1S/" + inchi.removeprefix("InChI=1/").split("/f")[0]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"smiles": "", "inchi": "", "remarks": ("unparsable",)}, "cannot be read: unparsable"),
        ({"remarks": ("APPEARS_AMBIGUOUS: x",)}, "without doubt: APPEARS_AMBIGUOUS"),
        ({"inchi": BUTANOL}, "two ways to an InChI differ"),
        ({"smiles": "C1CC("}, "what OPSIN draws is not read here"),
        ({"name": "(2R)-ethanol"}, "configuration of a centre and the structure has none"),
        ({"name": "(2E)-ethanol"}, "configuration of a double bond and the structure has none"),
        (
            {"smiles": "COOOC", "inchi": "InChI=1S/C2H6O3/c1-3-5-4-2/h1-2H3"},
            "three oxygen atoms",
        ),
    ],
)
def test_what_is_in_doubt_is_an_error_that_says_so(given: dict[str, object], reason: str) -> None:
    with pytest.raises(NameNotAStructure, match="`") as refusal:
        opsin.confirm(said(**given))
    assert reason in refusal.value.message
    assert refusal.value.code == "name-not-a-structure"


def test_a_reading_without_doubt_is_confirmed() -> None:
    assert opsin.confirm(said()) == Named("ethanol", "CCO", said().inchi, ())


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\x00b", "x" * 2_001, "a\u2028b"])
def test_a_text_that_is_no_name_never_reaches_opsin(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opsin, "_program", lambda: ["/no/such/program"])
    with pytest.raises(NameNotAStructure):
        opsin.ask([name])


def test_without_the_extra_or_java_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(opsin, "find_spec", lambda _: None)
    with pytest.raises(OpsinNotInstalled, match=r"substance-register\[opsin\]") as refusal:
        opsin.structure_of("ethanol")
    assert refusal.value.code == "opsin-not-installed"
    monkeypatch.undo()
    (tmp_path / "opsin-cli-0-jar-with-dependencies.jar").touch()
    spec = type("Spec", (), {"submodule_search_locations": [str(tmp_path)]})
    monkeypatch.setattr(opsin, "find_spec", lambda _: spec)
    monkeypatch.setattr(opsin.shutil, "which", lambda _: None)
    with pytest.raises(OpsinNotInstalled, match="Java"):
        opsin.structure_of("ethanol")
