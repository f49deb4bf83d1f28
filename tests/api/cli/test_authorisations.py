"""`subreg authorisation` and `subreg ledger` as they are typed, on the register that ships."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.api.cli.commands import Ran, Subreg

DRAFT: dict[str, Any] = {
    "paper": "import_authorization",
    "convention": "1961",
    "jurisdiction": "XA",
    "authority": {"name": "Authority of XA"},
    "exporter": {"name": "Out Ltd", "address": "2 Road, Xb", "country": "XB"},
    "importer": {"name": "In Ltd", "address": "3 Street, Xa", "country": "XA", "licence": "XA-7"},
    "goods": [
        {"substance": "Morphine", "salt": "hydrochloride", "water": 3, "quantity": 12.5,
         "unit": "kg"}
    ],
    "route": {"origin": "XB", "destination": "XA"},
}  # fmt: skip


def ok(ran: Ran) -> Ran:
    assert ran.code == 0, ran.err
    return ran


@pytest.fixture(scope="module")
def desk(subreg: Subreg) -> Callable[..., Subreg]:
    """Commands of somebody with a key of this role."""

    def at(role: str, country: str, *more: str) -> Subreg:
        made = ok(subreg("access", "key", "add", role, "--role", role, "--country", country, *more,
                         "--json"))  # fmt: skip
        return partial(subreg, SUBREG_KEY=made.json["key"])

    return at


def test_a_morphine_import_under_an_estimate_that_does_not_suffice(
    desk: Callable[..., Subreg], subreg: Subreg, tmp_path: Path
) -> None:
    firm, customs = desk("applicant", "XA", "--party", "XA-7"), desk("customs", "XA")
    authority = desk("authority", "XA")
    year = str(datetime.now(UTC).year)
    file = tmp_path / "draft.json"
    file.write_text(json.dumps(DRAFT), encoding="utf-8")
    made = ok(firm("authorisation", "draft", str(file), "--json")).json
    paper = str(made["id"])
    ok(firm("authorisation", "act", paper, "submit"))
    assert "figure-unknown" in authority("authorisation", "act", paper, "grant").err
    opened = ok(
        authority("ledger", "open", "--keeper", "XA", "--country", "XA", "--substance", "morphine",
               "--year", year, "--kind", "estimate", "--grams", "9000", "--source", "Board", "--json")
    ).json  # fmt: skip
    ledger = str(opened["id"])
    refused = authority("authorisation", "act", paper, "grant")
    assert (refused.code, "9487.5 g of base do not fit: 9000 g are left" in refused.err) == (
        3,
        True,
    )
    asked = ok(
        authority("ledger", "if-granted", ledger, "--substance", "morphine", "--salt", "hydrochloride",
               "--water", "3", "--quantity", "12.5", "--unit", "kg", "--json")
    ).json  # fmt: skip
    assert (asked["fits"], asked["base"], asked["factor"]) == (False, "9487.5", "75.9")
    ok(authority("ledger", "enter", ledger, "supplement", "--grams", "500", "--reason", "hospital",
              "--source", "letter 7"))  # fmt: skip
    ok(authority("authorisation", "act", paper, "grant"))
    file.write_text(json.dumps({"bounds": [{"rule": "own term", "months": 3}]}), encoding="utf-8")
    issued = ok(
        authority("authorisation", "act", paper, "issue", "--with", str(file), "--json")
    ).json
    number = str(issued["number"])
    assert ok(customs("customs", number, "--country", "XA", "--json")).json["word"] == "release"
    assert number == f"XA-IA-{year}-000001"
    shown = ok(authority("authorisation", "show", number))
    assert "9487.5" in shown.out
    assert number in ok(authority("authorisation", "list", "--state", "issued")).out
    ok(authority("authorisation", "act", number, "cancel", "--reason", "not needed"))
    series = ok(authority("authorisation", "numbers", "XA", "import_authorization", year)).out
    assert "cancelled" in series
    stands = ok(authority("ledger", "show", ledger, "--json")).json
    assert (stands["reserved"], stands["headroom"]) == ("0", "9500")
    acts = ok(authority("authorisation", "history", number)).out
    assert "not needed" in acts
    assert "reservation" in ok(authority("ledger", "entries", ledger)).out
    assert "morphine" in ok(authority("ledger", "list", "--country", "XA")).out
    ok(subreg("db", "verify"))


def test_customs_say_their_word_in_the_exit_code_too(
    desk: Callable[..., Subreg], subreg: Subreg, tmp_path: Path
) -> None:
    firm, customs = desk("applicant", "XA", "--party", "XA-7"), desk("customs", "XA")
    authority = desk("authority", "XA")
    file = tmp_path / "draft.json"
    precursor = [{"substance": "Acetic anhydride", "quantity": 5, "unit": "kg"}]
    file.write_text(
        json.dumps(DRAFT | {"convention": "1988", "goods": precursor}), encoding="utf-8"
    )
    paper = str(ok(firm("authorisation", "draft", str(file), "--json")).json["id"])
    ok(firm("authorisation", "act", paper, "submit"))
    ok(authority("authorisation", "act", paper, "grant"))
    file.write_text(json.dumps({"bounds": [{"rule": "own term", "months": 3}]}), encoding="utf-8")
    issued = ok(authority("authorisation", "act", paper, "issue", "--with", str(file), "--json"))
    number = str(issued.json["number"])
    released = ok(customs("customs", number, "--country", "XA"))
    assert ("release" in released.out, "Acetic anhydride" in released.out) == (True, True)
    later = customs("customs", number, "--country", "XA", "--on", "2199-01-01", "--json")
    assert (later.code, later.json["word"]) == (10, "refuse")
    assert later.json["grounds"][0]["text"].endswith("only")
    unknown = customs("customs", "XA-IA-1999-000001", "--country", "XA")
    assert (unknown.code, "holds no paper of that number" in unknown.out) == (9, True)
    address = f"https://register.example/verify?number={number}"
    ok(customs("customs", address, "--country", "XA"))
    forged = customs("customs", f"{address}&hash=0f", "--country", "XA")
    assert (forged.code, "of no version of this paper" in forged.out) == (9, True)
    for ran in (
        customs("customs", number, "--country", "XB"),
        subreg("customs", number, "--country", "XA"),
    ):
        assert (ran.code, ran.out) == (8, "")
    assert customs("customs", " ", "--country", "XA").code == 3
    for wrong in (("--country", "xa"), ("--country", "XA", "--on", "soon"), ()):
        assert customs("customs", number, *wrong).code == 2


def test_an_act_of_somebody_else_is_refused_and_put_on_record(
    desk: Callable[..., Subreg], subreg: Subreg, first_use: tuple[Path, Ran], tmp_path: Path
) -> None:
    firm, other = (
        desk("applicant", "XA", "--party", "XA-7"),
        desk("applicant", "XA", "--party", "X-8"),
    )
    file = tmp_path / "draft.json"
    file.write_text(json.dumps(DRAFT), encoding="utf-8")
    assert other("authorisation", "draft", str(file)).code == 8
    assert "needs a key" in subreg("authorisation", "draft", str(file)).err
    paper = str(ok(firm("authorisation", "draft", str(file), "--json")).json["id"])
    told = [other("authorisation", "show", one) for one in (paper, "nowhere")]
    assert [ran.code for ran in told] == [8, 8]
    assert told[0].err == told[1].err
    assert ok(other("authorisation", "list", "--json")).json == []
    (database,) = first_use[0].rglob("*.sqlite")
    with closing(sqlite3.connect(database)) as connection:
        denied = "SELECT count(*) FROM audit_event WHERE action = 'act:denied' AND subject = ?"
        assert connection.execute(denied, (paper,)).fetchone() == (1,)
    ok(subreg("db", "verify"))


def test_a_file_that_is_no_draft_names_the_key_at_fault(subreg: Subreg, tmp_path: Path) -> None:
    file = tmp_path / "draft.json"
    file.write_text(json.dumps(DRAFT | {"colour": "red"}), encoding="utf-8")
    ran = subreg("authorisation", "draft", str(file))
    assert (ran.code, "`colour`" in ran.err) == (3, True)
    file.write_text("{", encoding="utf-8")
    assert "not JSON" in subreg("authorisation", "draft", str(file)).err
