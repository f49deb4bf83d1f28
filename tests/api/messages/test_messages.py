"""Messages survive both forms unchanged, and what is not a message is refused before it can harm."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree  # type: ignore[import-untyped]  # it brings no types

from api.messages.message import LONGEST, Content, Kind, Message, MessageRefused
from api.messages.message import NAME as SCHEMA
from api.messages.plain import from_json, to_json
from api.messages.schemas import json_schema, xsd
from api.messages.xml import from_xml, to_xml
from registry.trade_facts import Goods, Party, Route

SCHEMAS = Path(__file__).parents[3] / "docs" / "schemas"
WORDS = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cc", "Cs", "Cn")), st.sampled_from("\n\t<>&\"' ]")
    ),
    max_size=20,
)
AMOUNTS = st.decimals(0, 10**9, places=6, allow_nan=False, allow_infinity=False).map(abs)
PARTIES = st.builds(Party, WORDS, WORDS, WORDS, WORDS)
GOODS = st.builds(
    Goods,
    line=st.integers(0, 500),
    substance=WORDS,
    quantity=AMOUNTS,
    unit=WORDS,
    cas=WORDS,
    water=AMOUNTS,
    base=st.none() | AMOUNTS,
    factor=st.none() | AMOUNTS,
)
ROUTES = st.builds(
    Route, WORDS, WORDS, st.lists(WORDS, max_size=3).map(tuple), WORDS, WORDS, WORDS, WORDS
)
CONTENTS = st.builds(
    Content,
    PARTIES,
    PARTIES,
    st.lists(GOODS, min_size=1, max_size=3).map(tuple),
    ROUTES,
    consignee=st.none() | PARTIES,
    dispatch_on=st.none() | st.dates(date(1900, 1, 1)),
    remarks=WORDS,
)
MESSAGES = st.builds(
    Message,
    st.sampled_from(Kind),
    WORDS,
    PARTIES,
    PARTIES,
    st.datetimes(datetime(1900, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis wants it bare
    id=WORDS,
    text=WORDS,
    content=st.none() | CONTENTS,
)
PLAIN = Message(
    Kind.NOTIFY,
    "XA-PEN-2026-000001",
    Party("Authority of A", country="XA"),
    Party("Authority of B", country="XB"),
    datetime(2026, 5, 10, 12, tzinfo=UTC),
    content=Content(
        Party("Exporter", "1 Harbour Road, A", "XA"),
        Party("Importer", "2 Mill Lane, B", "XB"),
        (Goods(1, "acetic anhydride", Decimal("20.0"), "t"),),
        Route("XA", "XB", via=("XC", "XD"), entry_point="Port of B"),
        dispatch_on=date(2026, 6, 1),
    ),
)


@given(MESSAGES)
def test_a_message_comes_back_from_xml_as_it_went(message: Message) -> None:
    assert from_xml(Message, to_xml(message)) == message


@given(MESSAGES)
def test_a_message_comes_back_from_json_as_it_went(message: Message) -> None:
    assert from_json(Message, to_json(message)) == message


def test_the_digits_of_a_quantity_are_kept() -> None:
    for back in (from_xml(Message, to_xml(PLAIN)), from_json(Message, to_json(PLAIN))):
        assert back.content is not None
        assert str(back.content.goods[0].quantity) == "20.0"


BOMB = '<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE m [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("<message", BOMB + "<message", "no document type"),
        ("<message", OUTSIDE + "<message", "no document type"),
        ("<message", "<?go there?><message", "no document type"),
        ("<message", "<!-- hidden --><message", "no document type"),
        ("acetic anhydride", "&a;", "not XML"),
        ("<kind>notify</kind>", "<kind>approve</kind>", "kind"),
        ("<number>XA-PEN-2026-000001</number>", "", "number"),
        ("<kind>", "<secret>x</secret><kind>", "secret"),
        ("20.0", "-20", "quantity"),
        ("20.0", "2e1", "quantity"),
        ("2026-06-01", "2026-02-30", "dispatch_on"),
        ("2026-05-10T12:00:00Z", "2026-05-10T12:00:00", "at"),
        ("<line>1</line>", "<line>one</line>", "line"),
        ("urn:substance-register:", "urn:other:", "message"),
        ("Authority of A", "A" * 2001, "2000"),
        ("</message>", "", "not XML"),
    ],
)
def test_xml_that_is_no_message_is_refused(before: str, after: str, told: str) -> None:
    text = to_xml(PLAIN).decode()
    assert before in text
    with pytest.raises(MessageRefused, match=told):
        from_xml(Message, text.replace(before, after, 1).encode())


@pytest.mark.parametrize("data", [b"\xff\xfe<\x00m\x00", b"", b" " * (LONGEST + 1)])
def test_bytes_that_are_no_xml_are_refused(data: bytes) -> None:
    with pytest.raises(MessageRefused):
        from_xml(Message, data)


def test_an_encoding_declared_is_not_believed() -> None:
    declared = to_xml(PLAIN).replace(b"UTF-8", b"UTF-7", 1)
    assert from_xml(Message, declared) == PLAIN
    spelled = declared.replace(
        b"<message", b"+ADwAIQ-DOCTYPE m [+ADwAIQ-ENTITY a 'b'>]><message", 1
    )
    with pytest.raises(MessageRefused, match="not XML"):
        from_xml(Message, spelled)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('"notify"', '"approve"', "/kind"),
        ('"number": "XA-PEN-2026-000001",', "", "/number"),
        ('"kind"', '"secret": 1, "kind"', "/secret"),
        ('"20.0"', "20.0", "/content/goods/0/quantity"),
        ('"20.0"', '"NaN"', "/content/goods/0/quantity"),
        ('"2026-06-01"', '"2026-02-30"', "/content/dispatch_on"),
        ('"line": 1', '"line": true', "/content/goods/0/line"),
        ('"line": 1', '"line": 1, "line": 2', "twice"),
        ('"Authority of A"', '"A\\u0000"', "/sender/name"),
        ('"Authority of A"', '"\\ud800"', "/sender/name"),
        ('"Authority of A"', "null", "/sender/name"),
        ("{", "[" * 100_000, "not JSON"),
    ],
)
def test_json_that_is_no_message_is_refused(before: str, after: str, told: str) -> None:
    text = to_json(PLAIN).decode()
    assert before in text
    with pytest.raises(MessageRefused, match=told):
        from_json(Message, text.replace(before, after, 1).encode())


def test_the_published_schemas_are_those_of_the_code() -> None:
    assert (SCHEMAS / f"{SCHEMA}.xsd").read_bytes() == xsd(), "write api.messages.schemas.xsd()"
    assert (SCHEMAS / f"{SCHEMA}.json").read_bytes() == json_schema(), "write json_schema()"


def test_the_schemas_are_schemas() -> None:
    etree.XMLSchema(etree.fromstring(xsd()))
    schema = json.loads(json_schema())
    assert set(schema["$defs"]) == {"Message", "Content", "Party", "Goods", "Route", "Kind"}
    assert schema["$defs"]["Message"]["required"] == ["kind", "number", "sender", "receiver", "at"]
    assert all(one.get("additionalProperties", False) is False for one in schema["$defs"].values())


def test_the_example_in_the_documents_is_a_message() -> None:
    example = (SCHEMAS / f"{SCHEMA}.example.xml").read_bytes()
    assert to_xml(from_xml(Message, example)) == example
