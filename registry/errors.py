"""Every error this software raises on purpose, each with a stable code.

RegisterError
├── InputError            the caller's text or file cannot be used as it stands
│   ├── GateRefusal       refused before any chemistry toolkit saw it
│   ├── StructureError    the toolkit could not read it, or read it only in part
│   ├── AmbiguousName     more than one substance answers to it; candidates listed
│   ├── WrongCheckDigit   a CAS number that cannot be one (`registry.search.numbers`)
│   ├── NameNotAStructure OPSIN reads no structure without doubt (`registry.chem.opsin`)
│   └── UnknownScope      no jurisdiction or provision answers to what was asked
├── NotFound              nothing of that identifier, on that date, as known then
├── Denied                whoever asks may not do this; never says whether the record exists
│   └── NotIdentified     the same, and no valid key says who asks
├── RuleFileError         a rule file is wrong; carries file, line and column
│   └── DraftError        a draft is wrong, or speaks of what the law has not; the same
├── SeedError             a data file is wrong; carries file, line and column
├── StaleIndex            an index made by another version or for something else
├── OpsinNotInstalled     OPSIN or Java is missing (`registry.chem.opsin`)
├── DatabaseError         the database is missing, locked or of another revision
└── Overrun               native code was stopped: deadline, memory, or crash
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar


class RegisterError(Exception):
    """Base of all errors raised on purpose. `code` is for machines and never changes."""

    code: ClassVar[str] = "register-error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InputError(RegisterError):
    """The caller's input cannot be used as it stands."""

    code = "bad-input"


class GateRefusal(InputError):
    """The text gate refused the input before a chemistry toolkit saw it."""

    code = "structure-refused"

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.position = position


class StructureError(InputError):
    """The text is not a structure that can be read whole."""

    code = "structure-unreadable"


class AmbiguousName(InputError):
    """More than one substance answers to the name."""

    code = "name-ambiguous"

    def __init__(self, message: str, candidates: Sequence[str]) -> None:
        super().__init__(message)
        self.candidates = tuple(candidates)


class UnknownScope(InputError):
    """No jurisdiction or provision answers to what was asked."""

    code = "scope-unknown"


class NotFound(RegisterError):
    """Nothing of that identifier on the date asked."""

    code = "not-found"


class Denied(RegisterError):
    """Whoever asks may not do this. `actor`, `act` and `subject` are for the log of acts only."""

    code = "not-allowed"

    def __init__(self, message: str, *, actor: str = "", act: str = "", subject: str = "") -> None:
        super().__init__(message)
        self.actor, self.act, self.subject = actor, act, subject


class NotIdentified(Denied):
    """This needs a key, and none that holds was given."""

    code = "not-identified"


class FileError(RegisterError):
    """A file of ours is wrong at a place that can be named."""

    code = "file-error"

    def __init__(self, message: str, file: str = "", line: int = 0, column: int = 0) -> None:
        place = ":".join(str(part) for part in (file, line, column) if part)
        super().__init__(f"{place}: {message}" if place else message)
        self.fault = message
        self.file, self.line, self.column = file, line, column


class RuleFileError(FileError):
    """A rule file is wrong."""

    code = "rule-file-wrong"


class DraftError(RuleFileError, InputError):
    """A draft is wrong, or speaks of what the law it is laid over has not. It is its author's to
    correct, not the operator's."""

    code = "draft-wrong"


class SeedError(FileError):
    """A data file is wrong."""

    code = "seed-file-wrong"


class StaleIndex(RegisterError):
    """An index on disk was made otherwise than it would be today; make it again."""

    code = "stale-index"


class DatabaseError(RegisterError):
    """The database is missing, locked, or of another revision than the software."""

    code = "database-not-ready"


class Overrun(RegisterError):
    """Native code was stopped. The answer is then undetermined, never `not controlled`."""

    code = "computation-stopped"

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason
