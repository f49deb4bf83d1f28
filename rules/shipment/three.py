"""Yes, no and unknown (None) joined the way Kleene joins them."""

from __future__ import annotations

from collections.abc import Iterable

Known = bool | None


def any_of(values: Iterable[Known]) -> Known:
    """Or: one yes decides; without one, an unknown leaves it open."""
    found = list(values)
    return True if True in found else None if None in found else False


def all_of(values: Iterable[Known]) -> Known:
    """And: one no decides; without one, an unknown leaves it open."""
    found = list(values)
    return False if False in found else None if None in found else True
