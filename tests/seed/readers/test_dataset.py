"""The data files are read whole, or refused at a place that can be named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from registry.errors import SeedError
from registry.facts import InForce, Period, Role
from seed.load import Prepared
from seed.readers.dataset import ROOT, read_dataset
from seed.readers.sources import digests, read_sheet

Edit = Callable[[str, str, str, str], Path]
Sign = Callable[[Path], None]

COUNTS = {
    "UN-1961-I": 142,
    "UN-1961-II": 10,
    "UN-1961-IV": 20,
    "UN-1971-I": 39,
    "UN-1971-II": 65,
    "UN-1971-III": 10,
    "UN-1971-IV": 69,
    "UN-1988-I": 43,
    "UN-1988-II": 11,
    "UN-INCB-ISSL": 18,
    "CN-NARC": 121,
    "CN-PSY-I": 73,
    "CN-PSY-II": 81,
    "CN-NPS-LIST": 231,
    "DE-BTMG-I": 171,
    "DE-BTMG-II": 218,
    "DE-BTMG-III": 87,
    "DE-NPSG-A2": 3,
    "US-LIST-I": 42,
    "US-LIST-II": 11,
    "US-CSA-I-d": 15,
    "EU-PREC-1": 58,
    "EU-PREC-2": 5,
    "EU-PREC-2A": 2,
    "EU-PREC-2B": 4,
    "EU-PREC-3": 6,
    "EU-PREC-4": 2,
    "SE-LIST": 235,
    "EE-LIST-I": 182,
    "EE-LIST-II": 106,
    "EE-LIST-III": 19,
    "EE-LIST-IV": 74,
    "EE-LIST-V": 3,
    "AT-NPSV-I": 7,
    "NZ-MDA-3-1": 6,
    "GB-MDA-A-1a": 146,
    "GB-MDA-B-1a": 47,
    "GB-MDR-2-1": 107,
    "CA-CDSA-I-19": 21,
    "CA-CDSA-II-2(2)": 15,
    "CA-CDSA-VI-1-29": 1,
}


def holds(shipped: Prepared, key: str, on: date) -> InForce:
    (listing,) = [one for one in shipped.dataset.listings if one.key == key]
    return listing.valid.holds(on)


def test_each_provision_lists_as_many_names_as_its_source(shipped: Prepared) -> None:
    listings = shipped.dataset.listings
    found = {key: sum(1 for one in listings if one.provision == key) for key in COUNTS}
    assert found == COUNTS


def test_every_treaty_substance_and_precursor_is_there_once(shipped: Prepared) -> None:
    def listed(*provisions: str) -> set[str]:
        return {
            one.substance
            for one in shipped.dataset.listings
            if one.provision in provisions and one.role is not Role.EXCLUDED
        }

    narcotic = listed("UN-1961-I", "UN-1961-II")
    psychotropic = listed("UN-1971-I", "UN-1971-II", "UN-1971-III", "UN-1971-IV")
    assert len(narcotic | psychotropic) == 331
    assert not narcotic & psychotropic
    assert len(listed("UN-1988-I", "UN-1988-II")) == 51


def test_every_numbered_entry_of_the_chinese_catalogues_has_its_chinese_name(
    shipped: Prepared,
) -> None:
    named = {one.substance for one in shipped.dataset.names if one.language == "zh"}
    isomers = ("CN-PSY-I", "27")
    entries = {
        one.substance
        for one in shipped.dataset.listings
        if one.source == "cn-catalogues"
        and one.paragraph
        and (one.provision, one.paragraph) != isomers
    }
    assert len(entries) > 480
    assert not entries - named


@pytest.mark.parametrize(
    ("substance", "text", "kind"),
    [
        ("methadone", "Methadon", "inn"),
        ("racemoramide", "Racemoramid", "inn"),
        ("4-cmc", "4-Chlormethcathinon", "common"),
        ("barbital", "5,5-Diethylbarbitursäure", "systematic"),
        ("2c-i", "4-lod-2,5-dimethoxyphenethyl-azan", "misprint"),
    ],
)
def test_each_column_of_the_anlagen_names_the_substance_of_its_entry(
    shipped: Prepared, substance: str, text: str, kind: str
) -> None:
    said = [one for one in shipped.dataset.names if one.text == text]
    assert [(one.substance, one.kind, one.source) for one in said] == [(substance, kind, "de-btmg")]


def test_no_name_is_a_part_of_a_molecule(shipped: Prepared) -> None:
    radicals = [
        one.text
        for one in shipped.dataset.names
        if one.kind == "systematic" and one.text.endswith("-yl")
    ]
    assert radicals == []


def test_the_digest_of_every_data_file_is_the_one_on_record() -> None:
    assert read_sheet(ROOT).files == digests(ROOT / "data")


def test_every_listing_has_a_source_with_a_publisher_and_a_licence(shipped: Prepared) -> None:
    sources = shipped.dataset.sources
    for one in shipped.dataset.listings:
        assert sources[one.source].publisher
        assert sources[one.source].licence
    assert all(len(source.sha256) == 64 for source in sources.values())


def test_every_substance_stands_in_some_list_or_code_or_has_a_structure(shipped: Prepared) -> None:
    listed = {one.substance for one in (*shipped.dataset.listings, *shipped.dataset.codes)}
    alone = shipped.dataset.substances.keys() - listed
    assert all(shipped.dataset.substances[key].structure for key in alone)


def test_ketamine_stands_in_no_treaty_schedule_but_in_four_national_laws(
    shipped: Prepared,
) -> None:
    found = {
        one.provision: (one.role, one.valid.start)
        for one in shipped.dataset.listings
        if one.substance == "ketamine"
    }
    assert not [provision for provision in found if provision.startswith(("UN-", "DE-", "EU-"))]
    assert found["GB-MDA-B-1a"] == (Role.LISTED, date(2014, 6, 10))
    assert found["CA-CDSA-I-14"][0] is Role.INCLUDED
    assert {"US-CSA-III", "CN-PSY-I"} <= found.keys()


def test_acetic_anhydride_moves_from_table_ii_to_table_i_in_december_2001(
    shipped: Prepared,
) -> None:
    before, after = date(2001, 12, 7), date(2001, 12, 8)
    first, second = "UN-1988-II:acetic-anhydride", "UN-1988-I:acetic-anhydride"
    assert holds(shipped, first, date(1990, 11, 10)) is InForce.NO
    assert [holds(shipped, first, day) for day in (before, after)] == [InForce.YES, InForce.NO]
    assert [holds(shipped, second, day) for day in (before, after)] == [InForce.NO, InForce.YES]


def test_a_year_alone_is_not_read_as_its_first_day(shipped: Prepared) -> None:
    key = "UN-1971-II:carisoprodol"
    assert key not in {one.key for one in shipped.dataset.listings}
    key = "UN-1971-IV:carisoprodol"
    days = (date(2025, 3, 9), date(2025, 6, 1), date(2026, 1, 1))
    assert [holds(shipped, key, day) for day in days] == [
        InForce.NO,
        InForce.UNKNOWN,
        InForce.YES,
    ]


def test_a_listing_seen_on_one_day_is_unknown_before_and_holds_after(shipped: Prepared) -> None:
    key = "DE-BTMG-III:morphine"
    assert holds(shipped, key, date(2000, 1, 1)) is InForce.UNKNOWN
    assert holds(shipped, key, date(2026, 7, 1)) is InForce.YES


def test_what_followed_a_temporary_order_is_unknown_not_uncontrolled(shipped: Prepared) -> None:
    after = [one for one in shipped.dataset.listings if one.key.endswith("-after-order")]
    ended = {one.key: one.valid.earliest for one in after if one.valid.earliest}
    assert sorted(ended.values()) == 6 * [date(2025, 12, 12)] + 2 * [date(2027, 8, 15)]
    for key, day in ended.items():
        assert holds(shipped, key, day) is InForce.UNKNOWN
        assert holds(shipped, key, day - timedelta(days=1)) is InForce.NO


def test_the_temporary_canadian_items_end_after_a_year(shipped: Prepared) -> None:
    temporary = [one for one in shipped.dataset.listings if "-CDSA-V-" in one.provision]
    period = Period.exact(date(2026, 6, 5), date(2027, 6, 5))
    assert {one.valid for one in temporary} == {period}
    assert len(temporary) == 3


def test_salts_of_two_acids_are_expressly_not_covered(shipped: Prepared) -> None:
    covers = {one.key: one.covers for one in shipped.dataset.listings}
    assert covers["UN-1988-II:hydrochloric-acid"] == ()
    assert covers["UN-1988-II:sulphuric-acid"] == ()
    assert covers["UN-1988-II:piperidine"] is None


def test_corrections_replace_what_the_source_draws(shipped: Prepared) -> None:
    drawn = {one.key: one.drawing for one in shipped.dataset.listings}
    assert "N=C(O)" not in drawn["GB-MDA-B-1a:lisdexamfetamine"]
    assert "NC(=O)" in drawn["GB-MDA-B-1a:lisdexamfetamine"]


@pytest.mark.parametrize(
    ("file", "key", "column", "value", "place", "message"),
    [
        ("un_1961.csv", "UN-1961-I:morphine", "from", "1964-13-01", 7, "is not a day"),
        ("un_1961.csv", "UN-1961-I:morphine", "to", "1960-01-01", 8, "is not after"),
        ("un_1961.csv", "UN-1961-I:morphine", "from", "1961-01-01", 7, "the earliest day"),
        ("un_1961.csv", "UN-1961-I:morphine", "covers", "salts, esters", 11, "is none of"),
        ("un_1961.csv", "UN-1961-I:morphine", "provision", "UN-1961-V", 2, "nothing is called"),
        ("un_1961.csv", "UN-1961-I:morphine", "substance", "", 5, "is missing"),
        ("un_1961.csv", "UN-1961-I:morphine", "source", "hearsay", 17, "nothing is called"),
        ("un_1961.csv", "UN-1961-I:morphine", "name", " Morphine", 4, "white space"),
        ("base_factors.csv", "alfentanil", "percent", "much", 6, "is not a number"),
        ("base_factors.csv", "alfentanil", "percent", "101", 6, "not within"),
        ("gb_mda.csv", "GB-MDA-B-1a:lisdexamfetamine", "drawing", "C", 14, "a correction expects"),
    ],
)
def test_a_wrong_cell_is_refused_with_file_line_and_column(
    edit: Edit, file: str, key: str, column: str, value: str, place: int, message: str
) -> None:
    root = edit(file, key, column, value)
    lines = (root / "data" / file).read_text(encoding="utf-8").splitlines()
    (line,) = [number for number, text in enumerate(lines, 1) if text.startswith(f"{key},")]
    with pytest.raises(SeedError, match=message) as refused:
        read_dataset(root)
    assert (refused.value.file, refused.value.line, refused.value.column) == (file, line, place)
    assert refused.value.code == "seed-file-wrong"


def test_a_changed_file_is_refused_until_its_digest_is_renewed(copy: Path) -> None:
    with (copy / "data" / "names.csv").open("a", encoding="utf-8") as handle:
        handle.write("morphine,Morphinum,common,la,Latn,recalled\n")
    with pytest.raises(SeedError, match=r"sources\.yaml:\d+:\d+: `names\.csv` has digest"):
        read_dataset(copy)


def test_a_missing_file_is_refused(copy: Path) -> None:
    (copy / "data" / "names.csv").unlink()
    with pytest.raises(SeedError, match=r"`names\.csv` is missing"):
        read_dataset(copy)


def test_a_row_of_another_length_is_refused(copy: Path, sign: Sign) -> None:
    path = copy / "data" / "jurisdictions.csv"
    path.write_text(path.read_text(encoding="utf-8") + "XA,Nowhere,extra\n", encoding="utf-8")
    sign(copy)
    with pytest.raises(SeedError, match="3 cells where 2 are named") as refused:
        read_dataset(copy)
    assert (refused.value.file, refused.value.column) == ("jurisdictions.csv", 3)


def test_two_rows_of_one_key_are_refused(edit: Edit) -> None:
    root = edit("un_1961.csv", "UN-1961-I:morphine", "key", "UN-1961-I:codoxime")
    with pytest.raises(SeedError, match="`UN-1961-I:codoxime` stands in line"):
        read_dataset(root)


def test_a_correction_of_a_row_that_is_gone_is_refused(edit: Edit) -> None:
    root = edit("us_csa.csv", "US-CSA-II:lisdexamfetamine", "key", "US-CSA-II:elvanse")
    with pytest.raises(SeedError, match="names `US-CSA-II:lisdexamfetamine`, which is not there"):
        read_dataset(root)
