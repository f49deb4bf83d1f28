"""One report sent to the address of a watch: signed, within a deadline, and only where it may go.

The name of the host is resolved once and the connection goes to an address that was looked at, so
that a name cannot point elsewhere in between. Redirects are not followed, proxies not used.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from registry.errors import InputError, RegisterError

SECONDS = 10.0
SHORTEST_SECRET = 16
SIGNATURE = "Subreg-Signature"
DELIVERY = "Subreg-Delivery"
LOCAL = ("localhost", "127.0.0.1", "::1")


class WebhookRefused(InputError):
    """The address is none a report may be sent to."""

    code = "webhook-refused"


class NotDelivered(RegisterError):
    """The receiver did not take the report this time."""

    code = "webhook-not-delivered"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a report goes. `private`: addresses of this machine and of private networks may be."""

    address: str
    secret: str
    private: bool = False


def check_address(address: str, *, private: bool = False) -> SplitResult:
    """The parts of an address reports may go to: https, or http on this machine itself.

    Raises WebhookRefused. Where its name leads is looked at when a report is sent.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise WebhookRefused(f"the address cannot be read: {error}") from None
    host = parts.hostname or ""
    if not host or parts.username is not None or parts.fragment or port == 0:
        raise WebhookRefused("write the address as https://host/path, without user or fragment")
    if not address.isascii() or any(sign <= " " for sign in address):
        raise WebhookRefused("the address holds a character that belongs into no address")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOCAL):
        raise WebhookRefused("the address must be https; http is for this machine only")
    if host in LOCAL and not private:
        raise WebhookRefused(PRIVATE)
    return parts


PRIVATE = "the address is of this machine or a private network; see SUBREG_WEBHOOK_PRIVATE"


def check_secret(secret: str) -> None:
    if len(secret) < SHORTEST_SECRET:
        raise WebhookRefused(f"the secret must have at least {SHORTEST_SECRET} characters")


def signature(secret: str, at: int, body: bytes) -> str:
    """`t=<seconds since 1970>,v1=<HMAC-SHA256 over t, a full stop and the body, in hex>`."""
    signed = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={signed.hexdigest()}"


def deliver(target: Target, body: bytes, delivery: str, at: int) -> int:
    """POST a report and return the status of the answer, which is 2xx.

    `delivery` is the same whenever the same report is sent again. Raises WebhookRefused where it
    may never go there, NotDelivered where it may be tried again.
    """
    parts = check_address(target.address, private=target.private)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "substance-register",
        DELIVERY: delivery,
        SIGNATURE: signature(target.secret, at, body),
    }
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        status = _post(_connection(parts, target.private), path, body, headers)
    except (OSError, http.client.HTTPException) as error:
        raise NotDelivered(f"the receiver did not answer: {type(error).__name__}") from error
    if not 200 <= status < 300:
        raise NotDelivered(f"the receiver answered with status {status}")
    return status


def _post(
    connection: http.client.HTTPConnection, path: str, body: bytes, headers: dict[str, str]
) -> int:
    with closing(connection):
        connection.connect()
        # A receiver that answers byte by byte keeps each read within its own time limit.
        timer = Timer(SECONDS, _cut, (connection.sock,))
        timer.start()
        try:
            connection.request("POST", path, body, headers)
            return connection.getresponse().status
        finally:
            timer.cancel()


def _cut(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _connection(parts: SplitResult, private: bool) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = _looked_at(host, port, private)
    if parts.scheme == "https":
        return _Tls(host, port, address)
    return _Plain(host, port, address)


def _looked_at(host: str, port: int, private: bool) -> str:
    """The address of a host, if every address of it may be reached."""
    found = list(_addresses(host, port))
    if not private and not all(ipaddress.ip_address(one).is_global for one in found):
        raise WebhookRefused(PRIVATE)
    return found[0]


def _addresses(host: str, port: int) -> Iterator[str]:
    for family, _, _, _, sockaddr in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if family in (socket.AF_INET, socket.AF_INET6):
            address = ipaddress.ip_address(str(sockaddr[0]).partition("%")[0])
            mapped = getattr(address, "ipv4_mapped", None)
            yield str(mapped or address)


class _Plain(http.client.HTTPConnection):
    """A connection to the address that was looked at, whatever the name says by now."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self._address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), SECONDS)


class _Tls(_Plain):
    def connect(self) -> None:
        super().connect()
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
