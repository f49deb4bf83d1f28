"""The silence rules: each example in the file, each choice of the file shown to matter, the edges."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import RuleFileError
from rules.deadlines.calendars import Undetermined
from rules.deadlines.clocks import Instants
from rules.deadlines.terms import Unit
from rules.strict_yaml import parse, read
from rules.trade.silence import FILE, Example, SilenceBook, SilenceRule, book_of, silence_rules
from rules.trade.waiting import Course, Position, deadline, position, rule_of

BOOK = silence_rules()
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants them bare
RULES = {rule.id: rule for rule in BOOK.rules}
EXAMPLES = [(rule, example) for rule in BOOK.rules for example in rule.examples]


def course(rule: SilenceRule, example: Example) -> Course:
    # A rule of a union is asked as the law of one of its members.
    exporter = example.sender or rule.exporter
    moment = example.sent_at or example.delivered_at or example.filed_at
    return Course(
        exporter, example.importer, moment, example.delivered_at, example.filed_at,
        example.reply, example.replied_at,
    )  # fmt: skip


def answer(rule: SilenceRule, example: Example, book: SilenceBook = BOOK) -> Position:
    return position(book, course(rule, example), example.now)


@pytest.mark.parametrize(
    ("rule", "example"), EXAMPLES, ids=[f"{r.id}: {e.name}" for r, e in EXAMPLES]
)
def test_every_example_comes_out_as_the_file_says(rule: SilenceRule, example: Example) -> None:
    assert answer(rule, example).answer == example.expect


def changed(rule: SilenceRule) -> Iterator[tuple[str, SilenceRule]]:
    """The rule with one choice made otherwise."""
    term = rule.term
    for name, value in {
        "length": term.length + 1,
        "shorter": term.length - 1,
        "unit": Unit.DAYS if term.unit is Unit.WORKING_DAYS else Unit.WORKING_DAYS,
        "first_day_counts": not term.first_day_counts,
    }.items():
        update: dict[str, Any] = {"length" if name == "shorter" else name: value}
        yield name, rule.model_copy(update={"term": term.model_copy(update=update)})
    for event in sorted({"sent", "delivered", "filed"} - {rule.counted_from}):
        yield f"counted from {event}", rule.model_copy(update={"counted_from": event})
    other = "own authority" if rule.answers == "importing authority" else "importing authority"
    yield "answers", rule.model_copy(update={"answers": other})
    if rule.calendar != "none":
        for whose in sorted({"exporter", "importer"} - {rule.calendar}):
            yield f"days of the {whose}", rule.model_copy(update={"calendar": whose})
    if rule.lapses:
        yield "lapses", rule.model_copy(update={"lapses": None})


MUTANTS = [(rule, name, mutant) for rule in BOOK.rules for name, mutant in changed(rule)]


@pytest.mark.parametrize(
    ("rule", "name", "mutant"), MUTANTS, ids=[f"{r.id} {n}" for r, n, _ in MUTANTS]
)
def test_changing_any_choice_of_a_rule_breaks_an_example(
    rule: SilenceRule, name: str, mutant: SilenceRule
) -> None:
    if mutant.term.unit is Unit.WORKING_DAYS and mutant.calendar == "none":
        mutant = mutant.model_copy(update={"calendar": "exporter"})
    rules = tuple(mutant if one.id == rule.id else one for one in BOOK.rules)
    book = BOOK.model_copy(update={"rules": rules})
    wrong = [e.name for e in rule.examples if answer(mutant, e, book).answer != e.expect]
    assert wrong


def test_by_treaty_alone_silence_has_no_effect_and_nothing_waits() -> None:
    now = datetime(2026, 5, 10, 12, tzinfo=UTC)
    asked = Course("XA", "XB", sent_at=now)
    assert position(BOOK, asked, now).answer == "undetermined"
    alone = position(BOOK, Course("XA", "XB", sent_at=now, no_rules_beyond=True), now)
    assert (alone.answer, alone.rule) == ("may proceed", "UN-1988-12-10-a")
    unsent = position(BOOK, Course("XA", "XB", no_rules_beyond=True), now)
    assert unsent.answer == "wait"
    objected = Course("XA", "XB", sent_at=now, reply="objection", no_rules_beyond=True)
    assert position(BOOK, objected, now).answer == "stop"


def test_a_country_looked_for_in_vain_is_answered_with_the_reason() -> None:
    now = datetime(2026, 5, 10, 12, tzinfo=UTC)
    told = position(BOOK, Course("IN", "TR", sent_at=now), now)
    assert told.answer == "undetermined"
    assert "no objection certificate" in told.text


def test_a_late_objection_stops_and_says_that_it_is_late() -> None:
    sent = datetime(2026, 8, 3, 15, tzinfo=UTC)
    for days, late in ((3, False), (20, True)):
        replied = sent + timedelta(days=days)
        asked = Course("CA", "US", sent, reply="objection", replied_at=replied)
        found = position(BOOK, asked, replied)
        assert (found.answer, found.late) == ("stop", late)
    assert "s. 38(1)(d)" in found.text


def test_every_member_of_the_union_can_be_counted_for() -> None:
    delivered = datetime(2026, 2, 2, 9, tzinfo=UTC)
    for member in BOOK.unions["EU"]:
        asked = Course(member, "TR", delivered, delivered)
        rule = rule_of(BOOK, asked, delivered.date())
        assert isinstance(rule, SilenceRule)
        assert isinstance(deadline(BOOK, rule, asked), Instants)


@given(
    st.sampled_from(["AR", "AU", "CA", "DE", "GB", "US", "XA", "IN"]),
    st.sampled_from(["TR", "US", "XB", "PK"]),
    st.tuples(*[st.none() | MOMENTS] * 3),
    MOMENTS,
)
def test_waiting_longer_never_turns_a_yes_into_a_wait(
    exporter: str, importer: str, moments: tuple[datetime | None, ...], now: datetime
) -> None:
    asked = Course(exporter, importer, *moments)
    first, later = (position(BOOK, asked, at).answer for at in (now, now + timedelta(days=1)))
    order = {"wait": 0, "undetermined": 1, "may proceed": 2, "stop": 3}
    fixed = asked.sent_at or asked.filed_at or asked.delivered_at
    if fixed:
        assert order[first] <= order[later]


@given(st.sampled_from(["AR", "AU", "CA", "DE", "GB", "US"]), st.none() | MOMENTS, MOMENTS)
def test_without_the_event_that_starts_the_clock_nothing_may_proceed(
    exporter: str, other: datetime | None, now: datetime
) -> None:
    asked = Course(exporter, "TR", None, None, None)
    rule = rule_of(BOOK, asked, now.date())
    if isinstance(rule, SilenceRule):
        assert isinstance(deadline(BOOK, rule, asked), Undetermined)
    assert position(BOOK, asked, now).answer == "undetermined"


def test_faults_of_the_file_are_named_with_their_place() -> None:
    text = FILE.read_text(encoding="utf-8")
    for before, after, told in (
        ("zone: Asia/Tokyo", "zone: Asia/Tokio", "there is no time zone"),
        ("unit: working_days", "unit: fortnights", "unit"),
        ("  - id: AU-PE-10AB", "  - id: AR-593-16", "same identifier"),
        ("calendar: none", "calendar: both", "calendar `both`"),
        ("    scope:", "    scop:", "scop"),
    ):
        with pytest.raises(RuleFileError, match=told):
            book_of(parse(text.replace(before, after, 1), "silence.yaml"))


def test_every_rule_says_where_it_was_read_and_no_two_hold_at_once() -> None:
    assert book_of(read(FILE)) == BOOK
    assert BOOK.draft
    for rule, other in product(BOOK.rules, repeat=2):
        assert rule.cite.href
        if rule.id != other.id and rule.exporter == other.exporter:
            assert rule.until is not None or other.until is not None
    assert {row.country for row in BOOK.not_found}.isdisjoint(r.exporter for r in BOOK.rules)


def test_the_table_in_the_documents_is_that_of_the_rules() -> None:
    text = (FILE.parents[2] / "docs" / "pre-export-notifications.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| ([A-Z]{2}) \| `(.+)` \| (.+) \| (.+) \| (.+) \| (.+) \|$", text, re.MULTILINE
    )
    assert rows == [
        (
            rule.exporter, rule.id, str(rule.term.term), rule.counted_from,
            rule.calendar.replace("none", "-"), rule.silence.effect,
        )
        for rule in BOOK.rules
    ]  # fmt: skip
