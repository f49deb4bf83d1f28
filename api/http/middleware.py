"""What holds for every request: its id, its log line, the size of its body, safe headers."""

from __future__ import annotations

import logging
import re
import sys
import time
from http import HTTPStatus
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.problems import problem

REQUEST_ID = "x-request-id"
GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

# Scripts, styles and pictures from this service only; nothing inline, no frames but our own.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
SAFE_HEADERS = {
    "content-security-policy": PAGE_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-frame-options": "DENY",
}

log = structlog.get_logger("http")


def log_to_stderr(level: str) -> None:
    """One JSON object a line. Structures never appear in it."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def silence_server_log() -> None:
    """The server's own log of requests writes query strings, which may hold a structure."""
    logging.getLogger("uvicorn.access").disabled = True


class TooLarge(HTTPException):
    """The body went over the limit. The framework passes this kind of error on unchanged."""

    def __init__(self) -> None:
        super().__init__(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


class Envelope:
    """Outermost: gives the request an id, logs it, adds headers, and turns a fault into a problem.

    Of the request only method, path and sizes are logged: a query or body may hold a structure.
    """

    def __init__(self, app: ASGIApp, body_bytes: int) -> None:
        self.app, self.body_bytes = app, body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(scope, receive, send, self.body_bytes)
        with structlog.contextvars.bound_contextvars(request_id=exchange.id):
            await exchange.run(self.app)


class _Exchange:
    """One request and its answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, body_bytes: int) -> None:
        self.scope, self._receive, self._send = scope, receive, send
        self.headers = Headers(scope=scope)
        given = self.headers.get(REQUEST_ID, "")
        self.id = given if GIVEN_ID.fullmatch(given) else uuid4().hex
        self.left, self.status, self.size = body_bytes, 0, 0

    async def run(self, app: ASGIApp) -> None:
        started = time.perf_counter()
        try:
            await self._answer(app)
        except TooLarge:
            await self._problem("body-too-large")
        except Exception as error:  # noqa: BLE001 (the last door: no trace leaves the service)
            log.error(  # noqa: TRY400 (a trace may hold what was typed)
                "fault", kind=type(error).__name__, where=_where(error)
            )
            await self._problem("fault")
        took = f"{time.perf_counter() - started:.4f}"
        method, path = self.scope["method"], self.scope["path"]
        log.info("request", method=method, path=path, status=self.status, seconds=took)

    async def _answer(self, app: ASGIApp) -> None:
        declared = self.headers.get("content-length", "0")
        if not declared.isdigit() or int(declared) > self.left:
            raise TooLarge
        await app(self.scope, self.receive, self.send)

    async def receive(self) -> Message:
        message = await self._receive()
        self.left -= len(message.get("body", b""))
        if self.left < 0:
            raise TooLarge
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in SAFE_HEADERS.items():
                headers.setdefault(name, value)
            headers[REQUEST_ID] = self.id
        await self._send(message)

    async def _problem(self, code: str) -> None:
        if self.status:  # the answer has begun; it can only be cut off
            raise RuntimeError(code)
        await problem(code).response()(self.scope, self._receive, self.send)


def _where(error: BaseException) -> str:
    """The place in our code; never the message, which may hold what was typed."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
