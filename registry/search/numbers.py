"""CAS numbers as people type them, with their check digit verified."""

from __future__ import annotations

import re
import unicodedata

from registry.errors import InputError

_PREFIX = re.compile(r"cas(?:[ -]?(?:rn|nr|no))?\.?[ :]*", re.IGNORECASE)
_NUMBER = re.compile(r"0*([1-9]\d{1,6}) ?-? ?(\d\d) ?-? ?(\d)")
INCHIKEY = re.compile(r"[A-Z]{14}-[A-Z]{10}-[A-Z]")


class WrongCheckDigit(InputError):
    """A CAS number whose last digit does not follow from the others."""

    code = "cas-check-digit"


def cas_number(text: str) -> str | None:
    """The CAS number a text is, with its dashes; None where it is no such number.

    Any dash or none will do, and a leading `CAS`. Raises WrongCheckDigit.
    """
    body = _PREFIX.sub("", _dashes(text), count=1).strip()
    found = _NUMBER.fullmatch(body)
    if found is None:
        return None
    first, second, digit = found.groups()
    right = check_digit(first + second)
    if int(digit) != right:
        raise WrongCheckDigit(
            f"`{text.strip()}` is no CAS number: after {first}-{second} its last digit is {right}, not {digit}"
        )
    return f"{first}-{second}-{digit}"


def check_digit(digits: str) -> int:
    """The last digit of a CAS number: each digit times its place from the right, modulo ten."""
    return sum(place * int(digit) for place, digit in enumerate(reversed(digits), 1)) % 10


def _dashes(text: str) -> str:
    """Digits in ASCII; every dash, minus and soft hyphen as `-`; no invisible characters."""
    wide = unicodedata.normalize("NFKC", text)
    plain = "".join(
        "-" if c in "\u2212\u00ad" or unicodedata.category(c) == "Pd" else c
        for c in wide
        if c == "\u00ad" or unicodedata.category(c) != "Cf"
    )
    return " ".join(plain.split())
