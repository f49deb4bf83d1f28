"""A consignment from a file, JSON or YAML, as plain data for the shipment check.

YAML is read with the types of JSON only: `NO` is a country, `2026-03-31` is text, and a number with
a point keeps the digits that were written.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Hashable, Iterable
from pathlib import Path
from typing import Any

import yaml

from registry.errors import FileError, InputError

_OF_JSON = {
    "tag:yaml.org,2002:bool": (r"true|false", "tf"),
    "tag:yaml.org,2002:null": (r"null|~|", "n~"),
    "tag:yaml.org,2002:int": (r"-?(?:0|[1-9]\d*)", "-0123456789"),
}


class UnreadableConsignment(FileError, InputError):
    """The file is neither JSON nor YAML, at a place that can be named."""

    code = "consignment-unreadable"


class _Loader(yaml.SafeLoader):
    """A YAML loader that types like JSON and refuses duplicate keys."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        _refuse_duplicates(
            (str(key.value), key.start_mark.line + 1, key.start_mark.column + 1)
            for key, _ in node.value
        )
        return super().construct_mapping(node, deep)


for _tag, (_pattern, _starts) in _OF_JSON.items():
    _Loader.add_implicit_resolver(_tag, re.compile(rf"(?:{_pattern})\Z"), [*_starts, ""])


def read_file(file: str) -> dict[str, Any]:
    """The content of a file, or of standard input for `-`.

    Raises UnreadableConsignment with file, line and column.
    """
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableConsignment(f"not UTF-8 text at byte {error.start}", file) from error
    except OSError as error:
        raise UnreadableConsignment(f"cannot be read: {error.strerror}", file) from error
    return parse(text, file)


def parse(text: str, file: str) -> dict[str, Any]:
    """A JSON text begins with a brace; anything else is YAML."""
    try:
        content = _json(text) if text.lstrip().startswith("{") else _yaml(text)
    except json.JSONDecodeError as error:
        raise UnreadableConsignment(error.msg.lower(), file, error.lineno, error.colno) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise UnreadableConsignment(str(error.problem), file, line, column) from None
    except _Duplicate as error:
        raise UnreadableConsignment(f"duplicate key `{error.key}`", file, *error.place) from None
    if not isinstance(content, dict):
        raise UnreadableConsignment("a consignment is an object with named parts", file)
    return content


class _Duplicate(Exception):
    def __init__(self, key: str, line: int, column: int) -> None:
        super().__init__(key)
        self.key, self.place = key, (line, column)


def _json(text: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        _refuse_duplicates((key, 0, 0) for key, _ in pairs)
        return dict(pairs)

    return json.loads(text, parse_float=str, object_pairs_hook=once)


def _yaml(text: str) -> Any:
    return yaml.load(text, Loader=_Loader)  # noqa: S506 (a safe loader with fewer types)


def _refuse_duplicates(keys: Iterable[tuple[str, int, int]]) -> None:
    seen: set[str] = set()
    for key, line, column in keys:
        if key in seen:
            raise _Duplicate(key, line, column)
        seen.add(key)
