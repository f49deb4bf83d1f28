"""`subreg access`: keys from a shell, whom a command acts for, and where the service may listen."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.api.cli.commands import COMMAND, Ran, call, environment
from tests.api.past import small_law


class Shell:
    """Commands on a register of its own."""

    def __init__(self, folder: Path, template: Path) -> None:
        self.folder = folder
        self.url = f"sqlite:///{shutil.copy(template, folder / 'register.sqlite')}"

    def __call__(self, *arguments: str, **more: str) -> Ran:
        return call(self.folder, *arguments, SUBREG_DATABASE_URL=self.url, **more)


@pytest.fixture
def shell(tmp_path: Path, sqlite_template: Path) -> Shell:
    return Shell(tmp_path, sqlite_template)


def test_keys_are_made_listed_and_revoked(shell: Shell) -> None:
    first = shell("access", "first-administrator", "--json")
    assert first.code == 0, first.err
    assert "shown once" in first.err
    again = shell("access", "first-administrator")
    assert (again.code, again.out) == (3, "")
    added = shell("access", "key", "add", "Seller", "--role", "applicant", "--country", "XA",
                  "--party", "LIC-1", "--scope", "authorisation:*", "--days", "9")  # fmt: skip
    assert re.search(r"key +subreg_[0-9a-f]{10}_[\w-]{43}$", added.out, re.MULTILINE)
    listed = shell("access", "key", "list", "--json").json
    assert [one["role"] for one in sorted(listed, key=lambda one: str(one["made_at"]))] == [
        "administrator",
        "applicant",
    ]
    assert first.json["key"] not in str(listed)
    seller = next(one["id"] for one in listed if one["role"] == "applicant")
    assert shell("access", "key", "revoke", seller).code == 0
    assert re.search(rf"^{seller}.* no$", shell("access", "key", "list").out, re.MULTILINE)
    assert shell("access", "key", "revoke", "none").code == 4
    assert shell("access", "key", "revoke", first.json["id"]).code == 3
    assert shell("access", "key", "add", "x", "--role", "local").code == 3
    assert shell("db", "verify").out == "the audit chain is whole\n"


def test_a_command_acts_for_the_key_that_is_set(shell: Shell) -> None:
    added = shell(
        "access", "key", "add", "Customs", "--role", "customs", "--country", "XA", "--json"
    )
    key = added.json["key"]
    refused = shell("access", "key", "list", SUBREG_KEY=key)
    assert (refused.code, refused.out) == (8, "")
    assert "does not allow `keys:manage` (not-allowed)" in refused.err
    assert shell("access", "key", "list", SUBREG_KEY="subreg_x").code == 8
    import sqlite3

    with sqlite3.connect(shell.url.removeprefix("sqlite:///")) as database:
        found = database.execute("SELECT actor FROM audit_event WHERE action = 'act:denied'")
        assert [actor for (actor,) in found] == [f"key:{added.json['id']}", "anonymous"]


def test_the_service_is_not_opened_to_others_before_there_is_an_administrator(
    shell: Shell,
) -> None:
    for address in ("0.0.0.0", "::", "192.0.2.1"):
        refused = shell("serve", "--host", address, "--port", "0")
        assert (refused.code, refused.out) == (2, "")
        assert "run `subreg access first-administrator`" in refused.err
    assert shell("access", "key", "list", "--json").json == []


def test_the_first_start_shows_the_key_of_one_administrator(shell: Shell) -> None:
    told = [started(shell) for _ in range(2)]
    found = [re.findall(r"subreg_[0-9a-f]{10}_[\w-]{43}", text) for text in told]
    assert [len(one) for one in found] == [1, 0]
    assert [one["role"] for one in shell("access", "key", "list", "--json").json] == [
        "administrator"
    ]


def started(shell: Shell) -> str:
    """What the service says until it serves."""
    log = shell.folder / "log"
    law = shell.folder / "law"
    if not law.exists():
        small_law(law)
    chosen = {"SUBREG_WORKERS": "1", "SUBREG_LAW_ROOT": str(law)}
    set_ = environment(shell.folder, SUBREG_DATABASE_URL=shell.url, **chosen)
    with log.open("wb") as out:
        process = subprocess.Popen([*COMMAND, "serve", "--port", "0"], env=set_, stderr=out)
        try:
            while "serving on" not in log.read_text():
                assert process.poll() is None, log.read_text()
                time.sleep(0.05)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
    return log.read_text()


def test_the_log_of_acts_is_listed_newest_first(shell: Shell) -> None:
    shell("access", "first-administrator")
    shell("access", "key", "add", "Reader", "--role", "auditor")
    newest = shell("audit", "--json", "--limit", "1").json
    assert newest["before"] == newest["items"][0]["number"] == 2
    older = shell("audit", "--before", "2")
    assert (older.code, "key:made" in older.out) == (0, True), older.out
    assert "older" not in older.err
    assert shell("audit", "--by", "nobody", "--json").json == {"items": [], "before": None}
