"""Jobs are done: a watch is run, and its report reaches a real receiver, signed."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import NamedTuple

import pytest
from sqlalchemy import select

from api import webhook
from api.engine import Engine, open_engine
from api.jobs.runner import run_jobs
from api.settings import Settings
from api.usecases import watch
from api.usecases.rescreen import rescreen
from api.webhook import NotDelivered, Target, WebhookRefused, deliver, signature
from registry import models
from registry.store.session import reading
from registry.store.watches import Member
from rules.sitting import Scope

SECRET = "a secret of the receiver"
START = datetime(2026, 3, 1, tzinfo=UTC)
ALD_52 = "CCN(CC)C(=O)C1CN(C)C2Cc3cn(C(C)=O)c4cccc(C2=C1)c34"


class Received(NamedTuple):
    path: str
    headers: dict[str, str]
    body: bytes


class Receiver(HTTPServer):
    """Keeps what it is sent, and answers with the statuses it was given, the last one for ever."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.received: list[Received] = []
        self.statuses = [204]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook?who=us"


class Answering(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append(Received(self.path, dict(self.headers), body))
        statuses = self.server.statuses
        self.send_response(statuses.pop(0) if len(statuses) > 1 else statuses[0])
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def engine(register_url: str) -> Iterator[Engine]:
    settings = Settings(
        database_url=register_url, workers=1, deadline_seconds=30, webhook_private=True
    )
    with open_engine(settings, START) as engine:
        yield engine


def test_changes_reach_the_receiver_signed_and_once_more_after_a_failure(
    engine: Engine, receiver: Receiver
) -> None:
    at = [START]
    told: list[str] = []
    member = Member("1", "ALD-52", ALD_52)
    new = watch.New(
        "ours",
        members=[member],
        scope=Scope(("DE",)),
        on=date(2019, 7, 18),
        webhook=receiver.address,
        secret=SECRET,
    )
    asked = watch.add(engine, new, actor="test", now=START)["id"]
    rescreen(engine, asked, actor="test", clock=lambda: at[0], on=date(2019, 7, 17), workers=1)
    assert run_jobs(engine, lambda: at[0], told.append, once=True) == 0
    assert receiver.received == [], "the first run has nothing to compare with"

    receiver.statuses = [500, 204]
    watch.check(engine, actor="test", now=START)
    assert run_jobs(engine, lambda: at[0], told.append, once=True) == 1
    at[0] += timedelta(seconds=30)
    assert run_jobs(engine, lambda: at[0], told.append, once=True) == 0
    assert run_jobs(engine, lambda: at[0], told.append, once=True) == 0
    first, second = receiver.received
    assert first.path == "/hook?who=us"
    assert first.headers[webhook.DELIVERY] == second.headers[webhook.DELIVERY] == f"{asked}/2"
    assert first.body == second.body
    for got, sent in ((first, START), (second, at[0])):
        require_signature(got, int(sent.timestamp()))
    report = json.loads(second.body)
    assert report["total"] == 2
    assert [one["label"] for one in report["changes"]] == ["ALD-52"] * 2
    assert report["changes"][0]["clause"] == "a"
    assert SECRET not in second.body.decode() + "".join(told)
    with reading(engine.sessions) as session:
        done = {job.kind: job for job in session.scalars(select(models.Job))}
    assert {job.state for job in done.values()} == {"done"}
    assert done["watch-report"].attempts == 2
    assert SECRET not in str([job.payload for job in done.values()])


def require_signature(got: Received, at: int) -> None:
    """As a receiver checks it, with nothing of ours."""
    parts = dict(part.split("=") for part in got.headers["Subreg-Signature"].split(","))
    wanted = hmac.new(SECRET.encode(), f"{at}.".encode() + got.body, hashlib.sha256).hexdigest()
    assert parts == {"t": str(at), "v1": wanted}


def test_a_job_that_cannot_be_helped_is_given_up(engine: Engine) -> None:
    new = watch.New("ours", query=watch.Query(name="ketamin"), scope=Scope(("UN",)))
    asked = watch.add(engine, new, actor="test", now=START)["id"]
    job = watch.run_later(engine, asked, actor="test", now=START)["id"]
    watch.remove(engine, asked, actor="test", now=START)
    assert run_jobs(engine, lambda: START, lambda _: None, once=True) == 1
    shown = watch.job(engine, job)
    assert (shown["state"], shown["attempts"]) == ("dead", 1)
    assert "there is no watch" in shown["error"]


def test_redirects_are_not_followed(receiver: Receiver) -> None:
    receiver.statuses = [307]
    with pytest.raises(NotDelivered, match="status 307"):
        deliver(Target(receiver.address, SECRET, private=True), b"{}", "1", 0)
    assert len(receiver.received) == 1


def test_a_receiver_that_never_answers_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    monkeypatch.setattr(webhook, "SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(NotDelivered, match="did not answer"):
            deliver(Target(address, SECRET, private=True), b"{}", "1", 0)


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/hook",
        "ftp://example.org/",
        "https:///hook",
        "https://user:word@example.org/",
        "https://example.org/#part",
        "https://example.org:99999/",
        "https://exa mple.org/",
        "https://example.org/\r\nHost: other",
        "file:///etc/passwd",
        "no address",
    ],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(WebhookRefused):
        webhook.check_address(address, private=True)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_this_machine_is_refused_unless_allowed(host: str) -> None:
    with pytest.raises(WebhookRefused, match="SUBREG_WEBHOOK_PRIVATE"):
        webhook.check_address(f"https://{host}/")
    assert webhook.check_address(f"http://{host}/", private=True).path == "/"


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "fd00::1", "::ffff:127.0.0.1"],
)
def test_a_name_that_leads_into_a_private_network_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    import socket

    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443)),
        (family, socket.SOCK_STREAM, 6, "", (address, 443)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(WebhookRefused, match="private network"):
        deliver(Target("https://receiver.example/", SECRET), b"{}", "1", 0)


def test_the_signature_covers_time_and_body() -> None:
    signed = {signature(SECRET, at, body) for at in (1, 2) for body in (b"a", b"b")}
    assert len(signed) == 4
    assert len({signature(SECRET, 1, b"1.a"), signature(SECRET, 11, b".a")}) == 2
