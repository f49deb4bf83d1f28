"""`subreg notify` as it is typed, on the register that ships."""

from __future__ import annotations

import json
from functools import partial
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


@pytest.fixture(scope="module")
def desk(subreg: Subreg) -> Subreg:
    """Commands of the authority of Austria."""
    made = ok(subreg("access", "key", "add", "Authority of Austria", "--role", "authority",
                     "--country", "AT", "--json"))  # fmt: skip
    return partial(subreg, SUBREG_KEY=made.json["key"])


@pytest.fixture
def consignment(tmp_path: Path) -> str:
    file = tmp_path / "consignment.json"
    file.write_text(json.dumps(CONSIGNMENT), encoding="utf-8")
    return str(file)


def test_a_notification_is_composed_sent_delivered_and_answered(
    desk: Subreg, consignment: str, tmp_path: Path
) -> None:
    lacking = ok(desk("notify", "compose", consignment, *WHO, "--json")).json
    assert "the expected point of entry is missing" in {one["text"] for one in lacking["lacks"]}
    draft = ok(desk("notify", "amend", lacking["id"], consignment, *WHO, *REST, "--json")).json
    assert (draft["id"], draft["lacks"]) == (lacking["id"], [])
    at = ("--at", "2026-02-02T09:00:00Z")
    number = ok(desk("notify", "send", draft["id"], *at, "--json")).json["number"]
    without = desk("notify", "record", number, "deliver", *at)
    assert (without.code, "(proof-missing)" in without.err) == (3, True)
    told = ok(desk("notify", "record", number, "deliver", *at, "--proof", "receipt 4711"))
    assert "2026-02-23 23:00:00+00:00" in told.out
    assert "EU-111-11-1" in told.out
    assert number in ok(desk("notify", "due")).out
    expired = ok(desk("notify", "due", "--expire"))
    assert f"no reply: {number}, the export may now be authorised" in expired.out
    word = reply(Kind.OBJECTION, number, from_json(Message, to_json(foreign())).at)
    file = tmp_path / "objection.xml"
    file.write_bytes(to_xml(word))
    objected = ok(desk("notify", "receive", str(file)))
    assert "stop: objection of" in objected.out
    assert "after the time to reply" in objected.out
    assert ok(desk("notify", "show", number, "--json")).json["state"] == "objection"
    assert number in ok(desk("notify", "list", "--state", "objection")).out


def test_a_message_is_written_and_taken_in_both_forms(desk: Subreg, consignment: str) -> None:
    draft = ok(desk("notify", "compose", consignment, *WHO, *REST, "--json")).json
    assert desk("notify", "write", draft["id"]).code == 3
    ok(desk("notify", "send", draft["id"]))
    plain = from_json(Message, ok(desk("notify", "write", draft["id"])).out.encode())
    assert (
        from_xml(Message, ok(desk("notify", "write", draft["id"], "--xml")).out.encode()) == plain
    )
    taken = ok(desk("notify", "receive", "-", "--json", stdin=to_json(foreign(number="IN-5"))))
    assert (taken.json["direction"], taken.json["number"]) == ("in", "IN-5")


def test_what_was_sent_is_printed_and_proved(
    desk: Subreg, consignment: str, tmp_path: Path
) -> None:
    keys, out = str(tmp_path / "keys.json"), str(tmp_path / "notification.pdf")
    ok(desk("documents", "key", "new", "--file", keys))
    signing = partial(desk, SUBREG_DOCUMENT_KEYS=keys)
    draft = ok(desk("notify", "compose", consignment, *WHO, *REST, "--json")).json
    unsent = signing("notify", "print", draft["id"], "--out", out)
    assert (unsent.code, "once it is issued" in unsent.err) == (3, True)
    number = ok(desk("notify", "send", draft["id"], "--json")).json["number"]
    ok(signing("notify", "print", number, "--out", out, "--language", "fr"))
    assert number in ok(signing("verify", out)).out


def test_without_a_key_nothing_is_told_and_nothing_is_done(
    subreg: Subreg, desk: Subreg, consignment: str
) -> None:
    draft = ok(desk("notify", "compose", consignment, *WHO, *REST, "--json")).json
    for arguments in (
        ("compose", consignment, *WHO),
        ("send", draft["id"]),
        ("show", draft["id"]),
        ("write", draft["id"]),
        ("due", "--expire"),
    ):
        ran = subreg("notify", *arguments)
        assert (ran.code, "(not-identified)" in ran.err) == (8, True), ran.err
    assert ok(subreg("notify", "list", "--json")).json == []
    assert ok(desk("notify", "show", draft["id"], "--json")).json["version"] == 1


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("show", "none"), 8, "not-allowed"),
        (("record", "none", "approve"), 2, "approve"),
        (("record", "none", "read", "--at", "yesterday"), 2, "not a moment like"),
        (("record", "none", "read", "--at", "2026-02-02T09:00:00"), 2, "not a moment like"),
        (("receive", "no-such-file.xml"), 2, "no-such-file.xml"),
    ],
)
def test_what_cannot_be_used_ends_with_its_exit_code(
    desk: Subreg, arguments: tuple[str, ...], code: int, told: str
) -> None:
    ran = desk("notify", *arguments)
    assert (ran.code, told in ran.err) == (code, True), ran.err
