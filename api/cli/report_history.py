"""History and sources of a substance as a person reads them on a screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.cli.console import print_line, print_table

Shown = Mapping[str, Any]


def report(parts: Shown) -> None:
    """The parts asked for, each below the substance itself."""
    if "history" in parts:
        print_line()
        _history(parts["history"]["records"], parts["history"]["id"])
    if "sources" in parts:
        print_line()
        _sources(parts["sources"]["facts"], parts["sources"]["id"])
        _conflicts(parts["sources"]["conflicts"])


def _history(records: Sequence[Shown], owner: str) -> None:
    heading = ("kind", "record", "was", "held from", "held until", "in law")
    rows = [
        (one["kind"], _about(one, owner), one["act"], _moment(one["recorded_from"]), _until(one), _in_law(one))
        for one in records
    ]  # fmt: skip
    print_table("history, as this register held it (UTC)", heading, rows)
    for one in records:
        for line in _corrected(one):
            print_line(line)


def _corrected(one: Shown) -> Iterator[str]:
    """What a correction replaced, field by field."""
    if one["changed"]:
        yield f"corrected {_moment(one['recorded_from'])}: {one['about']}"
    for name, what in one["changed"].items():
        yield f"  {name.replace('_', ' ')}: {_value(what['was'])} → {_value(what['is'])}"


def _until(one: Shown) -> str:
    until = one["recorded_to"]
    return f"{_moment(until)}, {one['ended']}" if until else "still held"


def _in_law(one: Shown) -> str:
    says = one["says"]
    if "valid_from" not in says:
        return ""
    earliest, start, end = (says[f"valid_{part}"] for part in ("earliest", "from", "to"))
    began = (
        start or "unknown"
        if start == earliest
        else f"{earliest or 'unknown'} to {start or 'unknown'}"
    )
    return f"from {began}" + (f" until {end}" if end else "")


def _sources(facts: Sequence[Shown], owner: str) -> None:
    heading = ("kind", "fact", "source", "read on", "verification", "contradicted")
    rows = [
        (one["kind"], _about(one, owner), *_source(one["source"]), _verified(one), len(one["conflicts"]) or "")
        for one in facts
    ]  # fmt: skip
    print_table("sources", heading, rows)
    cited = {one["source"]["id"]: one["source"] for one in facts if one["source"]}
    for source in cited.values():
        told = (source["title"], source["publisher"], source["address"])
        print_line(f"  {', '.join(part for part in told if part)}")


def _source(source: Shown | None) -> tuple[str, str]:
    if source is None:
        return "none named", ""
    return source["title"] or source["publisher"], source["retrieved"] or "day not known"


def _verified(one: Shown) -> str:
    return "; ".join(part for part in (one["verification"], one["basis"]) if part)


def _conflicts(conflicts: Sequence[Shown]) -> None:
    print_line()
    if not conflicts:
        print_line("no source on record contradicts another here")
        return
    print_line("what sources say differently", "bold")
    for one in conflicts:
        print_line(f"  {one['subject']}, {one['field']}")
        for said in one["said"]:
            print_line(f"    {said['value']}: {said['by']}")
        if one["note"]:
            print_line(f"    note: {one['note']}")


def _about(one: Shown, owner: str) -> str:
    """Whose it is goes without saying here."""
    text: str = one["about"]
    return text.removesuffix(f" of {owner}").removeprefix(f"{one['kind']} ")


def _moment(text: str) -> str:
    """To the second: finer marks are in the JSON."""
    return text[:19].replace("T", " ")


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "none" if value in (None, "") else str(value)
