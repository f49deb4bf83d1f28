"""What a caller may ask of cases, typed and bounded; one shape for every door."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from api.usecases.trade.requests import NO_NUL, Text, Word
from registry.errors import InputError

Code = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="code of a jurisdiction")]
AnyCode = Annotated[str, Field(pattern=r"^([A-Z]{2})?$", description="code, or empty")]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]
Structure = Annotated[str, Field(max_length=4000, pattern=NO_NUL)]
Number = Annotated[int, Field(ge=1, le=10**9)]


class CaseRefused(InputError):
    """The case cannot be opened or added to so."""

    code = "case-refused"


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SubjectIn(Part):
    """A substance of the register by identifier, name or number; or one that is not on record, by
    its `name` and, where known, its `structure`."""

    substance: Word = ""
    name: Word = ""
    structure: Structure = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.substance) == bool(self.name):
            raise ValueError("give `substance`, or `name` where it is not on record")
        if self.substance and self.structure:
            raise ValueError("a substance of the register has its structure there")
        return self


class CaseIn(Part):
    """A case to open. `jurisdictions`: for which each step and deadline is followed."""

    title: Name
    procedure: Annotated[Name, Field(description="identifier, such as UN-1971")]
    subjects: Annotated[tuple[SubjectIn, ...], Field(min_length=1, max_length=100)]
    jurisdictions: Annotated[tuple[Code, ...], Field(max_length=250)] = ()
    note: Text = ""


class StepIn(Part):
    """A step that was done. `on`: the day; or between which days; or none, where it is not known.

    `until`: the first day on which the measure no longer holds, as its document says. `corrects`:
    the number of the entry that this one stands for.
    """

    step: Name
    on: date | None = None
    not_before: date | None = None
    not_after: date | None = None
    jurisdiction: AnyCode = ""
    until: date | None = None
    document: Name
    source: Text = ""
    note: Text = ""
    corrects: Number | None = None

    @model_validator(mode="after")
    def _days(self) -> Self:
        if self.on is not None and (self.not_before or self.not_after):
            raise ValueError("give the day, or between which days it lies, not both")
        if self.not_before and self.not_after and self.not_before > self.not_after:
            raise ValueError("`not_before` is after `not_after`")
        return self


class FollowIn(Part):
    """One more jurisdiction to follow."""

    jurisdiction: Code
    note: Text = ""


class WithdrawalIn(Part):
    """An entry taken back, with nothing in its place; of a closing, the case is open again."""

    entry: Number
    reason: Name


class CloseIn(Part):
    """The end of a case."""

    reason: Name


class RaiseIn(Part):
    """Cases to raise: substances named on national lists elsewhere and not on those of `country`.

    `family`: provisions whose definition a substance has to meet, such as those of fentanyls; none,
    every substance. `elsewhere`: only lists of these jurisdictions count.
    """

    country: Code
    family: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    elsewhere: Annotated[tuple[Code, ...], Field(max_length=250)] = ()
    on: date | None = None
    dry_run: bool = False


def read_as(model: type[Any], given: dict[str, Any]) -> Any:
    """The request, or InputError with the first fault in words."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in fault["loc"])
        said = fault["msg"].removeprefix("Value error, ")
        raise CaseRefused(f"`{where}`: {said}" if where else said) from None
