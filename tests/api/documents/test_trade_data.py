"""docs/trade-data.md names every field of every form, in the table of its part."""

from __future__ import annotations

import re
from pathlib import Path

from registry.documents.form import (
    FORMS,
    ArrivedForm,
    ForeignForm,
    GoodsForm,
    PartyForm,
    RouteForm,
)

TEXT = (Path(__file__).parents[3] / "docs" / "trade-data.md").read_text(encoding="utf-8")
TABLES = dict(re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))


def named(table: str) -> set[str]:
    rows = re.findall(r"^\| (`.*?) \|", TABLES[table], re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


def test_every_field_has_its_row_and_every_row_its_field() -> None:
    assert named("The paper") == {name for form in FORMS.values() for name in form.model_fields}
    assert named("A party") == set(PartyForm.model_fields)
    assert named("A position of the goods") == {*GoodsForm.model_fields, *ArrivedForm.model_fields}
    assert named("The route") == set(RouteForm.model_fields)
    assert named("The paper of the other country") == set(ForeignForm.model_fields)
