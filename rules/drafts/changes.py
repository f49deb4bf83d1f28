"""Each change of a draft, made on the law as it stands so far."""

from __future__ import annotations

from dataclasses import replace

from rules.drafts.adopted import lessened
from rules.drafts.desk import Desk, hashed, on_its_days
from rules.drafts.entries import copied, ended, listed
from rules.drafts.schema import (
    Add,
    Adopt,
    Amend,
    Change,
    DraftProvision,
    End,
    Exempt,
    List,
    Settle,
    Unlist,
)
from rules.drafts.spared import carve_outs
from rules.load import Ruled, compiled, rule_from
from rules.strict_yaml import Document, Path_

ON_CONDUCT = ("analogue", "effect")


def make(desk: Desk, change: Change, part: Document) -> None:
    """Make one change; `part` is where it stands. Raises RuleFileError with the place."""
    match change:
        case Add():
            _new(desk, _whole(desk, part, ("add",)), part, ("add", "id"))
        case Amend():
            _amend(desk, change, part)
        case Adopt():
            _adopt(desk, change, part)
        case End():
            _end(desk, change, part)
        case Exempt():
            _exempt(desk, change, part)
        case List():
            _list(desk, change, part)
        case Unlist():
            rule = desk.in_force(change.unlist, part, ("unlist",))
            for listing in ended(desk, rule.provision.id, change.substances, part):
                desk.listings[listing.id] = listing
        case Settle():
            _settle(desk, change, part)


def _whole(desk: Desk, part: Document, path: tuple[str, ...]) -> Ruled:
    """A whole provision of the draft, checked and compiled, on the draft's days."""
    words = desk.before.law.words_of(desk.draft.jurisdiction)
    rule = rule_from(part.part(*path), words, model=DraftProvision)
    code = rule.provision.jurisdiction
    if code != desk.draft.jurisdiction:
        text = f"the provision is law of {code}, and the draft is one of {desk.draft.jurisdiction}"
        raise part.error(text, (*path, "jurisdiction"))
    return _of_draft(desk, rule, part, path)


def _of_draft(desk: Desk, rule: Ruled, part: Document, path: Path_) -> Ruled:
    """A rule with the draft's days and without the carve-outs that are thought away."""
    rule = on_its_days(rule, desk.draft)
    day = desk.draft.since
    if rule.wording(day) is None:
        raise part.error(f"no wording holds on {day.isoformat()}, the draft's first day", path)
    return replace(rule, taken_out=desk.spare(rule, rule.taken_out))


def _new(desk: Desk, rule: Ruled, part: Document, path: Path_) -> None:
    key = rule.provision.id
    if key in desk.before.law.owners or key in desk.rules:
        raise part.error(f"there is a provision `{key}` already", path)
    desk.put(rule)


def _amend(desk: Desk, change: Amend, part: Document) -> None:
    before = desk.rule(change.amend, part, ("amend",))
    if change.with_.id != before.provision.id:
        raise part.error(f"this is not a wording of `{change.amend}`", ("with", "id"))
    desk.put(_whole(desk, part, ("with",)))


def _adopt(desk: Desk, change: Adopt, part: Document) -> None:
    source = desk.before.law.rules.get(change.adopt)
    if source is None:
        raise part.error(f"the law has no provision `{change.adopt}`", ("adopt",))
    if source.provision.kind in ON_CONDUCT:
        raise part.error(f"`{change.adopt}` turns on conduct; write it out", ("adopt",))
    day = change.wording or desk.draft.since
    wording = source.wording(day)
    if wording is None:
        raise part.error(f"`{change.adopt}` is not in force on {day.isoformat()}", ("adopt",))
    provision = lessened(source.provision, change.without, part)
    kept = next(one for one in provision.wordings if one.since == wording.since)
    provision = provision.model_copy(
        update={
            "id": change.as_,
            "jurisdiction": desk.draft.jurisdiction,
            "title": change.title or provision.title,
            "schedule": change.schedule,
            "wordings": (kept.model_copy(update={"since": None, "until": None, "scope": None}),),
            "scope": change.scope,
            "law": {key: text for key, text in provision.law.items() if key != "scope"},
            "exempt_if_named_in": (),
            "examples": (),
        }
    )
    rule = compiled(provision, part, source.words)
    rule = replace(rule, content_hash=hashed(source.content_hash, part.content_hash))
    _new(desk, _of_draft(desk, rule, part, ("adopt",)), part, ("as",))
    if provision.by_names:
        for listing in copied(desk, source.provision.id, day, change.as_):
            desk.listings[listing.id] = listing


def _end(desk: Desk, change: End, part: Document) -> None:
    rule, day = desk.in_force(change.end, part, ("end",)), desk.draft.since
    wordings = tuple(
        one.model_copy(update={"until": day if one.until is None else min(one.until, day)})
        for one in rule.provision.wordings
        if one.since is None or one.since < day
    )
    if wordings:
        provision = rule.provision.model_copy(update={"wordings": wordings})
        desk.put(replace(rule, provision=provision))
    else:
        del desk.rules[change.end]


def _exempt(desk: Desk, change: Exempt, part: Document) -> None:
    rule = desk.in_force(change.exempt, part, ("exempt",))
    if rule.provision.kind == "analogue":
        text = f"`{change.exempt}` asks what a structure is like; it takes nothing out by name"
        raise part.error(text, ("exempt",))
    law = dict(rule.provision.law)
    if change.text:
        law[change.clause] = change.text
    if change.clause not in law:
        raise part.error(
            f"`{change.exempt}` has no clause `{change.clause}`: say its text", ("clause",)
        )
    outs = desk.spare(rule, tuple(carve_outs(desk, change, part)))
    changed = replace(
        rule,
        provision=rule.provision.model_copy(update={"law": law}),
        taken_out=(*rule.taken_out, *outs),
        content_hash=hashed(rule.content_hash, part.content_hash),
    )
    desk.put(on_its_days(changed, desk.draft))


def _list(desk: Desk, change: List, part: Document) -> None:
    rule = desk.in_force(change.list_, part, ("list",))
    if not rule.provision.by_names:
        raise part.error(f"`{change.list_}` does not work by names of its own", ("list",))
    for listing in listed(desk, change, part):
        desk.listings[listing.id] = listing


def _settle(desk: Desk, change: Settle, part: Document) -> None:
    rule = desk.in_force(change.settle, part, ("settle",))
    asked = {one.id: one for one in rule.provision.open_questions}
    if change.question not in asked:
        known = ", ".join(asked) or "none"
        text = f"`{change.settle}` has no open question `{change.question}`; it has {known}"
        raise part.error(text, ("question",))
    questions = tuple(
        one.model_copy(update={"decided": change.as_}) if one.id == change.question else one
        for one in rule.provision.open_questions
    )
    provision = rule.provision.model_copy(update={"open_questions": questions})
    read = compiled(provision, part, rule.words)
    desk.put(
        replace(
            rule,
            provision=provision,
            readings=read.readings,
            content_hash=hashed(rule.content_hash, part.content_hash),
        )
    )
