"""What customs do with a paper: nothing unknown is released, and every reason there is is given."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.trade_facts import Authorisation, AuthorisationState, Paper, Party, Route
from rules.trade.customs import NATIONAL, UNKNOWN, Advice, Border, Word, advise

STATES = list(AuthorisationState)
BEGINS, ENDS = date(2026, 6, 1), date(2026, 9, 1)
DAY = date(2026, 7, 1)
EXPORT = Authorisation(
    id="a-1", version=4, paper=Paper.EXPORT, convention="1961", jurisdiction="XB",
    authority=Party("Authority of XB"), state=AuthorisationState.ISSUED, exporter=Party("Out Ltd"),
    importer=Party("In Ltd"), goods=(), route=Route("XB", "XA", ("XC",)),
    number="XB-EA-2026-000001", valid_from=BEGINS, valid_to=ENDS,
)  # fmt: skip
IMPORT = replace(EXPORT, paper=Paper.IMPORT, jurisdiction="XA", number="XA-IA-2026-000001")
USABLE = {"issued", "amended", "partly_used", "in_transit"}

papers = st.builds(
    replace,
    st.sampled_from([EXPORT, IMPORT, replace(EXPORT, paper=Paper.TRANSIT, jurisdiction="XC")]),
    state=st.sampled_from(STATES),
    convention=st.sampled_from(["1961", "1971", "1988"]),
    valid_from=st.sampled_from([None, BEGINS]),
    valid_to=st.sampled_from([None, ENDS]),
)
borders = st.builds(
    Border,
    st.sampled_from(["XA", "XB", "XC", "XD", ""]),
    st.sampled_from([BEGINS - timedelta(1), BEGINS, ENDS - timedelta(1), ENDS]),
    left=st.booleans(),
    on_the_way=st.sampled_from([(), (1,), (2, 3)]),
)


def at(country: str, on: date = DAY, *, left: bool = True, way: tuple[int, ...] = ()) -> Border:
    return Border(country, on, left, way)


def worst(advice: Advice) -> Word:
    return max((ground.word for ground in advice.grounds), key=list(Word).index)


@given(papers, borders)
def test_nothing_unknown_is_released_and_every_state_has_a_word(
    paper: Authorisation, border: Border
) -> None:
    advice = advise(paper, border)
    assert advice.word is worst(advice)
    assert all(ground.text and ground.cite and ground.remedy for ground in advice.grounds)
    if advice.word is Word.RELEASE:
        assert paper.state.value in USABLE
        assert paper.valid_from is not None
        assert paper.valid_to is not None
        assert paper.valid_from <= border.on
        assert border.country in ("XA", "XB", "XC")
        assert border.left or border.on_the_way
        assert border.on < paper.valid_to or (paper.paper is Paper.EXPORT and border.on_the_way)


@given(papers, borders)
def test_less_on_record_is_never_better(paper: Authorisation, border: Border) -> None:
    order = list(Word).index
    known = order(advise(paper, border).word)
    for gone in ({"valid_to": None}, {"valid_from": None}):
        without = advise(replace(paper, **gone), border).word
        assert without is not Word.RELEASE
        assert order(without) >= min(known, order(Word.HOLD))
    nothing = replace(border, left=False, on_the_way=())
    assert advise(paper, nothing).word is not Word.RELEASE


@given(borders)
def test_a_number_that_nobody_knows_is_held(border: Border) -> None:
    assert advise(None, border) == Advice(Word.HOLD, (UNKNOWN,))


RELEASED = [
    (EXPORT, at("XB"), "in force, not used up"),
    (IMPORT, at("XA"), "in force, not used up"),
    (EXPORT, at("XC", left=False, way=(1,)), "consignment 1 on the way"),
    (EXPORT, at("XA", left=False, way=(1,)), "consignment 1 on the way"),
    (EXPORT, at("XA", ENDS, left=False, way=(1,)), "consignment 1 on the way"),
    (IMPORT, at("XA", left=False, way=(2, 3)), "consignment 2, 3 on the way"),
    (EXPORT, at("XB", BEGINS), "in force"),
    (EXPORT, at("XB", ENDS - timedelta(1)), "in force"),
]


@pytest.mark.parametrize(("paper", "border", "text"), RELEASED)
def test_what_is_in_order_is_released_to_be_compared(
    paper: Authorisation, border: Border, text: str
) -> None:
    advice = advise(paper, border)
    (ground,) = advice.grounds
    assert (advice.word, ground.word) == (Word.RELEASE, Word.RELEASE)
    assert text in ground.text
    assert "compare" in ground.remedy


def in_state(state: str) -> Authorisation:
    return replace(EXPORT, state=AuthorisationState(state))


WRONG: list[tuple[Authorisation, Border, Word, str, str]] = [
    (in_state("suspended"), at("XB"), Word.HOLD, "suspended", NATIONAL),
    (in_state("lost"), at("XB"), Word.HOLD, "lost", NATIONAL),
    (in_state("cancelled"), at("XB"), Word.REFUSE, "cancelled", NATIONAL),
    (in_state("expired"), at("XB"), Word.REFUSE, "expired", NATIONAL),
    (in_state("closed"), at("XB"), Word.REFUSE, "closed", NATIONAL),
    (in_state("refused"), at("XB"), Word.REFUSE, "was refused", NATIONAL),
    *(
        (in_state(state), at("XB"), Word.REFUSE, f"it is {state.replace('_', ' ')}", "31 (10)")
        for state in ("draft", "submitted", "information_requested", "granted")
    ),
    (EXPORT, at("XB", BEGINS - timedelta(1)), Word.REFUSE, "from 2026-06-01 only", "31 (4) (b)"),
    (EXPORT, at("XB", ENDS), Word.REFUSE, "before 2026-09-01 only", "31 (4) (b)"),
    (EXPORT, at("XB", ENDS, way=(1,)), Word.REFUSE, "before 2026-09-01 only", "31 (4) (b)"),
    (IMPORT, at("XA", ENDS, way=(1,)), Word.HOLD, "a consignment was on the way", "31 (4) (b)"),
    (IMPORT, at("XA", ENDS), Word.REFUSE, "before 2026-09-01 only", "31 (4) (b)"),
    (replace(EXPORT, valid_to=None), at("XB"), Word.HOLD, "period", "31 (4) (b)"),
    (replace(EXPORT, valid_from=None), at("XB"), Word.HOLD, "period", "31 (4) (b)"),
    (EXPORT, at("XD", way=(1,)), Word.REFUSE, "does not touch XD", "31 (11) and (12)"),
    (in_state("cancelled"), at("XD"), Word.REFUSE, "does not touch XD", "31 (11) and (12)"),
    (EXPORT, at("XB", left=False), Word.REFUSE, "nothing is left", "31 (4) (a)"),
    (EXPORT, at("XB", left=False, way=(1,)), Word.REFUSE, "nothing is left", "31 (4) (a)"),
    (IMPORT, at("XA", left=False), Word.REFUSE, "nothing is left", "31 (4) (a)"),
    (EXPORT, at("XC"), Word.HOLD, "no consignment is on record", "31 (6) and (11)"),
    (EXPORT, at("XA"), Word.HOLD, "no consignment is on record", "31 (6) and (11)"),
    (IMPORT, at("XB"), Word.HOLD, "counts in XA only", "31 (6) and (11)"),
    (IMPORT, at("XC", way=(1,)), Word.HOLD, "counts in XA only", "31 (6) and (11)"),
    (in_state("endorsed"), at("XA"), Word.HOLD, "endorsed already", NATIONAL),
    (in_state("endorsed"), at("XB"), Word.REFUSE, "nothing is left", "31 (4) (a)"),
]


@pytest.mark.parametrize(("paper", "border", "word", "text", "cite"), WRONG)
def test_each_ground_by_itself(
    paper: Authorisation, border: Border, word: Word, text: str, cite: str
) -> None:
    advice = advise(paper, border)
    (ground,) = advice.grounds
    assert (advice.word, ground.word) == (word, word)
    assert text in ground.text
    assert cite in ground.cite


def test_every_ground_is_told_and_the_worst_decides() -> None:
    paper = in_state("suspended")
    advice = advise(paper, at("XB", ENDS))
    assert [ground.word for ground in advice.grounds] == [Word.HOLD, Word.REFUSE]
    assert advice.word is Word.REFUSE


@pytest.mark.parametrize(
    ("changed", "cite"),
    [
        ({"convention": "1971"}, "1971 art. 12 (1) (b)"),
        ({"convention": "1988"}, NATIONAL),
        ({"convention": "1971", "paper": Paper.EXPORT_DECLARATION}, NATIONAL),
    ],
)
def test_the_article_is_that_of_the_papers_convention(changed: dict[str, Any], cite: str) -> None:
    (ground,) = advise(replace(EXPORT, **changed), at("XB", ENDS)).grounds
    assert ground.cite == cite
