"""Each particular that a treaty asks for is missed when it is not there, with its article."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from registry.trade_facts import Authorisation, ForeignPaper, Notification, Paper, Route
from rules.documents.particulars import missing_particulars
from tests.registry.documents.samples import DECLARATION, EXPORT, IMPORT, NOTIFICATION

Record = Authorisation | Notification
PSYCHOTROPIC_EXPORT = replace(IMPORT, paper=Paper.EXPORT, foreign=EXPORT.foreign)
SPECIAL = replace(IMPORT, paper=Paper.SPECIAL_IMPORT_LICENCE, valid_to=None)


def places(record: Record) -> set[str]:
    return {one.place for one in missing_particulars(record)}


@pytest.mark.parametrize(
    "record", [EXPORT, IMPORT, DECLARATION, NOTIFICATION, PSYCHOTROPIC_EXPORT, SPECIAL]
)
def test_a_whole_paper_misses_nothing(record: Record) -> None:
    assert not missing_particulars(record)


@pytest.mark.parametrize("record", [EXPORT, IMPORT, DECLARATION, NOTIFICATION, SPECIAL])
@pytest.mark.parametrize("side", ["exporter", "importer"])
@pytest.mark.parametrize("part", ["name", "address"])
def test_names_and_addresses_are_asked_of_every_paper(record: Record, side: str, part: str) -> None:
    party = replace(getattr(record, side), **{part: "  "})
    assert places(replace(record, **{side: party})) == {f"{side}.{part}"}  # type: ignore[arg-type]


@pytest.mark.parametrize("record", [EXPORT, IMPORT, DECLARATION, NOTIFICATION, SPECIAL])
def test_substance_quantity_and_unit_are_asked_of_every_paper(record: Record) -> None:
    first = record.goods[0]
    for change, place in (
        ({"substance": ""}, "goods.1.substance"),
        ({"quantity": Decimal(0)}, "goods.1.quantity"),
        ({"unit": ""}, "goods.1.quantity"),
    ):
        goods = (replace(first, **change), *record.goods[1:])  # type: ignore[arg-type]
        assert places(replace(record, goods=goods)) == {place}
    assert places(replace(record, goods=())) == {"goods"}


def test_the_pharmaceutical_form_is_asked_by_the_1971_convention_alone() -> None:
    for record in (IMPORT, DECLARATION, PSYCHOTROPIC_EXPORT):
        goods = (replace(record.goods[0], pharmaceutical_form=""),)
        (missing,) = missing_particulars(replace(record, goods=goods))
        assert missing.place == "goods.1.pharmaceutical_form"
        assert missing.article.startswith("1971 Convention, art. 12")
    assert not EXPORT.goods[0].pharmaceutical_form


@pytest.mark.parametrize("record", [EXPORT, PSYCHOTROPIC_EXPORT])
def test_an_export_authorisation_names_the_import_authorisation(record: Authorisation) -> None:
    found = places(replace(record, foreign=ForeignPaper()))
    assert found == {"foreign.number", "foreign.issued_on", "foreign.authority"}


def test_an_import_authorisation_and_national_papers_name_no_other() -> None:
    assert not places(replace(IMPORT, foreign=ForeignPaper()))
    assert not places(replace(EXPORT, convention="XA law 4", foreign=ForeignPaper()))


def test_the_period_is_asked_of_authorisations_and_the_dispatch_of_declarations() -> None:
    assert places(replace(EXPORT, valid_to=None)) == {"valid_to"}
    assert places(replace(DECLARATION, valid_from=None)) == {"valid_from"}
    assert places(replace(NOTIFICATION, dispatch_on=None)) == {"dispatch_on"}


def test_a_notification_names_the_point_of_entry() -> None:
    assert places(replace(NOTIFICATION, route=Route("XA", "XB"))) == {"route.entry_point"}


def test_permits_cite_the_paragraphs_on_transit_and_warehouses() -> None:
    for paper in (Paper.TRANSIT, Paper.WITHDRAWAL):
        (missing,) = missing_particulars(replace(EXPORT, paper=paper, valid_to=None))
        assert missing.article == "1961 Convention, art. 31 (9) and (12)"
