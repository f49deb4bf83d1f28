"""The twelve walked cases of docs/cases: their pages are run, their decisions looked at in full."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from api.cli import ask, options
from api.cli.consignments import read_file
from api.engine import Engine, open_engine
from api.settings import Settings
from api.usecases.check_shipment import answer_to
from api.usecases.dates import dates_asked
from rules.shipment.consignment import read_consignment
from rules.trade.silence import silence_rules
from rules.trade.waiting import Course, position
from tests.api.cli.commands import Ran, call
from tests.test_docs import ROOT, pattern, read

PAGES = tuple(sorted(path.name for path in (ROOT / "docs/cases").glob("[01]*.md")))
KEYS = {  # who acts under which name in the pages
    "FIRM": ("applicant", "XA", "--party", "XA-7"),
    "AUTHORITY": ("authority", "XA"),
    "CUSTOMS": ("customs", "XA"),
}
TOLD = {"PAPER": "authorisation draft", "LEDGER": "ledger open"}  # identifiers, by what tells them
START = datetime(2026, 12, 1, 9, tzinfo=UTC)


def steps(page: str) -> Iterator[tuple[str, str]]:
    """Each line `# 2027-01-11` of the console blocks, and each command with the output shown."""
    fence = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
    blocks = fence.findall(read(f"docs/cases/{page}"))
    for block in blocks:
        for part in re.split(r"^(?=\$ |# )", block, flags=re.MULTILINE):
            command, _, output = part.partition("\n")
            if command:
                yield command, output


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """What a command takes for the moment of asking."""
    with mock.patch.object(options, "datetime") as clock:
        clock.now.return_value = moment
        yield


@pytest.fixture(scope="module")
def engine(seeded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One engine for all consignments."""
    file = shutil.copy(seeded_file, tmp_path_factory.mktemp("cases") / "register.sqlite")
    settings = Settings(database_url=f"sqlite:///{file}", workers=1)
    with open_engine(settings, START) as opened:
        yield opened


class Desk:
    """Commands on a register of their own, at the moment the page says."""

    def __init__(self, home: Path, database: str) -> None:
        self.home, self.database = home, database
        self.moment, self.words = START, dict[str, str]()

    def type(self, line: str) -> Ran:
        who, words = "", shlex.split(line)
        if words[0].startswith("SUBREG_KEY="):
            who = words.pop(0).removeprefix("SUBREG_KEY=$")
        assert words.pop(0) == "subreg"
        ran = self.run(
            *(self.words.get(word, word) for word in words), key=self.key(who) if who else ""
        )
        for word, command in TOLD.items():
            if command == " ".join(words[:2]) and ran.code == 0:
                self.words[word] = re.findall(r"^id\s+(\S+)", ran.out, re.MULTILINE)[0]
        return ran

    def key(self, name: str) -> str:
        """The key of that name, made when it is first used."""
        if name not in self.words:
            role, country, *more = KEYS[name]
            words = ("access", "key", "add", role, "--role", role, "--country", country, *more)
            self.words[name] = self.run(*words, "--json").json["key"]
        return self.words[name]

    def run(self, *words: str, key: str = "") -> Ran:
        settings = {"SUBREG_DATABASE_URL": self.database, "SUBREG_KEY": key, "COLUMNS": "100"}
        with at(self.moment):
            return call(self.home, *words, stdin=b"", **settings)


@pytest.fixture
def desk(
    seeded_file: Path, tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> Desk:
    """Papers and ledgers on a copy; consignments on the shared engine."""
    file = shutil.copy(seeded_file, tmp_path / "register.sqlite")
    desk = Desk(tmp_path, f"sqlite:///{file}")

    @contextmanager
    def opened() -> Iterator[tuple[Engine, datetime]]:
        yield engine, desk.moment

    monkeypatch.setattr(ask, "opened", opened)
    monkeypatch.chdir(ROOT)
    return desk


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_answer_as_it_shows(page: str, desk: Desk) -> None:
    typed = 0
    for command, output in steps(page):
        if command.startswith("# "):
            desk.moment = datetime.fromisoformat(f"{command[2:12]}T09:00:00+00:00")
            continue
        ran = desk.type(command.removeprefix("$ "))
        assert pattern(output).match(ran.out + ran.err), f"{command}\n{ran.out}{ran.err}"
        typed += 1
    assert typed, "each page shows a command"


RECORDS_1971 = "UN-1971-11-16"
EU_PAPERS = "EU-111-12 EU-111-3 UN-1988-12-9-d"
DECISIONS = [  # consignment, decision, rules that fail, that are not known, whose duties are owed
    ("02-ketamine-in", "stop", "UN-NATIONAL", "", ""),
    ("02-ketamine-out", "proceed", "", "", ""),
    ("03-too-early", "stop", "EU-111-11", "", EU_PAPERS),
    ("03-silent", "proceed", "", "", EU_PAPERS),
    ("03-objected", "stop", "UN-1988-12-10-a", "", EU_PAPERS),
    ("03-answered", "proceed", "", "", EU_PAPERS),
    ("04-diazepam-no-flag", "proceed", "", "", RECORDS_1971),
    ("04-diazepam-flag", "stop", "UN-NATIONAL", "", RECORDS_1971),
    ("05-codeine-100-mg", "proceed", "", "", "UN-1961-2-4"),
    ("05-codeine-101-mg", "stop", "UN-1961-31-16 UN-1961-31-4 UN-1961-31-5",
     "UN-1961-31-1-b", "UN-1961-20-34 UN-1961-31-7"),
    ("06-fentanyl-to-a-box", "stop", "UN-1961-31-8", "",
     "UN-1961-20-34 UN-1961-31-6 UN-1961-31-7"),
    ("07-ephedrine-diverted", "stop", "UN-1988-12-9-d", "", "UN-1988-12-9-d"),
    ("07-ephedrine-onward", "stop", "UN-1988-12-10-a", "", "UN-1988-12-9-d"),
    ("08-tablet-press-canada", "stop", "CA-CDSA-46.3", "", ""),
    ("08-tablet-press", "proceed", "", "", ""),
    ("09-mixture", "undetermined", "", "UN-1988-12-10-a UN-1988-12-14 UN-1988-12-9-d", ""),
    ("09-mixture-not-recoverable", "proceed", "", "", ""),
    ("12-prohibited", "stop", "UN-1971-13", "", RECORDS_1971),
    ("12-special-licence", "proceed", "", "", RECORDS_1971),
]  # fmt: skip


def asked(name: str) -> dict[str, Any]:
    return read_file(str(ROOT / f"docs/examples/cases/{name}.json"))


def answer(engine: Engine, content: dict[str, Any]) -> dict[str, Any]:
    consignment = read_consignment(content)
    return answer_to(engine, consignment, dates_asked(START, consignment.on, None))


@pytest.mark.parametrize(("name", "decision", "fails", "open_", "owed"), DECISIONS)
def test_a_consignment_is_decided_for_the_reasons_the_page_gives(
    name: str, decision: str, fails: str, open_: str, owed: str, engine: Engine
) -> None:
    told = answer(engine, asked(name))
    rules = {
        result: " ".join(sorted({f["rule"] for f in told["findings"] if f["result"] == result}))
        for result in ("failed", "unknown", "owed")
    }
    assert told["decision"] == decision
    assert rules == {"failed": fails, "unknown": open_, "owed": owed}


def test_every_consignment_of_the_cases_is_decided() -> None:
    files = {path.stem for path in (ROOT / "docs/examples/cases").glob("*.json")}
    used = " ".join(read(f"docs/cases/{page}") for page in PAGES)
    assert len(PAGES) == 12
    assert {name for name in files if f"docs/examples/cases/{name}.json" not in used} == set()
    shipped = set(re.findall(r"ship docs/examples/cases/([\w-]+)\.json", used))
    assert {row[0] for row in DECISIONS} == shipped


LICENCE = {
    "type": "import_authorization", "number": "XB-IA-7", "issuer": "Authority of XB",
    "issued_on": "2026-10-01", "valid_from": "2026-10-01", "valid_to": "2027-03-31",
    "exporter": "Exporter One Ltd", "importer": "Importer Two Co",
}  # fmt: skip
NOTIFIED = asked("07-ephedrine-diverted")["documents"][0]


def licence(substance: str, kilograms: str, salt: str) -> dict[str, Any]:
    quantity = {"value": kilograms, "unit": "kg"}
    covered = {"substance": substance, "quantity": quantity, "form": {"salt": salt}}
    return LICENCE | {"covers": [covered]}


def mixture(**more: Any) -> dict[str, Any]:
    composition: dict[str, Any] = asked("09-mixture")["lines"][0]["composition"]
    return composition | more


CHANGES = [  # consignment, the part that is changed, to what, decision
    ("02-ketamine-in", "documents", [licence("ketamine", "25", "hydrochloride")], "proceed"),
    ("02-ketamine-in", "documents", [licence("ketamine", "24", "hydrochloride")], "stop"),
    ("02-ketamine-out", "documents", [], "stop"),
    ("02-ketamine-out", "facts.national.XA", {}, "undetermined"),
    ("04-diazepam-flag", "documents", [licence("diazepam", "50", "base")], "proceed"),
    ("04-diazepam-no-flag", "facts.national.XB", {}, "undetermined"),
    ("06-fentanyl-to-a-box", "parties.importer.address", "2 Market Street", "proceed"),
    ("06-fentanyl-to-a-box", "parties.importer.address", None, "undetermined"),
    ("07-ephedrine-diverted", "facts.diversion.authorized", True, "proceed"),
    ("07-ephedrine-diverted", "facts.diversion.authorized", None, "undetermined"),
    ("07-ephedrine-onward", "documents", [NOTIFIED], "proceed"),
    ("08-tablet-press-canada", "facts.stated", {"registration.made": True}, "proceed"),
    ("08-tablet-press-canada", "facts.stated", {}, "undetermined"),
    ("08-tablet-press", "facts.suspicious", True, "stop"),
    ("09-mixture", "lines.0.composition", mixture(recoverable=True), "stop"),
    ("12-special-licence", "documents.0.covers.0.quantity.value", "4", "stop"),
    ("12-special-licence", "documents.0.endorsed_by_exporting_authority", False, "stop"),
    ("12-special-licence", "documents.0.valid_to", "2026-12-09", "stop"),
    ("12-special-licence", "facts.article_13_prohibition", None, "proceed"),
    ("12-prohibited", "facts.article_13_prohibition", None, "undetermined"),
]


@pytest.mark.parametrize(("name", "part", "value", "decision"), CHANGES)
def test_what_would_satisfy_it_does_and_what_is_not_enough_does_not(
    name: str, part: str, value: Any, decision: str, engine: Engine
) -> None:
    content = asked(name)
    *way, last = part.split(".")
    place: Any = content
    for step in way:
        place = place[int(step)] if step.isdecimal() else place[step]
    place[last] = value
    assert answer(engine, content)["decision"] == decision


NOTICE = Course(
    "AT", "TR",
    sent_at=datetime(2026, 11, 10, 9, tzinfo=UTC), delivered_at=datetime(2026, 11, 10, 9, tzinfo=UTC),
)  # fmt: skip


@pytest.mark.parametrize(
    ("course", "now", "said"),
    [
        (NOTICE, datetime(2026, 12, 1, 20, tzinfo=UTC), "wait"),
        (NOTICE, datetime(2026, 12, 1, 23, tzinfo=UTC), "may proceed"),
        (replace(NOTICE, delivered_at=None), datetime(2026, 12, 31, tzinfo=UTC), "undetermined"),
        (replace(NOTICE, reply="no objection"), datetime(2026, 11, 25, 10, tzinfo=UTC),
         "may proceed"),
        (replace(NOTICE, reply="objection"), datetime(2026, 12, 31, tzinfo=UTC), "stop"),
        (replace(NOTICE, reply="more information"), datetime(2026, 12, 31, tzinfo=UTC), "wait"),
    ],
)  # fmt: skip
def test_a_notification_is_silent_until_the_deadline_objected_or_answered(
    course: Course, now: datetime, said: str
) -> None:
    stands = position(silence_rules(), course, now)
    assert (stands.answer, stands.rule) == (said, "EU-111-11-1")
