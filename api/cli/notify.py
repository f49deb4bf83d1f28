"""`subreg notify`: pre-export notifications, from the draft to what was answered."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.consignments import read_file
from api.cli.console import print_facts, print_json, print_line, print_table, say
from api.cli.database import wired
from api.cli.options import AsJson, day, now
from api.cli.printing import Language, Out, printing_engine, write_pdf
from api.messages.message import LONGEST, Message
from api.messages.plain import from_json, to_json
from api.messages.xml import from_xml, to_xml
from api.usecases import notification_messages
from api.usecases import notifications as usecase
from api.usecases import notifications_shown as seen
from api.usecases.notification_record import New, Step
from registry.store.notifications import Wanted
from registry.trade_facts import NotificationState, Party
from rules.shipment.consignment import Consignment, read_consignment
from rules.trade.notification_states import Act

notify = typer.Typer(
    name="notify",
    help="Pre-export notifications: composed, sent, answered, and what silence means.",
    no_args_is_help=True,
)


def moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not 1900 <= found.year <= 2200:
        raise typer.BadParameter(f"`{text}` is not a moment like 2026-03-31T12:00:00Z")
    return found.astimezone(UTC)


Asked = Annotated[str, typer.Argument(metavar="ID", help="Identifier or number of it.")]
File = Annotated[
    str, typer.Argument(metavar="FILE", help="A consignment; `-` reads it from stdin.")
]
MessageFile = Annotated[
    str, typer.Argument(metavar="FILE", help="A message, XML or JSON; `-` reads it from stdin.")
]
Sender = Annotated[str, typer.Option("--sender", help="Authority of the exporting country.")]
Receiver = Annotated[str, typer.Option("--receiver", help="Authority of the importing country.")]
Entry = Annotated[str, typer.Option("--entry-point", help="Expected point of entry.")]
Dispatch = Annotated[
    date | None,
    typer.Option("--dispatch-on", parser=day, metavar="DATE", help="Expected date of dispatch."),
]
Filed = Annotated[
    datetime | None,
    typer.Option(
        "--filed-at",
        parser=moment,
        metavar="MOMENT",
        help="Complete filing with one's own authority.",
    ),
]
Permit = Annotated[str, typer.Option("--authorisation", help="Number of the export authorisation.")]
Remarks = Annotated[str, typer.Option("--remarks", help="What the Parties agreed on besides.")]
Done = Annotated[Act, typer.Argument(metavar="ACT", help="What was done.")]
At = Annotated[
    datetime | None,
    typer.Option("--at", parser=moment, metavar="MOMENT", help="When it happened [now]."),
]
Channel = Annotated[str, typer.Option("--channel", help="By which way it went.")]
Proof = Annotated[str, typer.Option("--proof", help="What shows that it went or arrived.")]
Text = Annotated[str, typer.Option("--text", help="What it says in words.")]
By = Annotated[
    date | None,
    typer.Option(
        "--by", parser=day, metavar="DATE", help="Due before the end of this day [today]."
    ),
]
Expire = Annotated[bool, typer.Option("--expire", help="Mark what is over for certain.")]
State = Annotated[
    NotificationState | None, typer.Option("--state", help="Only where it stands so.")
]
Xml = Annotated[bool, typer.Option("--xml", help="XML instead of JSON.")]
PAGE = 200


@notify.command()
def compose(
    file: File,
    sender: Sender = "",
    receiver: Receiver = "",
    entry_point: Entry = "",
    dispatch_on: Dispatch = None,
    authorisation: Permit = "",
    remarks: Remarks = "",
    filed_at: Filed = None,
    as_json: AsJson = False,
) -> None:
    """Draft a notification of a consignment, and say what it lacks."""
    ends = Party(sender), Party(receiver)
    new = New(_read(file), *ends, entry_point, dispatch_on, authorisation, remarks, filed_at)
    with wired() as (engine, actor):
        made = usecase.compose(engine.sessions, new, actor=actor, now=now())
    _tell(made, as_json)


@notify.command()
def amend(
    asked: Asked,
    file: File,
    sender: Sender = "",
    receiver: Receiver = "",
    entry_point: Entry = "",
    dispatch_on: Dispatch = None,
    authorisation: Permit = "",
    remarks: Remarks = "",
    filed_at: Filed = None,
    as_json: AsJson = False,
) -> None:
    """Put another consignment in a draft's place; what was sent is not amended."""
    ends = Party(sender), Party(receiver)
    new = New(_read(file), *ends, entry_point, dispatch_on, authorisation, remarks, filed_at)
    with wired() as (engine, actor):
        held = seen.show(engine.sessions, asked, actor=actor, now=now())
        made = usecase.amend(
            engine.sessions, held["id"], new, actor=actor, now=now(), expected=held["version"]
        )
    _tell(made, as_json)


@notify.command()
def send(
    asked: Asked, at: At = None, channel: Channel = "", proof: Proof = "", as_json: AsJson = False
) -> None:
    """Give a draft its number and record that it was sent."""
    _tell(_act(asked, Step(Act.SEND, at, channel, proof)), as_json)


@notify.command()
def record(
    asked: Asked,
    act: Done,
    at: At = None,
    channel: Channel = "",
    proof: Proof = "",
    text: Text = "",
    as_json: AsJson = False,
) -> None:
    """Record what was done about a notification, by us or by the other authority."""
    _tell(_act(asked, Step(act, at, channel, proof, text)), as_json)


@notify.command()
def receive(file: MessageFile, as_json: AsJson = False) -> None:
    """Take a message of another authority, in the documented XML or JSON."""
    data = sys.stdin.buffer.read(LONGEST + 1) if file == "-" else Path(file).read_bytes()
    is_xml = data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    message = from_xml(Message, data) if is_xml else from_json(Message, data)
    with wired() as (engine, actor):
        taken = notification_messages.receive(engine.sessions, message, actor=actor, now=now())
    _tell(taken, as_json)


@notify.command()
def write(asked: Asked, xml: Xml = False) -> None:
    """Write the message that tells the other authority of a notification."""
    with wired() as (engine, actor):
        message = seen.message_of(engine.sessions, asked, actor=actor)
    sys.stdout.write((to_xml(message) if xml else to_json(message)).decode())


@notify.command("print")
def print_(asked: Asked, out: Out, language: Language = "en") -> None:
    """Print a notification that was sent as signed PDF/A."""
    from api.usecases.trade import printing

    with printing_engine() as (engine, actor):
        made = printing.notification_of(engine, asked, actor, language)
    write_pdf(out, made)


@notify.command()
def due(by: By = None, expire: Expire = False, as_json: AsJson = False) -> None:
    """List what awaits a reply whose time is over by a day, the longest overdue first."""
    asked_at = now()
    end = datetime.combine(by or asked_at.date(), time.max, tzinfo=UTC)
    with wired() as (engine, actor):
        done = usecase.expire_due(engine.sessions, actor=actor, now=asked_at) if expire else []
        found = seen.due(engine.sessions, actor=actor, by=end, now=asked_at)
    if as_json:
        print_json({**found, "expired": [one["id"] for one in done]})
        return
    for one in done:
        print_line(f"no reply: {one['number']}, {one['position']['text']}")
    heading = ("number", "to", "state", "time to reply over", "overdue")
    rows = [
        (
            one["number"],
            one["receiver"],
            one["state"],
            one["reply_by"],
            "yes" if one["overdue"] else "",
        )
        for one in found["due"]
    ]
    print_table("due", heading, rows)
    if found["without_clock"]:
        unclocked = [(one["number"], one["receiver"], one["why"]) for one in found["without_clock"]]
        print_table("no end of waiting is known", ("number", "to", "why"), unclocked)


@notify.command()
def show(asked: Asked, as_json: AsJson = False) -> None:
    """Show a notification, where it stands, and what its answer or silence allows."""
    with wired() as (engine, actor):
        shown = seen.show(engine.sessions, asked, actor=actor, now=now())
    _tell(shown, as_json)


@notify.command("list")
def list_(state: State = None, as_json: AsJson = False) -> None:
    """List notifications, ours and theirs."""
    wanted, after = Wanted(state=str(state or "")), ""
    items: list[dict[str, Any]] = []
    with wired() as (engine, actor):
        while True:
            page = seen.listed(engine.sessions, wanted, actor=actor, after=after, limit=PAGE)
            items += page.items
            after = page.after
            if not after:
                break
    if as_json:
        print_json(items)
        return
    heading = ("number", "from", "to", "state", "time to reply over", "id")
    names = ("number", "sender", "receiver", "state", "reply_by", "id")
    print_table("notifications", heading, [[one[name] for name in names] for one in items])


def _read(file: str) -> Consignment:
    return read_consignment(read_file(file))


def _act(asked: str, step: Step) -> dict[str, Any]:
    with wired() as (engine, actor):
        found = seen.show(engine.sessions, asked, actor=actor, now=now())
        return usecase.act(engine.sessions, found["id"], step, actor=actor, now=now())


def _tell(one: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(one)
        return
    position = one["position"]
    print_facts(
        {
            "notification": one["number"] or "draft",
            "id": one["id"],
            "from, to": f"{one['sender']}, {one['receiver']}",
            "stands": one["outcome"] or one["state"],
            "time to reply over": one["reply_by"],
            "waiting": f"{position['answer']}: {position['text']}",
            "by": f"{position['rule']} ({position['article']}){', draft' if position['draft'] else ''}",
            "can be done": one["possible"],
        }
    )
    for lack in one["lacks"]:
        say(f"missing by {lack['clause']}: {lack['text']}")
    for finding in one["findings"]:
        print_line(f"{finding['severity']}: {finding['text']} ({finding['article']})")
