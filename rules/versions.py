"""Which software gave an answer. Part of every decision, compared on replay."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version

from rdkit import rdBase


@cache
def _ours() -> str:
    try:
        return version("substance-register")
    except PackageNotFoundError:
        return "not installed"


def versions() -> dict[str, str]:
    """Our own version and the chemistry toolkit's."""
    return {"substance-register": _ours(), "rdkit": rdBase.rdkitVersion}
