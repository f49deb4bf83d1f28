"""The benchmark measures what it says, on what it says."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from rdkit import Chem
from sqlalchemy.orm import Session

from bench import collection, names
from bench.classify import BLOCK, MOLECULES, figures, main, ratio, read_smiles, timed_round
from bench.families import FAMILIES
from registry.models import StructureRecord, Substance, SubstanceName


def test_every_family_pattern_finds_a_named_member_and_spares_a_solvent() -> None:
    molecules = [Chem.MolFromSmiles(smiles) for smiles in read_smiles(MOLECULES, 1000)]
    acetone = Chem.MolFromSmiles("CC(C)=O")
    for family, smarts in FAMILIES.items():
        pattern = Chem.MolFromSmarts(smarts)
        assert pattern is not None, family
        assert any(molecule.HasSubstructMatch(pattern) for molecule in molecules), family
        assert not acetone.HasSubstructMatch(pattern), family


def test_each_molecule_of_the_list_is_there_once_and_has_a_name() -> None:
    lines = MOLECULES.read_text(encoding="utf-8").splitlines()
    smiles = [line.split(" ", 1)[0] for line in lines]
    assert all(line.split(" ", 1)[1].strip() for line in lines)
    assert len({Chem.CanonSmiles(one) for one in smiles}) == len(lines)
    assert len(read_smiles(MOLECULES, 1000)) == len(lines)
    assert len(read_smiles(MOLECULES, 7)) == 7


def test_every_way_is_asked_about_every_molecule_once_in_each_round() -> None:
    asked: dict[str, list[str]] = {"one": [], "other": []}
    smiles = [str(number) for number in range(2 * BLOCK + 5)]
    ways = {name: calls.append for name, calls in asked.items()}
    timed_round(ways, smiles, 1)
    assert asked == {"one": smiles, "other": smiles}


def test_a_ratio_is_taken_within_each_round() -> None:
    rounds = [
        {"parse": 100, "engine": 300},
        {"parse": 1000, "engine": 2000},
        {"parse": 1, "engine": 9},
    ]
    assert ratio(rounds, "parse") == "3.00"
    assert figures(rounds, 10)["parse"]["us_per_molecule"] == "0.0"
    assert figures([{"parse": 123_456}], 10)["parse"]["us_per_molecule"] == "12.3"


def test_the_report_names_machine_versions_figures_and_ratios(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["--json", "--count", "20", "--rounds", "1"])
    report = json.loads(capsys.readouterr().out)
    assert {"machine", "versions", "figures", "ratios"} <= report.keys()
    assert report["ratios"].keys() == {
        "engine_over_parse", "engine_over_filter_catalog", "engine_over_filter_catalog_same_cores",
        "engine_over_naive_smarts",
    }  # fmt: skip
    assert all(Decimal(value) > 0 for value in report["ratios"].values())
    assert Decimal(report["ratios"]["engine_over_parse"]) > 1
    assert report["molecules"] == {"file": "molecules.smi", "read": 20, "timed": 20}


def test_the_bench_of_collections_accounts_for_every_record(
    capsys: pytest.CaptureFixture[str],
) -> None:
    collection.main(["--file", str(MOLECULES), "--kills", "0", "--sample", "10", "--workers", "1"])
    report = json.loads(capsys.readouterr().out)
    assert report["file"] == {"name": "molecules.smi", "records": 164}
    assert report["import"]["counts"]["records"] == 164
    assert report["import"]["errors_by_code"] == {}
    assert report["import"]["peak_bytes_of_all_processes"] > 0
    assert Decimal(report["sample"]["identify_over_parse"]) > 1
    assert {"machine", "versions", "search"} <= report.keys()


def test_names_count_by_kind_and_a_miss_says_whether_the_name_is_on_record(
    session: Session,
) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    layers = dict.fromkeys(("standardised", "connectivity", "stereo", "isotope", "tautomer"), "x")
    session.add(Substance(id="ketamine", name="Ketamine", recorded_from=at))
    session.flush()
    session.add(SubstanceName(substance="ketamine", text="Ketamine", kind="inn", recorded_from=at))
    session.add(
        StructureRecord(
            substance="ketamine", as_given="x", formula="C13H16ClNO", steps=[], scheme="test",
            inchikey="YQEZLKZALYSWHR-UHFFFAOYSA-N", recorded_from=at, **layers,
        )
    )  # fmt: skip
    session.flush()
    key, other = "YQEZLKZALYSWHR-CYBMUJFWSA-N", "RYYVLZVUVIJVGH-UHFFFAOYSA-N"
    rows = [
        {"inchikey": key, "kind": "official", "lang": "de", "name": "Ketamin"},
        {"inchikey": key, "kind": "official", "lang": "zh", "name": "氯胺酮"},
        {"inchikey": key, "kind": "variant: UPPER", "lang": "de", "name": "KETAMIN"},
        {"inchikey": other, "kind": "official", "lang": "en", "name": "Caffeine"},
    ]
    answered, absent = names.asked(session, rows, at)
    found = names.shares(answered)
    assert (found["all official"]["first"], found["all noise"]["first_five"]) == ("50.0", "100.0")
    assert found["all official on record"]["names"] == 1
    assert absent == {"official, en": 1}
    assert "氯胺酮 | wanted ketamine | got nothing | not a name on record" in names.report(
        answered, absent
    )
