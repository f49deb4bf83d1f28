"""Facts of the neutral form: a key in words, and what it says of the movement.

A key names a country (`XB_invoked_12_10_a`), a part (`importing_country_…`) or nothing. The table
goes by what its words say; a key or a value that fits nowhere is kept as unread.
"""

from __future__ import annotations

import re
from typing import Any

from rules.shipment.scenario.reading import Reading, without_codes
from rules.shipment.scenario.table import TABLE
from rules.shipment.scenario.table_national import NATIONAL
from rules.shipment.scenario.words import key_words
from rules.shipment.stated import STATED


def read_facts(reading: Reading, stated: dict[str, Any]) -> None:
    """Read every fact stated; what is not understood stays in `reading.unread`."""
    for key, value in stated.items():
        try:
            _fact(reading, key, value)
        except (ValueError, TypeError, AttributeError):
            reading.open(key, value)


def _fact(reading: Reading, key: str, value: Any) -> None:
    words = without_codes(key)
    for pattern, says in (*NATIONAL, *TABLE):
        if found := re.search(pattern, words):
            says(reading, key, value, found)
            return
    reading.stated(_statement(words), value)


def _statement(words: str) -> str:
    """The fact a declarant may state that is called so. Raises ValueError where there is none."""
    plain = words.removeprefix("@ ")
    named = [name for name in STATED if key_words(name) == plain]
    if not named:
        raise ValueError(words)
    return named[0]
