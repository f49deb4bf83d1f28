"""Each change of a draft laid over the law that ships, and over nothing but its own days."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.chem.identity import formula
from registry.chem.parse import read_structure
from registry.chem.standardise import standardise
from registry.errors import DraftError
from rules.decide import Book, Scope, bind, decide
from rules.drafts import Laid, lay, prove, read_draft
from rules.result import Finding, Status

DAY = date(2026, 11, 1)
FENTANYL = "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
ISOVALERYL = "CC(C)CC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
CARBAMATE = "CCOC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
HALOPERIDOL = "O=C(CCCN1CCC(O)(c2ccc(Cl)cc2)CC1)c1ccc(F)cc1"
METRONIDAZOLE = "Cc1ncc([N+](=O)[O-])n1CCO"
METRONIDAZOLE_BENZOATE = "Cc1ncc([N+](=O)[O-])n1CCOC(=O)c1ccccc1"
HEAD = """\
draft: gb-one
jurisdiction: GB
title: {en: One}
option: individual
from: 2026-11-01
until: 2027-11-01
changes:
"""
LISTED = (
    HEAD
    + f"""\
  - list: GB-MDA-A-1a
    substances: [{{name: metronidazole, smiles: "{METRONIDAZOLE}"}}]
"""
)
ADDED = (
    HEAD
    + """\
  - add:
      id: GB-BUTYROPHENONES
      kind: class
      jurisdiction: GB
      title: {en: Butyrophenones}
      wordings:
        - cite: {title: nowhere}
      law: {chain: a 4-amino-1-phenylbutan-1-one}
      reading:
        skeletons:
          - name: 4-amino-1-phenylbutan-1-one
            clause: chain
            core: c1ccccc1C(=O)CCCN
            change: optional
            elsewhere: free
"""
)


def laid(book: Book, text: str) -> Laid:
    return lay(book, read_draft(text, "one.yaml"))


def asked(book: Book, smiles: str, on: date = DAY) -> dict[str, Finding]:
    decision = decide(
        standardise(read_structure(smiles)),
        book,
        on=on,
        known_at="",
        text="",
        scope=Scope(("GB",)),
        everything=True,
    )
    return {one.provision: one for one in decision.findings}


def word(book: Book, smiles: str, on: date = DAY) -> Status:
    decision = decide(
        standardise(read_structure(smiles)), book, on=on, known_at="", text="", scope=Scope(("GB",))
    )
    return decision.summary["GB"]


def test_what_is_put_on_a_list_comes_with_its_salts_and_esters(book: Book) -> None:
    with_it = laid(book, LISTED)
    for smiles in (METRONIDAZOLE, f"{METRONIDAZOLE}.Cl", METRONIDAZOLE_BENZOATE):
        assert word(book, smiles) is Status.NOT_CONTROLLED
        assert word(with_it, smiles) is Status.CONTROLLED
    found = asked(with_it, f"{METRONIDAZOLE}.Cl")["GB-MDA-A-1a"]
    assert found.clauses == ("named", "salts")
    assert asked(with_it, METRONIDAZOLE_BENZOATE)["GB-MDA-A-1a"].clauses == ("named", "esters")


def test_nothing_of_the_book_it_is_laid_over_changes(book: Book) -> None:
    before = book.law.content_hash, book.facts.content_hash, len(book.facts.listings)
    once, again = laid(book, LISTED), laid(book, LISTED)
    assert (book.law.content_hash, book.facts.content_hash, len(book.facts.listings)) == before
    assert once.law.content_hash == again.law.content_hash != book.law.content_hash
    assert once.facts.content_hash == again.facts.content_hash != book.facts.content_hash
    assert word(book, METRONIDAZOLE) is Status.NOT_CONTROLLED


def test_a_law_changed_in_its_words_alone_keeps_the_facts(book: Book) -> None:
    with_it = laid(book, HEAD + "  - end: GB-MDA-A-1d\n")
    assert with_it.facts is book.facts
    assert with_it.register is book.register
    assert with_it.references is book.references


def test_what_is_taken_off_a_list_is_off_from_the_first_day(book: Book) -> None:
    off = HEAD + "  - unlist: GB-MDA-A-1a\n    substances: [{name: Fentanyl}]\n"
    with_it = laid(book, off)
    assert asked(book, FENTANYL)["GB-MDA-A-1a"].outcome == "inside"
    gone = asked(with_it, FENTANYL)["GB-MDA-A-1a"]
    assert (gone.outcome, gone.reasons[0].text) == (
        "outside",
        "`Fentanyl` was listed until 2026-11-01",
    )
    assert asked(with_it, FENTANYL, date(2027, 11, 1))["GB-MDA-A-1a"].outcome == "inside"


def test_a_provision_that_is_added_governs_on_the_days_of_the_draft(book: Book) -> None:
    with_it = laid(book, ADDED)
    found = asked(with_it, HALOPERIDOL)["GB-BUTYROPHENONES"]
    assert (found.outcome, found.clauses, found.wording) == ("inside", ("chain",), "2026-11-01")
    assert word(with_it, HALOPERIDOL, date(2026, 10, 31)) is Status.NOT_CONTROLLED
    assert word(with_it, HALOPERIDOL, date(2027, 11, 1)) is Status.NOT_CONTROLLED


def test_a_provision_can_be_exempted_from(book: Book) -> None:
    spared = (
        ADDED
        + f"""\
  - exempt: GB-BUTYROPHENONES
    text: medicines are taken out by name
    substances: [{{name: haloperidol, smiles: "{HALOPERIDOL}"}}]
"""
    )
    with_it = laid(book, spared)
    found = asked(with_it, HALOPERIDOL)["GB-BUTYROPHENONES"]
    assert (found.structure, found.outcome) == ("meets", "outside")
    assert found.reasons[0].clause == "exceptions"
    assert [(one.name, one.clause) for one in with_it.exemptions] == [("haloperidol", "exceptions")]


def test_a_provision_that_ends_is_not_in_force_any_more(book: Book) -> None:
    with_it = laid(book, HEAD + "  - end: GB-MDA-A-1d\n")
    assert word(book, ISOVALERYL) is Status.CONTROLLED
    assert word(with_it, ISOVALERYL) is Status.NOT_CONTROLLED
    assert "not in force" in asked(with_it, ISOVALERYL)["GB-MDA-A-1d"].reasons[0].text


def test_an_amended_provision_reads_otherwise_from_the_first_day(book: Book) -> None:
    amended = ADDED.replace("GB-BUTYROPHENONES", "GB-MDA-A-1d").replace(
        "  - add:", "  - amend: GB-MDA-A-1d\n    with:"
    )
    with_it = laid(book, amended)
    assert asked(with_it, HALOPERIDOL)["GB-MDA-A-1d"].outcome == "inside"
    assert asked(with_it, ISOVALERYL)["GB-MDA-A-1d"].outcome == "outside"
    before = asked(with_it, ISOVALERYL, date(2026, 10, 31))["GB-MDA-A-1d"]
    assert (before.outcome, before.wording) == ("inside", "1987-04-01")


@pytest.mark.parametrize(("answer", "outcome"), [("yes", "inside"), ("no", "outside")])
def test_an_open_question_is_read_one_way(book: Book, answer: str, outcome: str) -> None:
    text = HEAD + f"  - settle: GB-MDA-A-1d\n    question: Q1\n    as: {answer}\n"
    assert asked(book, CARBAMATE)["GB-MDA-A-1d"].outcome == "undetermined"
    assert asked(laid(book, text), CARBAMATE)["GB-MDA-A-1d"].outcome == outcome


def test_a_text_taken_over_keeps_its_words_and_leaves_its_home_behind(book: Book) -> None:
    text = HEAD + "  - adopt: CN-NPS-FENT\n    as: GB-FENT\n    schedule: Class A\n"
    found = asked(laid(book, text), ISOVALERYL)["GB-FENT"]
    assert (found.jurisdiction, found.outcome, found.clauses) == ("GB", "inside", ("a",))


def test_a_question_of_a_text_taken_over_is_read_in_the_words_of_its_home(book: Book) -> None:
    us = HEAD.replace("GB", "US") + "  - adopt: GB-MDA-B-1c\n    as: US-CANNABINOIDS\n"
    settled = laid(book, us + "  - settle: US-CANNABINOIDS\n    question: Q1\n    as: yes\n")
    home = laid(book, HEAD + "  - settle: GB-MDA-B-1c\n    question: Q1\n    as: yes\n")
    here, there = settled.law.rules["US-CANNABINOIDS"], home.law.rules["GB-MDA-B-1c"]
    assert here.words is there.words is book.law.words_of("GB")


def test_a_clause_can_be_left_out_of_a_text_taken_over(book: Book) -> None:
    text = HEAD + "  - adopt: CN-NPS-FENT\n    as: GB-FENT\n    without: [a]\n"
    assert asked(laid(book, text), ISOVALERYL)["GB-FENT"].outcome == "outside"


def test_a_question_about_a_clause_left_out_stays_open(book: Book) -> None:
    text = HEAD + "  - adopt: GB-MDA-A-1d\n    as: GB-FENT\n    without: [(vi)]\n"
    found = asked(laid(book, text), CARBAMATE)["GB-FENT"]
    assert (found.outcome, [one.question for one in found.reasons if one.question]) == (
        "undetermined",
        ["Q1"],
    )


def test_a_class_can_be_taken_over_without_its_names(book: Book) -> None:
    text = HEAD + "  - adopt: CA-CDSA-I-16\n    as: GB-X\n"
    assert laid(book, text).entries != ()
    less = laid(book, text + "    without: [named]\n")
    assert less.entries == ()
    assert asked(less, FENTANYL)["GB-X"].clauses != ("named",)


def test_a_temporary_order_works_by_names_too(book: Book) -> None:
    order = LISTED.replace("GB-MDA-A-1a", "GB-MDA-TCDO").replace("individual", "temporary")
    with_it = laid(book, order)
    assert word(with_it, METRONIDAZOLE) is Status.CONTROLLED
    assert word(with_it, METRONIDAZOLE, date(2027, 11, 1)) is Status.NOT_CONTROLLED
    names = {one.name for one in laid(book, HEAD + "  - adopt: KR-TEMP\n    as: GB-X\n").entries}
    assert "HHC-octyl" in names


def test_a_list_taken_over_brings_its_names(book: Book) -> None:
    text = HEAD + "  - adopt: SE-LIST\n    as: GB-AS-IN-SWEDEN\n"
    names = {one.name for one in laid(book, text).entries}
    assert len(names) > 100
    assert {one.provision for one in laid(book, text).entries} == {"GB-AS-IN-SWEDEN"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("  - end: GB-NOWHERE\n", "8:10: the law has no provision `GB-NOWHERE`"),
        ("  - end: CN-NPS-FENT\n", "8:10: `CN-NPS-FENT` is law of CN, and the draft is one of GB"),
        ("  - adopt: GB-PSA\n    as: GB-X\n", "8:12: `GB-PSA` turns on conduct; write it out"),
        ("  - adopt: CN-NPS-FENT\n    as: GB-PSA\n", "9:9: there is a provision `GB-PSA` already"),
        (
            "  - adopt: CN-NPS-FENT\n    as: GB-X\n    wording: 2018-01-01\n",
            "8:12: `CN-NPS-FENT` is not in force on 2018-01-01",
        ),
        (
            "  - adopt: CN-NPS-FENT\n    as: GB-X\n    without: [z]\n",
            "10:15: `CN-NPS-FENT` has no clause `z`",
        ),
        (
            "  - settle: GB-MDA-A-1d\n    question: Q9\n    as: yes\n",
            "9:15: `GB-MDA-A-1d` has no open question `Q9`; it has Q1, Q2",
        ),
        (
            "  - list: GB-MDA-A-1a\n    substances: [{name: moonshine}]\n",
            "9:18: the register has no structure for `moonshine`: give its SMILES",
        ),
        (
            "  - list: GB-MDA-A-1a\n    substances: [{name: x, smiles: c1ccc}]\n",
            "9:36: ",
        ),
        (
            "  - list: GB-MDA-A-1d\n    substances: [{name: Fentanyl}]\n",
            "8:11: `GB-MDA-A-1d` does not work by names of its own",
        ),
        (
            "  - unlist: GB-MDA-A-1a\n    substances: [{name: Caffeine}]\n",
            "9:18: `GB-MDA-A-1a` does not list `Caffeine`",
        ),
        (
            "  - exempt: GB-MDA-A-1d\n    substances: [{name: Fentanyl}]\n",
            "`GB-MDA-A-1d` has no clause `exceptions`: say its text",
        ),
        (
            "  - adopt: CN-NPS-LIST\n    as: GB-X\n    without: [named]\n",
            "10:14: `CN-NPS-LIST` is nothing without its names",
        ),
    ],
)
def test_what_the_law_has_not_is_told_with_its_place(book: Book, change: str, says: str) -> None:
    with pytest.raises(DraftError) as told:
        laid(book, HEAD + change)
    assert told.value.message.startswith(
        "one.yaml:8" if says.startswith("`") else f"one.yaml:{says}"
    )
    assert says in told.value.message


def test_a_law_on_analogues_takes_nothing_out_by_name(book: Book) -> None:
    text = HEAD.replace("GB", "US") + (
        "  - exempt: US-CSA-ANALOGUE\n    text: out\n    substances: [{name: Ketamine}]\n"
    )
    with pytest.raises(DraftError, match=r"one.yaml:8:13: `US-CSA-ANALOGUE` asks what a structure"):
        laid(book, text)


def test_a_country_of_which_no_law_is_modelled_has_no_drafts(book: Book) -> None:
    with pytest.raises(DraftError, match=r"one.yaml:2:15: no law of `XX` is modelled"):
        laid(book, LISTED.replace("GB\n", "XX\n", 1))


def test_a_draft_is_laid_over_another_only_while_that_holds(book: Book) -> None:
    beneath = laid(book, ADDED)
    above = LISTED.replace("gb-one", "gb-two")
    both = laid(beneath, above)
    assert asked(both, HALOPERIDOL)["GB-BUTYROPHENONES"].outcome == "inside"
    assert asked(both, METRONIDAZOLE)["GB-MDA-A-1a"].outcome == "inside"
    with pytest.raises(DraftError, match="`gb-one`, over which it is laid, ends on 2027-11-01"):
        laid(beneath, above.replace("until: 2027-11-01", "until: 2027-11-02"))
    with pytest.raises(DraftError, match="`gb-one`, over which it is laid, begins on 2026-11-01"):
        laid(beneath, above.replace("from: 2026-11-01", "from: 2026-10-31"))


def test_a_draft_laid_over_one_of_other_days_does_not_see_it(book: Book) -> None:
    beneath = laid(book, HEAD + "  - settle: GB-MDA-A-1d\n    question: Q1\n    as: no\n")
    above = LISTED.replace("gb-one", "gb-two").replace("2027-11-01", "2026-11-01")
    both = laid(beneath, above.replace("from: 2026-11-01", "from: 2026-10-01"))
    said = [
        (asked(both, CARBAMATE, on)["GB-MDA-A-1d"].outcome, word(both, METRONIDAZOLE, on))
        for on in (date(2026, 10, 31), DAY, date(2027, 11, 1))
    ]
    assert said == [
        ("undetermined", Status.CONTROLLED),
        ("outside", Status.NOT_CONTROLLED),
        ("undetermined", Status.NOT_CONTROLLED),
    ]


def test_an_example_that_does_not_come_out_is_told(book: Book) -> None:
    text = (
        ADDED
        + f"""\
examples:
  - provision: GB-BUTYROPHENONES
    name: haloperidol
    smiles: {HALOPERIDOL}
    on: 2026-11-01
    expect: {{outcome: outside}}
"""
    )
    (failure,) = prove(book, read_draft(text))
    assert (failure.provision, failure.expected, failure.got) == (
        "GB-BUTYROPHENONES",
        "outcome outside",
        "outcome inside",
    )


def test_on_every_other_day_the_law_is_as_it_is(book: Book) -> None:
    off = HEAD + "  - unlist: GB-MDA-A-1a\n    substances: [{name: Fentanyl}]\n"
    books = {text: laid(book, text) for text in (LISTED, ADDED, off)}
    days = st.one_of(
        st.dates(date(2017, 1, 1), date(2026, 10, 31)),
        st.dates(date(2027, 11, 1), date(2030, 1, 1)),
    )

    @settings(max_examples=20, deadline=None)
    @given(
        days,
        st.sampled_from([FENTANYL, ISOVALERYL, CARBAMATE, HALOPERIDOL, METRONIDAZOLE]),
        st.sampled_from(list(books)),
    )
    def same(on: date, smiles: str, text: str) -> None:
        assert asked(books[text], smiles, on) == asked(book, smiles, on)

    same()


def test_an_index_with_some_entries_changed_is_that_of_the_facts_as_changed(book: Book) -> None:
    text = LISTED + "  - unlist: GB-MDA-A-1a\n    substances: [{name: Fentanyl}]\n"
    with_it = laid(book, text)
    anew = bind(with_it.law, with_it.facts).register
    for smiles in (METRONIDAZOLE, METRONIDAZOLE_BENZOATE, FENTANYL, HALOPERIDOL):
        mol = standardise(read_structure(smiles)).active[0].mol
        for one, other in (
            (anew.hits(mol, formula(mol)), with_it.register.hits(mol, formula(mol))),
            (anew.closure_hits(mol), with_it.register.closure_hits(mol)),
        ):
            assert sorted(map(repr, one)) == sorted(map(repr, other))
    assert anew.derivable == with_it.register.derivable
