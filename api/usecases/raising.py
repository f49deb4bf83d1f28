"""Cases raised by the register: a substance named on a national list elsewhere and not on ours.

Only substances that are on record are looked at, and of them only those that a list names. Whether
one belongs to a family is judged by the definition of a provision, in killable workers; where
the definition leaves it open the case is raised and says so. What has no structure on record cannot be
held against a definition; it is named in the answer, and no case is raised for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

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


@dataclass(slots=True)
class Tally:
    """What raising did. `judged`: how many were held against the family so far."""

    named: int = 0
    judged: int = 0
    outside: int = 0
    not_judged: list[str] = field(default_factory=list)
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
    found = list(named_elsewhere(ground.lists, asked.country, dates.on, asked.elsewhere))
    tally = Tally(named=len(found))
    by_id = {one.id: one for one in ground.facts.substances}
    judged = _judged(engine, asked, found, by_id, ground.facts, dates, workers, progress, tally)
    kept = [one for one in found if _may_belong(judged[one.substance])]
    tally.outside = sum(said.meets is False for said in judged.values())
    tally.not_judged = [by_id[k].name for k, said in judged.items() if said.why == NO_STRUCTURE]
    if asked.dry_run:
        return _preview(engine, asked, kept, judged, by_id, dates, tally)
    return _raise(engine, asked, kept, judged, by_id, dates, tally, by)


def _judged(
    engine: Engine,
    asked: RaiseIn,
    found: list[NamedElsewhere],
    by_id: Mapping[str, Substance],
    facts: Facts,
    dates: Dates,
    workers: int | None,
    progress: Callable[[int, int], None],
    tally: Tally,
) -> dict[str, Judgement]:
    """Each substance against the definitions of the family; without a family all belong."""
    if not asked.family:
        return {one.substance: Judgement(True) for one in found}
    judged = {
        one.substance: Judgement(None, why=NO_STRUCTURE)
        for one in found
        if not by_id[one.substance].smiles
    }
    records = [
        Record(one.substance, by_id[one.substance].smiles, place)
        for place, one in enumerate(found, 1)
        if one.substance not in judged
    ]
    question = Question(
        dates.on,
        dates.known_text,
        Scope(provisions=asked.family),
        errors=Errors.REPORT,
        all_findings=True,
    )
    answers = screening.screen(
        iter(records), question, facts, law_root=engine.settings.law_root, workers=workers,
        deadline=engine.settings.deadline_seconds,
    )  # fmt: skip
    with closing(answers):
        for answer in answers:
            for line in answer.body.splitlines():
                said = json.loads(line)
                judged[said["id"]] = _judgement(said)
            tally.judged += answer.records
            progress(tally.judged, len(records))
    return judged


def _may_belong(said: Judgement) -> bool:
    """A plant or a group without a structure is told apart, and no case is raised for it."""
    return said.meets is not False and said.why != NO_STRUCTURE


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
    engine: Engine,
    asked: RaiseIn,
    kept: list[NamedElsewhere],
    judged: Mapping[str, Judgement],
    by_id: Mapping[str, Substance],
    dates: Dates,
    tally: Tally,
) -> dict[str, Any]:
    """What would be raised now, with nothing written."""
    with reading(engine.sessions) as session:
        marked = store.raised_for(session, asked.country)
    fresh = [one for one in kept if _mark(asked, one) not in marked]
    tally.before = len(kept) - len(fresh)
    tally.raised = [_line(one, "", judged, by_id) for one in fresh]
    return _told(asked, tally, dates)


def _raise(
    engine: Engine,
    asked: RaiseIn,
    kept: list[NamedElsewhere],
    judged: Mapping[str, Judgement],
    by_id: Mapping[str, Substance],
    dates: Dates,
    tally: Tally,
    by: By,
) -> dict[str, Any]:
    def work(session: Any) -> Done:
        for one in kept:
            row = _case(asked, one, judged[one.substance], by_id, by)
            if not store.raise_once(session, row):
                tally.before += 1
                continue
            name = by_id[one.substance].name
            session.add(
                CaseSubject(case=row.id, number=1, substance=one.substance, name=name, structure="")
            )
            session.add(_first(row, one, dates, by))
            tally.raised.append(_line(one, row.id, judged, by_id))
        session.flush()
        told = {"raised": len(tally.raised), "country": asked.country, "named": tally.named}
        return Done(_told(asked, tally, dates), asked.country, "case:raised", told)

    return perform(engine, by, {"raise": asked.model_dump(mode="json")}, work)


def _mark(asked: RaiseIn, one: NamedElsewhere) -> str:
    return f"{asked.country}:{one.substance}"


def _case(
    asked: RaiseIn, one: NamedElsewhere, judged: Judgement, by_id: Mapping[str, Substance], by: By
) -> CaseFile:
    where = ", ".join(one.jurisdictions)
    notes = [f"named on lists of {where}, and on none of {asked.country} on record"]
    if judged.by:
        notes.append(f"meets {', '.join(judged.by)}")
    if judged.meets is None:
        notes.append(f"of the family or not: {judged.why}")
    if one.formerly:
        notes.append(f"formerly on {', '.join(sorted({old.provision for old in one.formerly}))}")
    return CaseFile(
        id=new_id(),
        title=f"{by_id[one.substance].name}: listed elsewhere, not in {asked.country}",
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


def _line(
    one: NamedElsewhere, case: str, judged: Mapping[str, Judgement], by_id: Mapping[str, Substance]
) -> dict[str, Any]:
    said = judged[one.substance]
    return {
        "case": case,
        "substance": one.substance,
        "name": by_id[one.substance].name,
        "jurisdictions": list(one.jurisdictions),
        "listings": list(_listings(one)),
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
