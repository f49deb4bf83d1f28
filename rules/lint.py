"""Consistency of the law itself: what a careful reader would ask about before trusting it.

Nothing here judges a structure. A remark is a place to look at, with the file it is about; some are
faults of a rule file, some are facts about the law (a treaty substance a State has not listed).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from itertools import pairwise

from registry.chem.parse import read_structure
from registry.chem.standardise import standardise
from registry.facts import InForce, Listing, Role
from rules.decide import Book, Scope, decide
from rules.load import Ruled
from rules.reading import Site, Table
from rules.result import Decision, Status, Structure

# What a rule file must not have. The other kinds say something about the law itself.
FAULTS = ("contradiction", "gap in time", "reference to nothing", "unreachable clause")
NOT_STATES = ("UN", "EU")  # they make the lists that States transpose
TREATIES = ("UN-1961-I", "UN-1961-II", "UN-1971-*")


@dataclass(frozen=True, slots=True, order=True)
class Remark:
    """One thing to look at. `kind` names the check, `provision` the file or list it is about."""

    kind: str
    provision: str
    text: str


def lint(book: Book, on: date) -> list[Remark]:
    """Every remark on the law and the lists of a book, as they stand on a date, in order."""
    found: list[Remark] = []
    for rule in book.law.rules.values():
        found += gaps_in_time(rule)
        found += unreachable_clauses(rule)
        found += contradictions(rule)
        found += dangling_references(book, rule)
        found += idle_exceptions(book, rule, on)
    found += in_and_out(book.facts.listings, on)
    found += named_twice(book.facts.listings, on)
    found += not_transposed(book, on)
    return sorted(set(found))


def gaps_in_time(rule: Ruled) -> Iterator[Remark]:
    """Days between two wordings on which none holds, where the later does not say why."""
    for earlier, later in pairwise(rule.provision.wordings):
        if earlier.until != later.since and not later.gap_before:
            text = f"no wording holds from {earlier.until} to {later.since}, and no reason is given"
            yield Remark("gap in time", rule.provision.id, text)


def unreachable_clauses(rule: Ruled) -> Iterator[Remark]:
    """A clause whose every word another clause of the same place already names."""
    for name, reading in rule.readings.items():
        for compiled in reading.skeletons:
            for site in compiled.skeleton.sites:
                for clause, other in _shadowed(site):
                    text = (
                        f"{name}, {site.name}: all that {clause} allows, {other} allows before it"
                    )
                    yield Remark("unreachable clause", rule.provision.id, text)


def _shadowed(site: Site) -> Iterator[tuple[str, str]]:
    """Pairs (clause, question or clause before it) of which the first can never be the answer."""
    for table in (site.carries, site.on_parent):
        seen: Table = {}
        for clause, words in table.items():
            for other, earlier in seen.items():
                if set(words) <= set(earlier):
                    yield clause, other
            seen[clause] = words
        allowed = {word for words in table.values() for word in words}
        for question, words in site.ask.items():
            if table is site.carries and set(words) <= allowed:
                yield question, "a clause"


def contradictions(rule: Ruled) -> Iterator[Remark]:
    """A derived form both covered and left open; a clause both implemented and not modelled."""
    provision = rule.provision
    for wording in provision.wordings:
        for form in sorted({*wording.covers} & {*wording.leaves_open}):
            text = f"{form} are covered and left open by the wording of {wording.since}"
            yield Remark("contradiction", provision.id, text)


def idle_exceptions(book: Book, rule: Ruled, on: date) -> Iterator[Remark]:
    """Substances taken out by name that the definition does not reach, so that nothing is taken."""
    provision = rule.provision
    if provision.kind != "class" or rule.wording(on) is None:
        return
    for exception in provision.exceptions:
        decision = _decided(book, exception.smiles, on, (provision.jurisdiction,))
        found = next(one for one in decision.findings if one.provision == provision.id)
        if found.structure is Structure.DOES_NOT_MEET:
            text = f"`{exception.name}` is taken out and is not reached by the definition"
            yield Remark("exemption that hits nothing", provision.id, text)


def _decided(book: Book, smiles: str, on: date, codes: tuple[str, ...] = ()) -> Decision:
    mol = standardise(read_structure(smiles))
    scope = Scope(jurisdictions=codes)
    return decide(mol, book, on=on, known_at="", text="", scope=scope, everything=True)


def dangling_references(book: Book, rule: Ruled) -> Iterator[Remark]:
    """Globs that speak of provisions nobody knows."""
    provision = rule.provision
    globs = {
        glob
        for scope in provision.scopes
        for glob in (
            *scope.residual_to,
            *scope.residual_to_names,
            *scope.closure_residual_to,
            *scope.core_residual_to,
        )
    }
    for glob in sorted(globs | set(provision.exempt_if_named_in)):
        if not any(fnmatchcase(key, glob) for key in book.law.owners):
            yield Remark("reference to nothing", provision.id, f"no provision answers to `{glob}`")


def in_and_out(listings: Iterable[Listing], on: date) -> Iterator[Remark]:
    """A structure that one provision both names and takes out on one day."""
    roles: dict[tuple[str, str], dict[bool, str]] = defaultdict(dict)
    for listing in _in_force(listings, on):
        key = listing.provision, listing.layers.stereo if listing.layers else ""
        roles[key][listing.role is Role.EXCLUDED] = listing.name
    for (provision, _), names in roles.items():
        if len(names) == 2:
            text = f"names `{names[False]}` and takes out `{names[True]}`, the same structure"
            yield Remark("contradiction", provision, text)


def named_twice(listings: Iterable[Listing], on: date) -> Iterator[Remark]:
    """A structure listed twice under one provision on one day, under two names."""
    rows: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for listing in _in_force(listings, on):
        if listing.role is not Role.EXCLUDED:
            salt = listing.smiles if "." in listing.smiles else ""
            form = listing.layers.stereo if listing.layers else ""
            rows[listing.provision, form, salt].add(listing.name)
    for (provision, _, _), names in rows.items():
        if len(names) > 1:
            yield Remark("named twice", provision, ", ".join(sorted(names)))


def _in_force(listings: Iterable[Listing], on: date) -> Iterator[Listing]:
    for listing in listings:
        if listing.layers is not None and listing.valid.holds(on) is InForce.YES:
            yield listing


def not_transposed(book: Book, on: date) -> Iterator[Remark]:
    """A substance the treaties of 1961 and 1971 schedule that a State's law is said not to reach.

    Where our own answer is undetermined, nothing is remarked.
    """
    treaty = {
        listing.layers.stereo: listing
        for listing in _in_force(book.facts.listings, on)
        if listing.layers
        and listing.role is not Role.EXCLUDED
        and any(fnmatchcase(listing.provision, glob) for glob in TREATIES)
    }
    for smiles, listing in treaty.items():
        for code, status in _decided(book, smiles, on).summary.items():
            if status is Status.NOT_CONTROLLED and code not in NOT_STATES:
                text = f"`{listing.name}` of {listing.provision} is not reached"
                yield Remark("treaty substance not transposed", code, text)
