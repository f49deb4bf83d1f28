"""`subreg verify` and `subreg documents`, without a register and without a network."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from registry.documents.verify import signed_form
from tests.api.cli.commands import REPOSITORY, Subreg, call
from tests.registry.documents import samples

PAPER = signed_form(samples.FORMS["export"], samples.RING)


@pytest.fixture
def alone(tmp_path: Path) -> Subreg:
    """Commands in a folder where nothing is set and no register can be made."""
    return partial(call, tmp_path / "home", SUBREG_DATABASE_URL="sqlite:////nowhere/at/all.sqlite")


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    file = tmp_path / "public.json"
    file.write_text(json.dumps(samples.RING.published()))
    return file


def test_a_paper_is_proved_with_a_public_key(alone: Subreg, keys: Path, tmp_path: Path) -> None:
    file = tmp_path / "paper.json"
    file.write_bytes(PAPER)
    ran = alone("verify", str(file), "--key", str(keys))
    assert ran.code == 0
    assert ran.out.startswith("proved\n")
    assert "XA-2026-000123" in ran.out
    assert "not that it is still in force" in ran.out
    told = alone("verify", str(file), "--key", str(keys), "--json").json
    assert told["document"] == json.loads(PAPER)["document"]


def test_a_changed_paper_ends_with_its_own_code(alone: Subreg, keys: Path, tmp_path: Path) -> None:
    file = tmp_path / "paper.json"
    file.write_bytes(PAPER.replace(b"1500.50", b"1600.50"))
    ran = alone("verify", str(file), "--key", str(keys))
    assert (ran.code, ran.out) == (1, "not proved: the signature is not of this content\n")
    assert alone("verify", str(file), "--key", str(keys), "--json").json["verified"] is False


def test_without_keys_nothing_is_proved(alone: Subreg, tmp_path: Path) -> None:
    file = tmp_path / "paper.json"
    file.write_bytes(PAPER)
    assert alone("verify", str(file)).code == 1
    assert alone("verify", str(file), "--key", str(file)).code == 3
    assert alone("verify", str(tmp_path / "none.pdf")).code == 2


def test_a_new_key_retires_the_one_before(alone: Subreg, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    first = alone("documents", "key", "new", "--file", str(file))
    assert (first.code, "0 retired" in first.err) == (0, True)
    second = alone("documents", "key", "new", SUBREG_DOCUMENT_KEYS=str(file))
    assert "1 retired" in second.err
    shown = alone("documents", "key", "show", "--file", str(file)).json
    assert len(shown["keys"]) == 2
    assert all("d" not in one for one in shown["keys"])


def test_a_key_file_has_to_be_named(alone: Subreg) -> None:
    ran = alone("documents", "key", "new")
    assert ran.code == 2
    assert "SUBREG_DOCUMENT_KEYS" in ran.err


def test_a_file_that_is_no_form_is_not_printed(alone: Subreg, tmp_path: Path) -> None:
    file = tmp_path / "form.json"
    for text in ("", "[]", '{"form": "letter"}'):
        file.write_text(text)
        ran = alone("documents", "print", str(file), "--out", str(tmp_path / "x.pdf"))
        assert (ran.code, "no form of a paper" in ran.err) == (3, True)
    assert not (tmp_path / "x.pdf").exists()


def test_an_unknown_language_and_a_missing_key_are_told(alone: Subreg, tmp_path: Path) -> None:
    example = str(REPOSITORY / "docs/examples/export-authorisation.json")
    out = ("--out", str(tmp_path / "x.pdf"))
    ran = alone("documents", "print", example, *out, "--language", "xx", "--draft")
    assert (ran.code, "`xx` is none of ar, en, es, fr" in ran.err) == (3, True)
    ran = alone("documents", "print", example, *out)
    assert (ran.code, "no private key" in ran.err) == (3, True)
