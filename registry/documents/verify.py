"""Whether a file is, byte for byte, what the holder of a key made. Works without a network.

A proved file says what the paper said when it was made. It does not say that the paper is still in
force, that it was not used up, or that the goods are those it names: the register that issued it
knows its state, and the goods have to be looked at.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from registry.documents.form import FORMS, Form, payload
from registry.documents.keys import Ring
from registry.documents.seal import carried, unsealed
from registry.documents.signing import Signed, Unproved, prove, sign
from registry.store.canonical import canonical

LONGEST = 8 << 20


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found. `form`, `hash` and `key` only where `verified`; `reason` only where not."""

    verified: bool
    reason: str = ""
    medium: str = ""
    form: Form | None = None
    hash: str = ""
    key: str = ""


def signed_form(form: Form, ring: Ring) -> bytes:
    """The form with its signature as one JSON file. Raises KeyFileWrong without a key."""
    content = payload(form)
    whole = {"document": json.loads(content), "signature": sign(content, Signed.FORM, ring)}
    return canonical(whole).encode()


def verify(data: bytes, ring: Ring) -> Verification:
    """Prove a PDF or a JSON file against known keys. Never raises for what a file holds.

    Every byte counts: a JSON file that was indented, or a PDF that was saved anew, is not proved.
    """
    medium = "pdf" if data.startswith(b"%PDF-") else "json"
    if len(data) > LONGEST:
        return Verification(False, "the file is too large to be one of this register", medium)
    try:
        return _proved(data, medium, ring)
    except Unproved as error:
        return Verification(False, str(error), medium)


def _proved(data: bytes, medium: str, ring: Ring) -> Verification:
    if medium == "json":
        form, key = _proved_form(data, ring)
    else:
        sealing = unsealed(data, ring)
        form, key = _proved_form(carried(data), ring)
        if sealing != key:
            raise Unproved("the seal and the form are signed with different keys")
    digest = hashlib.sha256(payload(form)).hexdigest()
    return Verification(verified=True, medium=medium, form=form, hash=digest, key=key)


def _proved_form(data: bytes, ring: Ring) -> tuple[Form, str]:
    whole = _read(data)
    content = canonical(whole["document"]).encode()
    key = prove(content, Signed.FORM, whole["signature"], ring)
    form = form_from(whole["document"])
    if payload(form) != content:
        raise Unproved("the form is of an edition that is not known here")
    return form, key


def form_from(document: Any) -> Form:
    """A form from its JSON. Raises Unproved where it is none that is known here."""
    kind = document.get("form") if isinstance(document, dict) else None
    model = FORMS.get(kind) if isinstance(kind, str) else None
    if model is None:
        raise Unproved("the form is of a kind that is not known here")
    try:
        return model.model_validate(document)
    except ValidationError:
        raise Unproved("the form is of an edition that is not known here") from None


def _read(data: bytes) -> dict[str, Any]:
    try:
        whole = json.loads(data.decode())
        exact = canonical(whole).encode()
    except (ValueError, TypeError, RecursionError):
        raise Unproved("the file is no signed form") from None
    if exact != data:
        raise Unproved("the file is not written as it was signed")
    named = isinstance(whole, dict) and set(whole) == {"document", "signature"}
    if not named or not isinstance(whole["signature"], str):
        raise Unproved("the file is no signed form")
    found: dict[str, Any] = whole
    return found
