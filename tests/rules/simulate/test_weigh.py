"""What a standpoint does to one structure, and by which clause."""

from __future__ import annotations

import pickle
from datetime import date

import pytest

from registry.chem.parse import read_structure
from registry.chem.standardise import Standardised, standardise
from rules.decide import Book
from rules.drafts import bare, lay, read_draft
from rules.simulate import Effect, Simulation, Standpoint, Weighed
from tests.rules.simulate.conftest import ByName, draft

EVE, TODAY = date(2016, 12, 13), date(2026, 11, 1)
INDOMETACIN = "COc1ccc2c(c1)c(CC(=O)O)c(C)n2C(=O)c1ccc(Cl)cc1"
ISOVALERYL = "CC(C)CC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
ACETYL = "CC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
BENZYL = "CCC(=O)N(c1ccccc1)C1CCN(Cc2ccccc2)CC1"
CARBAMATE = "CCOC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
ASPIRIN = "CC(=O)Oc1ccccc1C(=O)O"


def structure(smiles: str) -> Standardised:
    return standardise(read_structure(smiles))


def simulation(book: Book, name: str, laid: Book, on: date, *elsewhere: str) -> Simulation:
    return Simulation(
        Standpoint("law in force", book, on), (Standpoint(name, laid, on),), "GB", elsewhere
    )


def weighed(book: Book, with_draft: ByName, name: str, smiles: str, on: date = TODAY) -> Weighed:
    return simulation(book, name, with_draft(name), on).weigh(structure(smiles))[0]


@pytest.mark.parametrize(
    ("name", "smiles", "effect", "before", "after"),
    [
        ("gb-fentanyls-list", ISOVALERYL, Effect.RELEASED, "controlled", "not_controlled"),
        ("gb-fentanyls-list", ACETYL, Effect.ALREADY, "controlled", "controlled"),
        ("gb-fentanyls-cn", BENZYL, Effect.CAUGHT, "not_controlled", "controlled"),
        ("gb-fentanyls-cn", ISOVALERYL, Effect.ALREADY, "controlled", "controlled"),
        ("gb-fentanyls-cn", CARBAMATE, Effect.ASKED, "undetermined", "undetermined"),
        ("gb-fentanyls-ca", ISOVALERYL, Effect.ASKED, "controlled", "undetermined"),
        ("gb-fentanyls-cn", ASPIRIN, Effect.UNCHANGED, "not_controlled", "not_controlled"),
    ],
)
def test_the_effect_of_a_draft(
    book: Book,
    with_draft: ByName,
    name: str,
    smiles: str,
    effect: Effect,
    before: str,
    after: str,
) -> None:
    found = weighed(book, with_draft, name, smiles)
    assert (found.effect, found.before, found.after) == (effect, before, after)


def test_what_is_newly_caught_is_told_by_its_clause(book: Book, with_draft: ByName) -> None:
    found = weighed(book, with_draft, "gb-fentanyls-cn", BENZYL)
    (by,) = found.after_by
    assert (by["provision"], by["outcome"], by["clauses"]) == ("GB-FENT-CN", "inside", ["d"])
    assert any(one["clause"] == "d" and "phenethyl" in one["text"] for one in by["reasons"])
    status = found.changes[0]
    assert (status.kind, status.provision, status.clause) == ("status", "GB-FENT-CN", "d")


def test_what_was_controlled_already_is_told_by_what(book: Book, with_draft: ByName) -> None:
    found = weighed(book, with_draft, "gb-fentanyls-cn", ISOVALERYL)
    assert [one["provision"] for one in found.before_by] == ["GB-MDA-A-1d"]
    assert [one["provision"] for one in found.after_by] == ["GB-FENT-CN"]


def test_what_is_open_is_told_in_words(book: Book, with_draft: ByName) -> None:
    found = weighed(book, with_draft, "gb-fentanyls-ca", ISOVALERYL)
    assert any("derivative or an analogue of a fentanyl" in one for one in found.open)


def test_an_exemption_is_weighed_by_itself(book: Book, with_draft: ByName) -> None:
    found = weighed(book, with_draft, "gb-cannabinoids-2016", INDOMETACIN, EVE)
    assert found.effect is Effect.EXEMPTED
    (spared,) = found.exemptions
    assert (spared.name, spared.clause) == ("indometacin", "exceptions")
    assert (spared.if_absent, spared.alone, spared.with_none) == (
        Effect.CAUGHT,
        Effect.EXEMPTED,
        Effect.CAUGHT,
    )


def test_of_two_exemptions_for_one_substance_neither_alone_is_needed(book: Book) -> None:
    text = (
        "draft: twice\njurisdiction: GB\ntitle: {en: x}\noption: generic\nfrom: 2026-11-01\n"
        "changes:\n  - adopt: CN-NPS-FENT\n    as: GB-X\n  - exempt: GB-X\n    text: taken out\n"
        f'    substances: [{{name: one, smiles: "{BENZYL}"}}, {{name: other, smiles: "{BENZYL}"}}]\n'
    )
    one = simulation(book, "twice", lay(book, read_draft(text)), TODAY)
    (found,) = one.weigh(structure(BENZYL))
    assert found.effect is Effect.EXEMPTED
    assert [(spared.if_absent, spared.alone) for spared in found.exemptions] == [
        (Effect.EXEMPTED, Effect.EXEMPTED),
        (Effect.EXEMPTED, Effect.EXEMPTED),
    ]


def test_other_countries_words_are_told_of_what_is_newly_caught(
    book: Book, with_draft: ByName
) -> None:
    one = simulation(book, "cn", with_draft("gb-fentanyls-cn"), TODAY, "CN", "DE", "GB")
    assert one.weigh(structure(BENZYL))[0].elsewhere == {"CN": "controlled", "DE": "controlled"}
    assert one.weigh(structure(ISOVALERYL))[0].elsewhere == {}


def test_before_its_day_a_draft_changes_nothing(book: Book, with_draft: ByName) -> None:
    eve = date(2026, 10, 31)
    found = weighed(book, with_draft, "gb-fentanyls-cn", BENZYL, eve)
    assert found.plain() == {
        "standpoint": "gb-fentanyls-cn",
        "effect": "unchanged",
        "before": "not_controlled",
        "after": "not_controlled",
    }


def test_another_day_is_a_standpoint_too(book: Book) -> None:
    base = Standpoint("2025", book, date(2025, 1, 14))
    one = Simulation(base, (Standpoint("the day after", book, date(2025, 1, 15)),), "GB", ())
    nitazene = structure("CC(C)Oc1ccc(Cc2nc3cc([N+](=O)[O-])ccc3n2CCN2CCCC2)cc1")
    (found,) = one.weigh(nitazene)
    assert found.effect is Effect.CAUGHT
    assert found.changes[0].why == "provision began"


def test_what_could_not_be_computed_is_undetermined(book: Book, with_draft: ByName) -> None:
    one = simulation(book, "cn", with_draft("gb-fentanyls-cn"), TODAY)
    (found,) = one.stopped("computation-stopped", "too slow")
    assert (found.effect, found.before, found.after) == (
        Effect.NOT_JUDGED,
        "undetermined",
        "undetermined",
    )
    assert found.plain()["error"] == {"code": "computation-stopped", "message": "too slow"}
    assert Weighed.of(found.plain()) == found


def test_an_answer_is_small_plain_data_that_comes_back_whole(
    book: Book, with_draft: ByName
) -> None:
    for name, smiles, on in (
        ("gb-fentanyls-cn", BENZYL, TODAY),
        ("gb-fentanyls-list", ISOVALERYL, TODAY),
        ("gb-cannabinoids-2016", INDOMETACIN, EVE),
    ):
        found = weighed(book, with_draft, name, smiles, on)
        again = weighed(book, with_draft, name, smiles, on)
        assert Weighed.of(found.plain()) == found == again
        assert pickle.loads(pickle.dumps(found)) == found


def test_the_hashes_say_what_an_answer_rests_on(book: Book) -> None:
    whole = draft("gb-cannabinoids-2016")
    points = tuple(
        Standpoint(str(n), lay(book, one), EVE) for n, one in enumerate([whole, bare(whole)])
    )
    hashes = Simulation(Standpoint("law in force", book, EVE), points, "GB").hashes
    assert len({one["rule_set"] for one in hashes.values()}) == 3
    assert {one["on"] for one in hashes.values()} == {"2016-12-13"}
