"""Show that a watch reports exactly the substances whose status changes, each with its clause.

    python -m bench.watch DATABASE 2019-07-17 2019-07-18 --jurisdiction DE
    python -m bench.watch DATABASE 2026-06-01 2026-06-01 --law LAW_FOLDER

A watch over all substances of a copy of the register is run on the first day, then on the second
(or under another folder of law). Beside it every substance is classified on both, in full, and the
two classifications are compared line by line. Ends with 1 unless both find the same.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from api import screening
from api.engine import Engine, open_engine
from api.screening import Errors, Question
from api.settings import Settings
from api.usecases import watch
from api.usecases.rescreen import rescreen
from registry.chem.parse import Format
from registry.collections.read import Record
from registry.store import migrate, watches
from registry.store.session import reading
from registry.store.watches import Wanted
from rules.sitting import Scope

Line = dict[str, Any]
STATUS, OUTCOME, GROUNDS = "status", "outcome", "grounds"


def now() -> datetime:
    return datetime.now(UTC)


def records(engine: Engine, asked: str, known_at: datetime) -> Iterator[Record]:
    """Every member that has a structure."""
    with reading(engine.sessions) as session:
        row = watches.get(session, asked)
        members = watches.members(session, row, known_at, limit=1_000_000)
    for member in members:
        if not member.fault:
            yield Record(member.key, member.text, 0)


def classified(engine: Engine, asked: str, on: date, scope: Scope) -> dict[str, Line]:
    """The full classification of every member on a day."""
    known_at = now()
    question = Question(on, known_at.isoformat(), scope, format=Format.AUTO, errors=Errors.REPORT)
    facts, root = engine.facts(known_at), engine.settings.law_root
    answers = screening.screen(
        records(engine, asked, known_at), question, facts, law_root=root, deadline=60
    )
    with closing(answers):
        lines = [json.loads(line) for answer in answers for line in answer.body.splitlines()]
    return {line["id"]: line for line in lines}


def differences(before: dict[str, Line], after: dict[str, Line]) -> set[tuple[str, str, str]]:
    """Who differs, in what kind of thing, and in which: computed without anything of a watch."""
    found = set()
    for key, now_ in after.items():
        then = before[key]
        for code in {*then["summary"], *now_["summary"]}:
            if then["summary"].get(code) != now_["summary"].get(code):
                found.add((key, STATUS, code))
        said = [{one["provision"]: one for one in line["findings"]} for line in (then, now_)]
        for provision in {*said[0], *said[1]}:
            old, new = (one.get(provision, {"outcome": "outside"}) for one in said)
            if old["outcome"] != new["outcome"]:
                found.add((key, OUTCOME, provision))
            elif any(old.get(name) != new.get(name) for name in ("structure", "clauses")):
                found.add((key, GROUNDS, provision))
    return found


def reported(engine: Engine, asked: str, run: int) -> list[Line]:
    return list(watch.changes(engine, asked, Wanted(run=run), limit=1_000_000).items)


def as_set(changes: list[Line]) -> set[tuple[str, str, str]]:
    return {
        (one["key"], one["kind"], one["jurisdiction" if one["kind"] == STATUS else "provision"])
        for one in changes
    }


def show(database: Path, first: date, second: date, law: Path | None, scope: Scope) -> Line:
    """Both ways of finding what changed, side by side."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{shutil.copy(database, Path(folder) / 'register.sqlite')}"
        migrate.upgrade(url)
        settings = Settings(database_url=url, workers=1, deadline_seconds=60)
        with open_engine(settings, now()) as engine:
            new = watch.New("demonstration", scope=scope)
            asked = watch.add(engine, new, actor="bench", now=now())["id"]
            rescreen(engine, asked, actor="bench", clock=now, on=first)
            before = classified(engine, asked, first, scope)
        if law is not None:
            settings = settings.model_copy(update={"law_root": law})
        with open_engine(settings, now()) as engine:
            report = rescreen(engine, asked, actor="bench", clock=now, on=second)
            again = rescreen(engine, asked, actor="bench", clock=now, on=second)
            after = classified(engine, asked, second, scope)
            changes = reported(engine, asked, report.run)
    return compared(changes, differences(before, after)) | {
        "substances": report.members,
        "with a structure": len(after),
        "not judged": report.undetermined,
        "a second run judges again": again.fresh,
    }


def compared(changes: list[Line], expected: set[tuple[str, str, str]]) -> Line:
    found = as_set(changes)
    status = {one["key"] for one in changes if one["kind"] == STATUS}
    return {
        "same": found == expected,
        "reported, not found by comparing": sorted(found - expected),
        "found by comparing, not reported": sorted(expected - found),
        "substances whose status changed": len(status),
        "substances with any change": len({one["key"] for one in changes}),
        "changes": len(changes),
        "changes without a clause": sum(not one["clause"] for one in changes),
        "why": {why: sum(one["why"] == why for one in changes) for why in _whys(changes)},
    }


def _whys(changes: list[Line]) -> list[str]:
    return sorted({one["why"] for one in changes})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", type=Path)
    parser.add_argument("first", type=date.fromisoformat)
    parser.add_argument("second", type=date.fromisoformat)
    parser.add_argument("--law", type=Path)
    parser.add_argument("--jurisdiction", action="append", default=[])
    asked = parser.parse_args()
    scope = Scope(tuple(asked.jurisdiction))
    found = show(asked.database, asked.first, asked.second, asked.law, scope)
    print(json.dumps(found, indent=2, ensure_ascii=False))
    return 0 if found["same"] else 1


if __name__ == "__main__":
    sys.exit(main())
