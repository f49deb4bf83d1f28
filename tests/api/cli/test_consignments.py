"""A consignment means the same in JSON and in YAML, and nothing is typed by surprise."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cli.consignments import UnreadableConsignment, parse, read_file

YAML = """
reference: T-1
on: 2026-03-31
movement: {origin: NO, to: "XB", via: []}
lines:
  - {name: acetic anhydride, quantity: {value: 1.10, unit: kg}, copies: 2, licensed: true, cas: null}
"""
JSON = """{
  "reference": "T-1", "on": "2026-03-31",
  "movement": {"origin": "NO", "to": "XB", "via": []},
  "lines": [{"name": "acetic anhydride", "quantity": {"value": 1.10, "unit": "kg"},
             "copies": 2, "licensed": true, "cas": null}]
}"""


def test_yaml_and_json_say_the_same() -> None:
    assert parse(YAML, "a.yaml") == parse(JSON, "a.json")


def test_norway_is_a_country_and_digits_stay_as_written() -> None:
    content = parse(YAML, "a.yaml")
    assert content["movement"]["origin"] == "NO"
    assert content["on"] == "2026-03-31"
    assert content["lines"][0]["quantity"]["value"] == "1.10"
    assert content["lines"][0]["licensed"] is True
    assert content["lines"][0]["cas"] is None
    assert content["lines"][0]["copies"] == 2


@pytest.mark.parametrize(
    ("text", "value"), [("yes", "yes"), ("", None), ("007", "007"), ("~", None)]
)
def test_only_the_types_of_json_are_taken_from_yaml(text: str, value: object) -> None:
    assert parse(f"key: {text}\n", "a.yaml") == {"key": value}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("on: 1\nto: 2\non: 3\n", "a:3:1: duplicate key `on`"),
        ('{"on": 1, "on": 2}', "a: duplicate key `on`"),
        ('{"on": }', "a:1:8: "),
        ("on: [1\n", "a:2:1: "),
        ("- on\n", "a: a consignment is an object"),
        ("!!python/object:os.system x\n", "a:1:1: "),
    ],
)
def test_a_fault_is_named_by_its_place(text: str, place: str) -> None:
    with pytest.raises(UnreadableConsignment) as caught:
        parse(text, "a")
    assert caught.value.message.startswith(place)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableConsignment, match=r"[?[Nn]o such file"):
        read_file(str(tmp_path / "nowhere.json"))
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"name: \xe9\n")
    with pytest.raises(UnreadableConsignment, match="not UTF-8"):
        read_file(str(latin))
