"""Every byte counts, and a signature of one thing proves no other."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws

from registry.documents.form import certificate_hash, payload
from registry.documents.seal import BLANK, sealed, unsealed
from registry.documents.signing import Signed, Unproved, prove, sign
from registry.documents.verify import LONGEST, signed_form, verify
from registry.store.canonical import canonical
from tests.registry.documents import samples

RING = samples.RING
SIGNED = signed_form(samples.FORMS["export"], RING)
CONTENT = payload(samples.FORMS["export"])


def told(header: dict[str, object], content: bytes = CONTENT, **more: object) -> str:
    """A signature made by hand, with whatever header."""
    registry = jws.JWSRegistry(algorithms=["Ed25519", "EdDSA", "none"], strict_check_header=False)
    key = RING.keys[samples.THUMBPRINT]
    whole = jws.serialize_compact(header, content, key, registry=registry)
    first, _, last = whole.split(".")
    return f"{first}..{last}"


@pytest.mark.parametrize("name", samples.FORMS)
def test_a_signed_form_is_proved_and_says_what_it_is(name: str) -> None:
    form = samples.FORMS[name]
    found = verify(signed_form(form, RING), RING)
    assert found.verified
    assert found.form == form
    assert found.hash == certificate_hash(form)
    assert (found.key, found.medium, found.reason) == (samples.THUMBPRINT, "json", "")


def test_signing_twice_gives_the_same_bytes() -> None:
    assert signed_form(samples.FORMS["export"], RING) == SIGNED


@settings(max_examples=300)
@given(place=st.integers(0, len(SIGNED) - 1), flip=st.integers(1, 255))
def test_one_changed_byte_anywhere_is_seen(place: int, flip: int) -> None:
    changed = bytearray(SIGNED)
    changed[place] ^= flip
    assert not verify(bytes(changed), RING).verified


@given(place=st.integers(0, len(SIGNED)), more=st.binary(min_size=1, max_size=3))
def test_added_bytes_are_seen(place: int, more: bytes) -> None:
    assert not verify(SIGNED[:place] + more + SIGNED[place:], RING).verified


@given(st.integers(0, len(SIGNED) - 1))
def test_a_part_proves_nothing(end: int) -> None:
    assert not verify(SIGNED[:end], RING).verified


@settings(max_examples=50)
@given(st.binary(max_size=100))
def test_no_file_makes_it_fail(data: bytes) -> None:
    assert not verify(data, RING).verified
    assert not verify(b"%PDF-1.7\n" + data, RING).verified


def test_the_same_form_in_another_spelling_is_not_proved() -> None:
    found = verify(json.dumps(json.loads(SIGNED), indent=1).encode(), RING)
    assert found.reason == "the file is not written as it was signed"


def test_the_other_spellings_of_a_signature_are_not_taken() -> None:
    whole = json.loads(SIGNED)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    body, last = whole["signature"][:-1], whole["signature"][-1]
    again = [
        one
        for one in letters
        if one != last
        and urlsafe_b64decode(body.split("..")[1] + one + "==")
        == urlsafe_b64decode(whole["signature"].split("..")[1] + "==")
    ]
    assert again
    for one in again:
        other = canonical({**whole, "signature": body + one}).encode()
        assert not verify(other, RING).verified


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "EdDSA", "kid": samples.THUMBPRINT, "typ": "substance-register-form"},
        {"alg": "Ed25519", "kid": samples.THUMBPRINT, "typ": "substance-register-pdf"},
        {"alg": "Ed25519", "kid": samples.THUMBPRINT},
        {"alg": "Ed25519", "typ": "substance-register-form"},
        {
            "alg": "Ed25519",
            "kid": samples.THUMBPRINT,
            "typ": "substance-register-form",
            "cty": "json",
        },
    ],
)
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_a_signature_with_another_header_is_not_taken(header: dict[str, object]) -> None:
    with pytest.raises(Unproved):
        prove(CONTENT, Signed.FORM, told(header), RING)


def test_the_helper_above_makes_signatures_that_would_be_taken() -> None:
    header = {"alg": "Ed25519", "kid": samples.THUMBPRINT, "typ": "substance-register-form"}
    assert prove(CONTENT, Signed.FORM, told(header), RING) == samples.THUMBPRINT


def test_an_unsigned_header_is_not_taken() -> None:
    named = {"alg": "none", "kid": samples.THUMBPRINT, "typ": "substance-register-form"}
    header = urlsafe_b64encode(json.dumps(named).encode()).rstrip(b"=").decode()
    with pytest.raises(Unproved):
        prove(CONTENT, Signed.FORM, f"{header}..", RING)
    with pytest.raises(Unproved):
        prove(CONTENT, Signed.FORM, f"{header}..{'A' * 86}", RING)


def test_a_signed_text_that_is_no_form_is_told_apart() -> None:
    for document in (
        {"form": "letter"},
        {"form": "authorisation"},
        [],
        {"form": ["authorisation"]},
    ):
        content = canonical(document).encode()
        signature = sign(content, Signed.FORM, RING)
        whole = canonical({"document": document, "signature": signature}).encode()
        found = verify(whole, RING)
        assert not found.verified
        assert "not known here" in found.reason


def test_a_signed_form_with_a_field_more_is_of_another_edition() -> None:
    document = {**json.loads(CONTENT), "colour": "red"}
    content = canonical(document).encode()
    whole = {"document": document, "signature": sign(content, Signed.FORM, RING)}
    assert not verify(canonical(whole).encode(), RING).verified


def test_a_file_that_is_too_large_is_not_read() -> None:
    assert "too large" in verify(b" " * (LONGEST + 1), RING).reason


def test_a_seal_needs_its_one_place() -> None:
    place = b"stream\n" + BLANK + b"\nendstream"
    file = sealed(b"%PDF-1.7\n" + place + b"\n%%EOF\n", RING)
    assert unsealed(file, RING) == samples.THUMBPRINT
    with pytest.raises(ValueError, match="no single place"):
        sealed(place + place, RING)
    with pytest.raises(Unproved, match="no seal"):
        unsealed(file + file, RING)
