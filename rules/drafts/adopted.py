"""A provision taken over without some of its clauses."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from rules.drafts.schema import DraftProvision
from rules.load import questions_used
from rules.schema import Provision
from rules.strict_yaml import Document

_BY_CLAUSE = ("law", "becomes", "carries", "on_parent", "atoms", "but_not")
_CLAUSES = ("needs", "of")


def lessened(provision: Provision, clauses: tuple[str, ...], part: Document) -> Provision:
    """A provision with nothing left of some clauses: no group they allow, no core, no derived form,
    no name, no carve-out, no condition.

    What an open question is about stays open: nobody has said that it goes with a clause. Raises
    RuleFileError where the provision has no such clause, or is nothing without it.
    """
    if not clauses:
        return provision
    if "named" in clauses and provision.kind != "class":
        raise part.error(f"`{provision.id}` is nothing without its names", ("without",))
    content = provision.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    questions = content.pop("open_questions", [])
    for place, clause in enumerate(clauses):
        if clause not in provision.law:
            raise part.error(f"`{provision.id}` has no clause `{clause}`", ("without", place))
        content = _without(content, clause)
        gone = {form for form, by in content.get("closure", {}).items() if by == clause}
        content["closure"] = {k: v for k, v in content.get("closure", {}).items() if k not in gone}
        for wording in content["wordings"]:
            wording["covers"] = [form for form in wording.get("covers", ()) if form not in gone]
    content |= {"open_questions": questions, "named": provision.named and "named" not in clauses}
    try:
        less = DraftProvision.model_validate(content)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]["msg"]
        raise part.error(f"without that nothing is left: {fault}", ("without",)) from None
    asked = questions_used(less)
    kept = tuple(one for one in less.open_questions if one.id in asked)
    return less.model_copy(update={"open_questions": kept})


def _without(content: Any, clause: str) -> Any:
    """The content without what stands under a clause, at any depth."""
    if isinstance(content, list):
        return [_without(one, clause) for one in content if not _is_of(one, clause)]
    if not isinstance(content, dict):
        return content
    left = {}
    for key, value in content.items():
        if _is_of(value, clause):
            continue
        if key in _BY_CLAUSE and isinstance(value, dict):
            value = {k: v for k, v in value.items() if k != clause}  # noqa: PLW2901
        if key in _CLAUSES and isinstance(value, list):
            value = [one for one in value if one != clause]  # noqa: PLW2901
        left[key] = _without(value, clause)
    return left


def _is_of(part: Any, clause: str) -> bool:
    """Whether a part stands under the clause as a whole, or is a condition of that clause alone."""
    return isinstance(part, dict) and (part.get("clause") == clause or part.get("of") == [clause])
