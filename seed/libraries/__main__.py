"""`python -m seed.libraries`: check the reference libraries; `--names` reads their names too."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from registry.errors import RegisterError
from seed.libraries.check import faults, misread, systematic_names
from seed.libraries.read import LIBRARIES, read_library


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    try:
        wrong = [line for library in LIBRARIES for line in _checked(library, asked.names)]
    except RegisterError as error:
        wrong = [f"error: {error.message}"]
    sys.stderr.writelines(f"{line}\n" for line in wrong)
    return 1 if wrong else 0


def _checked(library: str, names: bool) -> list[str]:
    entries = read_library(library)
    found = faults(library, entries)
    if names:
        found += misread(library, entries, systematic_names(library))
    unsure = sum(bool(one.remark) for one in entries)
    sys.stdout.write(
        f"{library}: {len(entries)} entries, {unsure} with a remark, {len(found)} faults\n"
    )
    return [str(one) for one in found]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m seed.libraries", description=__doc__)
    parser.add_argument("--names", action="store_true", help="read the systematic names (Java)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
