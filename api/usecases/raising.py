"""Cases raised by the register: a substance named on a national list elsewhere and not on ours.

Only substances that are on record are looked at, and of them only those that a list names. Whether
one belongs to a family is judged by the definition of a provision, in killable workers; where
the definition leaves it open the case is raised and says so. What has no structure on record cannot be
held against a definition; it is named in the answer, and no case is raised for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from api import screening
from api.access.acts import Act
from api.access.allow import allow
from api.engine import Engine
from api.screening import Errors, Question
from api.usecases.case_requests import CaseRefused, RaiseIn
from api.usecases.cases_shown import ground_of
from api.usecases.dates import Dates
from api.usecases.trade.acts import By, Done, perform
from registry.collections.read import Record
from registry.facts import Facts, Substance
from registry.models import CaseEntry, CaseFile, CaseSubject
from registry.models.base import new_id
from registry.store import cases as store
from registry.store.session import reading
from rules.pipeline.listed import NamedElsewhere, named_elsewhere, place_of
from rules.sitting import Scope, check_scope

REVIEW = "XX-REVIEW"
NO_STRUCTURE = "it has no structure on record, so whether it belongs to the family is not known"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a substance meets the definition of the family. `meets` None: not known, and `why`."""

    meets: bool | None
    by: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A substance named elsewhere and not on ours, with whether it belongs to the family."""

    substance: Substance
    named: NamedElsewhere
    said: Judgement

    @property
    def may_belong(self) -> bool:
        """A plant or a group without a structure is told apart, and no case is raised for it."""
        return self.said.meets is not False and self.said.why != NO_STRUCTURE


@dataclass(slots=True)
class Tally:
    """What raising did."""

    named: int
    outside: int
    not_judged: list[str]
    raised: list[dict[str, Any]] = field(default_factory=list)
    before: int = 0


def raise_cases(
    engine: Engine,
    asked: RaiseIn,
    by: By,
    *,
    workers: int | None = None,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> dict[str, Any]:
    """Raise a case for each substance named elsewhere and not on ours, once for each.

    Asked again nothing is raised twice. Raises CaseRefused, UnknownScope, Denied, KeyReused.
    """
    allow(by.actor, Act.CASE_MANAGE)
    dates = Dates(asked.on or by.on, by.now)
    ground = ground_of(engine, by.now)
    if asked.family:
        check_scope(engine.law, Scope(provisions=asked.family))
    if not ground.lists.held(asked.country):
        raise CaseRefused(
            f"no list of {asked.country} is on record: what is not on it cannot be said"
        )
    found = {
        one.substance: one
        for one in named_elsewhere(ground.lists, asked.country, dates.on, asked.elsewhere)
    }
    by_id = {one.id: one for one in ground.facts.substances}
    known = [by_id[key] for key in found]
    judged = _judged(engine, asked, known, ground.facts, dates, workers, progress)
    candidates = [Candidate(one, found[one.id], judged[one.id]) for one in known]
    tally = Tally(
        named=len(candidates),
        outside=sum(one.said.meets is False for one in candidates),
        not_judged=[one.substance.name for one in candidates if one.said.why == NO_STRUCTURE],
    )
    kept = [one for one in candidates if one.may_belong]
    if asked.dry_run:
        return _preview(engine, asked, kept, dates, tally)
    return _raise(engine, asked, kept, dates, tally, by)


def _judged(
    engine: Engine,
    asked: RaiseIn,
    known: list[Substance],
    facts: Facts,
    dates: Dates,
    workers: int | None,
    progress: Callable[[int, int], None],
) -> dict[str, Judgement]:
    """Each substance against the definitions of the family; without a family all belong."""
    if not asked.family:
        return {one.id: Judgement(True) for one in known}
    drawn = [one for one in known if one.smiles]
    judged = {one.id: Judgement(None, why=NO_STRUCTURE) for one in known if not one.smiles}
    scope = Scope(provisions=asked.family)
    question = Question(dates.on, dates.known_text, scope, errors=Errors.REPORT, all_findings=True)
    answers = screening.screen(
        (Record(one.id, one.smiles, place) for place, one in enumerate(drawn, 1)), question, facts,
        law_root=engine.settings.law_root, workers=workers, deadline=engine.settings.deadline_seconds,
    )  # fmt: skip
    done = 0
    with closing(answers):
        for answer in answers:
            told = (json.loads(line) for line in answer.body.splitlines())
            judged |= {said["id"]: _judgement(said) for said in told}
            done += answer.records
            progress(done, len(drawn))
    return judged


def _judgement(said: dict[str, Any]) -> Judgement:
    """By the definition alone: one that another provision governs belongs to the family too."""
    if said["error"]:
        return Judgement(None, why=said["error"]["message"])
    meets = [one["provision"] for one in said["findings"] if one["structure"] == "meets"]
    if meets:
        return Judgement(True, tuple(meets))
    open_ = [one["provision"] for one in said["findings"] if one["structure"] == "undetermined"]
    if open_:
        return Judgement(None, why=f"undetermined under {', '.join(open_)}")
    return Judgement(False)


def _preview(
    engine: Engine, asked: RaiseIn, kept: list[Candidate], dates: Dates, tally: Tally
) -> dict[str, Any]:
    """What would be raised now, with nothing written."""
    with reading(engine.sessions) as session:
        marked = store.raised_for(session, asked.country)
    fresh = [one for one in kept if _mark(asked, one) not in marked]
    tally.before = len(kept) - len(fresh)
    tally.raised = [_line(one, "") for one in fresh]
    return _told(asked, tally, dates)


def _raise(
    engine: Engine, asked: RaiseIn, kept: list[Candidate], dates: Dates, tally: Tally, by: By
) -> dict[str, Any]:
    def work(session: Session) -> Done:
        for one in kept:
            row = _case(asked, one, by)
            if not store.raise_once(session, row):
                tally.before += 1
                continue
            session.add(
                CaseSubject(
                    case=row.id, number=1, substance=one.substance.id, name=one.substance.name,
                    structure="",
                )
            )  # fmt: skip
            session.add(_first(row, one.named, dates, by))
            tally.raised.append(_line(one, row.id))
        session.flush()
        told = {"raised": len(tally.raised), "country": asked.country, "named": tally.named}
        return Done(_told(asked, tally, dates), asked.country, "case:raised", told)

    return perform(engine, by, {"raise": asked.model_dump(mode="json")}, work)


def _mark(asked: RaiseIn, one: Candidate) -> str:
    return f"{asked.country}:{one.substance.id}"


def _case(asked: RaiseIn, one: Candidate, by: By) -> CaseFile:
    where, said = ", ".join(one.named.jurisdictions), one.said
    notes = [f"named on lists of {where}, and on none of {asked.country} on record"]
    if said.by:
        notes.append(f"meets {', '.join(said.by)}")
    if said.meets is None:
        notes.append(f"of the family or not: {said.why}")
    if one.named.formerly:
        former = sorted({old.provision for old in one.named.formerly})
        notes.append(f"formerly on {', '.join(former)}")
    return CaseFile(
        id=new_id(),
        title=f"{one.substance.name}: listed elsewhere, not in {asked.country}",
        procedure=REVIEW,
        jurisdictions=[asked.country],
        raised_for=_mark(asked, one),
        note="; ".join(notes),
        opened_by=by.actor.id,
        opened_at=by.now,
    )


def _first(row: CaseFile, one: NamedElsewhere, dates: Dates, by: By) -> CaseEntry:
    """The raising itself as the first entry, resting on the lists that name the substance."""
    lists = ", ".join(sorted({listing.provision for listing in one.listings}))
    sources = {listing.cite.href for listing in one.listings if listing.cite.href}
    return CaseEntry(
        case=row.id, number=1, kind="step", step="raised", jurisdiction="",
        not_before=dates.on, not_after=dates.on, until=None,
        document=f"named on {lists}"[:200], source=min(sources, default=""), note="",
        corrects=None, actor=by.actor.id, at=by.now,
    )  # fmt: skip


def _line(one: Candidate, case: str) -> dict[str, Any]:
    said = one.said
    return {
        "case": case,
        "substance": one.substance.id,
        "name": one.substance.name,
        "jurisdictions": list(one.named.jurisdictions),
        "listings": list(_listings(one.named)),
        "family": {True: "meets", None: "undetermined", False: "outside"}[said.meets],
        "by": list(said.by),
        "why": said.why,
    }


def _listings(one: NamedElsewhere) -> Iterator[dict[str, Any]]:
    for listing in one.listings:
        yield {
            "jurisdiction": place_of(listing),
            "provision": listing.provision,
            "name": listing.name,
            "since": listing.valid.start and listing.valid.start.isoformat(),
        }


def _told(asked: RaiseIn, tally: Tally, dates: Dates) -> dict[str, Any]:
    return {
        "country": asked.country,
        "family": list(asked.family),
        "on": dates.on.isoformat(),
        "named_elsewhere": tally.named,
        "outside_family": tally.outside,
        "not_judged": sorted(tally.not_judged),
        "raised_before": tally.before,
        "raised": tally.raised,
        "dry_run": asked.dry_run,
        "caveat": (
            "lists on record name substances; that ours names one not does not say that our law "
            "leaves it alone: a definition, an analogue provision or another law may reach it"
        ),
    }
