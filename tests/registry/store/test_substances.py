from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.errors import AmbiguousName, NotFound
from registry.models import Substance, SubstanceName
from registry.store import history, substances

START = datetime(2026, 1, 1, tzinfo=UTC)
LATER = START + timedelta(days=1)


def ids(found: list[Substance]) -> list[str]:
    return [substance.id for substance in found]


def test_a_name_is_found_whatever_its_case_width_and_spacing(stocked: Session) -> None:
    for spelling in ("acetic anhydride", "ACETIC  ANHYDRIDE", "\uff21cetic anhydride "):
        assert ids(substances.by_name(stocked, spelling, START)) == ["acetic-anhydride"]
    assert substances.by_name(stocked, "acetic", START) == []


def test_a_name_two_substances_share_lists_both(stocked: Session) -> None:
    shared = SubstanceName(substance="khat", text="KETAMIN", kind="common", recorded_from=START)
    history.record(stocked, shared)
    with pytest.raises(AmbiguousName) as refusal:
        substances.only(substances.by_name(stocked, "Ketamin", START), "Ketamin")
    assert refusal.value.candidates == ("ketamine", "khat")
    assert refusal.value.message == "`Ketamin` is the name of `ketamine`, `khat`"


def test_an_unknown_name_is_not_found(stocked: Session) -> None:
    with pytest.raises(NotFound, match="no substance answers to `Wasser`"):
        substances.only(substances.by_name(stocked, "Wasser", START), "Wasser")


def test_a_substance_is_found_by_number_and_by_structure(stocked: Session) -> None:
    by_cas = substances.by_identifier(stocked, "cas", " 108-24-7", START)
    by_key = substances.by_structure(stocked, START, inchikey="WFDIJRYMOXRFFG-UHFFFAOYSA-N")
    by_layer = substances.by_structure(stocked, START, connectivity="aa")
    assert ids(by_cas) == ids(by_key) == ids(by_layer) == ["acetic-anhydride"]
    assert substances.by_identifier(stocked, "unii", "108-24-7", START) == []


def test_an_empty_inchikey_identifies_nothing(stocked: Session) -> None:
    assert substances.by_structure(stocked, START, inchikey="") == []


def test_nothing_was_known_before_it_was_recorded(stocked: Session) -> None:
    before = START - timedelta(seconds=1)
    assert substances.by_name(stocked, "Ketamine", before) == []
    assert substances.by_identifier(stocked, "cas", "108-24-7", before) == []
    assert substances.structure(stocked, "acetic-anhydride", before) is None
    assert substances.page(stocked, before) == []
    with pytest.raises(NotFound):
        substances.get(stocked, "ketamine", before)


def test_a_name_withdrawn_is_still_found_as_known_before(stocked: Session) -> None:
    name = stocked.scalars(select(SubstanceName).where(SubstanceName.text == "Qat")).one()
    history.close(stocked, name, LATER)
    assert ids(substances.by_name(stocked, "qat", START)) == ["khat"]
    assert substances.by_name(stocked, "qat", LATER) == []
    assert [row.text for row in substances.names(stocked, "khat", LATER)] == ["Khat"]


def test_pages_follow_each_other_without_gap_or_repetition(stocked: Session) -> None:
    first = substances.page(stocked, START, limit=2)
    second = substances.page(stocked, START, after=first[-1].id, limit=2)
    assert ids(first) + ids(second) == ["acetic-anhydride", "ketamine", "khat"]


def test_a_page_can_be_narrowed_by_any_part_of_any_name(stocked: Session) -> None:
    assert ids(substances.page(stocked, START, query="ANHYDR")) == ["acetic-anhydride"]
    assert substances.page(stocked, START, query="%") == []


def test_details_come_in_order(stocked: Session) -> None:
    names = substances.names(stocked, "ketamine", START)
    assert [name.text for name in names] == ["Ketamin", "Ketamine"]
    numbers = substances.identifiers(stocked, "acetic-anhydride", START)
    assert [(number.kind, number.value) for number in numbers] == [("cas", "108-24-7")]
    assert substances.get(stocked, "ketamine", START).name == "Ketamine"
