"""The ketamine dossier and the page on priority: their commands are run, their words looked after."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.cli import ask, evidence, simulate
from api.engine import Engine, open_engine
from api.settings import Settings
from registry.facts import InForce
from rules.decide import bind
from rules.drafts import prove, read_draft
from tests.test_cases import Desk, steps
from tests.test_docs import ROOT, pattern, read

PAGES = ("ketamine", "priority")
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def engine(seeded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One engine for both pages."""
    file = shutil.copy(seeded_file, tmp_path_factory.mktemp("dossiers") / "register.sqlite")
    with open_engine(Settings(database_url=f"sqlite:///{file}", workers=1), NOW) as opened:
        yield opened


@pytest.fixture
def desk(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk(tmp_path, engine.settings.database_url)
    desk.moment = NOW

    @contextmanager
    def opened() -> Iterator[tuple[Engine, datetime]]:
        yield engine, desk.moment

    for door in (ask, evidence, simulate):
        monkeypatch.setattr(door, "opened", opened)
    monkeypatch.chdir(ROOT)
    return desk


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_answer_as_it_shows(page: str, desk: Desk) -> None:
    typed = 0
    for command, output in steps(f"docs/{page}.md"):
        ran = desk.type(command.removeprefix("$ "))
        assert pattern(output).match(ran.out + ran.err), f"{command}\n{ran.out}{ran.err}"
        typed += 1
    assert typed >= 3


def test_the_drafts_of_the_dossier_prove_themselves(engine: Engine) -> None:
    book = bind(engine.law, engine.facts(NOW))
    for file in sorted(ROOT.glob("docs/examples/drafts/de-ketamine-*.yaml")):
        assert not prove(book, read_draft(file.read_text(encoding="utf-8"), file.name)), file.name


def test_every_listing_of_ketamine_that_holds_is_shown_and_no_treaty_names_it(
    engine: Engine,
) -> None:
    held = [one for one in engine.facts(NOW).listings if one.substance == "ketamine"]
    shown = set(
        re.findall(r"^([A-Z]{2}-\S+) +(?:listed|included)", read("docs/ketamine.md"), re.MULTILINE)
    )
    assert shown == {one.provision for one in held}
    assert not [one for one in held if one.provision.startswith("UN-")]
    assert all(one.valid.holds(NOW.date()) is not InForce.UNKNOWN for one in held)


def test_the_dossier_says_how_many_jurisdictions_are_undetermined() -> None:
    text = read("docs/ketamine.md")
    open_ = re.findall(r"^([A-Z]{2}) +undetermined$", text, re.MULTILINE)
    assert "jurisdictions that are\nundetermined above" in text
    words = {14: "fourteen", 15: "fifteen", 16: "sixteen"}
    assert f"the lists of the {words[len(open_)]} jurisdictions" in text


def test_each_paragraph_of_the_resolution_is_in_the_dossier() -> None:
    text = read("docs/ketamine.md")
    assert all(re.search(rf"[Pp]aragraphs?[^.|]*\b{n}\b", text) for n in (1, 2, 3, 4, 5))
