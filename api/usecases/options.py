"""Scheduling options: which ways of control each jurisdiction has, side by side, and their clocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from registry.errors import NotFound, UnknownScope
from rules.options.clock import Events, Reckoned, effect
from rules.options.load import Options, is_instance, shipped
from rules.options.schema import EVENTS, FIELDS, TYPES, Lasts, Option, Renewal, Said, Starts
from rules.schema import Provision

Provisions = Mapping[str, Provision]


def options_of(
    provisions: Provisions, jurisdictions: Iterable[str] = (), types: Iterable[str] = ()
) -> list[dict[str, Any]]:
    """The options of jurisdictions and types, all if none is named, in the order of the files.

    Raises UnknownScope for a jurisdiction or a type of which there is none.
    """
    options, codes, kinds = shipped(), tuple(jurisdictions), tuple(types)
    _check("jurisdiction", codes, options.files)
    _check("type of option", kinds, TYPES)
    return [
        _plain(options, option, provisions)
        for option in options.by_id.values()
        if (not codes or option.jurisdiction in codes) and (not kinds or option.type in kinds)
    ]


def show(provisions: Provisions, option: str) -> dict[str, Any]:
    """One option. Raises NotFound where there is none of that identifier."""
    return _plain(shipped(), _option(option), provisions)


def course(option: str, events: Events, extended: int = 0) -> dict[str, Any]:
    """When a measure under an option takes effect and ends. Raises NotFound, InputError."""
    found = effect(_option(option), events, extended)
    return {
        "option": option,
        "takes_effect": _reckoned(found.takes_effect),
        "expires": _reckoned(found.expires),
        "extendable_to": _reckoned(found.extendable_to),
    }


def days_wanted(option: str) -> dict[str, str]:
    """The days from which the course of a measure under an option follows, with their words.

    Raises NotFound where there is no option of that identifier.
    """
    found = _option(option)
    starts, lasts = found.starts, found.duration
    wanted = [starts.event or "", "" if starts.how in ("fixed", "none") else "stated"]
    wanted += [lasts.counts_from, "ends"] if lasts.months else []
    words = {str(event): text for event, text in EVENTS.items()}
    words["ends"] = "the first day without it, by its own words"
    return {name: words[name] for name in wanted if name in words}


def places() -> dict[str, str]:
    """The jurisdictions that have options, by code."""
    return {code: instances.name for code, instances in sorted(shipped().files.items())}


def _option(key: str) -> Option:
    found = shipped().by_id.get(key)
    if found is None:
        raise NotFound(f"there is no scheduling option `{key}`")
    return found


def _check(what: str, asked: Iterable[str], known: Iterable[str]) -> None:
    for one in asked:
        if one not in known:
            raise UnknownScope(f"no {what} `{one}`; there are {', '.join(sorted(known))}")


def _plain(options: Options, option: Option, provisions: Provisions) -> dict[str, Any]:
    fields = {name: _said(options, option, said) for name, said in option.said.items()}
    unknown = sum(field["certainty"] == "unknown" for field in fields.values())
    return {
        "id": option.id,
        "jurisdiction": option.jurisdiction,
        "name": options.files[option.jurisdiction].name,
        "type": option.type,
        "title": option.title,
        "from": _day(option.since),
        "until": _day(option.until),
        "dated": option.dated if option.since or option.until else "unknown",
        "fields": fields,
        "unknown": unknown,
        "from_memory": sum(field["certainty"] == "memory" for field in fields.values()),
        "provisions": [key for key in provisions if is_instance(key, option)],
    }


def _said(options: Options, option: Option, said: Said) -> dict[str, Any]:
    return {
        "text": said.text or f"not known: {said.unknown}",
        "certainty": options.certainty(option, said),
        "cites": [
            {"title": source.title, "at": place, "href": source.href}
            for source, place in options.cites(option, said)
        ],
        **_data(said),
    }


def _data(said: Said) -> dict[str, Any]:
    """What of a field can be counted with."""
    if said.unknown:
        return {}
    if isinstance(said, Starts):
        term = {"event": said.event, "after": said.after, "unit": str(said.unit), "how": said.how}
        return {"rule": term}
    if isinstance(said, Lasts):
        return {
            "rule": {
                "months": said.months,
                "from": said.counts_from,
                "at_most": said.at_most,
                "first_day_counts": said.first_day_counts,
            }
        }
    if isinstance(said, Renewal):
        return {"rule": {"how": said.how, "months": said.months, "times": said.times}}
    return {}


def _reckoned(found: Reckoned) -> dict[str, Any]:
    days = found.days
    return {
        "day": _day(found.day),
        "earliest": _day(days.earliest) if days else None,
        "latest": _day(days.latest) if days else None,
        "bound": found.bound,
        "never": found.never,
        "reason": found.reason,
        "missing": list(found.missing),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def markdown(provisions: Provisions) -> str:
    """The tables of docs/scheduling-options.md; a test keeps the two alike."""
    return "".join(f"{line}\n" for line in _lines(options_of(provisions)))


def _lines(rows: list[dict[str, Any]]) -> Iterable[str]:
    yield "| jurisdiction | " + " | ".join(TYPES) + " |"
    yield "|---|" + "---|" * len(TYPES)
    for code, name in places().items():
        kinds = [row["type"] for row in rows if row["jurisdiction"] == code]
        counts = " | ".join(str(kinds.count(kind)) if kind in kinds else "" for kind in TYPES)
        yield f"| {code} {name} | {counts} |"
    yield ""
    yield "| option | effect from | lasts | renewal | decided by | provisions | memory | unknown |"
    yield "|---|---|---|---|---|---|---|---|"
    for row in rows:
        told = (row["fields"][name]["text"] for name in ("starts", "duration", "renewal"))
        maker = row["fields"]["decision_maker"]["text"]
        figures = (len(row["provisions"]), row["from_memory"], row["unknown"])
        cells = (f"`{row['id']}` {row['title']}", *told, maker, *figures)
        yield f"| {' | '.join(str(cell).replace('|', '/') for cell in cells)} |"


__all__ = ["FIELDS", "TYPES", "course", "days_wanted", "markdown", "options_of", "places", "show"]
