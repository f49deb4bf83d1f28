"""Charts of a simulation as Vega-Lite specifications: data and encoding only, nothing is drawn here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rules.simulate.effect import REACHED, Effect

Spec = dict[str, Any]
Shown = Mapping[str, Any]

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
# In the order in which bars are stacked and told; `unchanged` would hide all others.
EFFECTS = {
    Effect.CAUGHT.value: "#8b1a1a",
    Effect.ASKED.value: "#c98a1b",
    Effect.RELEASED.value: "#2f6f4f",
    Effect.EXEMPTED.value: "#5b7f95",
    Effect.ALREADY.value: "#b8c4ca",
    Effect.NOT_JUDGED.value: "#444444",
}


def charts(simulation: Shown) -> dict[str, Spec]:
    """`effects` by library and option, `collateral` by use, `exemptions` by what each alone takes
    out; one without data is left out."""
    drawn = {
        "effects": _effects(simulation),
        "collateral": _collateral(simulation),
        "exemptions": _exemptions(simulation),
    }
    return {name: spec for name, spec in drawn.items() if spec["data"]["values"]}


def _effects(simulation: Shown) -> Spec:
    order = {effect: place for place, effect in enumerate(EFFECTS)}
    values = [
        {"option": one["option"], "library": one["library"], "effect": effect,
         "substances": one[effect], "order": order[effect]}
        for one in simulation["effects"]
        for effect in EFFECTS
        if one[effect]
    ]  # fmt: skip
    colour = {"domain": list(EFFECTS), "range": list(EFFECTS.values())}
    return {
        **_chart("What each option does, by library", values),
        "encoding": {
            "y": _names("option", [one["draft"] for one in simulation["options"]]),
            "x": {"field": "substances", "type": "quantitative", "title": "substances"},
            "color": {"field": "effect", "type": "nominal", "scale": colour, "title": "effect"},
            "order": {"field": "order", "type": "quantitative"},
            "row": _names("library", [one["name"] for one in simulation["libraries"]]),
            "tooltip": _told("option", "library", "effect", "substances"),
        },
        "resolve": {"scale": {"x": "independent"}},
    }


def _collateral(simulation: Shown) -> Spec:
    """Medicines and industrial chemicals newly caught or left open, each by its name."""
    values = [
        {"option": slug, "name": row["name"], "use": row["use"], "effect": told["effect"]}
        for row in simulation["rows"]
        for slug, told in row["told"].items()
        if row["collateral"] and told["effect"] in REACHED
    ]
    colour = {"domain": list(EFFECTS)[:2], "range": list(EFFECTS.values())[:2]}
    return {
        **_chart("Medicines and industrial chemicals caught", values, mark="rect"),
        "encoding": {
            "y": _names("name", None),
            "x": _names("option", [one["draft"] for one in simulation["options"]]),
            "color": {"field": "effect", "type": "nominal", "scale": colour, "title": "effect"},
            "tooltip": _told("name", "use", "option", "effect"),
        },
    }


def _exemptions(simulation: Shown) -> Spec:
    values = [
        {"option": one["option"], "exemption": one["name"], "substances": _spared(one["members"])}
        for one in simulation["exemptions"]
        if _spared(one["members"])
    ]
    return {
        **_chart("What each exemption alone keeps out", values),
        "encoding": {
            "y": _names("exemption", None),
            "x": {"field": "substances", "type": "quantitative", "title": "substances"},
            "color": _names("option", [one["draft"] for one in simulation["options"]]),
            "tooltip": _told("option", "exemption", "substances"),
        },
    }


def _spared(members: Sequence[Shown]) -> int:
    """How many would stand otherwise if this one exemption were absent."""
    return sum(one["if_absent"] != one["effect"] for one in members)


def _chart(title: str, values: list[dict[str, Any]], mark: str = "bar") -> Spec:
    return {
        "$schema": SCHEMA,
        "title": title,
        "description": f"{title}. Draft, not law.",
        "data": {"values": values},
        "mark": {"type": mark},
    }


def _names(field: str, order: list[str] | None) -> Spec:
    return {"field": field, "type": "nominal", "title": field, "sort": order}


def _told(*fields: str) -> list[Spec]:
    kinds = {"substances": "quantitative"}
    return [{"field": field, "type": kinds.get(field, "nominal")} for field in fields]
