"""The coverage table: nothing the register lists is left without a rule, and no gap is missed."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path

import pytest
from rdkit import Chem, rdBase

from registry.chem.parse import read_structure
from registry.chem.standardise import standardise
from rules.controls.generic import found
from rules.decide import Book, Scope, decide
from rules.language.probe import Probe, by_roots, certain_elements
from rules.language.view import View
from rules.load import load_law
from rules.result import Outcome, Status

LAW = load_law()
BULK = Path(__file__).parents[3] / "shared" / "cases" / "bulk.smi.gz"

# Lists that say what may be done with a controlled drug, not what is controlled.
NOT_CONTROL = ("GB-MDR-",)


def test_every_provision_with_listings_has_a_rule_or_a_stated_gap(book: Book) -> None:
    listed = {one.provision for one in book.facts.listings}
    stated = {gap.provision for c in LAW.coverage.jurisdictions.values() for gap in c.not_modelled}
    left = {key for key in listed - set(LAW.rules) - stated if not key.startswith(NOT_CONTROL)}
    assert left == set()


def test_every_jurisdiction_with_a_rule_is_in_the_table() -> None:
    ruled = {provision.jurisdiction for provision in LAW.provisions.values()}
    stated = {code for code, covered in LAW.coverage.jurisdictions.items() if covered.not_modelled}
    assert ruled <= set(LAW.coverage.jurisdictions) <= ruled | stated


def _without_lists() -> set[str]:
    """Jurisdictions of which no list of names is held, so that every molecule is asked about."""
    return {
        code
        for code, covered in LAW.coverage.jurisdictions.items()
        for gap in covered.not_modelled
        if not (gap.needs or gap.needs_named_in or gap.until)
    }


def _molecules(book: Book) -> Iterator[Chem.Mol]:
    for substance in book.facts.substances:
        if substance.smiles:
            yield Chem.MolFromSmiles(substance.smiles)
    if BULK.exists():
        with rdBase.BlockLogs(), gzip.open(BULK, "rt") as lines:
            for line in islice(lines, 0, None, 1511):
                mol = Chem.MolFromSmiles(line.split()[0])
                if mol is not None:
                    yield mol


def test_the_quick_search_finds_what_the_plain_one_finds(book: Book) -> None:
    patterns = {name: probe.pattern for name, probe in _probes().items()}
    cores = by_roots((probe, (name,)) for name, probe in _probes().items())
    count = 0
    for mol in _molecules(book):
        plain = [name for name, pattern in patterns.items() if mol.HasSubstructMatch(pattern)]
        assert sorted(found(cores, View(mol))) == sorted(plain), Chem.MolToSmiles(mol)
        count += len(plain)
    assert count > len(patterns)


def _probes() -> dict[str, Probe]:
    """Every fragment and every core, each once, under a name of its own."""
    cores = (
        probe
        for rule in LAW.rules.values()
        for reading in rule.readings.values()
        for probe in reading.probes
    )
    return {str(id(probe)): probe for probe in (*LAW.fragments.values(), *cores)}


@pytest.mark.parametrize(
    ("smarts", "certain"),
    [
        ("[#15;!H0]", {"P"}),
        ("O=C1NCC1", {"O", "N"}),
        ("[#6,#8]C", set()),
        ("[!#8]C", set()),
        ("[$([#15D0])]", set()),
        ("[N;!$(NC=O)]", {"N"}),
        ("[NX3;H0,H1]", {"N"}),
        ("[!N;!O]C", set()),
        ("[NX3,NX2]C", {"N"}),
        ("[N,n]~[#8X1,OX2]", {"N", "O"}),
        ("[$(NC),O]C", set()),
    ],
)
def test_only_elements_without_a_choice_are_certain(smarts: str, certain: set[str]) -> None:
    assert certain_elements(Chem.MolFromSmarts(smarts)) == certain


@pytest.mark.parametrize(
    "smiles",
    [
        "CC(=O)Oc1ccccc1C(=O)O",
        "CC(=O)Nc1ccc(O)cc1",
        "CC(C)Cc1ccc(C(C)C(=O)O)cc1",
        "CN(C)C(=N)N=C(N)N",
    ],
    ids=["aspirin", "paracetamol", "ibuprofen", "metformin"],
)
def test_an_everyday_medicine_raises_no_gap(book: Book, smiles: str) -> None:
    mol = standardise(read_structure(smiles))
    decision = decide(mol, book, on=date(2026, 7, 1), known_at="", text=smiles)
    said = {status for code, status in decision.summary.items() if code not in _without_lists()}
    assert said == {Status.NOT_CONTROLLED}


def test_law_that_applies_directly_counts_in_the_summary(book: Book) -> None:
    mol = standardise(read_structure("CC(=O)OC(C)=O"))
    scope = Scope(jurisdictions=("DE",))
    decision = decide(mol, book, on=date(2026, 7, 1), known_at="", text="", scope=scope)
    assert decision.summary == {"DE": Status.CONTROLLED}
    assert "EU-PREC-2A" in {finding.provision for finding in decision.findings}


def test_a_precursor_is_never_uncontrolled_where_the_precursor_law_is_not_held(book: Book) -> None:
    mol = standardise(read_structure("CC(=O)OC(C)=O"))
    decision = decide(mol, book, on=date(2026, 7, 1), known_at="", text="")
    assert decision.summary["CN"] is Status.UNDETERMINED


def test_what_canada_names_is_not_asked_about_as_a_derivative_of_something_else(book: Book) -> None:
    mol = standardise(read_structure("CC(=O)N(c1ccccc1)C1CCN(C(C)Cc2ccccc2)CC1"))
    decision = decide(mol, book, on=date(2026, 7, 1), known_at="", text="")
    canadian = {f.provision: f.outcome for f in decision.findings if f.jurisdiction == "CA"}
    assert canadian.pop("CA-CDSA-I-16") is Outcome.INSIDE
    assert set(canadian.values()) <= {Outcome.DISPLACED}
