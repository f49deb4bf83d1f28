"""The shape of a draft: whose law, from which day, and what it changes (docs/drafts.md)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from rules.reading import Clause, Part
from rules.schema import Cite, Cover, Example, Provision, Scope

Option = Literal[
    "individual", "generic", "analogue", "temporary", "effect", "medicines law", "consumer law"
]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$", max_length=80)]


class Named(Part):
    """A known substance by its name; its structure may be left to the register."""

    name: Annotated[str, Field(min_length=1)]
    smiles: str = ""


class Spared(Named):
    """A substance a draft takes out by name; see `rules.schema.CarveOut`."""

    stereo_specific: bool = False
    unless: str = ""


class DraftProvision(Provision):
    """A whole provision of a draft, which may come without examples."""

    @model_validator(mode="after")
    def _proved(self) -> DraftProvision:
        return self


class Add(Part):
    """A provision that the law did not have. Of every change `about` is the provision it is about,
    as that is called once the change is made."""

    add: DraftProvision

    @property
    def about(self) -> str:
        return self.add.id


class Amend(Part):
    """A new wording of a whole provision; the earlier one stands on all other days."""

    amend: str
    with_: Annotated[DraftProvision, Field(alias="with")]

    @property
    def about(self) -> str:
        return self.amend


class Adopt(Part):
    """A provision of any country's law taken over under another identifier.

    `wording`: a day on which the wording taken over was in force; that of the draft's first day if
    not said. `without`: clauses that are left out. What the provision yields to at home is not
    taken over: `scope` says what it yields to here.
    """

    adopt: str
    as_: Annotated[str, Field(alias="as", min_length=1)]
    wording: date | None = None
    without: tuple[Clause, ...] = ()
    title: dict[str, str] = Field(default_factory=dict)
    schedule: str = ""
    scope: Scope = Scope()

    @property
    def about(self) -> str:
        return self.as_


class End(Part):
    """A provision that ends on the draft's first day."""

    end: str

    @property
    def about(self) -> str:
        return self.end


class Exempt(Part):
    """Substances a provision takes out by name. `text` says the clause in our words, where the
    provision has none of that name."""

    exempt: str
    clause: Clause = "exceptions"
    text: str = ""
    substances: Annotated[tuple[Spared, ...], Field(min_length=1)]

    @property
    def about(self) -> str:
        return self.exempt


class List(Part):
    """Substances put on a list by name; `covers` as for an entry of the register."""

    list_: Annotated[str, Field(alias="list")]
    paragraph: str = ""
    covers: tuple[Cover, ...] | None = None
    substances: Annotated[tuple[Named, ...], Field(min_length=1)]

    @property
    def about(self) -> str:
        return self.list_


class Unlist(Part):
    """Substances taken off a list."""

    unlist: str
    substances: Annotated[tuple[Named, ...], Field(min_length=1)]

    @property
    def about(self) -> str:
        return self.unlist


class Settle(Part):
    """An open question of a provision read one way."""

    settle: str
    question: str
    as_: Annotated[Literal["yes", "no"], Field(alias="as")]

    @property
    def about(self) -> str:
        return self.settle


Change = Add | Amend | Adopt | End | Exempt | List | Unlist | Settle
VERBS: dict[str, type[Change]] = {
    "add": Add,
    "amend": Amend,
    "adopt": Adopt,
    "end": End,
    "exempt": Exempt,
    "list": List,
    "unlist": Unlist,
    "settle": Settle,
}


class DraftExample(Example):
    """A named substance, a date, and what a provision says of it once the draft is laid."""

    provision: str


class Header(Part):
    """A draft as its file says it; each change is checked by the verb it begins with."""

    draft: Slug
    jurisdiction: str
    title: Annotated[dict[str, str], Field(min_length=1)]
    option: Option
    since: Annotated[date, Field(alias="from")]
    until: date | None = None
    cite: Cite | None = None
    note: str = ""
    changes: Annotated[tuple[dict[str, Any], ...], Field(min_length=1)]
    examples: tuple[DraftExample, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Header:
        if self.until is not None and self.until <= self.since:
            raise ValueError("`until` is exclusive and has to come after `from`")
        return self
