"""What the register itself shows of a decision on its way into law: lists, and nothing beyond them.

A listing names a substance. That no listing is on record says that this register holds none: the law
may name the substance in a list not held here, or reach it by a definition, an analogue provision or
another law. It does not say that a decision was not carried out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.facts import Facts, InForce, Listing, Period, Role, Standing
from rules.deadlines.terms import Span
from rules.pipeline.case import ALWAYS, NEVER
from rules.pipeline.clocks import Due, Status, judged
from rules.pipeline.procedure import Procedure, procedure

CONVENTIONS = ("1961", "1971", "1988")
NOT_NATIONAL = frozenset({"UN", "EU"})
NAMING = frozenset({Role.LISTED, Role.INCLUDED})
PRECURSORS = ("EU-PREC-", "US-LIST-", "CA-CDSA-VI-")  # provisions that name precursors alone


@dataclass(frozen=True, slots=True)
class Lists:
    """The listings that bring a substance under control, by jurisdiction and substance.

    `under`: a jurisdiction to those whose law applies in it directly.
    """

    by_place: Mapping[str, Mapping[str, tuple[Listing, ...]]]
    under: Mapping[str, tuple[str, ...]]

    def of(self, jurisdiction: str, substance: str) -> tuple[Listing, ...]:
        """Every listing of a substance in a jurisdiction, or in law that applies there directly."""
        places = (jurisdiction, *self.under.get(jurisdiction, ()))
        return tuple(
            one for place in places for one in self.by_place.get(place, {}).get(substance, ())
        )

    def held(self, jurisdiction: str) -> bool:
        """Whether any list of the jurisdiction itself is on record."""
        return bool(self.by_place.get(jurisdiction))


class Shown(StrEnum):
    """What the lists on record show. `LISTED`: whether it was in time is not known. `NO_LISTING`: none
    is on record though the decision has taken effect. `NOT_YET`: it has not."""

    IN_TIME = "listed_in_time"
    LATE = "listed_late"
    LISTED = "listed"
    NO_LISTING = "no_listing_on_record"
    NOT_YET = "not_yet_in_effect"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Transposition:
    """One convention's decision on a substance, and one jurisdiction's law about it. `former`: its
    listings where every one has ended."""

    substance: str
    convention: str
    schedule: str
    effect: Span
    due: Due
    listing: Listing | None
    former: tuple[Listing, ...] = ()

    @property
    def shown(self) -> Shown:
        """What the register shows in a word; never that something was not done."""
        status = self.due.status
        if status is Status.MET:
            return {True: Shown.IN_TIME, False: Shown.LATE, None: Shown.LISTED}[self.due.in_time]
        if status is Status.OVERDUE:
            return Shown.NO_LISTING
        return Shown.UNDETERMINED if status is Status.UNDETERMINED else Shown.NOT_YET

    @property
    def text(self) -> str:
        """The same in a sentence."""
        if self.listing is not None:
            return f"listed on {self.listing.provision}, {since(days_of(self.listing))}"
        said = "no listing on record"
        if self.former:
            named = ", ".join(sorted({one.provision for one in self.former}))
            said = f"no listing on record that has not ended; formerly on {named}"
        if self.due.status is Status.UNDETERMINED and self.due.missing:
            return f"{said}; not known: {self.due.missing}"
        return said


def lists_of(
    facts: Facts, controlling: Collection[str], under: Mapping[str, tuple[str, ...]]
) -> Lists:
    """The lists in the facts. `controlling`: provisions that control, surveillance left out."""
    found: dict[str, dict[str, list[Listing]]] = defaultdict(lambda: defaultdict(list))
    for one in facts.listings:
        if one.substance and one.role in NAMING and one.provision in controlling:
            found[place_of(one)][one.substance].append(one)
    frozen = {
        place: {key: tuple(rows) for key, rows in named.items()} for place, named in found.items()
    }
    return Lists(frozen, under)


def place_of(listing: Listing) -> str:
    """The jurisdiction a listing belongs to: the first part of its provision's identifier."""
    return listing.provision.partition("-")[0]


def days_of(listing: Listing) -> Span:
    """Between which days a listing began to hold."""
    valid = listing.valid
    return Span(valid.earliest or ALWAYS, valid.start or NEVER)


def first_of(listings: Iterable[Listing], on: date) -> Listing | None:
    """The listing that began first, as far as is known. What has ended by a day counts only where
    another one holds on, or may: otherwise the first to come, or None."""
    order = sorted(listings, key=lambda one: (days_of(one).latest, days_of(one).earliest, one.id))
    kept = [one for one in order if one.valid.standing(on) is not Standing.ENDED]
    holds = any(one.valid.holds(on) is not InForce.NO for one in kept)
    return next(iter(order if holds else kept), None)


def since(days: Span) -> str:
    """Since when, in words, of days that may not be known."""
    if days.latest == NEVER:
        return "since a day that is not known"
    if days.earliest == days.latest:
        return f"since {days.latest}"
    if days.earliest == ALWAYS:
        return f"since {days.latest} at the latest, the day before which is not known"
    return f"since a day from {days.earliest} to {days.latest}"


def transpositions(
    lists: Lists,
    substance: str,
    jurisdictions: Iterable[str],
    bound: Mapping[str, Mapping[str, Period]],
    on: date,
) -> Iterator[Transposition]:
    """For each convention that lists a substance, whether each jurisdiction lists it too.

    `bound`: by convention and jurisdiction. The day on which a decision of 1961 took effect is that
    of its receipt, so the register's day of listing is an approximation there.
    """
    codes = tuple(jurisdictions)
    for convention in CONVENTIONS:
        listed = [one for one in lists.of("UN", substance) if _convention(one) == convention]
        first = first_of(listed, on)
        if first is None:
            continue
        rule = procedure(f"UN-{convention}")
        for code in codes:
            period = bound.get(convention, {}).get(code, Period())
            yield _transposition(rule, lists, substance, first, code, period, on)


def _transposition(
    rule: Procedure,
    lists: Lists,
    substance: str,
    first: Listing,
    code: str,
    bound: Period,
    on: date,
) -> Transposition:
    clock = rule.clock("transposition")
    if clock is None:
        raise ValueError(f"{rule.id} has no deadline of transposition")
    effect = days_of(first)
    ours = [one for one in lists.of(code, substance) if carries_out(one, rule.treaty)]
    listing = first_of(ours, on)
    done = None if listing is None else (days_of(listing), "transposed")
    due = judged(rule, clock, code, (effect, effect), done, bound, on)
    if listing is None and due.status is Status.OVERDUE and not lists.held(code):
        said = f"no list of {code} is on record here"
        due = Due(clock, code, Status.UNDETERMINED, due.by, missing=said)
    schedule = first.provision.removeprefix("UN-")
    former = tuple(ours) if listing is None else ()
    return Transposition(substance, rule.treaty, schedule, effect, due, listing, former)


def _convention(listing: Listing) -> str:
    return listing.provision.split("-")[1]


def carries_out(listing: Listing, convention: str) -> bool:
    """Whether a national listing can be what a convention asks for: lists of precursors carry out
    that of 1988 alone."""
    return convention == "1988" or not listing.provision.startswith(PRECURSORS)


@dataclass(frozen=True, slots=True)
class NamedElsewhere:
    """A substance that national lists elsewhere name and ours does not."""

    substance: str
    listings: tuple[Listing, ...]
    formerly: tuple[Listing, ...] = ()

    @property
    def jurisdictions(self) -> tuple[str, ...]:
        return tuple(sorted({place_of(one) for one in self.listings}))


def named_elsewhere(
    lists: Lists, country: str, on: date, elsewhere: Collection[str] = ()
) -> Iterator[NamedElsewhere]:
    """Substances named on a national list elsewhere on a day, and on no list of ours.

    A listing whose days do not say counts as naming, there and here: elsewhere nothing is passed
    over, and here what is on record needs no case. `formerly`: our own listings that have ended.
    """
    places = [
        place
        for place in sorted(lists.by_place)
        if place not in NOT_NATIONAL and place != country and (not elsewhere or place in elsewhere)
    ]
    for substance in sorted({key for place in places for key in lists.by_place[place]}):
        ours = lists.of(country, substance)
        if any(one.valid.standing(on) is not Standing.ENDED for one in ours):
            continue
        named = tuple(
            one
            for place in places
            for one in lists.by_place[place].get(substance, ())
            if one.valid.holds(on) is not InForce.NO
        )
        if named:
            yield NamedElsewhere(substance, named, ours)
