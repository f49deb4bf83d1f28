"""Passing a structure over is exact: it gives what judging it again would have given."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.chem.parse import read_structure
from registry.chem.standardise import standardise
from rules.decide import Book
from rules.drafts import lay, read_draft
from rules.load import load_law
from rules.simulate import Effect, Simulation, Standpoint
from rules.simulate.concern import Concern, Concerns

DAY = date(2026, 11, 1)
HEAD = (
    "draft: one\njurisdiction: {0}\ntitle: {{en: x}}\noption: generic\nfrom: 2026-11-01\nchanges:\n"
)
CHANGES = {
    "GB": [
        "  - end: GB-MDA-A-1c\n",  # a class is built upon it, and provisions stand back from it
        "  - end: GB-MDA-A-1a\n",  # a list to which classes give way
        "  - end: GB-PSA\n",
        "  - list: GB-MDA-A-1a\n    substances: [{name: Lorazepam}, {name: Acetylfentanyl}]\n",
        "  - unlist: GB-MDA-A-1a\n    substances: [{name: Morphine}, {name: Fentanyl}]\n",
        "  - settle: GB-MDA-A-1c\n    question: Q1\n    as: yes\n",
        "  - adopt: US-CSA-I-d\n    as: GB-X\n",
        "  - adopt: SE-LIST\n    as: GB-X\n",
        '  - exempt: GB-MDA-A-1a\n    text: out\n    substances: [{name: Codeine}, {name: x, smiles: "CCO"}]\n',
    ],
    "US": [
        "  - list: US-CSA-I\n    substances: [{name: Ketamine}, {name: Benzylfentanyl}]\n",
        "  - unlist: US-CSA-I\n    substances: [{name: Heroin}]\n",
        "  - end: US-CSA-I\n",
        "  - adopt: GB-MDA-B-1ca\n    as: US-X\n",
    ],
    "DE": [
        "  - end: DE-BTMG-II\n",
        "  - end: DE-NPSG-1\n",
        "  - adopt: GB-MDA-A-1f\n    as: DE-X\n",
    ],
}
POOL = sorted(
    {
        example.smiles
        for provision in load_law().provisions.values()
        for example in provision.examples
        if example.smiles
    }
)


@pytest.fixture(scope="module")
def simulations(book: Book) -> dict[str, tuple[Simulation, Simulation]]:
    """For each jurisdiction its drafts held against the law, the short way and the long way."""
    found = {}
    for code, changes in CHANGES.items():
        points = tuple(
            Standpoint(change, lay(book, read_draft(HEAD.format(code) + change)), DAY)
            for change in changes
        )
        short, long = (
            Simulation(Standpoint("law in force", book, DAY), points, code, ()) for _ in range(2)
        )
        every = Concerns(tuple(Concern(everything=True) for _ in points))
        long.__dict__["_concerns"] = every
        found[code] = short, long
    return found


def test_the_short_way_says_what_the_long_way_says(
    simulations: dict[str, tuple[Simulation, Simulation]],
) -> None:
    @settings(max_examples=50, deadline=None)
    @given(st.sampled_from(POOL), st.sampled_from(sorted(CHANGES)))
    def same(smiles: str, code: str) -> None:
        short, long = simulations[code]
        structure = standardise(read_structure(smiles))
        assert [one.plain() for one in short.weigh(structure)] == [
            one.plain() for one in long.weigh(structure)
        ]

    same()


def test_most_structures_are_passed_over(
    simulations: dict[str, tuple[Simulation, Simulation]],
) -> None:
    short, _ = simulations["DE"]
    concerned = [len(short._concerns.about(short_matters(short, smiles))) for smiles in POOL[::20]]
    assert sum(concerned) < len(concerned) * len(CHANGES["DE"]) / 2


def short_matters(simulation: Simulation, smiles: str) -> list:  # type: ignore[type-arg]
    from rules.decide import matters_of

    base = simulation.baseline
    return matters_of(standardise(read_structure(smiles)), base.read, base.on)


def test_what_is_like_a_new_entry_is_asked_about(
    simulations: dict[str, tuple[Simulation, Simulation]],
) -> None:
    """No name and no core answers: only an analogue law asks, by likeness to ketamine."""
    like_ketamine = standardise(read_structure("CNC1(c2ccccc2F)CCCCC1=O"))
    short, long = simulations["US"]
    found = [one.weigh(like_ketamine) for one in (short, long)]
    assert found[0][0].effect is found[1][0].effect is Effect.ASKED


def test_a_law_on_conduct_concerns_everything(
    simulations: dict[str, tuple[Simulation, Simulation]],
) -> None:
    place = CHANGES["GB"].index("  - end: GB-PSA\n")
    short, _ = simulations["GB"]
    assert short._concerns.of[place].everything
