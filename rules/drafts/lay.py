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

    def at(self, on: date) -> Book:
        return self if self.draft.holds(on) else self.before.at(on)


def lay(book: Book, draft: Draft) -> Laid:
    """The book with a draft laid over it; no register is written and the book stays as it is.

    On days on which the draft does not hold it answers as the book does. Raises DraftError with the
    place, where the draft speaks of a provision, a question or a substance that is not there, or
    brings an identifier that is.
    """
    before = _beneath(book, draft)
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
        before=before,
        draft=draft,
        entries=entries,
        exemptions=tuple(desk.exemptions),
    )


def _beneath(book: Book, draft: Draft) -> Book:
    """The book as it reads on all of the draft's days. Another draft beneath has to hold on them,
    or on none."""
    beneath = book.at(draft.since)
    if isinstance(book, Laid) and beneath is book:
        ends, end = book.draft.until, draft.until
        if ends is not None and (end is None or ends < end):
            text = f"`{book.draft.slug}`, over which it is laid, ends on {ends.isoformat()}"
            raise draft.error(text, ("until",))
    return book


def _check_jurisdiction(book: Book, draft: Draft) -> None:
    known = asked_jurisdictions(book.law, Scope())
    if draft.jurisdiction not in known:
        text = f"no law of `{draft.jurisdiction}` is modelled; there is {', '.join(known)}"
        raise draft.document.error(text, ("jurisdiction",))
