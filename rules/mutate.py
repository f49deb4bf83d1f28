"""Clause mutation: take one clause out of a rule and see whether an example notices.

A clause no example needs is a clause nobody has proved. Each mutant is the provision without one
thing it says: an option at a site, a form of the closure, a carve-out, a provision it yields to, a
limb, a question.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from rules.decide import Book
from rules.examples import run
from rules.load import rule_from
from rules.strict_yaml import Document

_TABLES = ("becomes", "carries", "on_parent", "ask", "ask_on_parent", "atoms")
_LIMITS = ("then", "may", "number", "together", "ring", "opened_at")
_SCOPES = ("residual_to", "closure_residual_to", "core_residual_to")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule with one thing taken out; `removed` says what, `clause` under which name."""

    removed: str
    content: dict[str, Any]
    clause: str = ""


def mutants(content: dict[str, Any]) -> Iterator[Mutant]:
    """Every mutant of the content of a rule file that an example must notice."""
    unshown = content.get("unshown") or {}
    return (m for m in _all(content) if unshown.keys().isdisjoint({m.clause, m.removed}))


def _all(content: dict[str, Any]) -> Iterator[Mutant]:
    yield from _reading_mutants(content)
    for number, wording in enumerate(content.get("wordings", [])):
        for form in wording.get("covers", []):
            yield _without(content, f"covers {form}, wording {number + 1}",
                           ("wordings", number, "covers"), form)  # fmt: skip
    for path in _scopes(content):
        for key in _SCOPES:
            for glob in _at(content, path).get(key, []):
                yield _without(content, f"{key} {glob}", (*path, key), glob)
    for key in ("exceptions", "exempt_if_named_in"):
        for item in content.get(key, []):
            name = item["name"] if isinstance(item, dict) else item
            yield _without(content, f"{key} {name}", (key,), item)
    if content.get("named"):
        yield _dropped(content, "named", (), "named")


def _reading_mutants(content: dict[str, Any]) -> Iterator[Mutant]:
    readings = [("reading",)] if content.get("reading") else []
    readings += [("readings", name) for name in content.get("readings") or {}]  # type: ignore[misc]
    for path in readings:
        for s, skeleton in enumerate(_at(content, path).get("skeletons", [])):
            where = (*path, "skeletons", s)
            if len(_at(content, path)["skeletons"]) > 1:
                yield _without(content, f"skeleton {skeleton['name']}",
                               (*path, "skeletons"), skeleton)  # fmt: skip
            yield from _skeleton_mutants(content, where, skeleton)
        for key in ("heaviest", "upon"):
            if _at(content, path).get(key):
                yield _dropped(content, f"{key} of {path[-1]}", path, key)


def _skeleton_mutants(
    content: dict[str, Any], path: tuple[Any, ...], skeleton: dict[str, Any]
) -> Iterator[Mutant]:
    for kind in ("sites", "bridges"):
        for n, place in enumerate(skeleton.get(kind, [])):
            yield from _place_mutants(content, (*path, kind, n), place)
    cores = skeleton.get("cores") or {}
    for name in cores if len(cores) > 1 else ():
        yield _dropped(content, f"core {name}", (*path, "cores"), name)
    for clause in skeleton.get("but_not") or {}:
        yield _dropped(content, f"but_not {clause}", (*path, "but_not"), clause)
    for clause in skeleton.get("needs", []):
        yield _without(content, f"needs {clause}", (*path, "needs"), clause)
    for key in ("unsaturation", "together", "ask"):
        if skeleton.get(key):
            yield _dropped(content, f"{key} of {skeleton['name']}", path, key)


def _place_mutants(
    content: dict[str, Any], path: tuple[Any, ...], place: dict[str, Any]
) -> Iterator[Mutant]:
    for table in _TABLES:
        for clause in place.get(table) or {}:
            removed = f"{table} {clause} at {place['name']}"
            yield _dropped(content, removed, (*path, table), clause)
    for key in _LIMITS:
        if place.get(key):
            yield _dropped(content, f"{key} at {place['name']}", path, key)


def _scopes(content: dict[str, Any]) -> list[tuple[Any, ...]]:
    paths: list[tuple[Any, ...]] = [("scope",)] if content.get("scope") else []
    paths += [
        ("wordings", number, "scope")
        for number, wording in enumerate(content.get("wordings", []))
        if wording.get("scope")
    ]
    return paths


def _at(content: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        content = content[step]
    return content


def _without(content: dict[str, Any], removed: str, path: tuple[Any, ...], item: Any) -> Mutant:
    changed = deepcopy(content)
    _at(changed, path).remove(item)
    return Mutant(removed, changed, item if isinstance(item, str) else "")


def _dropped(content: dict[str, Any], removed: str, path: tuple[Any, ...], key: str) -> Mutant:
    changed = deepcopy(content)
    del _at(changed, path)[key]
    return Mutant(removed, changed, key)


def survives(book: Book, document: Document, mutant: Mutant) -> bool:
    """Whether every example of the file still passes without what the mutant lacks."""
    changed = Document(document.file, mutant.content, document.places, document.content_hash)
    folder = str(mutant.content["jurisdiction"]).casefold()
    words = book.law.own_words.get(folder, book.law.words)
    rule = rule_from(changed, words, strict=False)
    law = replace(book.law, rules={**book.law.rules, rule.provision.id: rule})
    # The index of the book stays right: it only says where esters and ethers are worth cutting,
    # and whether they are covered is asked of the wording again.
    return next(run(replace(book, law=law, _sittings={}), rule.provision), None) is None
