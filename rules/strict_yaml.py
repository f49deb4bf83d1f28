"""YAML read without implicit typing: every scalar is text, every place is remembered.

With an ordinary loader the country code `NO` becomes False, the key `on` becomes True and `1.10`
becomes 1.1. Here only an unquoted `null` is special. Duplicate keys, aliases, anchors and tags are
errors. Errors carry file, line and column.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from registry.errors import RuleFileError

# libyaml reads the same language an order of magnitude faster, where the wheel brings it.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Place = tuple[int, int]
Path_ = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Document:
    """The content of one file, its hash, and where each part of it stands."""

    file: str
    content: Any
    places: Mapping[Path_, Place]
    content_hash: str

    def place(self, path: Path_) -> Place:
        """The place of a path, or of the nearest enclosing part that has one."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))

    def error(self, message: str, path: Path_ = ()) -> RuleFileError:
        return RuleFileError(message, self.file, *self.place(path))

    def part(self, *path: str | int) -> Document:
        """One part of the content as a document of its own, at the place where it stands."""
        content = self.content
        for step in path:
            content = content[step]
        depth = len(path)
        places = {key[depth:]: at for key, at in self.places.items() if key[:depth] == path}
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return Document(self.file, content, places, hashlib.sha256(text.encode()).hexdigest())


def read(path: Path, name: str | None = None) -> Document:
    """Read one file. `name` is what error messages call it."""
    data = path.read_bytes()
    return parse(data.decode("utf-8"), name or path.name)


def parse(text: str, name: str) -> Document:
    """The content of one file's text, with the place of every part.

    Raises RuleFileError where it is not YAML, or uses what rule files may not use.
    """
    try:
        for token in yaml.scan(text, Loader=_Loader):
            _refuse(token, name)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise RuleFileError(str(error.problem), name, line, column) from None
    except yaml.YAMLError as error:
        raise RuleFileError(f"not text of YAML: {error}", name, 1, 1) from None
    except RecursionError:
        raise RuleFileError("parts within parts too deep to read", name, 1, 1) from None
    places: dict[Path_, Place] = {}
    content = None if node is None else _plain(node, (), places, name)
    return Document(name, content, places, hashlib.sha256(text.encode()).hexdigest())


def validate(document: Document, model: type[Model]) -> Model:
    """Check the content against a model; the first fault is raised with its place."""
    try:
        return model.model_validate(document.content)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        path = tuple(fault["loc"])
        where = ".".join(str(part) for part in path)
        raise document.error(f"`{where}`: {_lower(fault['msg'])}", path) from None


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]


def _refuse(token: Any, name: str) -> None:
    if isinstance(token, yaml.AliasToken | yaml.AnchorToken | yaml.TagToken):
        mark = token.start_mark
        kind = type(token).__name__.removesuffix("Token").lower()
        raise RuleFileError(
            f"a YAML {kind} is not allowed in a rule file", name, mark.line + 1, mark.column + 1
        )


def _plain(node: Any, path: Path_, places: dict[Path_, Place], name: str) -> Any:
    places[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.ScalarNode):
        return None if not node.style and node.value in ("null", "~", "") else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, i), places, name) for i, item in enumerate(node.value)]
    return _mapping(node, path, places, name)


def _mapping(node: Any, path: Path_, places: dict[Path_, Place], name: str) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = key_node.value
        mark = key_node.start_mark
        if not isinstance(key, str):
            raise RuleFileError("a key must be plain text", name, mark.line + 1, mark.column + 1)
        if key in content:
            raise RuleFileError(f"duplicate key `{key}`", name, mark.line + 1, mark.column + 1)
        content[key] = _plain(value_node, (*path, key), places, name)
    return content
