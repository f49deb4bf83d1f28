"""A service prints the paper of a record with its own keys, address and workers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from api.documents.issue import Incomplete
from api.settings import Settings
from api.usecases.documents import proved, ring_of_settings
from api.usecases.trade.printing import paper_of
from registry.chem.worker import WorkerPool
from registry.trade_facts import ForeignPaper
from tests.api.documents.conftest import ADDRESS, Papers
from tests.registry.documents import samples


@pytest.fixture
def engine(tmp_path: Path, printer: WorkerPool) -> Any:
    """What printing needs of an engine, without the law and the register."""
    keys = tmp_path / "keys.json"
    keys.write_text(samples.KEYS)
    keys.chmod(0o600)
    settings = Settings(database_url="sqlite://", document_keys=keys, public_url=ADDRESS)
    return SimpleNamespace(settings=settings, workers=printer)


def test_the_paper_of_a_record_is_printed_and_proved(engine: Any, papers: Papers) -> None:
    paper = paper_of(engine, samples.EXPORT, "en")
    assert paper == papers["export", "en"]
    found = proved(paper, ring_of_settings(engine.settings))
    assert (found["verified"], found["number"]) == (True, "XA-2026-000123")


def test_a_record_that_lacks_a_particular_is_not_printed(engine: Any) -> None:
    with pytest.raises(Incomplete, match=r"does not state `foreign\.number`"):
        paper_of(engine, replace(samples.EXPORT, foreign=ForeignPaper()), "en")
