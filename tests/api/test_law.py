"""The law kept between processes is used only where it is surely the same, and surely ours."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from api import law
from rules.load import RuleSet, load_law

READ = load_law()


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Ask for the law as a new process would; tells whether the rule files were read."""
    monkeypatch.setenv("SUBREG_CACHE", str(tmp_path))

    def ask() -> list[str]:
        read: list[str] = []

        def load(_: Path | None = None) -> RuleSet:
            read.append("read")
            return READ

        with monkeypatch.context() as patched:
            patched.setattr(law, "load_law", load)
            found = law.shipped.__wrapped__()
        assert found.content_hash == READ.content_hash
        assert found.rules.keys() == READ.rules.keys()
        return read

    return ask


def only(folder: Path) -> Path:
    (file,) = folder.glob("law-*.pickle")
    return file


def test_the_rule_files_are_read_once(asked: Callable[[], list[str]]) -> None:
    assert asked() == ["read"]
    assert asked() == []


@pytest.mark.parametrize("spoil", ["cut", "foreign", "writable", "other"])
def test_what_may_not_be_ours_is_read_again(
    spoil: str, asked: Callable[[], list[str]], tmp_path: Path
) -> None:
    asked()
    file = only(tmp_path)
    if spoil == "cut":
        file.write_bytes(file.read_bytes()[:-100])
    elif spoil == "foreign":
        file.write_bytes(pickle.dumps({"not": "law"}))
    elif spoil == "writable":
        file.chmod(0o666)
    else:
        file.rename(tmp_path / "law-of-another-version.pickle")
    assert asked() == ["read"]
    assert asked() == []
    assert only(tmp_path) == file, "and what belongs to another version is gone"


def test_a_folder_that_cannot_be_made_costs_only_time(
    asked: Callable[[], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("SUBREG_CACHE", str(tmp_path / "file" / "below"))
    assert asked() == ["read"]
    assert asked() == ["read"]


def test_a_change_of_any_rule_or_source_file_is_another_law(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_of = sorted(law._made_of())
    assert {file.suffix for file in made_of} == {".py", ".yaml"}
    before = law._fingerprint()
    changed = tmp_path / "changed.yaml"
    changed.write_bytes(made_of[-1].read_bytes() + b"\n")
    monkeypatch.setattr(law, "_made_of", lambda: [*made_of[:-1], changed])
    assert law._fingerprint() != before
