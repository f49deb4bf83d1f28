"""Texts that a command is given: a file, or what comes on standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from registry.errors import InputError


def text_of(file: str) -> str:
    """The text of a file, or of standard input for `-`. Raises InputError for what is no UTF-8."""
    data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(f"`{file}` is not text in UTF-8") from None
