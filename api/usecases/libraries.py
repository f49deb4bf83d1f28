"""Reference libraries: known, named substances over which a change of law is tried.

A library only ever gives what somebody else has named and drawn: the register, the files that ship,
a collection or a file of the user's own. Nothing is enumerated and nothing is proposed. A row that
is no structure is still a row: it carries its fault and is counted.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from registry.chem.parse import Format
from registry.collections.collection import Collection
from registry.collections.read import Columns, UnreadableFile, kind_of, read_records
from registry.errors import InputError, NotFound
from registry.facts import Facts, InForce, Substance
from seed.libraries.read import LIBRARIES, digest, read_library

REGISTER, NPS, COLLECTION, FILE = "register", "nps", "collection", "file"
NO_STRUCTURE = "no structure: a plant, a group, or a structure nobody has read"

CONVENTIONS = ("UN-1961-", "UN-1971-")
PRECURSORS = ("UN-1988-", "UN-INCB-")


class Member(NamedTuple):
    """One substance of a library. `fault` says why it is no structure at all; `line` is its place
    in a file, 0 where there is none."""

    library: str
    key: str
    name: str
    use: str
    smiles: str
    source: str
    fault: str = ""
    line: int = 0


@dataclass(frozen=True)
class Library:
    """`rows` may be called again and gives the same rows in the same order. `collateral`: what it
    holds is in lawful use, so that catching it is a cost. `digest`: SHA-256 of the file
    it is read from; empty for the register, which the hash of the facts stands for."""

    name: str
    says: str
    rows: Callable[[], Iterable[Member]]
    format: Format = Format.SMILES
    collateral: bool = False
    digest: str = ""

    def plain(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("name", "says", "collateral", "digest")}


class UnknownLibrary(InputError):
    """No reference library has this name."""

    code = "library-unknown"


SAYS: dict[str, str] = {
    REGISTER: "substances on record, named by at least one list or kept for comparison",
    NPS: (
        "substances on record that no list of the 1961 or 1971 convention names on the date; "
        "what a precursor list of the United Nations names is left out. Not a list of notified "
        "substances: some were never notified, and some that were are not on record"
    ),
    "medicines": "licit medicines with their use; not complete, so absence proves nothing",
    "industrial": "industrial chemicals with their use; not complete, so absence proves nothing",
}


def names() -> tuple[str, ...]:
    """The libraries everybody has, in the order in which they are shown."""
    return (REGISTER, NPS, *LIBRARIES)


def twice(named: Iterable[str]) -> str:
    """The first name that comes twice, or empty: what is counted by name is told apart by it."""
    return next((name for name, times in Counter(named).items() if times > 1), "")


def library(asked: str, facts: Facts, on: date, collections: Path | None = None) -> Library:
    """The library of a name; `collection:NAME` is one of the user's own.

    `facts` are those of the moment asked about. Raises UnknownLibrary; NotFound where there is no
    such collection.
    """
    kind, _, own = asked.partition(":")
    if kind == COLLECTION and own:
        return _collection(own, collections)
    if asked in (REGISTER, NPS):
        return _register(asked, facts, on)
    if asked in LIBRARIES:
        return _shipped(asked)
    known = ", ".join((*names(), f"{COLLECTION}:NAME"))
    raise UnknownLibrary(f"there is no library `{asked}`; there is {known}")


def of_file(path: str) -> Library:
    """The records of a .smi, .csv, .sdf or .parquet file. Raises UnreadableFile, where it begins."""
    kind, name = kind_of(path), f"{FILE}:{Path(path).name}"
    if kind is None:
        raise UnreadableFile(f"`{path}` is no .smi, .csv, .sdf or .parquet file (or .gz of one)")

    def rows() -> Iterator[Member]:
        for one in read_records(path, kind, Columns()):
            yield Member(name, one.id, one.id, "", one.text, FILE, one.fault, one.line)

    with Path(path).open("rb") as opened:
        hashed = hashlib.file_digest(opened, "sha256").hexdigest()
    return Library(name, f"records of {Path(path).name}", rows, kind.written_as, digest=hashed)


def _register(asked: str, facts: Facts, on: date) -> Library:
    left_out = named_by_treaty(facts, on) if asked == NPS else frozenset[str]()
    found = [_of_register(asked, one) for one in facts.substances if one.id not in left_out]
    return Library(asked, SAYS[asked], lambda: found)


def _of_register(asked: str, substance: Substance) -> Member:
    fault = "" if substance.smiles else NO_STRUCTURE
    return Member(asked, substance.id, substance.name, "", substance.smiles, REGISTER, fault)


def named_by_treaty(facts: Facts, on: date) -> frozenset[str]:
    """The substances that a list of the 1961 or 1971 convention names on a date, or may name, and
    those that a precursor list names."""
    return frozenset(
        listing.substance
        for listing in facts.listings
        if listing.substance
        and listing.provision.startswith((*CONVENTIONS, *PRECURSORS))
        and listing.valid.holds(on) is not InForce.NO
    )


def _shipped(asked: str) -> Library:
    entries = read_library(asked)
    found = [
        Member(asked, one.key, one.name, one.use, one.smiles, " ".join(one.sources), line=one.line)
        for one in entries
    ]
    return Library(asked, SAYS[asked], lambda: found, collateral=True, digest=digest(asked))


def _collection(name: str, root: Path | None) -> Library:
    if root is None:
        raise NotFound("there are no collections here: name their folder")
    collection = Collection.open(root, name)
    asked = f"{COLLECTION}:{name}"

    def rows() -> Iterator[Member]:
        for row in collection.rows():
            yield Member(asked, row.id, row.id, "", row.smiles, asked, line=row.line)
        for one in collection.errors():
            yield Member(asked, one.id, one.id, "", "", asked, one.message, one.line)

    source = collection.manifest.source.sha256
    return Library(asked, f"your collection `{name}`", rows, digest=source)
