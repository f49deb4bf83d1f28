"""The entry point of `subreg`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and end the process with its exit code (docs/cli.md)."""
    # Worker processes import this module again when they start: it must cost them nothing.
    from api.cli.app import app
    from api.cli.console import complain, say
    from api.cli.exits import Exit, exit_of
    from api.cli.options import flags, spread
    from registry.errors import RegisterError

    try:
        given = sys.argv[1:] if arguments is None else arguments
        app(args=spread(given, flags(app, given)))
    except RegisterError as error:
        complain(error)
        sys.exit(exit_of(error))
    except UnicodeDecodeError as error:
        say(f"error: what was given is not UTF-8 text at byte {error.start}")
        sys.exit(Exit.BAD_INPUT)
    except OSError as error:
        named = f" `{error.filename}`" if error.filename else ""
        say(f"error: {str(error.strerror).lower()}{named}")
        sys.exit(Exit.USAGE if error.filename else Exit.FAULT)
    sys.exit(0)


if __name__ == "__main__":
    main()
