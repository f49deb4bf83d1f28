"""The law as a set of files: whether each rule file proves what it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from api.engine import Engine
from registry.errors import NotFound
from rules.decide import Book, bind
from rules.examples import Failure, run
from rules.lint import Remark
from rules.lint import lint as remarks
from rules.load import LAW
from rules.mutate import mutants, survives
from rules.strict_yaml import Document, read


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of one rule file: examples that fail, clauses that no example needs."""

    provision: str
    examples: int
    mutants: int
    failures: tuple[Failure, ...]
    unnoticed: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not (self.failures or self.unnoticed)


def prove(engine: Engine, provisions: Sequence[str], now: datetime) -> Iterator[Proof]:
    """The proof of each rule file asked for, one at a time; of all where none is named.

    Raises NotFound where an identifier has no rule file.
    """
    documents = _documents(engine.settings.law_root or LAW)
    if unknown := [key for key in provisions if key not in engine.law.rules]:
        raise NotFound(f"there is no rule file `{unknown[0]}`")
    book = bind(engine.law, engine.facts(now))
    for key in provisions or sorted(engine.law.rules):
        yield _proof(book, key, documents[key])


def lint(engine: Engine, on: date, now: datetime) -> list[Remark]:
    """What does not fit together in the law and the lists as they stand on a day."""
    return remarks(bind(engine.law, engine.facts(now)), on)


def _documents(root: Path) -> dict[str, Document]:
    return {path.stem: read(path) for path in root.glob("*/*.yaml")}


def _proof(book: Book, key: str, document: Document) -> Proof:
    provision = book.law.rules[key].provision
    tried = list(mutants(document.content))
    unnoticed = tuple(one.removed for one in tried if survives(book, document, one))
    failures = tuple(run(book, provision))
    return Proof(key, len(provision.examples), len(tried), failures, unnoticed)
