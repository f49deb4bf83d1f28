"""What an atom of a query leaves no choice about."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rdkit import Chem

_QUERY = re.compile(r"( *)(\w+)(?: (-?\d+) (!?=) val)?")
_FIRST_AROMATIC = 1000  # how the toolkit tells aromatic from aliphatic atom types in a query


def certain_facts(atom: Chem.Atom) -> dict[str, int]:
    """Equalities that hold for every atom the query fits. `element` and `aromatic` (0 or 1) stand
    for what the toolkit says in several ways; alternatives, negations and nested patterns are
    passed over."""
    found = dict(_certain(atom.DescribeQuery()))
    type_ = found.pop("AtomType", None)
    if type_ is not None:
        found["AtomAtomicNum"] = type_ % _FIRST_AROMATIC
        found["AtomIsAromatic"] = int(type_ > _FIRST_AROMATIC)
    if "AtomAtomicNum" in found:
        found["element"] = found.pop("AtomAtomicNum")
    if "AtomIsAromatic" in found:
        found["aromatic"] = found.pop("AtomIsAromatic")
    return found


def _certain(described: str) -> Iterator[tuple[str, int]]:
    """The equalities of a query under nothing but conjunctions."""
    open_at: int | None = None
    for line in described.splitlines():
        found = _QUERY.match(line)
        if found is None:
            continue
        depth = len(found[1])
        if open_at is not None and depth > open_at:
            continue
        open_at = None
        if found[3] is None:
            open_at = None if found[2] == "AtomAnd" else depth
        elif found[4] == "=":
            yield found[2], int(found[3])
