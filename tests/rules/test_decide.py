"""The main path on the real law and register: outcomes, precedence, dates, forms, and unknowns."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdkit import Chem

from registry.chem.parse import read_structure
from registry.chem.standardise import standardise
from rules.decide import Book, Scope, decide, undecided
from rules.render import canonical, decision_json
from rules.result import Decision, Finding, Outcome, Status, Structure

TODAY = date(2026, 7, 1)
FENTANYL = "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
FURANYL = "O=C(c1ccco1)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
KETAMINE = "CNC1(c2ccccc2Cl)CCCCC1=O"
NAMED = [
    FENTANYL,
    FURANYL,
    KETAMINE,
    "CC(=O)OC(C)=O",
    "CC(=O)O[C@H]1C=C[C@H]2[C@H]3Cc4ccc(OC(C)=O)c5c4[C@@]2(CCN3C)[C@H]1O5",
    "C[C@H](N)Cc1ccccc1",
    "CC(=O)Nc1ccc(O)cc1",
]


def ask(book: Book, smiles: str, on: date = TODAY, scope: Scope = Scope()) -> Decision:
    mol = standardise(read_structure(smiles))
    return decide(mol, book, on=on, known_at="", text=smiles, scope=scope, everything=True)


def finding(decision: Decision, provision: str) -> Finding:
    return next(found for found in decision.findings if found.provision == provision)


def outcomes(decision: Decision) -> dict[str, tuple[str, ...]]:
    return {
        f.provision: (f.outcome.value, f.structure.value, *f.clauses) for f in decision.findings
    }


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(smiles=st.sampled_from(NAMED), seed=st.integers(0, 10_000))
def test_another_spelling_of_a_structure_never_changes_a_verdict(
    book: Book, smiles: str, seed: int
) -> None:
    mol = Chem.MolFromSmiles(smiles)
    order = list(range(mol.GetNumAtoms()))
    start = order[seed % len(order)]
    kekulised = Chem.Mol(mol)
    Chem.Kekulize(kekulised, clearAromaticFlags=True)
    for spelling in (
        Chem.MolToSmiles(mol, rootedAtAtom=start, canonical=False),
        Chem.MolToSmiles(mol, doRandom=True, allHsExplicit=True),
        Chem.MolToSmiles(kekulised, kekuleSmiles=True),
        Chem.MolToSmiles(Chem.AddHs(mol)),
    ):
        again = ask(book, spelling)
        assert outcomes(again) == outcomes(ask(book, smiles))
        assert again.summary == ask(book, smiles).summary


def test_ketamine_is_in_no_treaty_schedule_and_controlled_in_four_states(book: Book) -> None:
    decision = ask(book, KETAMINE)
    assert [f.provision for f in decision.findings if f.outcome is Outcome.INSIDE] == [
        "CA-CDSA-I-14",
        "CN-PSY-I",
        "GB-MDA-B-1a",
        "US-CSA-III",
    ]
    assert decision.summary["UN"] is Status.NOT_CONTROLLED
    assert decision.summary["DE"] is not Status.CONTROLLED


def test_ketamine_was_not_named_in_british_law_the_day_before(book: Book) -> None:
    before, after = ask(book, KETAMINE, date(2014, 6, 9)), ask(book, KETAMINE, date(2014, 6, 10))
    assert finding(before, "GB-MDA-B-1a").outcome is Outcome.OUTSIDE
    assert finding(after, "GB-MDA-B-1a").outcome is Outcome.INSIDE


def test_meeting_the_definition_and_being_governed_are_two_answers(book: Book) -> None:
    found = finding(ask(book, FURANYL), "US-CSA-I-e")
    assert (found.structure, found.outcome) == (Structure.MEETS, Outcome.DISPLACED)
    assert found.displaced_by == ("US-CSA-I",)


def test_an_open_question_makes_the_outcome_undetermined(book: Book) -> None:
    found = finding(ask(book, "CCOC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"), "CN-NPS-FENT")
    assert found.outcome is Outcome.UNDETERMINED
    assert found.missing[0].startswith("Q1: ")


def test_an_unknown_start_is_undetermined_before_it_is_attested(book: Book) -> None:
    found = finding(ask(book, KETAMINE, date(1990, 1, 1)), "US-CSA-III")
    assert found.outcome in (Outcome.UNDETERMINED, Outcome.OUTSIDE)
    assert ask(book, KETAMINE, date(1990, 1, 1)).summary["US"] is not Status.CONTROLLED


def test_a_salt_is_judged_by_its_substance_and_says_so(book: Book) -> None:
    found = finding(ask(book, f"{FENTANYL}.Cl"), "US-CSA-II")
    assert found.outcome is Outcome.INSIDE
    assert "salts" in found.clauses


@pytest.mark.parametrize(
    "form", [f"{FENTANYL}.O", FENTANYL.replace("CCC(", "[2H]C([2H])([2H])CC(", 1)]
)
def test_hydrates_and_labels_do_not_change_a_verdict(book: Book, form: str) -> None:
    assert outcomes(ask(book, form)) == outcomes(ask(book, FENTANYL))


def test_a_mixture_is_judged_by_the_component_that_weighs_most(book: Book) -> None:
    mixture = ask(book, f"CC(=O)Nc1ccc(O)cc1.{FENTANYL}")
    assert finding(mixture, "UN-1961-I").outcome is Outcome.INSIDE
    assert mixture.summary == ask(book, FENTANYL).summary


def test_an_analogue_provision_gives_evidence_and_never_a_verdict(book: Book) -> None:
    found = finding(ask(book, "CCC(=O)N(c1ccccc1)C1CCN(Cc2ccccc2)CC1"), "US-CSA-ANALOGUE")
    assert found.outcome is Outcome.UNDETERMINED
    assert len(found.missing) == 3
    assert found.evidence[0].provision in ("US-CSA-I", "US-CSA-II")


def test_what_turns_on_conduct_alone_does_not_decide_the_summary(book: Book) -> None:
    found = finding(ask(book, "CC(=O)Oc1ccccc1C(=O)O"), "GB-PSA")
    assert (found.outcome, found.settles) == (Outcome.UNDETERMINED, False)


def test_a_scope_limits_what_is_shown_and_never_what_governs(book: Book) -> None:
    scope = Scope(provisions=("US-CSA-I-e",))
    decision = ask(book, FURANYL, scope=scope)
    assert [f.provision for f in decision.findings] == ["US-CSA-I-e"]
    assert decision.findings[0] == finding(ask(book, FURANYL), "US-CSA-I-e")
    assert decision.summary == {"US": Status.CONTROLLED}


def test_a_failure_is_undetermined_everywhere(book: Book) -> None:
    error = ("computation-stopped", "stopped after 5 s")
    decision = undecided(error, book, on=TODAY, known_at="", text="x", scope=Scope())
    assert set(decision.summary.values()) == {Status.UNDETERMINED}
    assert decision_json(decision)["error"] == {"code": error[0], "message": error[1]}


def test_the_same_question_gives_the_same_bytes(book: Book) -> None:
    texts = {canonical(decision_json(ask(book, FURANYL))) for _ in range(3)}
    assert len(texts) == 1


def test_every_finding_carries_its_citation_hash_and_draft_mark(book: Book) -> None:
    for found in ask(book, FURANYL).findings:
        if found.kind != "not modelled":
            assert found.cite is not None
            assert found.cite.title
            assert len(found.content_hash) == 64
            assert found.draft
