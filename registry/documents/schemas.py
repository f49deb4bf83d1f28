"""The forms as JSON Schemas (2020-12), as they are published."""

from __future__ import annotations

from typing import Any

from registry.documents.form import FORMS, Form

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(name: str) -> dict[str, Any]:
    """The schema of one form. Raises KeyError for a name that is none of `FORMS`."""
    return _described(name, FORMS[name])


def schemas() -> dict[str, dict[str, Any]]:
    """Every schema by the name of its form."""
    return {name: schema(name) for name in FORMS}


def _described(name: str, model: type[Form]) -> dict[str, Any]:
    made = model.model_json_schema(mode="serialization")
    return {"$schema": DIALECT, "$id": f"urn:substance-register:{name}:1", **made}
