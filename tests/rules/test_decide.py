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


@pytest.mark.parametrize("acid", ["Cl", "O.Cl", "[OH3+].[Cl-]", "[H+].[Cl-]", "OS(=O)(=O)O"])
def test_an_acid_is_itself_however_it_is_drawn(book: Book, acid: str) -> None:
    assert ask(book, acid).summary["UN"] is Status.CONTROLLED


@pytest.mark.parametrize(
    "salt",
    [
        "[Na+].[Cl-]",
        "[NH4+].[Cl-]",
        "N.Cl",
        "NC(CCCNC(N)=N)C(=O)O.Cl",
        "[Na+].[Na+].[O-]S(=O)(=O)[O-]",
    ],
    ids=["salt", "ammonium chloride", "the same", "arginine hydrochloride", "sodium sulfate"],
)
def test_the_salt_of_an_acid_is_not_the_acid(book: Book, salt: str) -> None:
    assert ask(book, salt).summary["UN"] is Status.NOT_CONTROLLED


def test_a_law_that_names_one_salt_names_that_salt(book: Book) -> None:
    potassium, sodium = ("[K+].[O-][Mn](=O)(=O)=O", "[Na+].[O-][Mn](=O)(=O)=O")
    assert finding(ask(book, potassium), "UN-1988-I").outcome is Outcome.INSIDE
    assert finding(ask(book, sodium), "UN-1988-I").outcome is Outcome.OUTSIDE


def test_the_verdict_on_one_state_does_not_depend_on_which_others_are_asked(book: Book) -> None:
    for state in ("CN", "GB", "DE", "US"):
        alone = ask(book, "CC(=O)OC(C)=O", scope=Scope(jurisdictions=(state,))).summary[state]
        assert alone is ask(book, "CC(=O)OC(C)=O").summary[state]
        assert alone is not Status.NOT_CONTROLLED


def test_where_only_the_governing_provision_is_in_doubt_the_substance_is_controlled(
    book: Book,
) -> None:
    carfentanil = ask(book, "CCC(=O)N(c1ccccc1)C1(C(=O)OC)CCN(CCc2ccccc2)CC1", date(2020, 1, 1))
    found = finding(carfentanil, "GB-MDA-A-1d")
    assert (found.outcome, found.either_way) == (Outcome.UNDETERMINED, True)
    assert carfentanil.summary["GB"] is Status.CONTROLLED


def test_ketamine_was_in_class_c_before_it_was_moved(book: Book) -> None:
    before = ask(book, KETAMINE, date(2010, 1, 1))
    assert finding(before, "GB-MDA-C-1a").outcome is Outcome.INSIDE
    assert finding(ask(book, KETAMINE), "GB-MDA-C-1a").outcome is Outcome.OUTSIDE


def test_an_exception_holds_from_its_own_day(book: Book) -> None:
    naloxegol = next(s for s in book.facts.substances if s.name.casefold() == "naloxegol").smiles
    before = finding(ask(book, naloxegol, date(2015, 1, 22)), "US-CSA-II")
    after = finding(ask(book, naloxegol, date(2015, 1, 23)), "US-CSA-II")
    assert (before.outcome, after.outcome) == (Outcome.UNDETERMINED, Outcome.OUTSIDE)


def test_a_form_drawn_flat_is_undetermined_where_one_form_of_it_is_taken_out(book: Book) -> None:
    found = finding(ask(book, "CC(N)C(O)c1ccccc1"), "GB-MDA-C-1a")
    assert found.outcome is Outcome.UNDETERMINED


def test_a_name_drawn_in_part_covers_the_forms_that_agree_with_it(book: Book) -> None:
    nalbuphine = "Oc1ccc2c3c1O[C@H]1[C@@H](O)CC[C@@]4(O)[C@@H](C2)N(CC2CCC2)CC[C@]314"
    assert finding(ask(book, nalbuphine), "CA-CDSA-IV-10").outcome is Outcome.INSIDE


def test_a_gap_is_added_to_what_the_register_knows(book: Book) -> None:
    mdma = ask(book, "CNC(C)Cc1ccc2c(c1)OCO2", date(2010, 1, 1))
    found = finding(mdma, "US-CSA-I")
    assert found.clauses == ("named",)
    assert len(found.missing) == 2


def test_a_labelled_form_is_judged_as_the_substance_and_says_so(book: Book) -> None:
    labelled = ask(book, FENTANYL.replace("CCC(", "[2H]C([2H])([2H])CC(", 1))
    assert any("isotope labels" in caveat for caveat in labelled.caveats)


@pytest.mark.parametrize("state", ["US", "GB", "CA", "CN", "DE", "UN", "EU"])
def test_before_the_law_that_is_held_nothing_is_uncontrolled(book: Book, state: str) -> None:
    aspirin = ask(book, "CC(=O)Oc1ccccc1C(=O)O", date(1850, 1, 1))
    assert aspirin.summary[state] is Status.UNDETERMINED


def test_a_class_keeps_what_another_list_reaches_only_as_an_ether(book: Book) -> None:
    methoxy = ask(book, "CN(C)CCc1c[nH]c2cccc(OC)c12")  # 4-MeO-DMT, an ether of psilocin
    assert finding(methoxy, "GB-MDA-A-1a").clauses == ("named", "ethers")
    assert finding(methoxy, "GB-MDA-A-1b").outcome is Outcome.INSIDE
    psilocybin = finding(ask(book, "CN(C)CCc1c[nH]c2cccc(OP(=O)(O)O)c12"), "GB-MDA-A-1b")
    assert psilocybin.outcome is Outcome.DISPLACED


def test_what_is_taken_out_by_name_serves_no_class_built_upon_it(book: Book) -> None:
    methoxyphenamine = "CNC(C)Cc1ccccc1OC"
    assert finding(ask(book, methoxyphenamine), "GB-MDA-A-1c").structure is Structure.MEETS
    benzylated = ask(book, "CN(Cc1ccccc1)C(C)Cc1ccccc1OC")
    assert finding(benzylated, "GB-MDA-A-1f").structure is Structure.DOES_NOT_MEET
    assert finding(ask(book, "COc1cc(CCNCc2ccccc2OC)c(OC)cc1Br"), "GB-MDA-A-1f").clauses == (
        "N-benzyl",
    )


def test_a_named_class_answers_for_esters_of_its_names_in_a_short_answer_too(book: Book) -> None:
    benzoylecgonine = "CN1[C@H]2CC[C@@H]1[C@H]([C@H](C2)OC(=O)c1ccccc1)C(=O)O"
    mol = standardise(read_structure(benzoylecgonine))
    short = decide(mol, book, on=TODAY, known_at="", text="", scope=Scope(jurisdictions=("GB",)))
    assert finding(short, "GB-MDA-A-1a").clauses == ("named", "esters")


def test_an_ether_of_a_member_is_covered_though_the_ether_itself_is_in_doubt(book: Book) -> None:
    oxide = "COc1ccc2c3c1O[C@H]1[C@@H](O)C=C[C@H]4[C@@H](C2)[N+](C)([O-])CC[C@@]341"
    found = finding(ask(book, oxide), "GB-MDA-A-1a")  # codeine N-oxide
    assert (found.outcome, found.clauses) == (
        Outcome.INSIDE, ("pentavalent nitrogen", "ethers")
    )  # fmt: skip


def test_the_reason_a_name_is_taken_out_is_told_by_a_named_class(book: Book) -> None:
    dextromethorphan = "COc1ccc2c(c1)[C@@]13CCCC[C@@H]1[C@@H](C2)N(C)CC3"
    found = finding(ask(book, dextromethorphan), "GB-MDA-A-1a")
    assert [reason.clause for reason in found.reasons] == ["exceptions"]
