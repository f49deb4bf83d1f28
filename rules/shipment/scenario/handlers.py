"""What each kind of key of the neutral form does to a reading. Raises ValueError where it cannot."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from rules.shipment.scenario import national, papers, say
from rules.shipment.scenario.reading import Reading, code_of
from rules.shipment.scenario.words import key_words, quantity, truth

Says = Callable[[Reading, str, Any, re.Match[str]], None]


def flag(name: str) -> Says:
    """A fact that is answered yes or no."""

    def says(reading: Reading, _key: str, value: Any, _: re.Match[str]) -> None:
        reading.facts[name] = truth(value)

    return says


def negated(name: str) -> Says:
    """A fact that the key denies."""

    def says(reading: Reading, _key: str, value: Any, _: re.Match[str]) -> None:
        said = truth(value)
        reading.facts[name] = None if said is None else not said

    return says


def plain(name: str) -> Says:
    """A fact taken as it is written."""

    def says(reading: Reading, _key: str, value: Any, _: re.Match[str]) -> None:
        reading.facts[name] = value

    return says


def stated(name: str) -> Says:
    """A statement of the declarant, by its name."""

    def says(reading: Reading, _key: str, value: Any, _: re.Match[str]) -> None:
        reading.stated(name, value)

    return says


def nothing(_reading: Reading, _key: str, _value: Any, _: re.Match[str]) -> None:
    """What changes nothing under any rule, however it is answered."""


def countries(name: str) -> Says:
    """A list of countries, one country, or yes or no for the only one it can be."""

    def says(reading: Reading, _key: str, value: Any, _: re.Match[str]) -> None:
        reading.facts[name] = say.countries(value, reading.movement.get("via") or [])

    return says


def estimate(part: str) -> Says:
    """One figure of the estimate of the importing country."""

    def says(reading: Reading, _key: str, value: Any, found: re.Match[str]) -> None:
        amount = quantity(value, found.group("unit"))
        if value is not None and amount is None:
            raise ValueError("no amount")
        reading.estimate(part, amount)

    return says


def used(reading: Reading, _key: str, value: Any, found: re.Match[str]) -> None:
    """What earlier consignments took of a paper."""
    kind = "import_authorization" if found.group("kind") == "import" else "export_authorization"
    papers.used_of(reading.documents, kind, value, found.group("unit"))


def supplement(reading: Reading, _key: str, value: Any, found: re.Match[str]) -> None:
    """A supplementary estimate is part of the total of the estimates (19 (3))."""
    reading.facts.setdefault("_supplements", []).append(quantity(value, found.group("unit")))


def party(who: str, name: str) -> Says:
    """A licence of a party: with what the parties say, one no decides."""

    def says(reading: Reading, _key: str, value: Any, _: re.Match[str]) -> None:
        said, known = truth(value), reading.parties.setdefault(who, {})
        held = known.get(name, said)
        known[name] = False if False in (held, said) else None if None in (held, said) else True

    return says


def state_enterprise(who: str) -> Says:
    """A State enterprise needs no licence; that it is none says nothing."""

    def says(reading: Reading, key: str, value: Any, _: re.Match[str]) -> None:
        said, known = truth(value), reading.parties.setdefault(who, {})
        if said:
            known["licensed"] = True
        elif said is None and not known.get("licensed"):
            reading.open(key, value)

    return says


def both(name: str) -> Says:
    """The same of exporter and importer."""

    def says(reading: Reading, key: str, value: Any, found: re.Match[str]) -> None:
        for who in ("exporter", "importer"):
            party(who, name)(reading, key, value, found)

    return says


def recoverable(reading: Reading, key: str, value: Any, _: re.Match[str]) -> None:
    """Whether the drug can be recovered; the key may ask it either way."""
    said = truth(value)
    negative = re.search(r"\b(not|cannot|un)", key_words(key)) is not None
    reading.recoverable = None if said is None else said is not negative


def exempted(reading: Reading, key: str, value: Any, _: re.Match[str]) -> None:
    """Countries that exempted the preparation (1971 article 3), or one of them."""
    if isinstance(value, list):
        reading.exempted_by = value
        return
    said, code = truth(value), code_of(reading, key)
    if said is None:
        raise ValueError("whether it is exempted is not known")
    reading.exempted_by = [*(reading.exempted_by or []), *([code] if said else [])]


def carried(reading: Reading, _key: str, value: Any, _: re.Match[str]) -> None:
    """How the goods are carried; words of one's own use speak of a traveller."""
    reading.carried_as = say.carried(value)
    if reading.carried_as == "traveller" and re.search(r"\bown|personal|sick", str(value).lower()):
        reading.stated("traveller.own_use", True)


def purpose(reading: Reading, _key: str, value: Any, _: re.Match[str]) -> None:
    """The purpose; relief is carried as such, and others are held against the treaties."""
    reading.stated("purpose", value)
    words = str(value or "").casefold()
    if re.search(r"relief|humanitarian|disaster|emergency", words):
        reading.carried_as = reading.carried_as or "relief"
        return
    reading.facts["other_purpose"] = say.other_purpose(value)


def suspicion(reading: Reading, _key: str, value: Any, _: re.Match[str]) -> None:
    """Whether there is suspicion, or what it is."""
    words = value.casefold().strip() if isinstance(value, str) else ""
    said = bool(words) and not re.match(r"(no|none|nothing|not)\b", words)
    reading.facts["suspicious"] = said if words else truth(value)


def notice(part: str) -> Says:
    """One part of the notice of the Board (1961 article 21 (4))."""

    def says(reading: Reading, _key: str, value: Any, _: re.Match[str]) -> None:
        notice = reading.facts.setdefault("board_notice", {})
        if part == "received_on" and isinstance(value, bool):
            if not value:
                reading.facts.pop("board_notice")
            return
        if part == "essential" and isinstance(value, str):
            value = "essential" in value.casefold() and "not essential" not in value.casefold()
        notice[part] = value if part == "received_on" else truth(value)

    return says


def diversion(part: str) -> Says:
    """One part of a change of destination on the way."""

    def says(reading: Reading, _key: str, value: Any, _: re.Match[str]) -> None:
        if part == "to" and isinstance(value, bool):
            if value:
                reading.facts.setdefault("diversion", {})
            return
        diversion = reading.facts.setdefault("diversion", {})
        diversion[part] = value if part == "to" else truth(value)

    return says


def altered(permitted: bool) -> Says:
    """Whether goods were altered in transit, or altering them was permitted."""

    def says(reading: Reading, _key: str, value: Any, _: re.Match[str]) -> None:
        reading.facts["_permitted" if permitted else "_altered"] = truth(value)

    return says


def traveller_rule(reading: Reading, key: str, value: Any, _: re.Match[str]) -> None:
    """Whether a country lets travellers carry it."""
    code = code_of(reading, key, "import")
    reading.facts.setdefault("travellers", {})[code] = say.permits(value)


def requested(reading: Reading, key: str, value: Any, _: re.Match[str]) -> None:
    """Whether the importing country asked to be notified (1988 article 12 (10) (a))."""
    if code_of(reading, key, "import") != reading.movement["to"]:
        raise ValueError("another country than the importing one")
    reading.facts["pre_export_request"] = say.request(value)


def received(reading: Reading, key: str, value: Any, _: re.Match[str]) -> None:
    """The day on which a country received a decision."""
    reading.facts.setdefault("_received", {})[code_of(reading, key)] = value


def requires(reading: Reading, key: str, value: Any, found: re.Match[str]) -> None:
    """A paper that the law of a country asks for."""
    national.requires(reading, code_of(reading, key), value, found)


def destination(reading: Reading, _key: str, value: Any, _: re.Match[str]) -> None:
    """What the law of the destination says."""
    national.laws_of(reading, reading.movement["to"], value)


def origin(reading: Reading, _key: str, value: Any, _: re.Match[str]) -> None:
    """What the law of the country of origin says."""
    national.laws_of(reading, reading.movement["from"], value)


def no_rule(_reading: Reading, _key: str, value: Any, _: re.Match[str]) -> None:
    """A national rule that is said not to exist; one that is said to exist is not read here."""
    if not isinstance(value, str) or not re.match(r"(none|no )", value.casefold() + " "):
        raise ValueError("a national rule in words")


def union(reading: Reading, _key: str, value: Any, found: re.Match[str]) -> None:
    """Whether the destination is in the Union, which is known of every country."""
    said = truth(value)
    claimed = None if said is None else (found.group("side") != "outside") is said
    if claimed is not national.in_union(reading.movement["to"]):
        raise ValueError("the country is known to be otherwise")


def moved(period: str) -> Says:
    """What was moved before in this month or year; only of one substance can it be told."""

    def says(reading: Reading, _key: str, value: Any, found: re.Match[str]) -> None:
        amount = quantity(value, found.group("unit"))
        if len(reading.substances) != 1 or (amount is None and value is not None):
            raise ValueError("of which substance it is said is not known")
        row = {"substance": reading.substances[0], "period": period, "quantity": amount}
        reading.facts.setdefault("moved", []).append(row)

    return says


def filed(reading: Reading, _key: str, value: Any, _: re.Match[str]) -> None:
    """The day of a filing with the own authority, as days before the day asked about."""
    days = None if value is None else say.days_between(value, reading.on)
    reading.stated("filing.days_before", days)


def negated_statement(name: str) -> Says:
    """A statement of the declarant that the key denies."""

    def says(reading: Reading, _key: str, value: Any, _: re.Match[str]) -> None:
        said = truth(value)
        reading.stated(name, None if said is None else not said)

    return says


def prohibited(reading: Reading, _key: str, value: Any, _: re.Match[str]) -> None:
    """A prohibition of import (1971 article 13)."""
    reading.facts["article_13_prohibition"] = say.prohibition(value, reading.on)


def bank(reading: Reading, _key: str, value: Any, _: re.Match[str]) -> None:
    """Whether the goods are consigned to a bank for the account of another."""
    importer = reading.parties.get("importer", {}).get("name")
    reading.facts["bank_for_another"] = say.bank(value, importer)


def overflight(reading: Reading, _key: str, value: Any, _: re.Match[str]) -> None:
    """An aircraft that passes over without landing; where it lands is not read here."""
    if truth(value):
        reading.facts["lands_in"] = []
    else:
        raise ValueError("where it lands is not said")


def true_only(_reading: Reading, _key: str, value: Any, _: re.Match[str]) -> None:
    """A condition of an exemption that changes nothing while it is kept."""
    if truth(value) is not True:
        raise ValueError("a condition of an exemption is not kept")


def in_base(_reading: Reading, _key: str, value: Any, _: re.Match[str]) -> None:
    """A statement that figures are of base, which they are."""
    say.in_base(value)


def decision(reading: Reading, _key: str, value: Any, _: re.Match[str]) -> None:
    """The day on which a decision was communicated."""
    reading.facts["_decision"] = value


def parties(reading: Reading, _key: str, value: Any, _: re.Match[str]) -> None:
    """Which countries are Parties to which treaty."""
    national.parties(reading, value)


def rules(reading: Reading, _key: str, value: Any, _: re.Match[str]) -> None:
    """National rules, stated in general."""
    national.rules(reading, value)
