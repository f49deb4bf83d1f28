"""The published shape of a rule file is the one the loader checks."""

from __future__ import annotations

from pathlib import Path

from rules.schema import json_schema

PUBLISHED = Path(__file__).parents[2] / "docs" / "rule-file.schema.json"


def test_the_published_schema_is_the_one_in_use() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == json_schema(), (
        "write rules.schema.json_schema() to docs/rule-file.schema.json"
    )
