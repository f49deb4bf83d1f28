"""A reading once an open question is decided: what was asked about is let in by a clause, or is not.

A question that nobody has decided leaves the answer undetermined. Decided, what it asks about is
either one more thing a clause of the law allows at that place, or nothing the law speaks of.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar

from rules.reading import Heaviest, Place, Reading, Site, Skeleton, Table

P = TypeVar("P", bound=Place)
_BETWEEN = re.compile(r",\s*|\s+and\s+")


def settled(reading: Reading, question: str, clause: str, *, lets_in: bool, yes: bool) -> Reading:
    """The reading with one question decided.

    `clause` is where the question stands; several may be named, as in "(i) and (ii)". `lets_in`:
    whether the answer puts inside what is asked about. Of a question about mass, `yes` is the
    average and no the monoisotopic mass, whatever it lets in.
    """
    clauses = (clause, *_BETWEEN.split(clause))
    skeletons = [
        _of_skeleton(one, question, clauses, lets_in)
        for one in reading.skeletons
        if lets_in or one.ask != question
    ]
    heaviest = reading.heaviest
    if heaviest is not None and heaviest.ask == question:
        heaviest = _weighed(heaviest, yes)
    return reading.model_copy(update={"skeletons": tuple(skeletons), "heaviest": heaviest})


def _weighed(heaviest: Heaviest, yes: bool) -> Heaviest:
    return heaviest.model_copy(update={"weighs": "average" if yes else "monoisotopic"})


def _of_skeleton(
    skeleton: Skeleton, question: str, clauses: tuple[str, ...], lets_in: bool
) -> Skeleton:
    sites = tuple(_of_site(one, question, clauses, lets_in) for one in skeleton.sites)
    bridges = tuple(_of_place(one, question, clauses, lets_in) for one in skeleton.bridges)
    changed: dict[str, Any] = {"sites": sites, "bridges": bridges}
    if skeleton.ask == question:
        # The whole core was in question: found, it is enough.
        changed |= {"ask": None, "change": "optional"}
        changed |= {"clause": skeleton.clause or clauses[-1]}
    return skeleton.model_copy(update=changed)


def _of_site(site: Site, question: str, clauses: tuple[str, ...], lets_in: bool) -> Site:
    table = "becomes" if site.parent else "carries"
    return _moved(site, question, clauses, lets_in, {"ask": table, "ask_on_parent": "on_parent"})


def _of_place(place: P, question: str, clauses: tuple[str, ...], lets_in: bool) -> P:
    return _moved(place, question, clauses, lets_in, {"ask": "carries"})


def _moved(
    place: P, question: str, clauses: tuple[str, ...], lets_in: bool, tables: Mapping[str, str]
) -> P:
    """The words a question is about, put under a clause of the place, or dropped."""
    changed = {}
    for asking, allowing in tables.items():
        asked: Table = getattr(place, asking)
        if question not in asked:
            continue
        changed[asking] = {key: words for key, words in asked.items() if key != question}
        if lets_in:
            table: Table = getattr(place, allowing)
            clause = _clause(place, table, clauses)
            changed[allowing] = {**table, clause: (*table.get(clause, ()), *asked[question])}
    return place.model_copy(update=changed)


def _clause(place: Place, table: Table, clauses: tuple[str, ...]) -> str:
    """Of the clauses the question speaks of, the one that speaks of this place."""
    here = [one for one in clauses if one in table]
    return next(iter([*here, *(one for one in clauses if one in place.clauses)]), clauses[-1])
