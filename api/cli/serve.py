"""`subreg serve`: the HTTP interface and its page."""

from __future__ import annotations

import socket
from typing import Annotated

import typer

from api.access.door import loopback
from api.cli.console import say, stop
from api.cli.database import ready, sessions
from api.cli.exits import Exit
from api.cli.options import now
from api.settings import Settings
from api.usecases import access

Host = Annotated[str | None, typer.Option(help="Address to listen on [SUBREG_HOST].")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Port [SUBREG_PORT].")]

UNGUARDED = (
    "`{}` can be reached from other machines, and nobody could be told apart there: run "
    "`subreg access first-administrator`, or serve on 127.0.0.1"
)


def serve(host: Host = None, port: Port = None) -> None:
    """Serve the HTTP interface and its page on this machine."""
    import uvicorn

    from api.http.app import create_app

    settings = ready()
    address, number = host or settings.host, settings.port if port is None else port
    _guard(settings, address)
    config = uvicorn.Config(create_app(settings), host=address, port=number, log_config=None)
    with socket.create_server((address, number), family=_family(address)) as listener:
        # Otherwise the second write of an answer waits 40 ms for the first to be acknowledged: the
        # event loop turns that off itself only for sockets made with the protocol spelt out.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        name, bound = listener.getsockname()[:2]
        say(f"serving on http://{f'[{name}]' if ':' in name else name}:{bound}/")
        uvicorn.Server(config).run([listener])


def _guard(settings: Settings, address: str) -> None:
    """At first start there is one administrator; elsewhere than here one has to be there before."""
    with sessions() as factory:
        if not loopback(address) and not access.guarded(factory, now()):
            stop(Exit.USAGE, f"error: {UNGUARDED.format(address)}")
        made = access.first_administrator(factory, actor=settings.actor, now=now())
    if made:
        say(f"first administrator: the key {made.key} is shown once and kept nowhere; note it now")


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET
