"""The rule set: every rule file read, checked, compiled, and bound to one content hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field
from rdkit import Chem

from registry.chem.identity import connectivity, formula, stereo
from rules.language.compile import (
    VOCABULARY,
    CompiledReading,
    compile_reading,
    extended,
    probe,
    vocabulary,
)
from rules.language.probe import Probe
from rules.language.words import Vocabulary
from rules.reading import Part, Skeleton
from rules.result import Reason
from rules.schema import CarveOut, Provision, Wording
from rules.strict_yaml import Document, Path_, read, validate

LAW = Path(__file__).with_name("law")


class Unmodelled(Part):
    """A provision we know of and do not model.

    `needs`: fragments of which a molecule must hold at least one before it can be met.
    `needs_named_in`: provisions of which one must name it. With neither, it is asked about every
    molecule.
    """

    provision: str
    title: str
    since: Annotated[date | None, Field(alias="from")] = None
    until: date | None = None
    needs: tuple[str, ...] = ()
    needs_named_in: tuple[str, ...] = ()
    reason: str


class Covered(Part):
    """What is covered of a jurisdiction, verified until when, against what. `under`: jurisdictions
    whose law applies in it directly, as that of the European Union does in a Member State.
    `gaps_yield_to`: provisions whose express names keep a substance out of the others, so that
    what is not modelled of those need not be asked."""

    name: str
    under: tuple[str, ...] = ()
    verified_until: date | None = None
    against: str
    remarks: tuple[str, ...] = ()
    gaps_yield_to: tuple[str, ...] = ()
    not_modelled: tuple[Unmodelled, ...] = ()


class Coverage(Part):
    """One honest table. `fragments` are SMARTS a provision's definition cannot do without."""

    fragments: dict[str, str] = Field(default_factory=dict)
    jurisdictions: dict[str, Covered]


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A carve-out by name, with the identity it is recognised by."""

    name: str
    clause: str
    formula: str
    flat: str
    form: str
    stereo_specific: bool
    since: date | None
    unless: str = ""

    def is_it(self, mol: Chem.Mol, mol_formula: str, on: date) -> bool:
        """Whether a structure is the one taken out, on a date on which it is."""
        if mol_formula != self.formula or (self.since is not None and on < self.since):
            return False
        if self.stereo_specific:
            return self.form == stereo(mol)
        return self.flat == connectivity(mol)

    def may_be(self, mol: Chem.Mol, mol_formula: str) -> bool:
        """Whether a structure given without stereochemistry may be this one form."""
        return (
            self.stereo_specific
            and mol_formula == self.formula
            and stereo(mol) == connectivity(mol) == self.flat
        )


@dataclass(frozen=True)
class Ruled:
    """One provision ready to be asked: its file's hash and its compiled readings. `words`: those of
    the law it comes from, in which the readings are written."""

    provision: Provision
    content_hash: str
    readings: Mapping[str, CompiledReading]
    words: Vocabulary
    taken_out: tuple[TakenOut, ...] = ()

    @cached_property
    def limbs(self) -> tuple[Reason, ...]:
        """The limbs no structure can prove, as reasons that stay open."""
        return tuple(Reason(limb.clause, limb.text, "open") for limb in self.provision.limbs)

    @cached_property
    def missing_limbs(self) -> tuple[str, ...]:
        return tuple(limb.text for limb in self.provision.limbs)

    def wording(self, on: date) -> Wording | None:
        """The wording in force on a date; None where the provision is not in force."""
        return next(
            (
                wording
                for wording in self.provision.wordings
                if (wording.since is None or wording.since <= on)
                and (wording.until is None or on < wording.until)
            ),
            None,
        )

    def reading(self, wording: Wording) -> CompiledReading | None:
        return self.readings.get(wording.reading)

    def clauses_at(self, wording: Wording, name: str) -> tuple[str, ...]:
        """The clauses that speak of one place of the core, in the order of the law."""
        reading = self.reading(wording)
        spoken = {
            clause
            for compiled in (reading.skeletons if reading else ())
            for place in compiled.skeleton.places
            if place.name == name
            for clause in place.clauses
        }
        return tuple(clause for clause in self.provision.law if clause in spoken)


@dataclass(frozen=True)
class RuleSet:
    """All provisions by identifier. `content_hash` covers every rule file and the vocabulary."""

    rules: Mapping[str, Ruled]
    coverage: Coverage
    words: Vocabulary
    content_hash: str
    fragments: Mapping[str, Probe] = field(default_factory=dict)
    own_words: Mapping[str, Vocabulary] = field(default_factory=dict)

    def words_of(self, jurisdiction: str) -> Vocabulary:
        """The words of a jurisdiction's law: the common ones with its own."""
        return self.own_words.get(jurisdiction.lower(), self.words)

    @cached_property
    def provisions(self) -> Mapping[str, Provision]:
        return {key: rule.provision for key, rule in self.rules.items()}

    def named(self, globs: Iterable[str]) -> tuple[str, ...]:
        """The identifiers, of rules and of known gaps, that match any of the globs, in order."""
        patterns = tuple(globs)
        return tuple(
            key for key in sorted(self.owners) if any(fnmatchcase(key, glob) for glob in patterns)
        )

    @cached_property
    def owners(self) -> Mapping[str, str]:
        """The jurisdiction of every provision, modelled or known not to be."""
        gaps = {
            gap.provision: code
            for code, covered in self.coverage.jurisdictions.items()
            for gap in covered.not_modelled
        }
        return gaps | {key: rule.provision.jurisdiction for key, rule in self.rules.items()}


def load_law(root: Path | None = None) -> RuleSet:
    """Every rule file under `root`, read (default: the law that ships with this package, once).

    Raises RuleFileError with file, line and column at the first fault.
    """
    return _shipped() if root is None else _read(root)


@cache
def _shipped() -> RuleSet:
    return _read(LAW)


def _read(root: Path) -> RuleSet:
    words, word_document = vocabulary()
    documents = {
        path.relative_to(root).as_posix(): read(path, path.relative_to(root).as_posix())
        for path in sorted(root.glob("*/*.yaml"))
    }
    own = {
        name.split("/")[0]: extended(words, document)
        for name, document in documents.items()
        if name.endswith(f"/{VOCABULARY.name}")
    }
    rules: dict[str, Ruled] = {}
    for name, document in documents.items():
        if name.endswith(f"/{VOCABULARY.name}"):
            continue
        rule = rule_from(document, own.get(name.split("/")[0], words))
        if rule.provision.id in rules:
            raise document.error(f"provision `{rule.provision.id}` is in two files", ("id",))
        rules[rule.provision.id] = rule
    coverage_document = read(root / "coverage.yaml")
    coverage = validate(coverage_document, Coverage)
    hashes = [d.content_hash for d in (word_document, coverage_document, *documents.values())]
    return RuleSet(
        dict(sorted(rules.items())),
        coverage,
        words,
        hashlib.sha256("\n".join(hashes).encode()).hexdigest(),
        _fragments(coverage, coverage_document),
        own,
    )


def rule_from(
    document: Document,
    words: Vocabulary,
    *,
    strict: bool = True,
    model: type[Provision] = Provision,
) -> Ruled:
    """One rule file, checked and compiled. `strict`: every clause and question must be in use."""
    provision = validate(document, model)
    if strict:
        _check_clauses(provision, document)
    return compiled(provision, document, words)


def compiled(provision: Provision, document: Document, words: Vocabulary) -> Ruled:
    """A provision ready to be asked; `document` is where faults are found."""
    readings = {
        name: compile_reading(
            reading, words, lambda text, path: document.error(text, ("reading", *path))
        )
        for name, reading in provision.whole_readings.items()
    }
    out = _taken_out(provision, document)
    return Ruled(provision, document.content_hash, readings, words, out)


def _taken_out(provision: Provision, document: Document) -> tuple[TakenOut, ...]:
    return tuple(
        taken_out(one, document, ("exceptions", place))
        for place, one in enumerate(provision.exceptions)
    )


def taken_out(one: CarveOut, document: Document, path: Path_) -> TakenOut:
    """A carve-out with the identity it is recognised by; `path` is where it stands."""
    mol = Chem.MolFromSmiles(one.smiles)
    if mol is None:
        raise document.error(f"`{one.smiles}` is not a structure", (*path, "smiles"))
    return TakenOut(
        one.name,
        one.clause,
        formula(mol),
        connectivity(mol),
        stereo(mol),
        one.stereo_specific,
        one.since,
        one.unless,
    )


def _fragments(coverage: Coverage, document: Document) -> dict[str, Probe]:
    _check_needs(coverage, document)
    return {
        name: _probe(smarts, document, ("fragments", name))
        for name, smarts in coverage.fragments.items()
    }


def _probe(smarts: str, document: Document, path: Path_) -> Probe:
    found = probe(smarts)
    if found is None:
        raise document.error(f"`{smarts}` is not a SMARTS pattern", path)
    return found


def _check_needs(coverage: Coverage, document: Document) -> None:
    for code, covered in coverage.jurisdictions.items():
        for place, gap in enumerate(covered.not_modelled):
            for need in gap.needs:
                if need not in coverage.fragments:
                    path: Path_ = ("jurisdictions", code, "not_modelled", place)
                    raise document.error(f"unknown fragment `{need}`", path)


def _check_clauses(provision: Provision, document: Document) -> None:
    """Every clause is implemented by some line or listed as not modelled; nothing else is named."""
    used = clauses_used(provision)
    known = set(provision.law)
    omitted = {omission.clause for omission in provision.not_modelled}
    for clause in sorted(used - known):
        raise document.error(f"clause `{clause}` is not in the law part", ("law",))
    for clause in sorted(known - used - omitted):
        raise document.error(
            f"clause `{clause}` is neither implemented nor listed under not_modelled",
            ("law", clause),
        )
    asked = {question.id for question in provision.open_questions if question.decided is None}
    for question in sorted(questions_used(provision) ^ asked):
        raise document.error(f"question `{question}` is asked and stated in different places")


def clauses_used(provision: Provision) -> set[str]:
    """Every clause some line of the file implements."""
    used = set(provision.closure.values())
    used |= {limb.clause for limb in provision.limbs}
    used |= {condition.clause for condition in provision.conditions}
    used |= {exception.clause for exception in provision.exceptions}
    used |= {
        clause for clause in ("named", "scope", "evidence", "thresholds") if clause in provision.law
    }
    used |= {scope.core_clause for scope in provision.scopes if scope.core_residual_to}
    used |= {provision.duration.clause} if provision.duration else set()
    for reading in provision.whole_readings.values():
        used |= {part.clause for part in (reading.heaviest, reading.upon) if part}
        for skeleton in reading.skeletons:
            used |= _clauses_of(skeleton)
    return used


def _clauses_of(skeleton: Skeleton) -> set[str]:
    used = {skeleton.clause} if skeleton.clause else set[str]()
    used |= {skeleton.unsaturation.clause} if skeleton.unsaturation else set()
    used |= set(skeleton.but_not) | set(skeleton.needs)
    for place in skeleton.places:
        used |= place.clauses
    return used


def questions_used(provision: Provision) -> set[str]:
    """Every open question some line of the file asks."""
    asked: set[str] = set()
    for reading in provision.whole_readings.values():
        heaviest = reading.heaviest
        asked |= {heaviest.ask} if heaviest and heaviest.weighs is None else set()
        for skeleton in reading.skeletons:
            asked |= {skeleton.ask} if skeleton.ask else set()
            for place in skeleton.places:
                asked |= set(place.ask)
            for site in skeleton.sites:
                asked |= set(site.ask_on_parent)
    return asked
