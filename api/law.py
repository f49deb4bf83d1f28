"""The law that ships, kept compiled between processes.

Reading and compiling some 270 rule files takes seconds, and a command line is a new process each
time. What is kept is bound to the content of every rule file and every source file it was made by,
and to the versions of the software that made it: anything else is not found, and read afresh.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import stat
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile

import pydantic

import registry
import rules
from api.settings import Settings
from rules.load import LAW, RuleSet, load_law
from rules.versions import versions


def law_of(root: Path | None) -> RuleSet:
    """The law of a folder, or the one that ships. Raises RuleFileError at the first fault."""
    return shipped() if root is None else load_law(root)


@cache
def shipped() -> RuleSet:
    """The law that ships with this software."""
    file = Settings().cache / f"law-{_fingerprint()}.pickle"
    kept = _kept(file)
    if kept is None:
        kept = load_law()
        _keep(file, kept)
    return kept


def _fingerprint() -> str:
    """One hash over all that the compiled law is made of."""
    made_by = (sys.version, pydantic.VERSION, sorted(versions().items()))
    hashed = hashlib.sha256(repr(made_by).encode())
    for file in sorted(_made_of()):
        hashed.update(str(file).encode())
        hashed.update(hashlib.sha256(file.read_bytes()).digest())
    return hashed.hexdigest()[:32]


def _made_of() -> Iterator[Path]:
    yield from LAW.parent.rglob("*.yaml")
    for package in (rules, registry):
        for folder in package.__path__:
            yield from Path(folder).rglob("*.py")


def _kept(file: Path) -> RuleSet | None:
    """What an earlier process kept, if it is surely ours; None where it is not to be had."""
    try:
        with file.open("rb") as opened:
            seen = os.fstat(opened.fileno())
            ours = seen.st_uid == os.getuid() and not seen.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
            # Only a file that this user alone may write is unpickled.
            kept = pickle.load(opened) if ours else None  # noqa: S301
    except Exception:  # noqa: BLE001 (a cut or foreign file is no worse than none)
        return None
    return kept if isinstance(kept, RuleSet) else None


def _keep(file: Path, law: RuleSet) -> None:
    """For the next process; where nothing can be written, it reads the law itself."""
    with contextlib.suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=file.parent, delete=False) as draft:
            pickle.dump(law, draft)
        Path(draft.name).replace(file)
        for other in file.parent.glob("law-*.pickle"):
            if other != file:
                other.unlink(missing_ok=True)
