"""A draft laid over a book: the law as it would be on the draft's days, as it is on all others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from registry.errors import DraftError, RuleFileError
from registry.facts import Listing
from rules.drafts.changes import make
from rules.drafts.desk import Desk, Exemption, hashed
from rules.drafts.read import Draft
from rules.sitting import Book, Scope, asked_jurisdictions, rebind


@dataclass(frozen=True, kw_only=True)
class Laid(Book):
    """A book with a draft laid over it.

    `before` is the book without it. `entries`: its listings that are new or ended. `exemptions`:
    the carve-outs by name that the draft brings, those thought away included.
    """

    before: Book
    draft: Draft
    entries: tuple[Listing, ...]
    exemptions: tuple[Exemption, ...]

    @property
    def beneath(self) -> Book:
        """The book without the draft, as it reads on the draft's days."""
        return self.before.at(self.draft.since)

    def at(self, on: date) -> Book:
        return self if self.draft.holds(on) else self.before.at(on)


def lay(book: Book, draft: Draft) -> Laid:
    """The book with a draft laid over it; no register is written and the book stays as it is.

    On days on which the draft does not hold it answers as the book does. Raises DraftError with the
    place, where the draft speaks of a provision, a question or a substance that is not there, or
    brings an identifier that is.
    """
    _check_beneath(book, draft)
    before = book.at(draft.since)
    desk = Desk(draft, before, dict(before.law.rules))
    try:
        _check_jurisdiction(before, draft)
        for place, change in enumerate(draft.changes):
            make(desk, change, draft.document.part("changes", place))
    except RuleFileError as error:
        raise DraftError(error.fault, error.file, error.line, error.column) from None
    law = replace(
        before.law,
        rules=dict(sorted(desk.rules.items())),
        content_hash=hashed(before.law.content_hash, draft.content_hash),
    )
    entries = tuple(desk.listings.values())
    bound = rebind(before, law, entries, hashed(before.facts.content_hash, draft.content_hash))
    return Laid(
        law=bound.law,
        facts=bound.facts,
        register=bound.register,
        references=bound.references,
        before=book,
        draft=draft,
        entries=entries,
        exemptions=tuple(desk.exemptions),
    )


def _check_beneath(book: Book, draft: Draft) -> None:
    """Each draft beneath has to hold on all days of the one laid over it, or on none."""
    while isinstance(book, Laid):
        other = book.draft
        if draft.holds(other.since) and other.since > draft.since:
            text = f"`{other.slug}`, over which it is laid, begins on {other.since.isoformat()}"
            raise draft.error(text, ("from",))
        if other.until is not None and draft.holds(other.until) and other.holds(draft.since):
            text = f"`{other.slug}`, over which it is laid, ends on {other.until.isoformat()}"
            raise draft.error(text, ("until",))
        book = book.before


def _check_jurisdiction(book: Book, draft: Draft) -> None:
    known = asked_jurisdictions(book.law, Scope())
    if draft.jurisdiction not in known:
        text = f"no law of `{draft.jurisdiction}` is modelled; there is {', '.join(known)}"
        raise draft.document.error(text, ("jurisdiction",))
