"""Arguments and options of `subreg case`."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from api.cli.options import day
from rules.pipeline.position import Attention

Id = Annotated[str, typer.Argument(metavar="ID", help="Identifier of the case.")]
Title = Annotated[str, typer.Argument(metavar="TITLE", help="What it is called.")]
Procedure = Annotated[
    str, typer.Option("--procedure", metavar="ID", help="Through which procedure, such as UN-1971.")
]
Substances = Annotated[
    list[str] | None,
    typer.Option("--substance", metavar="NAME", help="A substance of the register; repeatable."),
]
Unlisted = Annotated[
    list[str] | None,
    typer.Option("--unlisted", metavar="NAME", help="A named substance not on record; repeatable."),
]
Structures = Annotated[
    list[str] | None,
    typer.Option("--structure", metavar="SMILES", help="Of the unlisted ones, in their order."),
]
Follow = Annotated[
    list[str] | None,
    typer.Option("--follow", metavar="XX", help="A jurisdiction to follow; repeatable."),
]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="For the reader.")]
Key = Annotated[str, typer.Option("--key", metavar="KEY", help="Done once for this key, for ever.")]
Seen = Annotated[
    int | None, typer.Option("--version", min=0, help="Only if it still has so many entries.")
]
AsOf = Annotated[
    date | None,
    typer.Option("--on", parser=day, metavar="DATE", help="Where it stands on this day [today]."),
]
Step = Annotated[str, typer.Argument(metavar="STEP", help="Step of the procedure.")]
DoneOn = Annotated[
    date | None, typer.Option("--on", parser=day, metavar="DATE", help="The day it was done.")
]
NotBefore = Annotated[
    date | None,
    typer.Option("--not-before", parser=day, metavar="DATE", help="Instead: not done before."),
]
NotAfter = Annotated[
    date | None,
    typer.Option("--not-after", parser=day, metavar="DATE", help="Instead: not done after."),
]
Until = Annotated[
    date | None,
    typer.Option("--until", parser=day, metavar="DATE", help="First day it no longer holds."),
]
Whose = Annotated[str, typer.Option("--by", metavar="XX", help="Whose step it is.")]
Document = Annotated[str, typer.Option("--document", metavar="TEXT", help="What shows it.")]
Source = Annotated[str, typer.Option("--source", metavar="URL", help="Where it can be read.")]
Corrects = Annotated[
    int | None, typer.Option("--corrects", min=1, help="Number of the entry it stands for.")
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")]
Number = Annotated[int, typer.Argument(metavar="ENTRY", min=1, help="Number of the entry.")]
Code = Annotated[str, typer.Argument(metavar="XX", help="Code of the jurisdiction.")]
OfProcedure = Annotated[
    str, typer.Option("--procedure", metavar="ID", help="Only of this procedure.")
]
OfSubstance = Annotated[
    str, typer.Option("--substance", metavar="ID", help="Only about this substance.")
]
RaisedFor = Annotated[
    str, typer.Option("--raised-for", metavar="XX", help="Only raised for this country.")
]
Closed = Annotated[
    bool | None, typer.Option("--closed/--open", help="Only closed ones, or only open ones.")
]
Within = Annotated[
    int, typer.Option("--within", min=0, max=3660, help="How many days ahead to look.")
]
Why = Annotated[
    list[Attention] | None, typer.Option("--for", help="Only for this reason; repeatable.")
]
Of = Annotated[str, typer.Option("--under", metavar="XX", help="Only of this jurisdiction.")]
Country = Annotated[str, typer.Argument(metavar="XX", help="Our own country.")]
Family = Annotated[
    list[str] | None,
    typer.Option(
        "--family", metavar="GLOB", help="Only what meets a definition like this; repeatable."
    ),
]
Elsewhere = Annotated[
    list[str] | None,
    typer.Option("--elsewhere", metavar="XX", help="Only lists of this country; repeatable."),
]
ListedOn = Annotated[
    date | None, typer.Option("--on", parser=day, metavar="DATE", help="Lists of this day [today].")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be raised.")]
Asked = Annotated[str, typer.Argument(metavar="WHAT", help="Substance by id, name or number.")]
States = Annotated[
    list[str] | None, typer.Option("--under", metavar="XX", help="Only this State; repeatable.")
]
OneState = Annotated[str, typer.Argument(metavar="XX", help="Code of the State.")]
