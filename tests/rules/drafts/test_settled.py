"""An open question decided: what is asked about is let in by a clause of its place, or is not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from rdkit import Chem

from rules.decide import Book, Scope, decide
from rules.drafts import lay, read_draft
from rules.examples import _standardised
from rules.language.compile import compile_reading
from rules.language.match import judge
from rules.language.view import View
from rules.load import load_law
from rules.reading import Heaviest, Reading
from rules.result import Structure
from rules.schema import Example, Provision
from rules.settled import settled

LAW = load_law()


def _one_question() -> dict[str, tuple[Provision, Example]]:
    """For each provision the first example that turns on one question alone."""
    found: dict[str, tuple[Provision, Example]] = {}
    for key, provision in LAW.provisions.items():
        for example in provision.examples:
            asked = example.expect.questions or ()
            if len(asked) == 1 and example.expect.structure == "undetermined" and example.smiles:
                found.setdefault(f"{key} {asked[0]}", (provision, example))
    return found


TURNING = _one_question()
# Of this one no answer helps: what is asked is only part of what is not known.
ALSO_UNKNOWN = {"RU-DERIV Q1"}


@pytest.mark.parametrize("key", sorted(TURNING.keys() - ALSO_UNKNOWN))
def test_each_answer_to_a_question_decides_the_example_that_turns_on_it(
    book: Book, key: str
) -> None:
    provision, example = TURNING[key]
    question = key.rpartition(" ")[2]
    lets_in = next(one.lets_in for one in provision.open_questions if one.id == question)
    said = {}
    for answer in ("yes", "no"):
        text = (
            f"draft: x\njurisdiction: {provision.jurisdiction}\ntitle: {{en: x}}\n"
            f"option: generic\nfrom: {example.on}\nchanges:\n"
            f"  - {{settle: {provision.id!r}, question: {question}, as: {answer}}}\n"
        )
        decision = decide(
            _standardised(example.smiles),
            lay(book, read_draft(text)),
            on=example.on,
            known_at="",
            text="",
            scope=Scope((provision.jurisdiction,)),
            everything=True,
        )
        found = next(one for one in decision.findings if one.provision == provision.id)
        said[answer] = found.structure
    other = "no" if lets_in == "yes" else "yes"
    assert said == {lets_in: Structure.MEETS, other: Structure.DOES_NOT_MEET}


CHLOROFORM = "ClC(Cl)Cl"  # 119.38 u in average, 117.91 u of the commonest isotopes


@pytest.mark.parametrize(
    ("most", "yes", "no"),
    [
        ("118", Structure.DOES_NOT_MEET, Structure.MEETS),
        ("117", Structure.DOES_NOT_MEET, Structure.DOES_NOT_MEET),
        ("120", Structure.MEETS, Structure.MEETS),
    ],
)
def test_a_question_about_mass_is_decided_for_the_average_or_the_monoisotopic(
    most: str, yes: Structure, no: Structure
) -> None:
    stated = Reading.model_validate(
        {"skeletons": [{"name": "any", "core": "[CX4]", "change": "optional", "elsewhere": "free"}]}
    ).model_copy(update={"heaviest": Heaviest(clause="mass", mass_at_most=Decimal(most), ask="Q")})
    for answer, expected in ((True, yes), (False, no)):
        reading = settled(stated, "Q", "mass", lets_in=answer, yes=answer)
        compiled = compile_reading(reading, LAW.words, lambda text, _: AssertionError(text))  # type: ignore[arg-type,return-value]
        view = View(Chem.MolFromSmiles(CHLOROFORM))
        assert judge(view, compiled).structure is expected
