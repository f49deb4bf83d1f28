"""What a form of trade says, as plain data that the use cases read and check."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from starlette.datastructures import FormData

from api.access.allow import Actor
from api.usecases.trade.acts import By
from api.web.render import moment
from registry.errors import InputError

ROLES = ("exporter", "importer", "consignee", "authority")
PARTY = ("name", "address", "country", "licence")
LINE = (
    "substance", "quantity", "unit", "salt", "water", "pharmaceutical_form", "preparation",
    "strength", "packages", "factor", "factor_source",
)  # fmt: skip
ROUTE = ("origin", "destination", "exit_point", "entry_point", "mode", "carrier")
FOREIGN = ("number", "issued_on", "authority", "valid_to")
PLAIN = ("paper", "convention", "jurisdiction", "purpose", "remarks")
KEY = 200  # letters of a key that are kept
DIGITS = 18  # of a version, more than any has
SHIPPED = ("line", "quantity", "unit")


def day_of(text: str) -> date | None:
    """A day as typed, none where the field was left empty. Raises InputError."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(f"`{text}` is not a date; write it as 2026-01-31") from None


def version_of(form: FormData) -> int | None:
    """The version of the record that a form was made for; none where it says none."""
    text = str(form.get("version", ""))
    return int(text) if text.isdecimal() and len(text) <= DIGITS else None


def by_of(actor: Actor, form: FormData) -> By:
    """Who sends a form, on the version it was made for, once."""
    return By(actor, moment(), version=version_of(form), key=str(form.get("once", ""))[:KEY])


def draft_of(form: FormData) -> dict[str, Any]:
    """A draft; fields left empty are left out, and so are rows of goods without a substance."""
    draft = _some(form, PLAIN)
    for role in ROLES:
        party = _some(form, PARTY, f"{role}_")
        if party or role != "consignee":
            draft[role] = {"name": "", **party}
    draft["goods"] = [row | {"line": n} for n, row in enumerate(_rows(form, LINE, "substance"), 1)]
    via = str(form.get("via", "")).replace(",", " ").split()
    draft["route"] = _some(form, ROUTE) | {"via": via}
    draft["foreign"] = _some(form, FOREIGN, "foreign_")
    several = str(form.get("consignments", "1")).strip()
    draft["consignments"] = several or None
    draft["bonded_warehouse"] = "bonded_warehouse" in form
    return draft


def act_of(form: FormData) -> dict[str, Any]:
    """An act with what it needs; rows of a consignment without a quantity are left out."""
    act = _some(form, ("act", "reason", "uncounted", "starts", "on", "consignment", "remarks"))
    if act.get("act") == "issue":
        ends = _some(form, ("end", "months", "days"))
        act["bounds"] = [{"rule": str(form.get("rule", "")) or "own term", **ends}] if ends else []
    if act.get("act") in ("ship", "endorse"):
        act["lines"] = [
            {name: row.get(name, "") for name in SHIPPED}
            for row in _rows(form, SHIPPED, "quantity")
        ]
    if act.get("act") == "endorse":
        act["authority"] = {"name": "", **_some(form, PARTY, "authority_")}
        act |= _some(form, ("tolerance",))
    if act.get("act") == "ship":
        act |= _some(form, ("paper",), "foreign_")
    return act


def filled(paper: Mapping[str, Any]) -> tuple[dict[str, Any], str, Any]:
    """What a paper says, as the form shows it: single fields, no fault, and repeated ones."""
    values = {name: paper[name] for name in PLAIN}
    for role in ROLES:
        values |= {f"{role}_{name}": (paper[role] or {}).get(name, "") for name in PARTY}
    values |= {name: paper["route"][name] for name in ROUTE}
    values |= {f"foreign_{name}": paper["foreign"][name] or "" for name in FOREIGN}
    values["via"] = " ".join(paper["route"]["via"])
    values["consignments"] = paper["consignments"] or ""
    if paper["bonded_warehouse"]:
        values["bonded_warehouse"] = "true"
    rows = {name: [_shown(goods[name]) for goods in paper["goods"]] for name in LINE}
    return values, "", lambda name: rows.get(name, [])


def _shown(value: Any) -> str:
    return "" if value in (None, "0") else str(value)


def _some(form: FormData, names: tuple[str, ...], prefix: str = "") -> dict[str, Any]:
    """The fields that hold something."""
    given = {name: str(form.get(prefix + name, "")).strip() for name in names}
    return {name: value for name, value in given.items() if value}


def _rows(form: FormData, names: tuple[str, ...], needed: str) -> list[dict[str, Any]]:
    """Repeated fields side by side, of the rows that hold what is needed."""
    columns = {name: [str(one).strip() for one in form.getlist(name)] for name in names}
    count = len(columns[needed])
    rows = [
        {name: column[n] for name, column in columns.items() if n < len(column) and column[n]}
        for n in range(count)
    ]
    return [row for row in rows if needed in row]
