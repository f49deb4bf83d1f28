"""What is due as an iCalendar (RFC 5545): one all-day event for each day that something is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

MEDIA = "text/calendar"
WIDTH = 75  # octets in a line; what is longer is folded
WORDS = {
    "overdue": "Overdue",
    "expired": "Expired",
    "expiring": "Expires",
    "due": "Due",
    "takes_effect": "Takes effect",
    "closing": "Closes",
}


def calendar(items: Iterable[Mapping[str, Any]], *, base: str, on: date) -> bytes:
    """The calendar. What has no certain day is left out: no day can be named for it."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//substance-register//cases//EN"]
    for item in items:
        if item["attention"] in WORDS and item["by"]:
            lines += _event(item, base, on)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _event(item: Mapping[str, Any], base: str, on: date) -> Iterator[str]:
    day = date.fromisoformat(item["by"])
    where = f" ({item['jurisdiction']})" if item["jurisdiction"] else ""
    clock = f"{item['case']}-{item['clock']}-{item['jurisdiction']}"
    yield "BEGIN:VEVENT"
    yield f"UID:{clock}@substance-register"
    yield f"DTSTAMP:{on:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(WORDS[item['attention']] + where + ': ' + item['title'])}"
    yield f"DESCRIPTION:{_text(item['text'] + ' (' + item['cite']['title'] + ')')}"
    yield f"URL:{base}/cases/{item['case']}"
    yield "END:VEVENT"


def _text(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())


def _folded(line: str) -> Iterator[str]:
    """A line cut where it grows too long, never within a character."""
    part, size = "", 0
    for char in line:
        width = len(char.encode())
        if size + width > WIDTH:
            yield part
            part, size = " ", 1
        part, size = part + char, size + width
    yield part
