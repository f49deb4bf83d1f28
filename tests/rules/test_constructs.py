"""Constructs that need the whole judge: names, dates, other provisions, what no structure shows.

Each plants one provision in the law of the United Kingdom, so that it is judged beside the names that
the register holds there.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from registry.chem.parse import read_structure
from registry.chem.standardise import standardise
from rules.decide import Book, Scope, decide
from rules.load import rule_from
from rules.result import Finding, Outcome, Structure
from rules.strict_yaml import parse

ON = date(2026, 7, 1)
KETAMINE = "CNC1(c2ccccc2Cl)CCCCC1=O"
METHOXETAMINE = "CCNC1(c2cccc(OC)c2)CCCCC1=O"
TILETAMINE = "CCNC1(c2cccs2)CCCCC1=O"
MESCALINE = "COc1cc(CCN)cc(OC)c1OC"
TWO_C_B = "COc1cc(CCN)c(OC)cc1Br"
B25_NBOME = "COc1cc(CCNCc2ccccc2OC)c(OC)cc1Br"
PSEUDOEPHEDRINE = "CN[C@@H](C)[C@@H](O)c1ccccc1"
DEXTROMETHORPHAN = "COc1ccc2c(c1)[C@@]13CCCC[C@@H]1[C@@H](C2)N(C)CC3"
LEVOMETHORPHAN = "COc1ccc2c(c1)[C@]13CCCC[C@H]1[C@H](C2)N(C)CC3"


def planted(body: str, *, id_: str = "GB-X", from_: str = "2000-01-01", covers: str = "") -> str:
    return f"""
id: {id_}
kind: class
jurisdiction: GB
title: {{en: planted}}
wordings: [{{from: {from_}, cite: {{title: none}}, covers: [{covers}]}}]
law: {{core: the core, out: taken out, scope: elsewhere, limb: an effect, on: built on another,
  named: named, salts: salts, esters: esters, ethers: ethers, stereoisomers: stereoisomers}}
not_modelled:
  - {{clause: core, reason: a}}
  - {{clause: out, reason: a}}
  - {{clause: limb, reason: a}}
  - {{clause: "on", reason: a}}
closure: {{salts: salts, esters: esters, ethers: ethers, stereoisomers: stereoisomers}}
examples: [{{name: water, smiles: O, on: 2020-01-01, expect: {{outcome: outside}}}}]
{body}
"""


ARYLKETAMINE = """
reading:
  skeletons:
    - name: 2-amino-2-arylcyclohexanone
      core: "a-C1(-[NX3])CCCCC1=O"
      clause: core
      change: optional
      elsewhere: free
"""


def found(book: Book, text: str, smiles: str, on: date = ON) -> Finding:
    """What the first planted provision says, judged beside all others."""
    rules = [rule_from(parse(one, "X.yaml"), book.law.words) for one in text.split("\n---\n")]
    law = replace(book.law, rules={**book.law.rules, **{r.provision.id: r for r in rules}})
    decision = decide(
        standardise(read_structure(smiles)),
        replace(book, law=law, _sittings={}),
        on=on, known_at="", text="", scope=Scope(jurisdictions=("GB",)), everything=True,
    )  # fmt: skip
    return next(one for one in decision.findings if one.provision == rules[0].provision.id)


def test_exclusion_by_name(book: Book) -> None:
    out = f'exceptions: [{{name: Ketamine, smiles: "{KETAMINE}", clause: out}}]'
    finding = found(book, planted(ARYLKETAMINE + out), KETAMINE)
    assert (finding.structure, finding.outcome) == (Structure.MEETS, Outcome.OUTSIDE)
    assert found(book, planted(ARYLKETAMINE + out), METHOXETAMINE).outcome is Outcome.INSIDE


def test_exclusion_by_another_list(book: Book) -> None:
    """Ketamine is named in paragraph 1(a) of Part II, so a class that yields to it does not govern."""
    finding = found(book, planted(ARYLKETAMINE + "scope: {residual_to: [GB-MDA-B-1a]}"), KETAMINE)
    assert (finding.structure, finding.outcome) == (Structure.MEETS, Outcome.DISPLACED)
    assert finding.displaced_by == ("GB-MDA-B-1a",)


def test_exclusion_by_schedule(book: Book) -> None:
    text = planted(ARYLKETAMINE + "scope: {residual_to: [GB-MDA-A-*]}")
    assert found(book, text, KETAMINE).outcome is Outcome.INSIDE


def test_exclusion_by_status(book: Book) -> None:
    """A medicine is taken out only as a medicine: the goods decide, so it stays undetermined."""
    out = (
        f'exceptions: [{{name: Ketamine, smiles: "{KETAMINE}", clause: out, '
        "unless: whether the product is a medicine}]"
    )
    finding = found(book, planted(ARYLKETAMINE + out), KETAMINE)
    assert (finding.structure, finding.outcome) == (Structure.MEETS, Outcome.UNDETERMINED)
    assert finding.missing == ("whether the product is a medicine",)


def test_exclusion_by_stereoisomer(book: Book) -> None:
    text = planted(f"""
reading:
  skeletons:
    - {{name: morphinan, core: "C1CCC23CCNC(C2C1)Cc1ccccc13", change: optional, elsewhere: free}}
exceptions:
  - {{name: Dextromethorphan, smiles: "{DEXTROMETHORPHAN}", clause: out, stereo_specific: yes}}
""")
    assert found(book, text, DEXTROMETHORPHAN).outcome is Outcome.OUTSIDE
    assert found(book, text, LEVOMETHORPHAN).outcome is Outcome.INSIDE


UPON = """
reading:
  upon: {clause: "on", cut: "[NX3;H1:1]-[CH2:2]", branch: [benzyl with substituents],
         provisions: [%s], named: {Mescaline: "COc1cc(CCN)cc(OC)c1OC"}}
"""


def test_class_built_on_a_list(book: Book) -> None:
    """25B-NBOMe is the N-(2-methoxybenzyl) compound of 2C-B, which paragraph 1(ba) does not name."""
    assert found(book, planted(UPON % "GB-MDA-A-1ba"), B25_NBOME).clauses == ()
    n_benzyl_mescaline = "COc1cc(CCNCc2ccccc2)cc(OC)c1OC"
    finding = found(book, planted(UPON % "GB-MDA-A-1ba"), n_benzyl_mescaline)
    assert (finding.outcome, finding.clauses) == (Outcome.INSIDE, ("on",))


def test_class_built_on_a_class(book: Book) -> None:
    other = planted(
        """
reading:
  skeletons:
    - {name: phenethylamine, core: "[NH2][CH2][CH2]c1ccccc1", change: optional, elsewhere: free}
""",
        id_="GB-Y",
    )
    text = planted(UPON % "GB-Y") + "\n---\n" + other
    assert found(book, text, B25_NBOME).outcome is Outcome.INSIDE
    assert found(book, text, TWO_C_B).outcome is Outcome.OUTSIDE


def test_coverage_closure(book: Book) -> None:
    salt = METHOXETAMINE + ".Cl"
    assert found(book, planted(ARYLKETAMINE, covers="salts"), salt).clauses == ("core", "salts")
    assert found(book, planted(ARYLKETAMINE), salt).clauses == ("core",)


def test_ordered_closure_from_isomer_to_ester_to_salt(book: Book) -> None:
    """An ester of a stereoisomer of a listed substance, as a salt: every step with its clause."""
    acetyl_ester_salt = "CC(=O)Oc1ccc2c(c1)[C@]13CCCC[C@H]1[C@H](C2)N(C)CC3.Cl"  # of levorphanol
    decision = decide(
        standardise(read_structure(acetyl_ester_salt)), book,
        on=ON, known_at="", text="", scope=Scope(jurisdictions=("GB",)),
    )  # fmt: skip
    finding = next(one for one in decision.findings if one.provision == "GB-MDA-A-1a")
    assert finding.outcome is Outcome.INSIDE
    assert {"named", "esters", "salts"} <= set(finding.clauses)


def test_statutory_including_and_not_including_lists_override_the_core(book: Book) -> None:
    """Canada names levomethorphan among the morphinans and takes dextromethorphan out."""
    for smiles, outcome in ((DEXTROMETHORPHAN, Outcome.OUTSIDE), (LEVOMETHORPHAN, Outcome.INSIDE)):
        decision = decide(
            standardise(read_structure(smiles)), book,
            on=ON, known_at="", text="", scope=Scope(jurisdictions=("CA",)), everything=True,
        )  # fmt: skip
        finding = next(one for one in decision.findings if one.provision == "CA-CDSA-I-10")
        assert finding.outcome is outcome


def test_effect_and_intent_limbs(book: Book) -> None:
    """The structure is answered; the outcome stays open until the effect is shown."""
    limb = "limbs: [{clause: limb, text: that it acts on the receptor}]"
    finding = found(book, planted(ARYLKETAMINE + limb), METHOXETAMINE)
    assert (finding.structure, finding.outcome) == (Structure.MEETS, Outcome.UNDETERMINED)
    assert finding.missing == ("that it acts on the receptor",)
    assert found(book, planted(ARYLKETAMINE + limb), MESCALINE).outcome is Outcome.OUTSIDE


def test_limbs_of_a_list(book: Book) -> None:
    """A listed substance is met in structure; whether the goods are what is meant stays open."""
    decision = decide(
        standardise(read_structure(PSEUDOEPHEDRINE)), book,
        on=ON, known_at="", text="", scope=Scope(jurisdictions=("EU",)), everything=True,
    )  # fmt: skip
    of = {one.provision: one for one in decision.findings}
    medicine = of["EU-PREC-4"]
    assert (medicine.structure, medicine.outcome) == (Structure.MEETS, Outcome.UNDETERMINED)
    assert of["EU-PREC-1"].outcome is Outcome.INSIDE


def test_dated_wordings(book: Book) -> None:
    text = planted(ARYLKETAMINE, from_="2013-02-26")
    assert found(book, text, METHOXETAMINE, date(2013, 2, 25)).structure is Structure.NOT_APPLICABLE
    assert found(book, text, METHOXETAMINE, date(2013, 2, 26)).outcome is Outcome.INSIDE


def test_listed_then_absorbed_by_a_class(book: Book) -> None:
    """A name whose listing ends on the day a class begins is governed by one and then the other."""
    text = planted(ARYLKETAMINE + "scope: {residual_to: [GB-MDA-C-1a]}")
    before = found(book, text, KETAMINE, date(2014, 6, 9))
    after = found(book, text, KETAMINE, date(2014, 6, 10))
    assert (before.outcome, after.outcome) == (Outcome.DISPLACED, Outcome.INSIDE)


def test_subsidiarity(book: Book) -> None:
    """The core of another class, which is not met, keeps the molecule out of this one."""
    wide = ARYLKETAMINE + "scope: {core_residual_to: [GB-Y], core_clause: scope}"
    narrow = planted(
        """
reading:
  skeletons:
    - {name: thienyl, core: "s1cccc1-C1(-[NX3])CCCCC1=O", change: required}
""",
        id_="GB-Y",
    )
    text = planted(wide) + "\n---\n" + narrow
    kept_out = found(book, text, TILETAMINE)
    assert (kept_out.structure, kept_out.outcome) == (Structure.DOES_NOT_MEET, Outcome.OUTSIDE)
    assert "GB-Y" in kept_out.reasons[-1].text
    assert found(book, text, METHOXETAMINE).outcome is Outcome.INSIDE


def test_open_questions_show_both_readings(book: Book) -> None:
    text = planted(
        ARYLKETAMINE.replace("clause: core", "ask: Q1")
        + "open_questions: [{id: Q1, clause: core, text: is it one, readings: {yes: a, no: b}}]"
    )
    finding = found(book, text, METHOXETAMINE)
    assert finding.outcome is Outcome.UNDETERMINED
    (reason,) = [one for one in finding.reasons if one.question]
    assert reason.readings == (("yes", "a"), ("no", "b"))


def test_the_first_failing_place_is_named_with_its_clauses(book: Book) -> None:
    text = planted("""
reading:
  skeletons:
    - name: 2-amino-2-phenylcyclohexanone
      core: "c1ccccc1-C1(-[NX3:1])CCCCC1=O"
      sites: [{name: nitrogen, at: [1], carries: {core: [methyl]}}]
""")
    finding = found(book, text, METHOXETAMINE)
    (reason, *_) = [one for one in finding.reasons if one.holds == "no"]
    assert finding.structure is Structure.DOES_NOT_MEET
    assert reason.part in ("nitrogen", "elsewhere")
    assert reason.atoms
