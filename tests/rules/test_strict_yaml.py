"""Rule files are read without implicit typing, and every fault has a place."""

from __future__ import annotations

import pytest

from registry.errors import RuleFileError
from rules.schema import Scope
from rules.strict_yaml import parse, validate


def test_nothing_is_typed_implicitly() -> None:
    content = parse("country: NO\non: yes\nversion: 1.10\nday: 2020-01-01\n", "x.yaml").content
    assert content == {"country": "NO", "on": "yes", "version": "1.10", "day": "2020-01-01"}


def test_only_an_unquoted_null_is_nothing() -> None:
    assert parse('a: null\nb: "null"\n', "x.yaml").content == {"a": None, "b": "null"}


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("a: 1\na: 2\n", "x.yaml:2:1", "duplicate key `a`"),
        ("a: &x 1\nb: *x\n", "x.yaml:1:4", "anchor"),
        ("a: [1, 2\n", "x.yaml:2:1", "expected"),
        ("a: !!str 1\n", "x.yaml:1:4", "tag"),
    ],
)
def test_a_fault_is_reported_with_its_place(text: str, place: str, what: str) -> None:
    with pytest.raises(RuleFileError) as caught:
        parse(text, "x.yaml")
    assert caught.value.message.startswith(place)
    assert what in caught.value.message


def test_an_unknown_key_is_an_error_at_its_line() -> None:
    document = parse("residual_to: [A]\nresidual: [B]\n", "x.yaml")
    with pytest.raises(RuleFileError, match=r"x\.yaml:2:11: `residual`"):
        validate(document, Scope)
