"""Consistency of the law: the shipped rule files have no fault, and each check finds a planted one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from registry.chem.identity import layers
from registry.chem.parse import read_structure
from registry.facts import Citation, Listing, Period, Recorded, Role
from rules.decide import Book, bind
from rules.lint import (
    FAULTS,
    Remark,
    contradictions,
    dangling_references,
    gaps_in_time,
    idle_exceptions,
    in_and_out,
    lint,
    named_twice,
    not_transposed,
    unreachable_clauses,
)
from rules.load import Ruled, load_law, rule_from
from rules.strict_yaml import parse

ON = date(2026, 11, 1)
LAW = load_law()

RULE = """
id: X
kind: class
jurisdiction: GB
title: {en: X}
wordings:
  - {from: 2000-01-01, until: 2010-01-01, cite: {title: X}}
  - {from: 2012-01-01, cite: {title: X}, covers: [salts], leaves_open: [salts]}
scope: {residual_to: [GB-NOWHERE-*]}
law: {a: one, b: two, out: taken out, scope: elsewhere, salts: salts}
closure: {salts: salts}
exceptions: [{name: Caffeine, smiles: "Cn1c(=O)c2c(ncn2C)n(C)c1=O", clause: out}]
reading:
  skeletons:
    - name: toluene
      core: "c1ccccc1-[CH2:1]"
      sites: [{name: methyl, at: [1], carries: {a: [halogeno, alkyl], b: [alkyl]}}]
examples:
  - {name: water, smiles: O, on: 2020-01-01, expect: {outcome: outside}}
"""


def planted() -> Ruled:
    return rule_from(parse(RULE, "X.yaml"), LAW.words)


def listing(name: str, smiles: str, role: Role = Role.LISTED) -> Listing:
    return Listing(
        id=name,
        provision="GB-MDA-A-1a",
        name=name,
        role=role,
        valid=Period.always(),
        recorded=Recorded(datetime(2026, 1, 1, tzinfo=UTC)),
        cite=Citation("X"),
        smiles=smiles,
        layers=layers(read_structure(smiles)),
    )


def kinds(remarks: list[Remark]) -> set[str]:
    return {remark.kind for remark in remarks}


def test_the_rule_files_that_ship_have_no_fault(book: Book) -> None:
    assert [remark for remark in lint(book, ON) if remark.kind in FAULTS] == []


def test_days_without_a_wording_and_without_a_reason_are_a_fault() -> None:
    (remark,) = gaps_in_time(planted())
    assert "2010-01-01 to 2012-01-01" in remark.text


def test_a_gap_in_time_with_its_reason_is_none() -> None:
    declared = RULE.replace("{from: 2012-01-01,", "{from: 2012-01-01, gap_before: repealed,")
    assert list(gaps_in_time(rule_from(parse(declared, "X.yaml"), LAW.words))) == []


def test_a_clause_whose_words_an_earlier_one_has_is_never_the_answer() -> None:
    (remark,) = unreachable_clauses(planted())
    assert "all that b allows, a allows before it" in remark.text


def test_a_form_both_covered_and_left_open_contradicts_itself() -> None:
    (remark,) = contradictions(planted())
    assert "salts are covered and left open" in remark.text


def test_a_reference_to_a_provision_nobody_knows_is_found(book: Book) -> None:
    (remark,) = dangling_references(book, planted())
    assert "GB-NOWHERE-*" in remark.text


def test_an_exemption_that_takes_nothing_out_is_found(book: Book) -> None:
    rule = planted()
    law = replace(book.law, rules={**book.law.rules, "X": rule})
    (remark,) = idle_exceptions(replace(book, law=law, _sittings={}), rule, ON)
    assert "`Caffeine` is taken out and is not reached" in remark.text


def test_a_structure_under_two_names_is_found() -> None:
    twice = [
        listing("Ketamine", "CNC1(c2ccccc2Cl)CCCCC1=O"),
        listing("Ketalar", "O=C1CCCCC1(NC)c1ccccc1Cl"),
    ]
    (remark,) = named_twice(twice, ON)
    assert remark.text == "Ketalar, Ketamine"
    assert list(named_twice(twice[:1], ON)) == []


def test_a_structure_both_named_and_taken_out_is_a_contradiction() -> None:
    rows = [
        listing("Ketamine", "CNC1(c2ccccc2Cl)CCCCC1=O"),
        listing("Ketalar", "CNC1(c2ccccc2Cl)CCCCC1=O", Role.EXCLUDED),
    ]
    (remark,) = in_and_out(rows, ON)
    assert remark.kind == "contradiction"


def test_a_treaty_substance_that_a_state_does_not_list_is_found(book: Book) -> None:
    """Methadone is in the list of every State modelled; taken out of one, it is remarked there."""
    kept = tuple(
        one
        for one in book.facts.listings
        if not (one.provision.startswith("GB-") and one.substance == "methadone")
    )
    assert len(kept) < len(book.facts.listings)
    without = bind(book.law, replace(book.facts, listings=kept))
    added = set(not_transposed(without, ON)) - set(not_transposed(book, ON))
    assert {(remark.provision, "`Methadone`" in remark.text) for remark in added} == {("GB", True)}


@pytest.mark.parametrize("kind", FAULTS)
def test_each_kind_of_fault_is_planted_above(book: Book, kind: str) -> None:
    rule = planted()
    found = [*gaps_in_time(rule), *unreachable_clauses(rule), *contradictions(rule)]
    assert kind in kinds([*found, *dangling_references(book, rule)])
