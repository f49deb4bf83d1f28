"""A draft read, held against the law and proved inside a worker, which alone compiles its rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from api.engine import book_of
from registry.errors import FileError, RegisterError
from rules.decide import Book
from rules.drafts import Draft, lay, read_draft, remarks
from rules.drafts.schema import Add, Amend
from rules.examples import check
from rules.schema import Example

NAME = "draft"  # what a fault calls the text

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outline:
    """What a text is before its examples are run. With `faults` it is no draft."""

    faults: tuple[Plain, ...] = ()
    draft: Plain | None = None
    remarks: tuple[str, ...] = ()
    examples: tuple[Plain, ...] = ()


def read(text: str) -> Outline:
    """Whether a text can be read as a draft, without asking what law it would change."""
    try:
        return _outline(read_draft(text, NAME))
    except RegisterError as error:
        return Outline(faults=(fault_of(error),))


def outline(root: str | None, file: str, text: str) -> Outline:
    """The same, and laid on the law in force: what it changes has to be there."""
    try:
        draft = read_draft(text, NAME)
        _check_examples(draft, _laid(root, file, text))
    except RegisterError as error:
        return Outline(faults=(fault_of(error),))
    return _outline(draft)


def prove(root: str | None, file: str, text: str, start: int, stop: int) -> list[Plain]:
    """What came out of some of the examples, in the order of `Outline.examples`."""
    laid = _laid(root, file, text)
    some = list(_examples(read_draft(text, NAME)))[start:stop]
    return [_proved(laid, provision, example) for provision, example, _ in some]


def fault_of(error: RegisterError) -> Plain:
    """Why a text cannot be read, and where. A fault without a place is told at its beginning."""
    if not isinstance(error, FileError):
        return {"line": 1, "column": 1, "message": error.message}
    return {"line": error.line or 1, "column": error.column or 1, "message": error.fault}


@lru_cache(maxsize=4)
def _laid(root: str | None, file: str, text: str) -> Book:
    return lay(book_of(root, file), read_draft(text, NAME))


def _outline(draft: Draft) -> Outline:
    told = tuple(
        {
            "provision": provision,
            "name": example.name,
            "on": example.on.isoformat(),
            "expected": str(example.expect.outcome),
            "line": line,
        }
        for provision, example, line in _examples(draft)
    )
    return Outline((), draft.plain(), remarks(draft), told)


def _check_examples(draft: Draft, laid: Book) -> None:
    for number, example in enumerate(draft.header.examples):
        if example.provision not in laid.law.provisions:
            path = ("examples", number, "provision")
            raise draft.error(f"the law has no provision `{example.provision}`", path)


def _examples(draft: Draft) -> Iterator[tuple[str, Example, int]]:
    """Those of the draft itself, then those of each provision it brings, with their lines."""
    place = draft.document.place
    for number, example in enumerate(draft.header.examples):
        yield example.provision, example, place(("examples", number))[0]
    for number, change in enumerate(draft.changes):
        match change:
            case Add():
                key, provision = "add", change.add
            case Amend():
                key, provision = "with", change.with_
            case _:
                continue
        for which, one in enumerate(provision.examples):
            line, _ = place(("changes", number, key, "examples", which))
            yield provision.id, one, line


def _proved(laid: Book, provision: str, example: Example) -> Plain:
    failure = check(laid, laid.law.provisions[provision], example)
    got = failure.got if failure else str(example.expect.outcome)
    expected = failure.expected if failure else got
    return {"holds": failure is None, "expected": expected, "got": got}
