"""Keys sign, retire and stay; a wrong key file is told apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from registry.documents.keys import (
    NO_KEYS,
    KeyFileWrong,
    new_key,
    read_ring,
    ring_of,
    turned,
    write_keys,
)
from registry.documents.verify import signed_form, verify
from tests.registry.documents import samples

FORM = samples.FORMS["export"]


def test_the_thumbprint_is_the_one_of_the_standard() -> None:
    assert samples.RING.signing == samples.THUMBPRINT
    assert list(samples.RING.keys) == [samples.THUMBPRINT]


def test_a_retired_key_signs_no_more_and_still_proves() -> None:
    old = ring_of(turned(NO_KEYS, new_key()))
    paper = signed_form(FORM, old)
    text = turned(old, new_key())
    ring = ring_of(text)
    assert len(ring.keys) == 2
    assert ring.signing not in (None, old.signing)
    assert text.count('"d"') == 1
    assert verify(paper, ring).key == old.signing
    assert verify(signed_form(FORM, ring), ring).key == ring.signing


def test_a_key_that_was_taken_out_proves_nothing() -> None:
    paper = signed_form(FORM, samples.RING)
    found = verify(paper, ring_of(turned(NO_KEYS, new_key())))
    assert not found.verified
    assert found.reason == "it is signed with a key that is not known here"
    assert not verify(paper, NO_KEYS).verified


def test_what_is_published_has_no_private_part() -> None:
    published = samples.RING.published()
    assert set(published["keys"][0]) == {"kty", "crv", "x", "kid", "use", "alg"}
    assert ring_of(json.dumps(published)).signing is None


def test_without_a_private_key_nothing_is_signed() -> None:
    with pytest.raises(KeyFileWrong, match="no private key"):
        signed_form(FORM, ring_of(json.dumps(samples.RING.published())))


def test_a_key_file_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "new" / "keys.json"
    write_keys(file, samples.KEYS)
    assert file.stat().st_mode & 0o777 == 0o600
    assert read_ring(file).signing == samples.THUMBPRINT
    assert [one.name for one in file.parent.iterdir()] == ["keys.json"]
    file.chmod(0o644)
    with pytest.raises(KeyFileWrong, match="everybody may read"):
        read_ring(file)


def test_a_public_key_file_may_be_read_by_everybody(tmp_path: Path) -> None:
    file = tmp_path / "public.json"
    file.write_text(json.dumps(samples.RING.published()))
    file.chmod(0o644)
    assert read_ring(file).signing is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"keys": 3}',
        '{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}',
        '{"keys": [{"kty": "OKP", "crv": "Ed448", "x": "AA"}]}',
        '{"keys": [{"kty": "OKP", "crv": "Ed25519"}]}',
        samples.KEYS.replace('"kty"', '"kid":"mine","kty"'),
    ],
)
def test_what_is_no_key_file_is_refused(text: str) -> None:
    with pytest.raises(KeyFileWrong):
        ring_of(text)


def test_two_private_keys_are_refused() -> None:
    both = [json.loads(turned(NO_KEYS, new_key()))["keys"][0] for _ in range(2)]
    with pytest.raises(KeyFileWrong, match="more than one"):
        ring_of(json.dumps({"keys": both}))


def test_a_key_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyFileWrong, match=r"none\.json"):
        read_ring(tmp_path / "none.json")
