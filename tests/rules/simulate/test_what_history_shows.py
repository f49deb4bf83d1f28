"""Options that history or other countries tried, seen before they are law."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from rdkit import Chem

from registry.chem.parse import read_structure
from registry.chem.standardise import Standardised, standardise
from rules.decide import Book, Scope
from rules.drafts import bare, lay
from rules.simulate import Effect, Series, Simulation, Standpoint, Weighed
from tests.rules.simulate.conftest import ByName, draft

EVE = date(2016, 12, 13)
# What the order of 2016 did not take out, and the amendment of 2019 let go.
LET_GO_LATER = {
    "tolmetin": "Cc1ccc(C(=O)c2ccc(CC(=O)O)n2C)cc1",
    "zomepirac": "Cc1cc(CC(=O)O)n(C)c1C(=O)c1ccc(Cl)cc1",
    "sulindac": "CC1=C(CC(=O)O)c2cc(F)ccc2/C1=C\\c1ccc(S(C)=O)cc1",
}


def structure(smiles: str) -> Standardised:
    return standardise(read_structure(smiles))


@pytest.fixture(scope="module")
def cannabinoids(book: Book) -> dict[str, tuple[Weighed, Weighed]]:
    """Each medicine under the order of 2016, without and with what it takes out by name."""
    whole = draft("gb-cannabinoids-2016")
    laid = lay(book, whole)
    points = (Standpoint("without", lay(book, bare(whole)), EVE), Standpoint("with", laid, EVE))
    simulation = Simulation(Standpoint("law in force", book, EVE), points, "GB", ())
    spared = {
        one.name: content["smiles"]
        for change in whole.document.content["changes"]
        for content in change.get("substances", ())
        for one in laid.exemptions
        if one.name == content["name"]
    }
    found = {}
    for name, smiles in {**spared, **LET_GO_LATER}.items():
        without, with_ = simulation.weigh(structure(smiles))
        found[name] = without, with_
    return found


def test_without_exemptions_the_order_of_2016_would_have_caught_what_it_took_out_by_name(
    cannabinoids: dict[str, tuple[Weighed, Weighed]],
) -> None:
    caught = {
        name for name, (without, _) in cannabinoids.items() if without.effect is Effect.CAUGHT
    }
    assert caught == {*cannabinoids}
    assert len(caught - LET_GO_LATER.keys()) == 13  # the twelve, and an ester of one


def test_with_them_none_of_the_twelve_is_caught_and_what_they_forgot_is(
    cannabinoids: dict[str, tuple[Weighed, Weighed]],
) -> None:
    effects = {name: with_.effect for name, (_, with_) in cannabinoids.items()}
    assert {name for name, effect in effects.items() if effect is Effect.CAUGHT} == {*LET_GO_LATER}
    assert effects.pop("olmesartan medoxomil") is Effect.ASKED
    others = effects.keys() - LET_GO_LATER.keys()
    assert {effects[name] for name in others} == {Effect.EXEMPTED}


def test_each_exemption_takes_out_its_own_substance_and_no_other(
    cannabinoids: dict[str, tuple[Weighed, Weighed]],
) -> None:
    for name, (_, with_) in cannabinoids.items():
        if name not in LET_GO_LATER:
            (spared,) = with_.exemptions
            assert (spared.name, spared.if_absent, spared.with_none) == (
                name,
                Effect.CAUGHT,
                Effect.CAUGHT,
            )
            assert spared.alone is (
                Effect.ASKED if name == "olmesartan medoxomil" else Effect.EXEMPTED
            )
        else:
            assert with_.exemptions == ()


NITAZENES = {
    "N-pyrrolidino isotonitazene": "CC(C)Oc1ccc(Cc2nc3cc([N+](=O)[O-])ccc3n2CCN2CCCC2)cc1",
    "ethyleneoxynitazene": "CCN(CC)CCn1c(Cc2ccc3c(c2)CCO3)nc2cc([N+](=O)[O-])ccc21",
    "methylenedioxynitazene": "CCN(CC)CCn1c(Cc2ccc3c(c2)OCO3)nc2cc([N+](=O)[O-])ccc21",
    "5-aminoisotonitazene": "CCN(CC)CCn1c(Cc2ccc(OC(C)C)cc2)nc2cc(N)ccc21",
}


def test_the_drafts_of_the_advisory_council_are_compared_with_what_was_enacted(
    book: Book, with_draft: ByName
) -> None:
    on = date(2025, 1, 14)  # the day before the class began; ethyleneoxynitazene was named by then
    names = ("gb-nitazenes-2022", "gb-nitazenes-2023", "gb-nitazenes-enacted")
    points = tuple(Standpoint(name, with_draft(name), on) for name in names)
    simulation = Simulation(Standpoint("law in force", book, on), points, "GB", ())
    found = {
        name: [one.effect for one in simulation.weigh(structure(smiles))]
        for name, smiles in NITAZENES.items()
    }
    caught, already, unchanged = Effect.CAUGHT, Effect.ALREADY, Effect.UNCHANGED
    assert found == {
        "N-pyrrolidino isotonitazene": [caught, caught, caught],
        "ethyleneoxynitazene": [unchanged, already, already],
        "methylenedioxynitazene": [unchanged, unchanged, caught],
        "5-aminoisotonitazene": [unchanged, unchanged, unchanged],
    }


FAMILY = Chem.MolFromSmarts("[#7]1[#6][#6][#6]([NX3;!R][c])[#6][#6]1")


@pytest.fixture(scope="module")
def fentanyls(book: Book, with_draft: ByName) -> dict[str, dict[str, Weighed]]:
    """Every 4-anilinopiperidine of the register under each draft."""
    on = date(2026, 11, 1)
    names = [f"gb-fentanyls-{kind}" for kind in ("list", "us", "cn", "it", "ca")]
    points = tuple(Standpoint(name, with_draft(name), on) for name in names)
    simulation = Simulation(Standpoint("law in force", book, on), points, "GB", ())
    found: dict[str, dict[str, Weighed]] = {
        name.removeprefix("gb-fentanyls-"): {} for name in names
    }
    for substance in book.facts.substances:
        mol = Chem.MolFromSmiles(substance.smiles) if substance.smiles else None
        if mol is not None and mol.HasSubstructMatch(FAMILY):
            for kind, one in zip(found, simulation.weigh(structure(substance.smiles)), strict=True):
                found[kind][substance.name] = one
    return found


def effects(weighed: dict[str, Weighed]) -> Counter[Effect]:
    return Counter(one.effect for one in weighed.values())


def test_twelve_names_release_what_the_class_had_caught(
    fentanyls: dict[str, dict[str, Weighed]],
) -> None:
    listed = effects(fentanyls["list"])
    assert listed[Effect.ALREADY] == 12
    assert listed[Effect.RELEASED] > 40
    for kind in ("us", "cn", "it"):
        assert effects(fentanyls[kind])[Effect.RELEASED] == 0


def test_only_the_chinese_text_reaches_other_groups_than_phenethyl(
    fentanyls: dict[str, dict[str, Weighed]],
) -> None:
    caught = {
        kind: {name for name, one in weighed.items() if one.effect is Effect.CAUGHT}
        for kind, weighed in fentanyls.items()
    }
    assert caught["cn"] == {"Benzylfentanyl", "Thenylfentanyl"}
    assert caught["us"] == caught["it"] == set()
    assert fentanyls["cn"]["Benzylfentanyl"].after_by[0]["clauses"] == ["d"]


def test_where_derivatives_are_not_defined_a_court_has_to_say(
    fentanyls: dict[str, dict[str, Weighed]],
) -> None:
    asked = [one for one in fentanyls["ca"].values() if one.effect is Effect.ASKED]
    assert len(asked) > 40
    assert all(any("derivative" in text for text in one.open) for one in asked)


def test_germany_from_year_to_year_by_the_clause_that_changed(book: Book) -> None:
    years = tuple(Standpoint(str(year), book, date(year, 7, 1)) for year in range(2016, 2027))
    series = Series(years, Scope(("DE",)))
    found = {
        name: {
            year.name: (one.before, one.after, one.provision, one.clause)
            for year, changes in zip(years[1:], series.of(structure(smiles)), strict=True)
            for one in changes
            if one.kind == "status"
        }
        for name, smiles in {
            "4-FMA": "CNC(C)Cc1ccc(F)cc1",
            "2F-DCK": "CNC1(CCCCC1=O)c1ccccc1F",
            "caffeine": "Cn1cnc2c1c(=O)n(C)c(=O)n2C",
        }.items()
    }
    assert found["4-FMA"].keys() == {"2017"}
    assert found["4-FMA"]["2017"][1:] == ("controlled", "DE-NPSG-1", "A")
    assert found["2F-DCK"]["2022"][1:3] == ("controlled", "DE-NPSG-6")
    assert found["caffeine"] == {}
