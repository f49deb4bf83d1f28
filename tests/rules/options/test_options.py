"""The options that ship: each field cited or unknown, none against the rule files of the law."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from registry.errors import RuleFileError
from rules.load import load_law
from rules.options.load import FOLDER, load_options, mismatches, options_from, shipped
from rules.options.schema import FIELDS, TYPES
from rules.strict_yaml import parse

OPTIONS = shipped()
LAW = load_law()
SOUND = (FOLDER / "gb.yaml").read_text(encoding="utf-8")


def test_every_jurisdiction_that_is_modelled_has_its_options() -> None:
    assert set(LAW.coverage.jurisdictions) <= set(OPTIONS.files)


def test_every_modelled_provision_was_made_under_an_option_of_its_jurisdiction() -> None:
    assert [key for key in LAW.provisions if not OPTIONS.of(provision=key)] == []


def test_options_and_rule_files_agree_on_kinds_places_and_durations() -> None:
    assert list(mismatches(OPTIONS, LAW.provisions)) == []


def test_a_contradiction_to_the_rule_files_is_found() -> None:
    (option,) = OPTIONS.of("GB", "temporary")
    longer = option.model_copy(
        update={
            "duration": option.duration.model_copy(update={"months": 6}),
            "since": date(2012, 1, 1),
            "until": date(2016, 1, 1),
            "provisions": ("GB-MDA-TCDO", "GB-PSA", "US-CSA-TEMP", "GB-NONE"),
        }
    )
    found = "\n".join(mismatches(type(OPTIONS)(OPTIONS.files, {option.id: longer}), LAW.provisions))
    assert "`GB-MDA-TCDO` lasts 12 months" in found
    assert "`GB-MDA-TCDO` has a wording from before 2012-01-01" in found
    assert "`GB-MDA-TCDO` has a wording from after 2016-01-01" in found
    assert "`GB-PSA` is of kind effect" in found
    assert "`US-CSA-TEMP` is law of US" in found
    assert "there is no provision `GB-NONE`" in found


def test_every_field_is_cited_or_says_that_it_is_unknown() -> None:
    for option in OPTIONS.by_id.values():
        for name, said in option.said.items():
            sure = OPTIONS.certainty(option, said)
            assert (sure == "unknown") == (not OPTIONS.cites(option, said)), (option.id, name)


def test_what_was_seen_says_when_it_was_read() -> None:
    for code, file in OPTIONS.files.items():
        for key, source in file.sources.items():
            assert (source.certainty == "memory") == (source.retrieved is None), (code, key)


def test_whatever_is_temporary_has_a_duration() -> None:
    temporary = OPTIONS.of(type="temporary")
    assert {option.jurisdiction for option in temporary} >= {
        "US",
        "GB",
        "CA",
        "NL",
        "KR",
        "NZ",
        "DE",
    }
    assert all(option.duration.months for option in temporary)


def test_every_type_has_an_instance() -> None:
    assert {option.type for option in OPTIONS.by_id.values()} == set(TYPES)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("cite: mda 2B}", "cite: nowhere 2B}", "unknown source `nowhere`"),
        ("type: temporary", "type: hasty", "`options.2.type`: input should be"),
        ("      months: 12\n", "", "is temporary and has no duration"),
        ("{text: the Secretary of State, cite: mda 2A(1)}", "{text: him}", "has a `cite`"),
        ("id: GB-PSA", "id: GB-TCDO", "`GB-TCDO` is not free here"),
        ("id: GB-PSA", "id: FR-PSA", "`FR-PSA` is not free here"),
        ("from: 2016-05-26", "from: 2016-05-26\n    until: 2016-01-01", "ends before it begins"),
        ("event: stated", "event: rumoured", "input should be"),
        ("common:\n", "common:\n  mood: {text: a, cite: mda}\n", "common names unknown fields"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line_and_column(old: str, new: str, message: str) -> None:
    assert old in SOUND
    with pytest.raises(RuleFileError, match=re.escape(message)) as raised:
        options_from(parse(SOUND.replace(old, new, 1), "gb.yaml"))
    assert re.match(r"gb\.yaml:\d+:\d+: ", raised.value.message)


def test_a_source_nobody_cites_and_a_second_file_of_a_place_are_faults(tmp_path: Path) -> None:
    more = SOUND.replace("sources:\n", "sources:\n  idle: {title: Idle, retrieved: 2026-11-26}\n")
    with pytest.raises(RuleFileError, match="source `idle` is cited nowhere"):
        options_from(parse(more, "gb.yaml"))
    for name in ("gb.yaml", "uk.yaml"):
        (tmp_path / name).write_text(SOUND, encoding="utf-8")
    with pytest.raises(RuleFileError, match=r"uk\.yaml:1:\d+: `GB` has a file already"):
        load_options(tmp_path)


def test_every_field_has_words_and_is_a_field_of_an_option() -> None:
    (first, *_) = OPTIONS.by_id.values()
    assert set(FIELDS) == set(first.said)
