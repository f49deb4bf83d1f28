"""Signatures beside a text: detached JWS (RFC 7515, appendix F) with Ed25519 and nothing else.

The protected header has exactly three members: `alg`, `kid` (the thumbprint of the key) and `typ`,
which says what was signed, so that a signature of one thing never proves another. Signing the same
bytes with the same key gives the same signature.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from enum import StrEnum

from joserfc import jws
from joserfc.errors import JoseError

from registry.documents.keys import ALGORITHM, KeyFileWrong, Ring
from registry.store.canonical import canonical

ALGORITHMS = [ALGORITHM]
SIGNATURE = re.compile(r"([A-Za-z0-9_-]{20,300})\.\.([A-Za-z0-9_-]{86})")


class Signed(StrEnum):
    """What a signature is of."""

    FORM = "substance-register-form"
    PDF = "substance-register-pdf"


class Unproved(Exception):
    """A signature that proves nothing; the message says why."""


def sign(content: bytes, what: Signed, ring: Ring) -> str:
    """The detached signature of `content`. Raises KeyFileWrong where there is no key to sign."""
    if ring.signing is None:
        raise KeyFileWrong("there is no private key to sign with")
    whole = jws.serialize_compact(
        _header(what, ring.signing), content, ring.keys[ring.signing], algorithms=ALGORITHMS
    )
    header, _, signature = whole.split(".")
    return f"{header}..{signature}"


def prove(content: bytes, what: Signed, signature: str, ring: Ring) -> str:
    """The thumbprint of the key of `ring` that signed exactly these bytes. Raises Unproved."""
    found = SIGNATURE.fullmatch(signature)
    if found is None:
        raise Unproved("the signature is not written as one")
    key = _key_named(found[1], what)
    if key not in ring.keys:
        raise Unproved("it is signed with a key that is not known here")
    if _again(found[2]) != found[2]:
        raise Unproved("the signature is not written as one")
    try:
        jws.deserialize_compact(signature, ring.keys[key], algorithms=ALGORITHMS, payload=content)
    except JoseError:
        raise Unproved("the signature is not of this content") from None
    return key


def signature_length() -> int:
    """How many characters every signature has."""
    header = canonical(_header(Signed.PDF, "k" * 43)).encode()
    return len(urlsafe_b64encode(header).rstrip(b"=")) + len("..") + 86


def _header(what: Signed, key: str) -> dict[str, str]:
    return {"alg": ALGORITHM, "kid": key, "typ": what.value}


def _key_named(encoded: str, what: Signed) -> str:
    """The key that the header names. A header with anything more or else is refused."""
    try:
        header = json.loads(urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
        key = str(header["kid"])
    except (ValueError, TypeError, KeyError):
        raise Unproved("the signature is not written as one") from None
    if header != _header(what, key):
        raise Unproved("the signature is of another kind")
    return key


def _again(encoded: str) -> str:
    """The same bytes encoded anew: the last character of base64 has more than one spelling."""
    return urlsafe_b64encode(urlsafe_b64decode(encoded + "==")).rstrip(b"=").decode()
