"""docs/class-language.md and docs/rules-for-lawyers.md say all that the code has, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from rules.language.limits import Limits
from rules.language.rings import Ring, RingThrough
from rules.language.words import Chain, Word
from rules.load import LAW
from rules.reading import Bridge, Reading, Site, Skeleton, Upon
from rules.schema import CarveOut, Provision, Question, Scope, Wording
from rules.strict_yaml import parse

ROOT = Path(__file__).resolve().parents[1]
CHEMISTS = (ROOT / "docs" / "class-language.md").read_text(encoding="utf-8")
LAWYERS = (ROOT / "docs" / "rules-for-lawyers.md").read_text(encoding="utf-8")

NO_CONSTRUCT = re.compile(r"refused$|exclude_one_another|never_read_as_no")
TABLES = [
    (CHEMISTS, "key of a reading", Reading),
    (CHEMISTS, "key of a skeleton", Skeleton),
    (CHEMISTS, "key of a site", Site),
    (CHEMISTS, "key of a bridge", Bridge),
    (CHEMISTS, "key of upon", Upon),
    (CHEMISTS, "key of a word", Word),
    (CHEMISTS, "key of a chain", Chain),
    (CHEMISTS, "key of a ring", Ring),
    (CHEMISTS, "key of a ring_through", RingThrough),
    (CHEMISTS, "key of limits", Limits),
    (LAWYERS, "key", Provision),
    (LAWYERS, "key of a wording", Wording),
    (LAWYERS, "key of a scope", Scope),
    (LAWYERS, "key of an exception", CarveOut),
    (LAWYERS, "key of a question", Question),
]


def keys_of(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def told(document: str, heading: str) -> set[str]:
    """The keys in the first column of the table with a heading."""
    table = re.search(rf"^\| {heading} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", document, re.MULTILINE)
    assert table is not None, heading
    return {
        key for row in table[1].splitlines() for key in re.findall(r"`(\w+)`", row.split("|")[1])
    }


@pytest.mark.parametrize(("document", "heading", "model"), TABLES, ids=[t[1] for t in TABLES])
def test_a_table_tells_every_key_of_its_part_and_no_other(
    document: str, heading: str, model: type[BaseModel]
) -> None:
    assert told(document, heading) == keys_of(model)


def test_every_construct_of_the_page_has_its_test_and_every_test_is_on_the_page() -> None:
    files = [
        ROOT / "tests/rules/language/test_constructs.py",
        ROOT / "tests/rules/test_constructs.py",
        ROOT / "tests/rules/test_goods.py",
    ]
    tests = {
        name
        for file in files
        for name in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)
    }
    named = set(re.findall(r"`(test_\w+)`", CHEMISTS))
    assert named <= tests
    # Refusals and properties of figures are no constructs.
    assert {name for name in tests - named if not NO_CONSTRUCT.search(name)} == set()


def test_the_example_of_the_page_is_a_reading() -> None:
    (block,) = re.findall(r"^```yaml\n(.*?)^```", CHEMISTS, re.DOTALL | re.MULTILINE)
    reading = Reading.model_validate(parse(block, "class-language.md").content)
    assert reading.skeletons[0].needs == ("(i)",)


def test_what_the_page_for_lawyers_shows_stands_in_the_file() -> None:
    file = (LAW / "us" / "US-CSA-I-e.yaml").read_text(encoding="utf-8")
    blocks = re.findall(r"^```yaml\n(.*?)^```", LAWYERS, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 4
    assert [block for block in blocks if block not in file] == []
