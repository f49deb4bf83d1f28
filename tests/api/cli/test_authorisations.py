"""`subreg authorisation` and `subreg ledger` as they are typed, on the register that ships."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.api.cli.commands import Ran, Subreg

DRAFT: dict[str, Any] = {
    "paper": "import_authorization",
    "convention": "1961",
    "jurisdiction": "XA",
    "authority": {"name": "Authority of XA"},
    "exporter": {"name": "Out Ltd", "address": "2 Road, Xb"},
    "importer": {"name": "In Ltd", "address": "3 Street, Xa"},
    "goods": [
        {"substance": "Morphine", "salt": "hydrochloride", "water": 3, "quantity": 12.5,
         "unit": "kg"}
    ],
    "route": {"origin": "XB", "destination": "XA"},
}  # fmt: skip


def ok(ran: Ran) -> Ran:
    assert ran.code == 0, ran.err
    return ran


def test_a_morphine_import_under_an_estimate_that_does_not_suffice(
    subreg: Subreg, first_use: tuple[Path, Ran], tmp_path: Path
) -> None:
    from datetime import UTC, datetime

    year = str(datetime.now(UTC).year)
    file = tmp_path / "draft.json"
    file.write_text(json.dumps(DRAFT), encoding="utf-8")
    made = ok(subreg("authorisation", "draft", str(file), "--json")).json
    paper = str(made["id"])
    ok(subreg("authorisation", "act", paper, "submit"))
    assert "figure-unknown" in subreg("authorisation", "act", paper, "grant").err
    opened = ok(
        subreg("ledger", "open", "--keeper", "XA", "--country", "XA", "--substance", "morphine",
               "--year", year, "--kind", "estimate", "--grams", "9000", "--source", "Board", "--json")
    ).json  # fmt: skip
    ledger = str(opened["id"])
    refused = subreg("authorisation", "act", paper, "grant")
    assert (refused.code, "9487.5 g of base do not fit: 9000 g are left" in refused.err) == (
        3,
        True,
    )
    asked = ok(
        subreg("ledger", "if-granted", ledger, "--substance", "morphine", "--salt", "hydrochloride",
               "--water", "3", "--quantity", "12.5", "--unit", "kg", "--json")
    ).json  # fmt: skip
    assert (asked["fits"], asked["base"], asked["factor"]) == (False, "9487.5", "75.9")
    ok(subreg("ledger", "enter", ledger, "supplement", "--grams", "500", "--reason", "hospital",
              "--source", "letter 7"))  # fmt: skip
    ok(subreg("authorisation", "act", paper, "grant"))
    file.write_text(json.dumps({"bounds": [{"rule": "own term", "months": 3}]}), encoding="utf-8")
    issued = ok(subreg("authorisation", "act", paper, "issue", "--with", str(file), "--json")).json
    number = str(issued["number"])
    assert number == f"XA-IA-{year}-000001"
    shown = ok(subreg("authorisation", "show", number))
    assert "9487.5" in shown.out
    assert number in ok(subreg("authorisation", "list", "--state", "issued")).out
    ok(subreg("authorisation", "act", number, "cancel", "--reason", "not needed"))
    series = ok(subreg("authorisation", "numbers", "XA", "import_authorization", year)).out
    assert "cancelled" in series
    stands = ok(subreg("ledger", "show", ledger, "--json")).json
    assert (stands["reserved"], stands["headroom"]) == ("0", "9500")
    acts = ok(subreg("authorisation", "history", number)).out
    assert "not needed" in acts
    assert "reservation" in ok(subreg("ledger", "entries", ledger)).out
    assert "morphine" in ok(subreg("ledger", "list", "--country", "XA")).out
    ok(subreg("db", "verify"))


def test_a_file_that_is_no_draft_names_the_key_at_fault(subreg: Subreg, tmp_path: Path) -> None:
    file = tmp_path / "draft.json"
    file.write_text(json.dumps(DRAFT | {"colour": "red"}), encoding="utf-8")
    ran = subreg("authorisation", "draft", str(file))
    assert (ran.code, "`colour`" in ran.err) == (3, True)
    file.write_text("{", encoding="utf-8")
    assert "not JSON" in subreg("authorisation", "draft", str(file)).err
