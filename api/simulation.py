"""The answer of a simulation as plain data, put together from what was counted and told."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from api.simulating import Key, Tally, unread
from api.usecases.libraries import Library
from api.weighed import CLAUSE, EFFECT, ELSEWHERE, EXEMPTION, Tried
from registry.facts import Facts
from rules.result import Status
from rules.simulate import Effect
from rules.versions import versions

STATUS = "draft, not law"


def answer_of(
    plan: Tried, about: dict[str, Any], facts: Facts, over: Sequence[Library], tally: Tally
) -> dict[str, Any]:
    """The same for the same law, facts, drafts and libraries, whatever the number of workers."""
    collateral = {one.name for one in over if one.collateral}
    slugs = [option["draft"] for option in about["options"]]
    return {
        "kind": "simulation",
        "status": STATUS,
        "on": plan.on.isoformat(),
        "known_at": plan.known_at,
        "rule_set": about["rule_set"],
        "facts": facts.content_hash,
        "versions": versions(),
        "options": [_without_exemptions(option) for option in about["options"]],
        "libraries": [_library(one, slugs[0], tally) for one in over],
        "effects": [_effects(slug, one.name, tally) for slug in slugs for one in over],
        "by_clause": list(_by_clause(slugs, over, tally)),
        "exemptions": list(_exemptions(about["options"], tally)),
        "elsewhere": list(_elsewhere(slugs, tally)),
        "rows": [{**row, "collateral": row["library"] in collateral} for row in tally.rows],
        "rows_left_out": tally.told - len(tally.rows),
        **unread(tally),
    }


def _without_exemptions(option: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in option.items() if key != "exemptions"}


def _library(one: Library, slug: str, tally: Tally) -> dict[str, Any]:
    """Every member was either told of by each draft, or could not be read."""
    unreadable = tally.unread_of(one.name)
    judged = sum(tally.counts[one.name, EFFECT, slug, effect.value] for effect in Effect)
    return {**one.plain(), "members": judged + unreadable, "unreadable": unreadable}


def _effects(slug: str, name: str, tally: Tally) -> dict[str, Any]:
    counted = {e.value: tally.counts[name, EFFECT, slug, e.value] for e in Effect}
    return {"option": slug, "library": name, **counted}


def _by_clause(
    slugs: Sequence[str], over: Sequence[Library], tally: Tally
) -> Iterator[dict[str, Any]]:
    """How many members by each set of clauses of a provision, in the order of drafts and libraries."""
    places = {one.name: place for place, one in enumerate(over)}
    found = [
        (slugs.index(key[2]), places[key[0]], key[3], key[4], key[5:], number)
        for key, number in tally.counts.items()
        if key[1] == CLAUSE
    ]
    for option, place, effect, provision, clauses, number in sorted(found):
        yield {
            "option": slugs[option],
            "effect": effect,
            "provision": provision,
            "clauses": list(clauses),
            "library": over[place].name,
            "collateral": over[place].collateral,
            "substances": number,
        }


def _exemptions(options: Sequence[dict[str, Any]], tally: Tally) -> Iterator[dict[str, Any]]:
    """Each exemption of each draft with the members it bears on; one without any is told too.

    Members whose row was not kept are counted.
    """
    borne = Counter[Key]()
    for key, number in tally.counts.items():
        if key[1] == EXEMPTION:
            borne[key[2:]] += number
    bearing: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in tally.rows:
        for slug, told in row["told"].items():
            for one in told.get("exemptions", ()):
                shown = {name: row[name] for name in ("library", "key", "name", "use")}
                effects = {name: one[name] for name in ("if_absent", "alone", "with_none")}
                member = {**shown, "effect": told["effect"], **effects}
                bearing[slug, one["provision"], one["name"]].append(member)
    for option in options:
        for one in option["exemptions"]:
            key = option["draft"], one["provision"], one["name"]
            found = bearing[key]
            left_out = borne[key] - len(found)
            yield {
                "option": option["draft"],
                **one,
                "members": found,
                "members_left_out": left_out,
            }


def _elsewhere(slugs: Sequence[str], tally: Tally) -> Iterator[dict[str, Any]]:
    """How what is newly caught or asked stands under the law of others."""
    found: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for key, number in tally.counts.items():
        if key[1] == ELSEWHERE:
            found[slugs.index(key[2]), key[3]][key[4]] += number
    for (option, code), words in sorted(found.items()):
        counted = {status.value: words[status.value] for status in Status}
        yield {"option": slugs[option], "jurisdiction": code, **counted}
