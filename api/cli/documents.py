"""`subreg verify` and `subreg documents`: papers and their keys, without a register."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.console import print_facts, print_json, print_line, say, stop
from api.cli.database import settings
from api.cli.exits import Exit
from api.cli.options import AsJson
from api.cli.printing import Language, Out, write_pdf
from registry.errors import InputError

if TYPE_CHECKING:
    from registry.documents.form import Form

documents = typer.Typer(name="documents", help="Papers: printing them, and the keys that sign.")
key = typer.Typer(name="key", help="The keys that sign papers and prove them.")
documents.add_typer(key, name="key")

Keys = Annotated[
    Path | None,
    typer.Option("--key", metavar="FILE", help="JWK Set to prove with [SUBREG_DOCUMENT_KEYS]."),
]
KeyFile = Annotated[
    Path | None,
    typer.Option("--file", metavar="FILE", help="The key file [SUBREG_DOCUMENT_KEYS]."),
]


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A paper, .pdf or .json.")],
    keys: Keys = None,
    as_json: AsJson = False,
) -> None:
    """Prove that a paper is, byte for byte, as it was signed; needs no network and no register."""
    from api.usecases.documents import proved, ring_of_settings
    from registry.documents.keys import read_ring

    ring = read_ring(keys) if keys else ring_of_settings(settings())
    found = proved(file.read_bytes(), ring)
    if as_json:
        print_json(found)
    else:
        print_line("proved" if found["verified"] else f"not proved: {found['reason']}")
        print_facts(
            {name: found.get(name) for name in ("form", "number", "version", "day", "hash")}
        )
        if found["verified"]:
            print_line(found["caveat"])
    if not found["verified"]:
        stop(Exit.FAULT)


@key.command("new")
def new(file: KeyFile = None) -> None:
    """Make a key that signs from now on; the one before is retired and still proves."""
    from registry.documents.keys import NO_KEYS, new_key, read_ring, turned, write_keys

    place = _key_file(file)
    ring = read_ring(place) if place.exists() else NO_KEYS
    made = new_key()
    write_keys(place, turned(ring, made))
    say(f"`{place}` signs with {made.thumbprint()}; {len(ring.keys)} retired")


@key.command("show")
def show(file: KeyFile = None) -> None:
    """Write the public keys, which may be given to anyone, as a JWK Set."""
    from registry.documents.keys import read_ring

    print_json(read_ring(_key_file(file)).published())


@documents.command("print")
def print_(
    form: Annotated[Path, typer.Argument(metavar="FORM", help="A form as JSON, signed or not.")],
    out: Out,
    language: Language = "en",
    draft: Annotated[bool, typer.Option("--draft", help="Without signature, marked so.")] = False,
) -> None:
    """Print a form as PDF/A, signed with the key of this installation."""
    from api.documents.issue import draft_pdf, issued_pdf
    from api.usecases.documents import ring_of_settings
    from registry.chem.worker import WorkerPool

    found = settings()
    read = _form(form)
    with WorkerPool(size=1) as workers:
        made = (
            draft_pdf(read, language, found.public_url, workers)
            if draft
            else issued_pdf(read, language, found.public_url, ring_of_settings(found), workers)
        )
    write_pdf(out, made)


def _form(file: Path) -> Form:
    from registry.documents.signing import Unproved
    from registry.documents.verify import form_from

    try:
        read = json.loads(file.read_text(encoding="utf-8"))
        return form_from(read.get("document", read) if isinstance(read, dict) else read)
    except (ValueError, Unproved) as error:
        raise InputError(f"`{file}` is no form of a paper: {error}") from None


def _key_file(file: Path | None) -> Path:
    place = file or settings().document_keys
    if place is None:
        raise typer.BadParameter("name it, or set SUBREG_DOCUMENT_KEYS", param_hint="--file")
    return place
