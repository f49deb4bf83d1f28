"""A draft read from its text, with the place of every part for what is wrong with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from registry.errors import DraftError, RuleFileError
from rules.drafts.schema import VERBS, Change, Header
from rules.schema import Cite
from rules.strict_yaml import Document, Path_, parse, validate

MOST_CHARACTERS = 500_000  # eight times the longest rule file


@dataclass(frozen=True)
class Draft:
    """Changes of one jurisdiction's law from a day on.

    `text` is the draft as given. Carve-outs by name can be thought away: `kept`, all but these;
    `dropped`, these.
    """

    header: Header
    changes: tuple[Change, ...]
    document: Document
    text: str
    kept: frozenset[str] | None = None
    dropped: frozenset[str] = frozenset()

    @property
    def slug(self) -> str:
        return self.header.draft

    @property
    def jurisdiction(self) -> str:
        return self.header.jurisdiction

    @property
    def title(self) -> dict[str, str]:
        return self.header.title

    @property
    def option(self) -> str:
        return self.header.option

    @property
    def since(self) -> date:
        return self.header.since

    @property
    def until(self) -> date | None:
        return self.header.until

    @property
    def cite(self) -> Cite | None:
        return self.header.cite

    @property
    def note(self) -> str:
        return self.header.note

    @property
    def content_hash(self) -> str:
        """Of the text, and of what is thought away."""
        kept = "all" if self.kept is None else sorted(self.kept)
        made_of = (self.document.content_hash, kept, sorted(self.dropped))
        return hashlib.sha256(repr(made_of).encode()).hexdigest()

    @property
    def touched(self) -> tuple[str, ...]:
        """The provisions it changes, by their identifiers as they are once it is laid."""
        return tuple(dict.fromkeys(change.about for change in self.changes))

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on < self.until)

    def spares(self, name: str) -> bool:
        """Whether a carve-out of this name is not thought away."""
        return name not in self.dropped and (self.kept is None or name in self.kept)

    def error(self, message: str, path: Path_ = ()) -> DraftError:
        return DraftError(message, self.document.file, *self.document.place(path))

    def plain(self) -> dict[str, Any]:
        """What identifies it in an answer."""
        return {
            "draft": self.slug,
            "jurisdiction": self.jurisdiction,
            "title": dict(self.title),
            "option": self.option,
            "from": self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
            "cite": self.cite and {"title": self.cite.title, "href": self.cite.href},
            "note": self.note,
            "touched": list(self.touched),
            "content_hash": self.content_hash,
        }


def read_draft(text: str, name: str = "draft") -> Draft:
    """A draft from its text; `name` is what errors call the file.

    Only the draft itself is checked: whether the law has what it speaks of shows when it is laid.
    Raises DraftError with line and column.
    """
    if len(text) > MOST_CHARACTERS:
        raise DraftError(f"longer than {MOST_CHARACTERS:,} characters", name, 1, 1)
    try:
        document = parse(text, name)
        header = validate(document, Header)
        changes = tuple(_changes(document, len(header.changes)))
    except RuleFileError as error:
        raise DraftError(error.fault, error.file, error.line, error.column) from None
    return Draft(header, changes, document, text)


def _changes(document: Document, count: int) -> Iterator[Change]:
    for place in range(count):
        part = document.part("changes", place)
        verbs = VERBS.keys() & part.content.keys()
        if len(verbs) != 1:
            raise part.error(f"a change says one of: {', '.join(VERBS)}")
        yield validate(part, VERBS[verbs.pop()])


def bare(draft: Draft) -> Draft:
    """The same draft without any of its carve-outs by name."""
    return replace(draft, kept=frozenset())


def without(draft: Draft, name: str) -> Draft:
    """The same draft without the carve-out of one name."""
    return replace(draft, dropped=draft.dropped | {name})


def only(draft: Draft, name: str) -> Draft:
    """The same draft with the carve-out of one name alone."""
    return replace(draft, kept=frozenset({name}))
