"""Documents of the neutral form: kind by its words, particulars by their keys."""

from __future__ import annotations

import re
from typing import Any

from rules.shipment.scenario.goods import salt_of
from rules.shipment.scenario.words import key_words, quantity, split_salt, truth

# The first that fits: a special import licence is also an import licence.
KINDS: tuple[tuple[str, str], ...] = (
    (r"special\W+import", "special_import_licence"),
    (r"pre\W*export\W+notif|^pen\b", "pre_export_notification"),
    (r"486|236|advance\W+notice|notice\W+of\W+(im|ex)port|prior\W+notice", "advance_notice"),
    (r"no\W+objection|\bnoc\b", "no_objection_certificate"),
    (r"end\W*use|customer\W+declaration", "end_use_declaration"),
    (r"trans(it|s?hip\w*)\W+(permit|authori|licen)", "transit_permit"),
    (r"withdrawal", "withdrawal_permit"),
    (r"registration", "registration_of_import"),
    (r"schengen|travell?er|medical\W+certificate|prescription", "traveller_certificate"),
    (r"export\W+declaration|declaration.*(triplicate|export)", "export_declaration"),
    (r"import.*(certificate|authori|permit|licen)", "import_authorization"),
    (r"export.*(certificate|authori|permit|licen)", "export_authorization"),
)
PLAIN = (
    "issuer", "number", "valid_from", "valid_to", "exporter", "importer", "pharmaceutical_form",
    "copy_with_consignment", "copies_to_authority", "sent_on", "reply_on",
)  # fmt: skip
SAME = {
    "title": "title", "issued by": "issuer", "issuing authority": "issuer",
    "issued on": "issued_on", "issue date": "issued_on", "date of issue": "issued_on",
    "date": "issued_on", "issued": "issued_on", "valid until": "valid_to", "expires": "valid_to",
    "expires on": "valid_to", "expected entry point": "entry_point", "entry point": "entry_point",
    "point of entry": "entry_point", "expected point of entry": "entry_point",
    "date of dispatch": "dispatch_on", "expected dispatch": "dispatch_on",
    "expected date of dispatch": "dispatch_on", "dispatch on": "dispatch_on",
    "dispatch date": "dispatch_on", "filed on": "sent_on", "submitted on": "sent_on",
    "form": "pharmaceutical_form", "copy aboard": "copy_with_consignment",
    "copies given to authority": "copies_to_authority", "copy sent to importing government": "",
    "copy sent to importing authority": "", "copy to importing government": "",
    "copy sent to importing government on": "",
}  # fmt: skip
USED = (
    r".*\b(?:used|drawn|consumed|shipped|spent)\b"
    r"(?!.*\b(?:until|by|for)\b).*?(?: (?P<unit>kg|g|mg|t))?(?: base)?$"
)
REFERENCE = {"number": "number", "date": "issued_on", "authority": "authority"}
SILENCE = {"none", "no reply", "silence", "silent", "no answer", "no response"}


def kind_of(text: Any) -> str | None:
    """The kind a document is of, by the words of its type."""
    words = str(text or "").casefold()
    return next((kind for pattern, kind in KINDS if re.search(pattern, words)), None)


def read_document(
    stated: dict[str, Any], unread: list[str], facts: dict[str, Any]
) -> dict[str, Any] | None:
    """A document in the words of a consignment; None where its kind is not known.

    Amounts for re-export printed on it go to `facts`.
    """
    kind = kind_of(stated.get("type"))
    if kind is None:
        unread.append(f"document of the kind `{stated.get('type')}`")
        return None
    found: dict[str, Any] = {
        "type": kind,
        "title": stated.get("type"),
        # A certificate that does not speak of a bonded warehouse does not approve one.
        "allows_bonded_warehouse": False,
    }
    for key, value in sorted(stated.items(), key=lambda item: item[0] != "covers"):
        try:
            _particular(found, key, value, unread, facts)
        except (ValueError, TypeError, AttributeError):
            unread.append(f"{found['title']}: {key} = {value}")
    found.setdefault("issued_on", stated.get("valid_from"))
    return found


def _particular(
    found: dict[str, Any], key: str, value: Any, unread: list[str], facts: dict[str, Any]
) -> None:
    words = key_words(key)
    if key == "type" or (words in SAME and not SAME[words]):
        return
    if key in PLAIN or words in SAME:
        found[key if key in PLAIN else SAME[words]] = value
    elif key == "covers":
        found["covers"] = None if value is None else [_covered(entry, unread) for entry in value]
    elif re.match(r"import (certificate|authori[sz]ation|permit) (number|date|authority)$", words):
        found.setdefault("refers_to", {})[REFERENCE[words.split()[-1]]] = value
    elif "bonded" in words:
        found["allows_bonded_warehouse"] = _statement(value)
    elif used := re.match(USED, words):
        _used(found, value, used.group("unit"))
    elif words == "reply":
        found["reply"] = _reply(value, unread)
    elif "endorse" in words and "exporting" in words:
        found["endorsed_by_exporting_authority"] = truth(value)
    elif re.match(r"re export intended|re export", words):
        facts[f"{key}_base" if not key.endswith("_base") else key] = value
    else:
        unread.append(f"{found['title']}: {key} = {value}")


def _used(found: dict[str, Any], value: Any, unit: str | None) -> None:
    """What earlier consignments took: an amount of the only goods covered, or yes or no."""
    if unit is None or isinstance(value, bool):
        found["used_before"] = truth(value)
        return
    covered = found.get("covers") or []
    if len(covered) != 1:
        raise ValueError("of which goods it was used is not said")
    covered[0]["used"] = quantity(value, unit)


def used_of(
    documents: list[dict[str, Any]] | None, kind: str, value: Any, unit: str | None
) -> None:
    """The same stated beside the papers. Raises ValueError where it is not of one paper alone."""
    papers = [paper for paper in documents or () if paper["type"] == kind]
    if len(papers) != 1:
        raise ValueError("of which paper it was used is not said")
    _used(papers[0], value, unit)


def _covered(entry: Any, unread: list[str]) -> dict[str, Any]:
    name, form = split_salt(str(entry.get("substance") or ""))
    found: dict[str, Any] = {
        "substance": name,
        "quantity": quantity(entry.get("quantity"), entry.get("unit")),
    }
    if entry.get("salt/form"):
        form = salt_of(entry["salt/form"], unread)
    if form:
        found["form"] = form
    known = {"substance", "quantity", "unit", "cas", "salt/form"}
    unread += [f"covered goods: {key} = {entry[key]}" for key in entry if key not in known]
    return found


def _statement(value: Any) -> bool | None:
    """A clause on a paper: yes or no, or words, which say it is there."""
    if isinstance(value, str):
        return bool(value.strip()) and not re.match(r"(no|not|none|false)\b", value.casefold())
    return truth(value)


def _reply(value: Any, unread: list[str]) -> str | None:
    if value is None:
        return None
    words = str(value).casefold().strip()
    if words in SILENCE:
        return "none"
    if re.search(r"no objection|not object|cleared|no objections|approved|agreed", words):
        return "no objection"
    if re.search(r"object|refus|stop|suspend|denied|reject", words):
        return "objection"
    unread.append(f"reply `{value}`")
    return None
