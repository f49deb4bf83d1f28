"""`python -m seed --url URL`: load the data that ships; `--report`, `--digests`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from registry.errors import RegisterError
from registry.store.session import make_engine, reading, session_factory
from seed.load import load_into
from seed.readers.dataset import ROOT
from seed.readers.sources import digests
from seed.report import disagreements, render


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    try:
        if asked.digests:
            _say(*(f"  {file}: {digest}" for file, digest in digests(ROOT / "data").items()))
        elif asked.report:
            _say(_report(asked.report))
        else:
            load_into(asked.url, _complain, recorded_at=datetime.now(UTC))
    except RegisterError as error:
        _complain(f"error: {error.message}")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m seed", description="load the public data")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--url", help="register to load into: sqlite:///file, postgresql://…")
    what.add_argument("--report", metavar="URL", help="list disagreements on record")
    what.add_argument("--digests", action="store_true", help="print the digests of the data files")
    return parser


def _report(url: str) -> str:
    engine = make_engine(url)
    try:
        with reading(session_factory(engine)) as session:
            return render(disagreements(session))
    finally:
        engine.dispose()


def _say(*lines: str) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _complain(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
