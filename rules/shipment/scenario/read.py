"""Consignments of the neutral form: general words in, a typed consignment out, nothing dropped.

    id, title, on, movement {from, to, via, mode}, lines [...], parties {...}, documents [...],
    facts {...}; `tags` and `expect` are remarks and are not read

Facts stated are taken as given, `null` is unknown, and special circumstances are stated only where
there are any. A key or a value that is not understood is kept in the words given
(`facts.unread`): a finding names it, and nothing proceeds while there is any.
"""

from __future__ import annotations

from typing import Any

from registry.errors import InputError
from rules.shipment.consignment import Consignment, read_consignment
from rules.shipment.scenario import say
from rules.shipment.scenario.facts import read_facts
from rules.shipment.scenario.goods import read_line
from rules.shipment.scenario.papers import read_document
from rules.shipment.scenario.reading import Reading
from rules.shipment.scenario.words import MODES, key_words

PARTS = {"id", "on", "movement", "lines", "parties", "documents", "facts"}
REMARKS = {"title", "tags", "expect", "comment", "note", "source"}
PARTY = {
    "name": "name", "address": "address", "licensed": "licensed", "licenced": "licensed",
    "has licence": "licensed", "specifically authorized": "specifically_authorized",
    "specifically authorised": "specifically_authorized",
}  # fmt: skip


def read_scenario(content: Any) -> Consignment:
    """A consignment from one object of the neutral form.

    Raises InputError that names the part at fault where it is not of that form at all.
    """
    if not isinstance(content, dict):
        raise InputError("a consignment is an object with named parts")
    _shaped(content)
    unread = [f"{key} = {content[key]}" for key in content if key not in PARTS | REMARKS]
    movement = _movement(content["movement"], unread)
    stated = dict(content.get("facts") or {})
    parties = _parties(content.get("parties"), unread, stated)
    documents = _documents(content.get("documents"), unread, stated)
    lines = [read_line(line, unread) for line in content["lines"]]
    reading = Reading(
        on=content.get("on"),
        movement=movement,
        substances=tuple(dict.fromkeys(str(line["substance"]) for line in lines)),
        parties=parties,
        documents=documents,
        unread=unread,
    )
    read_facts(reading, stated)
    return read_consignment(_whole(content, reading, lines, documents))


def _shaped(content: dict[str, Any]) -> None:
    """The shape without which nothing can be read."""
    for key, kind, wanted in (
        ("movement", dict, "an object"), ("lines", list, "a list"),
        ("parties", dict | None, "an object"), ("documents", list | None, "a list"),
        ("facts", dict | None, "an object"),
    ):  # fmt: skip
        if not isinstance(content.get(key), kind):
            raise InputError(f"`{key}`: {wanted} is expected")
    for key in ("lines", "documents"):
        if not all(isinstance(item, dict) for item in content.get(key) or ()):
            raise InputError(f"`{key}`: each is an object")
    for key in ("from", "to"):
        if not isinstance(content["movement"].get(key), str):
            raise InputError(f"`movement.{key}`: a country code is expected")
    if not isinstance(content["movement"].get("via") or [], list):
        raise InputError("`movement.via`: a list of country codes is expected")


def _movement(stated: dict[str, Any], unread: list[str]) -> dict[str, Any]:
    known = {"from", "to", "via", "mode"}
    unread += [f"movement: {key} = {stated[key]}" for key in stated if key not in known]
    mode = stated.get("mode")
    read = None if mode is None else MODES.get(key_words(str(mode)))
    if mode is not None and read is None:
        unread.append(f"movement: mode = {mode}")
    via = stated.get("via")
    if via is None and "via" in stated:
        unread.append("movement: via = unknown")
    return {"from": stated["from"], "to": stated["to"], "via": via or [], "mode": read}


def _parties(
    stated: dict[str, Any] | None, unread: list[str], facts: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """The parties; what is a fact of the movement (an account, a State enterprise) goes there."""
    found: dict[str, dict[str, Any]] = {}
    for role, party in (stated or {}).items():
        if role not in {"exporter", "importer", "consignee"} or not isinstance(party, dict | None):
            unread.append(f"parties: {role} = {party}")
            continue
        found[role] = {}
        for key, value in (party or {}).items():
            words = key_words(key)
            if words in {"account of", "for account of", "on behalf of"}:
                facts.setdefault("bank_for_account_of", value)
            elif words == "state enterprise":
                facts.setdefault(f"{role}_is_state_enterprise", value)
            elif not _of_party(found[role], PARTY.get(words), value):
                unread.append(f"{role}: {key} = {value}")
    return found


def _of_party(party: dict[str, Any], name: str | None, value: Any) -> bool:
    """Whether a particular of a party was understood."""
    if name in {"name", "address"}:
        party[name] = value or None
        return True
    if name is None or not (value is None or isinstance(value, bool)):
        return False
    party[name] = value
    return True


def _documents(
    stated: list[dict[str, Any]] | None, unread: list[str], facts: dict[str, Any]
) -> list[dict[str, Any]] | None:
    if stated is None:
        return None
    printed: dict[str, Any] = {}
    found = [read_document(document, unread, printed) for document in stated]
    for key, value in printed.items():
        if not any(name.startswith("re_export_intended") for name in facts):
            facts[key] = value
    return [document for document in found if document is not None]


def _whole(
    content: dict[str, Any],
    reading: Reading,
    lines: list[dict[str, Any]],
    documents: list[dict[str, Any]] | None,
) -> dict[str, Any]:
    facts = reading.facts
    private = {key: facts.pop(key) for key in [*facts] if key.startswith("_")}
    _exceptions(facts)
    _alterations(reading, private)
    _communications(reading, private)
    _supplements(reading, private)
    _post_office_box(reading, private)
    for line in lines:
        if reading.recoverable is not None:
            line["composition"].setdefault("recoverable", reading.recoverable)
        if reading.exempted_by is not None:
            line.setdefault("exempted_by", reading.exempted_by)
    way = {"carried_as": reading.carried_as} if reading.carried_as else {}
    return {
        "reference": str(content.get("id") or "without id"),
        "on": content.get("on"),
        "movement": reading.movement | way,
        "lines": lines,
        "parties": reading.parties,
        "documents": documents,
        "facts": facts | {"unread": [text[:500] for text in reading.unread]},
    }


def _exceptions(facts: dict[str, Any]) -> None:
    """An exception that is not spoken of beside what it is an exception from does not exist."""
    if "board_notice" in facts:
        facts["board_notice"] = {"supplement_covers": False, "essential": False} | (
            facts["board_notice"]
        )
    if "opium_origin_entitled" in facts:
        facts.setdefault("opium_seized", False)
    if "prohibited" in facts:
        facts.setdefault("research_exception", False)


def _alterations(reading: Reading, private: dict[str, Any]) -> None:
    """Packing may be changed on the way with permission."""
    if "_altered" in private:
        altered, permitted = private["_altered"], private.get("_permitted")
        if altered and permitted is not False and "_permitted" in private:
            altered = None if permitted is None else False
        reading.facts["altered_in_transit"] = altered
    elif "_permitted" in private:
        reading.open("permission to change the packing", private["_permitted"])


def _communications(reading: Reading, private: dict[str, Any]) -> None:
    """A decision of the Commission with the days on which it became known."""
    if not private.keys() & {"_decision", "_received", "_communicated"}:
        return
    provision = say.decided(private.get("_decision"))
    if provision is None or len(reading.substances) != 1:
        reading.open("decision of the Commission", private.get("_decision"))
        return
    reading.facts["communications"] = [
        {
            "substance": reading.substances[0],
            "provision": provision,
            "communicated_on": private.get("_communicated"),
            "received": private.get("_received", {}),
        }
    ]


def _supplements(reading: Reading, private: dict[str, Any]) -> None:
    """Supplementary estimates are added to the total they are part of."""
    for amount in private.get("_supplements", []):
        rows = reading.facts.get("estimates") or [{}]
        total = rows[0].get("total")
        if amount is None or total is None or total["unit"] != amount["unit"]:
            reading.open("supplementary estimate", amount)
            continue
        value = say.plus(total["value"], amount["value"])
        rows[0]["total"] = {"value": value, "unit": total["unit"]}


def _post_office_box(reading: Reading, private: dict[str, Any]) -> None:
    if "_post_office_box" not in private:
        return
    consignee = reading.parties.setdefault("consignee", {})
    if private["_post_office_box"] is not False:
        consignee["address"] = "post office box" if private["_post_office_box"] else None
