"""What proves a draft: its examples, run with the draft laid; and what a reader should know of it."""

from __future__ import annotations

from collections.abc import Iterator

from rules.drafts.lay import lay
from rules.drafts.read import Draft
from rules.drafts.schema import Add, Amend
from rules.examples import Failure, check, run
from rules.sitting import Book


def prove(book: Book, draft: Draft) -> tuple[Failure, ...]:
    """Every example that does not come out as the draft says. `book` is the law without the draft.

    Those of the whole provisions it brings are run too. Raises DraftError where it cannot be laid.
    """
    return tuple(_failures(lay(book, draft), draft))


def _failures(laid: Book, draft: Draft) -> Iterator[Failure]:
    for change in draft.changes:
        if isinstance(change, Add | Amend):
            whole = change.add if isinstance(change, Add) else change.with_
            yield from run(laid, whole)
    provisions = laid.law.provisions
    for place, example in enumerate(draft.header.examples):
        provision = provisions.get(example.provision)
        if provision is None:
            path = ("examples", place, "provision")
            raise draft.error(f"the law has no provision `{example.provision}`", path)
        failure = check(laid, provision, example)
        if failure is not None:
            yield failure


def remarks(draft: Draft) -> tuple[str, ...]:
    """What a reader should know before trusting the draft; none of it is an error."""
    return tuple(_remarks(draft))


def _remarks(draft: Draft) -> Iterator[str]:
    if not draft.header.examples and not any(_examples(change) for change in draft.changes):
        yield "the draft has no examples: nothing shows that it does what it says"
    if draft.cite is None:
        yield "the draft cites no published text"
    elif draft.cite.certainty == "memory":
        yield "the text it cites is from memory"


def _examples(change: object) -> bool:
    if isinstance(change, Add):
        return bool(change.add.examples)
    return isinstance(change, Amend) and bool(change.with_.examples)
