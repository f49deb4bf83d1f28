"""`subreg access`: who may act on the register."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from api.cli.acting import acting, denials_on_record
from api.cli.console import print_facts, print_json, print_line, print_table, say
from api.cli.database import ready, sessions
from api.cli.options import AsJson, now
from api.usecases import access as usecase
from registry.models import Role

access = typer.Typer(name="access", help="Who may act on the register.", no_args_is_help=True)
key = typer.Typer(name="key", help="Keys: make, list, revoke.", no_args_is_help=True)
access.add_typer(key)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Who holds the key.")]
KeyId = Annotated[str, typer.Argument(metavar="ID", help="The part of the key that is shown.")]
AsRole = Annotated[Role, typer.Option("--role", help="What its holder is to the register.")]
Country = Annotated[str, typer.Option("--country", metavar="XX", help="For which country it acts.")]
Party = Annotated[
    str,
    typer.Option("--party", metavar="LICENCE", help="An applicant's licence, or else its firm."),
]
Scopes = Annotated[
    list[str] | None,
    typer.Option("--scope", metavar="GLOB", help="Only acts like this; repeatable [all]."),
]
Days = Annotated[
    int | None, typer.Option("--days", min=1, help="How many days it holds [until revoked].")
]

PAGE = 200
ONCE = "this key is shown once and kept nowhere; note it now"


@access.command()
def first_administrator(as_json: AsJson = False) -> None:
    """Make the first administrator and show the key once."""
    with sessions() as factory:
        made = usecase.first_administrator(factory, actor=ready().actor, now=now())
    if made is None:
        raise usecase.KeyRefused("there has been an administrator; use `subreg access key add`")
    _show(made, as_json)


@key.command()
def add(
    name: Name,
    role: AsRole,
    country: Country = "",
    party: Party = "",
    scope: Scopes = None,
    days: Days = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and show it once."""
    new = usecase.New(name, role, country, party, tuple(scope or ()), days)
    settings, moment = ready(), now()
    with sessions() as factory, denials_on_record(factory, settings, moment):
        actor = acting(factory, settings, moment)
        made = usecase.add(factory, new, actor=actor, now=moment)
    _show(made, as_json)


@key.command("list")
def list_(as_json: AsJson = False) -> None:
    """List keys, those that no longer hold too."""
    settings, moment = ready(), now()
    with sessions() as factory, denials_on_record(factory, settings, moment):
        actor = acting(factory, settings, moment)
        page = usecase.listed(factory, actor=actor, now=moment, limit=PAGE)
        found = list(page.items)
        while page.after:
            page = usecase.listed(factory, actor=actor, now=moment, after=page.after, limit=PAGE)
            found += page.items
    if as_json:
        print_json(found)
    else:
        heading = ("id", "name", "role", "country", "party", "scopes", "used", "holds")
        print_table("", heading, [_row(one) for one in found])


@key.command()
def revoke(identifier: KeyId, as_json: AsJson = False) -> None:
    """End a key and the sessions opened with it."""
    settings, moment = ready(), now()
    with sessions() as factory, denials_on_record(factory, settings, moment):
        actor = acting(factory, settings, moment)
        ended = usecase.revoke(factory, identifier, actor=actor, now=moment)
    if as_json:
        print_json(ended)
    else:
        print_line(f"the key {identifier} no longer holds")


def _show(made: usecase.Made, as_json: bool) -> None:
    if as_json:
        print_json({**made.shown, "key": made.key})
    else:
        parts = ("id", "name", "role", "country", "party", "scopes", "expires_at")
        print_facts({part: made.shown[part] for part in parts} | {"key": made.key})
    say(ONCE)


def _row(one: dict[str, Any]) -> tuple[Any, ...]:
    used = one["used_on"] or "never"
    holds = "yes" if one["holds"] else "no"
    parts = (one[part] for part in ("id", "name", "role", "country", "party", "scopes"))
    return (*parts, used, holds)
