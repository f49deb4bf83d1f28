"""What an atom of a query leaves no choice about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from rdkit import Chem

_QUERY = re.compile(r"( *)(\w+)(?: (-?\d+) (!?=) val)?")
_FIRST_AROMATIC = 1000  # how the toolkit tells aromatic from aliphatic atom types in a query

Facts = frozenset[tuple[str, int]]
Line = tuple[int, str, Facts]


def certain_facts(atom: Chem.Atom) -> dict[str, int]:
    """Equalities that hold for every atom the query fits: all that a conjunction says, and what
    every alternative says. `element` and `aromatic` (0 or 1) stand for what the toolkit says in
    several ways; negations and nested patterns are passed over."""
    lines = list(_lines(atom.DescribeQuery()))
    return dict(_certain(lines)) if lines else {}


def _lines(described: str) -> Iterator[Line]:
    """Depth, name and what is said, of each line of a query's description."""
    for line in described.splitlines():
        if found := _QUERY.match(line):
            says = found[4] == "="
            yield len(found[1]), found[2], _said(found[2], int(found[3])) if says else frozenset()


def _said(name: str, value: int) -> Facts:
    if name == "AtomType":
        element, aromatic = value % _FIRST_AROMATIC, int(value > _FIRST_AROMATIC)
        return frozenset({("element", element), ("aromatic", aromatic)})
    if name == "AtomIsAliphatic":
        name, value = "aromatic", 1 - value
    name = {"AtomAtomicNum": "element", "AtomIsAromatic": "aromatic"}.get(name, name)
    return frozenset({(name, value)})


def _certain(lines: list[Line]) -> Facts:
    """What the query that begins with the first line, and holds all that lie deeper, says."""
    depth, name, said = lines[0]
    starts = [n for n, line in enumerate(lines) if line[0] == depth + 2]
    parts = [_certain(lines[start:end]) for start, end in pairwise([*starts, len(lines)])]
    if name == "AtomAnd":
        return frozenset[tuple[str, int]]().union(*parts)
    if name == "AtomOr" and parts:
        return parts[0].intersection(*parts[1:])
    return said
