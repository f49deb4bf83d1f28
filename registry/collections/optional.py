"""Libraries that only some formats need."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from registry.errors import InputError


class MissingLibrary(InputError):
    """The format asked for needs a library that is not installed."""

    code = "library-missing"


def needed(name: str) -> Any:
    """The library, or a MissingLibrary that says what to install."""
    try:
        return import_module(name)
    except ImportError as error:
        library = name.partition(".")[0]
        message = f"this needs the library `{library}`, which is not installed"
        raise MissingLibrary(message) from error
