"""What changed between two standings, and by which clause."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.chem.parse import read_structure
from registry.chem.standardise import standardise
from rules.decide import Book, Scope, decide, undecided
from rules.result import Decision, Finding, Outcome, Reason, Structure
from rules.status import (
    Change,
    Judged,
    Kind,
    Said,
    Standing,
    Why,
    compare,
    differs,
    laws_in_force,
    members_changed,
    standing,
)

DE = Scope(("DE",))
KNOWN = "2026-01-01T00:00:00.000000+00:00"
BEFORE, AFTER = date(2019, 7, 17), date(2019, 7, 18)
ALD_52 = "CCN(CC)C(=O)C1CN(C)C2Cc3cn(C(C)=O)c4cccc(C2=C1)c34"
FENTANYL = "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
CAFFEINE = "Cn1cnc2c1c(=O)n(C)c(=O)n2C"
CATHINONE = "CC(N)C(=O)c1ccccc1"

THEN = Judged(BEFORE, KNOWN, "law", "facts", {"XX-1": ("2000-01-01", "aa"), "XX-2": ("", "bb")})
INSIDE = Said("meets", "inside", ("a", "b"))
NAMED = Said("meets", "inside", ("named",))


def in_words(word: str, **said: Said) -> Standing:
    return Standing({"XX": word}, {key.replace("_", "-"): one for key, one in said.items()})


def finding(provision: str, *reasons: Reason) -> Finding:
    return Finding(provision, "XX", "", "class", Structure.MEETS, Outcome.INSIDE, reasons=reasons)


def between(
    before: Standing, after: Standing, now: Judged = THEN, *explained: Finding
) -> tuple[Change, ...]:
    return compare(before, after, THEN, now, {one.provision: one for one in explained})


def test_a_structure_that_stands_where_it_stood_has_not_changed() -> None:
    assert between(in_words("controlled", XX_1=INSIDE), in_words("controlled", XX_1=INSIDE)) == ()


def test_a_wording_that_changed_is_named_with_the_clause_that_is_met_now() -> None:
    now = replace(THEN, laws={**THEN.laws, "XX-1": ("2019-07-18", "aa")})
    met = finding("XX-1", Reason("a", "what a says"), Reason("b", "what b says"))
    after = in_words("controlled", XX_1=INSIDE)
    status, outcome = between(in_words("not_controlled"), after, now, met)
    assert (status.kind, status.jurisdiction, status.provision) == (Kind.STATUS, "XX", "XX-1")
    assert (status.before, status.after) == ("not_controlled", "controlled")
    assert (outcome.kind, outcome.before, outcome.after) == (Kind.OUTCOME, "outside", "inside")
    for change in (status, outcome):
        assert (change.why, change.clause, change.text) == (Why.REWORDED, "a", "what a says")
        assert (change.wording_before, change.wording_after) == ("2000-01-01", "2019-07-18")


def test_a_clause_that_fails_now_is_named_by_what_was_met_before() -> None:
    why_not = Reason("", "ring: no clause allows this", "no", "ring")
    before = in_words("controlled", XX_1=INSIDE)
    now = replace(THEN, laws={**THEN.laws, "XX-1": ("2000-01-01", "other")})
    status, outcome = between(before, in_words("not_controlled"), now, finding("XX-1", why_not))
    assert (outcome.clause, outcome.holds, outcome.text) == ("a", "no", why_not.text)
    assert outcome.why is status.why is Why.RULE_FILE
    assert outcome.clauses_before == ("a", "b")
    assert outcome.clauses_after == ()


@pytest.mark.parametrize(
    ("then", "now", "why"),
    [
        ({}, {"XX-1": ("2019-07-18", "aa")}, Why.BEGAN),
        ({"XX-1": ("2000-01-01", "aa")}, {}, Why.ENDED),
        ({"XX-1": ("2000-01-01", "aa")}, {"XX-1": ("2019-07-18", "bb")}, Why.REWORDED),
        ({"XX-1": ("2000-01-01", "aa")}, {"XX-1": ("2000-01-01", "bb")}, Why.RULE_FILE),
        ({}, {}, Why.COVERAGE),
    ],
)
def test_what_happened_to_the_provision_comes_first(
    then: dict[str, tuple[str, str]], now: dict[str, tuple[str, str]], why: Why
) -> None:
    before, after = in_words("not_controlled"), in_words("controlled", XX_1=INSIDE)
    ground = replace(THEN, laws=then), replace(THEN, laws=now)
    changes = compare(before, after, *ground, {"XX-1": finding("XX-1")})
    assert [change.why for change in changes] == [why, why]


def test_a_name_put_on_a_list_and_taken_from_it() -> None:
    off, on = in_words("not_controlled"), in_words("controlled", XX_1=NAMED)
    named = between(off, on)
    gone = between(on, off)
    assert [change.why for change in named] == [Why.NAMED] * 2
    assert [change.why for change in gone] == [Why.NO_LONGER_NAMED] * 2
    assert {change.clause for change in (*named, *gone)} == {"named"}


def test_an_entry_since_when_is_not_known_becomes_certain() -> None:
    maybe = in_words("undetermined", XX_1=Said("undetermined", "undetermined", ("named",)))
    surely = in_words("controlled", XX_1=NAMED)
    assert [change.why for change in between(maybe, surely)] == [Why.CERTAIN] * 2
    learnt = replace(THEN, facts="others")
    assert [change.why for change in between(maybe, surely, learnt)] == [Why.FACTS] * 2
    assert [change.why for change in between(surely, maybe)] == [Why.OTHER] * 2


def test_a_provision_that_gives_way_and_governs_again() -> None:
    displaced = Said("meets", "displaced", ("a", "b"), ("XX-2",))
    reason = Reason("scope", "the list comes first", "no", "XX-2")
    before = in_words("controlled", XX_1=INSIDE)
    after = in_words("controlled", XX_1=displaced)
    (given_way,) = between(before, after, THEN, finding("XX-1", Reason("a", ""), reason))
    assert (given_way.why, given_way.clause, given_way.text) == (
        Why.YIELDS, "scope", reason.text,
    )  # fmt: skip
    (again,) = between(after, before, THEN, finding("XX-1"))
    assert again.why is Why.GOVERNS_AGAIN


def test_other_clauses_with_the_same_outcome_are_told_apart_from_a_change_of_outcome() -> None:
    before = in_words("controlled", XX_1=INSIDE)
    after = in_words("controlled", XX_1=replace(INSIDE, clauses=("a", "c")))
    (change,) = between(before, after, THEN, finding("XX-1", Reason("c", "what c says")))
    assert (change.kind, change.clause, change.text) == (Kind.GROUNDS, "c", "what c says")


def test_what_could_not_be_judged_is_reported_and_never_as_not_controlled() -> None:
    judged = in_words("controlled", XX_1=INSIDE)
    stopped = Standing({"XX": "undetermined"}, error="computation-stopped")
    lost, word = between(judged, stopped)
    assert (lost.kind, lost.why, lost.after) == (Kind.JUDGED, Why.STOPPED, "computation-stopped")
    assert (word.kind, word.before, word.after) == (Kind.STATUS, "controlled", "undetermined")
    back = between(stopped, judged)
    assert [change.why for change in back] == [Why.JUDGED_AGAIN] * 2
    assert between(stopped, stopped) == ()


def test_a_jurisdiction_asked_for_the_first_time_has_no_word_before() -> None:
    before, after = Standing({}), in_words("not_controlled")
    (change,) = between(before, after)
    assert (change.before, change.after) == ("", "not_controlled")


def test_who_joins_and_who_leaves_is_told_with_its_words() -> None:
    stands = in_words("controlled", XX_1=INSIDE)
    (joined,) = members_changed(Kind.JOINED, None, stands)
    (left,) = members_changed(Kind.LEFT, stands, None)
    assert (joined.before, joined.after) == ("", "controlled")
    assert (left.before, left.after) == ("controlled", "")


words = st.sampled_from(["controlled", "not_controlled", "undetermined"])
saids = st.builds(
    Said,
    st.sampled_from(["meets", "undetermined"]),
    st.sampled_from(["inside", "undetermined", "displaced"]),
    st.lists(st.sampled_from("abc"), max_size=2, unique=True).map(tuple),
    st.just(()),
)
standings = st.builds(
    Standing,
    st.dictionaries(st.sampled_from(["XX", "YY"]), words),
    st.dictionaries(st.sampled_from(["XX-1", "XX-2", "YY-1"]), saids),
    st.sampled_from(["", "", "", "computation-stopped"]),
)


@given(before=standings, after=standings)
def test_something_is_reported_exactly_where_something_differs(
    before: Standing, after: Standing
) -> None:
    found = between(before, after)
    silent = before.error and before.error == after.error and before.summary == after.summary
    assert bool(found) == (differs(before, after) and not silent)
    told = {change.jurisdiction for change in found if change.kind is Kind.STATUS}
    codes = {*before.summary, *after.summary}
    assert told == {c for c in codes if before.summary.get(c) != after.summary.get(c)}


@given(one=standings)
def test_a_standing_comes_back_from_its_stored_form(one: Standing) -> None:
    assert Standing.of(one.plain()) == one
    assert not differs(one, Standing.of(one.plain()))


def judged(book: Book, text: str, on: date, *, everything: bool = False) -> Decision:
    return decide(
        standardise(read_structure(text)),
        book,
        on=on,
        known_at=KNOWN,
        text=text,
        scope=DE,
        everything=everything,
    )


def on_day(book: Book, on: date) -> Judged:
    laws = laws_in_force(book.law, on, DE)
    return Judged(on, KNOWN, book.law.content_hash, book.facts.content_hash, laws)


@pytest.mark.parametrize(
    ("text", "provision", "why"),
    [(ALD_52, "DE-NPSG-5.2", Why.BEGAN), (FENTANYL, "", None), (CAFFEINE, "", None)],
)
def test_a_law_that_began_brings_in_its_members_and_nobody_else(
    book: Book, text: str, provision: str, why: Why | None
) -> None:
    before, after = judged(book, text, BEFORE), judged(book, text, AFTER)
    explained = {one.provision: one for one in after.findings}
    found = compare(
        standing(before), standing(after), on_day(book, BEFORE), on_day(book, AFTER), explained
    )
    assert {change.provision for change in found} == ({provision} if provision else set())
    assert {change.why for change in found} == ({why} if why else set())
    assert all(change.clause and change.text for change in found)


def test_going_back_a_day_says_what_fails_now(book: Book) -> None:
    before, after = judged(book, ALD_52, AFTER), judged(book, ALD_52, BEFORE)
    thorough = judged(book, ALD_52, BEFORE, everything=True)
    explained = {one.provision: one for one in thorough.findings}
    found = compare(
        standing(before), standing(after), on_day(book, AFTER), on_day(book, BEFORE), explained
    )
    assert {change.why for change in found} == {Why.ENDED}
    assert {change.holds for change in found} == {"no"}
    assert all("not in force on 2019-07-17" in change.text for change in found)


def test_a_decision_without_a_judgement_stands_undetermined(book: Book) -> None:
    error = ("computation-stopped", "stopped at its deadline")
    found = standing(undecided(error, book, on=AFTER, known_at=KNOWN, text=CATHINONE, scope=DE))
    assert (found.error, found.told) == error
    assert set(found.summary.values()) == {"undetermined"}


def test_the_law_in_force_is_that_of_the_day(book: Book) -> None:
    before, after = on_day(book, BEFORE).laws, on_day(book, AFTER).laws
    assert "DE-NPSG-5.2" not in before
    assert after["DE-NPSG-5.2"] == (
        "2019-07-18",
        book.law.rules["DE-NPSG-5.2"].content_hash,
    )
    assert before["DE-NPSG-1"][0] == "2016-11-26"
