"""`subreg notify` as it is typed, on the register that ships."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.messages.message import Kind, Message
from api.messages.plain import from_json, to_json
from api.messages.xml import from_xml, to_xml
from tests.api.cli.commands import Ran, Subreg
from tests.api.usecases.notifying import CONSIGNMENT, foreign, reply

WHO = ("--sender", "Authority of Austria", "--receiver", "Authority of Turkey")
REST = ("--entry-point", "Kapikule", "--dispatch-on", "2026-12-20")


def ok(ran: Ran) -> Ran:
    assert ran.code == 0, ran.err
    return ran


@pytest.fixture
def consignment(tmp_path: Path) -> str:
    file = tmp_path / "consignment.json"
    file.write_text(json.dumps(CONSIGNMENT), encoding="utf-8")
    return str(file)


def test_a_notification_is_composed_sent_delivered_and_answered(
    subreg: Subreg, consignment: str, tmp_path: Path
) -> None:
    lacking = ok(subreg("notify", "compose", consignment, *WHO))
    assert "missing by (iv): the expected point of entry is missing" in lacking.err
    draft = ok(subreg("notify", "compose", consignment, *WHO, *REST, "--json")).json
    at = ("--at", "2026-02-02T09:00:00Z")
    number = ok(subreg("notify", "send", draft["id"], *at, "--json")).json["number"]
    without = subreg("notify", "record", number, "deliver", *at)
    assert (without.code, "(proof-missing)" in without.err) == (3, True)
    told = ok(subreg("notify", "record", number, "deliver", *at, "--proof", "receipt 4711"))
    assert "2026-02-23 23:00:00+00:00" in told.out
    assert "EU-111-11-1" in told.out
    assert number in ok(subreg("notify", "due")).out
    expired = ok(subreg("notify", "due", "--expire"))
    assert f"no reply: {number}, the export may now be authorised" in expired.out
    word = reply(Kind.OBJECTION, number, from_json(Message, to_json(foreign())).at)
    file = tmp_path / "objection.xml"
    file.write_bytes(to_xml(word))
    objected = ok(subreg("notify", "receive", str(file)))
    assert "stop: objection of" in objected.out
    assert "after the time to reply" in objected.out
    assert ok(subreg("notify", "show", number, "--json")).json["state"] == "objection"
    assert number in ok(subreg("notify", "list", "--state", "objection")).out


def test_a_message_is_written_and_taken_in_both_forms(subreg: Subreg, consignment: str) -> None:
    draft = ok(subreg("notify", "compose", consignment, *WHO, *REST, "--json")).json
    assert subreg("notify", "write", draft["id"]).code == 3
    ok(subreg("notify", "send", draft["id"]))
    plain = from_json(Message, ok(subreg("notify", "write", draft["id"])).out.encode())
    assert (
        from_xml(Message, ok(subreg("notify", "write", draft["id"], "--xml")).out.encode()) == plain
    )
    taken = ok(subreg("notify", "receive", "-", "--json", stdin=to_json(foreign(number="IN-5"))))
    assert (taken.json["direction"], taken.json["number"]) == ("in", "IN-5")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("show", "none"), 4, "not-found"),
        (("record", "none", "approve"), 2, "approve"),
        (("record", "none", "read", "--at", "yesterday"), 2, "not a moment like"),
        (("record", "none", "read", "--at", "2026-02-02T09:00:00"), 2, "not a moment like"),
        (("receive", "no-such-file.xml"), 2, "no-such-file.xml"),
    ],
)
def test_what_cannot_be_used_ends_with_its_exit_code(
    subreg: Subreg, arguments: tuple[str, ...], code: int, told: str
) -> None:
    ran = subreg("notify", *arguments)
    assert (ran.code, told in ran.err) == (code, True), ran.err
