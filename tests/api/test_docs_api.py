"""docs/api.md names every setting, route and problem, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from api.http.app import create_app
from api.http.kinds import KINDS
from api.settings import Settings

DOCS = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def test_every_setting_is_documented_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `SUBREG_(\w+)` \| `?([^`|]*?)`? \|", DOCS, re.MULTILINE))
    fields = Settings.model_fields
    assert set(rows) == {name.upper() for name in fields}
    shown = Settings(database_url="sqlite://").shown()
    unset = {"database_url", "law_root", "cache", "collections", "document_keys"}
    for name in set(fields) - unset:
        assert rows[name.upper()] == str(shown[name])


def test_every_route_is_documented() -> None:
    rows = set(re.findall(r"^\| (GET|POST|PUT) \| `([^`]+)` \|", DOCS, re.MULTILINE))
    described = create_app(Settings(database_url="sqlite://")).openapi()["paths"]
    routes = {(method.upper(), path) for path, methods in described.items() for method in methods}
    assert rows == routes


def test_every_problem_is_documented_with_its_status() -> None:
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (\d{3}) \|", DOCS, re.MULTILINE))
    assert rows == {code: str(kind.status.value) for code, kind in KINDS.items()}
