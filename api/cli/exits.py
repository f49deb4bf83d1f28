"""How every command ends. The table in docs/cli.md is compared with this one."""

from __future__ import annotations

from enum import IntEnum

from registry.errors import (
    DatabaseError,
    Denied,
    FileError,
    InputError,
    NotFound,
    Overrun,
    RegisterError,
    StaleIndex,
)


class Exit(IntEnum):
    """Exit codes. An answer is 0 whatever it says: `controlled` is no failure. Only `customs` says
    its word in the code too, for a gate that reads nothing else."""

    ANSWERED = 0
    FAULT = 1
    USAGE = 2
    BAD_INPUT = 3
    NOT_FOUND = 4
    DATABASE_NOT_READY = 5
    SOME_INPUTS_FAILED = 6
    STOPPED = 7
    NOT_ALLOWED = 8
    HOLD = 9
    REFUSE = 10
    INTERRUPTED = 130


MEANING: dict[Exit, str] = {
    Exit.ANSWERED: "answered, whatever the answer",
    Exit.FAULT: "a fault of ours, or a test that failed (`doctor`, `db verify`, `replay`, `verify`)",
    Exit.USAGE: "the command line itself is wrong",
    Exit.BAD_INPUT: "an input cannot be used as it stands",
    Exit.NOT_FOUND: "nothing of that name on the dates asked",
    Exit.DATABASE_NOT_READY: "the database or an index is missing, locked or of another revision",
    Exit.SOME_INPUTS_FAILED: "answered, but some inputs could not be read (`screen --errors report`, `ship --scenarios`, `collection import`)",
    Exit.STOPPED: "a computation was stopped at its limit; those answers are undetermined",
    Exit.NOT_ALLOWED: "whoever acts may not do this; see docs/access.md",
    Exit.HOLD: "hold the goods (`customs`)",
    Exit.REFUSE: "refuse the goods (`customs`)",
    Exit.INTERRUPTED: "interrupted; the lines written are whole",
}

_EXIT_OF: tuple[tuple[type[RegisterError], Exit], ...] = (
    (InputError, Exit.BAD_INPUT),
    (NotFound, Exit.NOT_FOUND),
    (DatabaseError, Exit.DATABASE_NOT_READY),
    (StaleIndex, Exit.DATABASE_NOT_READY),
    (Denied, Exit.NOT_ALLOWED),
    (Overrun, Exit.STOPPED),
    (FileError, Exit.FAULT),
)


def exit_of(error: RegisterError) -> Exit:
    return next((exit_ for kind, exit_ in _EXIT_OF if isinstance(error, kind)), Exit.FAULT)
