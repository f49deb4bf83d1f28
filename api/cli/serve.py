"""`subreg serve`: the HTTP interface and its page."""

from __future__ import annotations

import socket
from typing import Annotated

import typer

from api.cli.console import say
from api.cli.database import ready

Host = Annotated[str | None, typer.Option(help="Address to listen on [SUBREG_HOST].")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Port [SUBREG_PORT].")]


def serve(host: Host = None, port: Port = None) -> None:
    """Serve the HTTP interface and its page on this machine."""
    import uvicorn

    from api.http.app import create_app

    settings = ready()
    address, number = host or settings.host, settings.port if port is None else port
    config = uvicorn.Config(create_app(settings), host=address, port=number, log_config=None)
    with socket.create_server((address, number), family=_family(address)) as listener:
        # Otherwise the second write of an answer waits 40 ms for the first to be acknowledged: the
        # event loop turns that off itself only for sockets made with the protocol spelt out.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        name, bound = listener.getsockname()[:2]
        say(f"serving on http://{f'[{name}]' if ':' in name else name}:{bound}/")
        uvicorn.Server(config).run([listener])


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET
