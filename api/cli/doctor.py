"""`subreg doctor` and `subreg version`: whether this installation can answer, and what it is."""

from __future__ import annotations

import platform
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import api
from api.cli.console import print_json, print_line, print_table, stop
from api.cli.database import settings
from api.cli.exits import Exit
from api.cli.options import AsJson, now
from api.law import law_of
from registry.chem.parse import read_structure
from registry.chem.standardise import standardise
from registry.chem.worker import WorkerPool
from registry.errors import RegisterError
from registry.search.candidates import indexed
from registry.snapshot import snapshot
from registry.store import migrate
from registry.store.session import make_engine, reading, session_factory, shown
from rules.load import load_law
from rules.shipment.read import load_rules
from rules.versions import versions

PACKAGES = ("registry", "rules", "api", "seed")
VENDOR = Path(api.__file__).parent / "web" / "static" / "vendor"
DRAWING, CHARTS = VENDOR / "jsme", VENDOR / "vega"


class Check(NamedTuple):
    """`needed`: without it this installation cannot answer."""

    name: str
    good: bool
    detail: str
    needed: bool = True


def doctor(as_json: AsJson = False) -> None:
    """Check this installation: packages, database, data, names, law, worker, drawing, charts."""
    checks = [_tried(check) for check in _CHECKS]
    if as_json:
        print_json([check._asdict() for check in checks])
    else:
        rows = [(check.name, _word(check), check.detail) for check in checks]
        print_table("this installation", ("part", "is", "detail"), rows)
    if not all(check.good for check in checks if check.needed):
        stop(Exit.FAULT)


def version(as_json: AsJson = False) -> None:
    """Say which versions of software and law answer here."""
    found = {**versions(), "python": platform.python_version()}
    found["rule set"] = law_of(settings().law_root).content_hash
    if as_json:
        print_json(found)
    else:
        for name, value in found.items():
            print_line(f"{name} {value}")


def _word(check: Check) -> str:
    if check.good:
        return "good"
    return "wrong" if check.needed else "absent"


def _tried(check: Callable[[], Check]) -> Check:
    try:
        return check()
    except RegisterError as error:
        return Check(check.__name__.strip("_"), False, error.message)


def _packages() -> Check:
    """Another distribution with a package of one of our names would shadow ours."""
    homes = {Path(str(import_module(name).__file__)).parent.parent for name in PACKAGES}
    return Check("packages", len(homes) == 1, ", ".join(sorted(map(str, homes))))


def _versions() -> Check:
    found = {**versions(), "python": platform.python_version()}
    detail = ", ".join(f"{name} {number}" for name, number in found.items())
    return Check("versions", found["substance-register"] != "not installed", detail, needed=False)


def _database() -> Check:
    address = settings()
    revision, needed = migrate.current(address.database_url), migrate.head()
    detail = f"{shown(address.database_url)} at {revision or 'no revision'}, needed {needed}"
    return Check("database", revision == needed, detail)


def _data() -> Check:
    engine = make_engine(settings().database_url)
    try:
        with reading(session_factory(engine)) as session:
            facts = snapshot(session, now())
    finally:
        engine.dispose()
    detail = f"{len(facts.listings)} listings of {len(facts.substances)} substances"
    return Check("data", bool(facts.listings), detail)


def _names() -> Check:
    engine = make_engine(settings().database_url)
    try:
        with reading(session_factory(engine)) as session:
            good = indexed(session)
    finally:
        engine.dispose()
    without = "no index over names: pg_trgm is not installed; the same answers, more slowly"
    return Check("names", good, "indexed" if good else without, needed=False)


def _law() -> Check:
    law, shipment = load_law(settings().law_root), load_rules()
    detail = f"{len(law.rules)} provisions, {len(shipment)} shipment rules"
    return Check("law", bool(law.rules and shipment), detail)


def _worker() -> Check:
    found = settings()
    pool = WorkerPool(
        size=1,
        deadline_seconds=found.deadline_seconds,
        memory_bytes=found.worker_memory_bytes,
    )
    try:
        read = pool.call(_read_back, "OCC")
    finally:
        pool.close()
    return Check("worker", read == "CCO", "reads a structure in a process of its own")


def _read_back(text: str) -> str:
    return standardise(read_structure(text)).smiles


def _drawing() -> Check:
    good = DRAWING.is_dir()
    detail = str(DRAWING) if good else "the page cannot draw; pasting a structure works"
    return Check("drawing", good, detail, needed=False)


def _charts() -> Check:
    good = CHARTS.is_dir()
    detail = str(CHARTS) if good else "the pages draw no charts; their tables say the same"
    return Check("charts", good, detail, needed=False)


_CHECKS = (_packages, _versions, _database, _data, _names, _law, _worker, _drawing, _charts)
