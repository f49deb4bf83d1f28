"""What is on record, on both databases: the decision, its audit event, and its replay later."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select

from registry import models
from registry.store import audit, history
from registry.store.session import make_engine, session_factory

Serve = Callable[..., AbstractContextManager[httpx.Client]]

ROOT = Path(__file__).resolve().parents[3]
FENTANYL = "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"

# A process of its own: opens the engine as every door does, asks, and prints what came out.
ASK = """
import json, sys
from datetime import UTC, datetime
from api.engine import open_engine
from api.settings import Settings
from api.usecases import classify, decisions
from api.usecases.dates import dates_asked
from registry.store.canonical import canonical

def main():
    now = datetime.now(UTC)
    url, given = sys.argv[1:]
    with open_engine(Settings(database_url=url, workers=1), now) as engine:
        if given:
            replay = decisions.replay(engine, given)
            print(json.dumps([replay.same, list(replay.differs), canonical(replay.answer)]))
        else:
            question = classify.Question("fentanyl", dates_asked(now), classify.By.NAME)
            made = classify.classify(engine, question, actor="test", now=now)
            print(json.dumps([made.id, canonical(made.answer)]))

if __name__ == "__main__":
    main()
"""


def run(script: Path, url: str, decision: str = "") -> Any:
    done = subprocess.run(
        [sys.executable, str(script), url, decision],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "PYTHONHASHSEED": "random"},
    )
    return json.loads(done.stdout)


def test_a_replay_after_the_process_has_ended_gives_the_same_bytes(
    register_url: str, tmp_path: Path
) -> None:
    script = tmp_path / "ask.py"
    script.write_text(ASK)
    decision, answered = run(script, register_url)
    same, differs, again = run(script, register_url, decision)
    assert again == answered
    assert (same, differs) == (True, [])


def test_a_decision_and_its_audit_event_are_written_together(
    register_url: str, serve: Serve
) -> None:
    with serve(register_url, actor="customs") as client:
        made = client.post("/v1/classify", json={"structure": FENTANYL}).json()
        client.post(f"/v1/decisions/{made['id']}/replay").raise_for_status()
        client.post("/v1/classify", json={"structure": "C1CC("})
    engine = make_engine(register_url)
    with session_factory(engine)() as session:
        events = list(session.scalars(select(models.AuditEvent)))
        rows = list(session.scalars(select(models.DecisionRecord)))
        assert audit.verify_chain(session) is None
    engine.dispose()
    assert [(one.action, one.subject, one.actor) for one in events] == [
        ("decision:classify:made", made["id"], "customs")
    ]
    assert [row.id for row in rows] == [made["id"]]


def test_what_is_learned_later_changes_new_answers_and_no_replay(
    register_url: str, serve: Serve
) -> None:
    with serve(register_url) as client:
        asked = {"name": "ketamine", "jurisdictions": ["US"], "on": "2026-03-01"}
        made = client.post("/v1/classify", json=asked).json()
        assert made["answer"]["summary"] == {"US": "controlled"}
        _close_listing(register_url, "US-CSA-III:ketamine")
        later = client.post("/v1/classify", json=asked).json()
        assert later["answer"]["facts"] != made["answer"]["facts"]
        named = [one["provision"] for one in later["answer"]["findings"] if one["matched"]]
        assert "US-CSA-III" not in named
        replayed = client.post(f"/v1/decisions/{made['id']}/replay").json()
        assert replayed["same"], replayed["differs"]


def test_a_replay_under_other_rules_says_so(register_url: str, serve: Serve) -> None:
    engine = make_engine(register_url)
    with serve(register_url) as client:
        made = client.post("/v1/classify", json={"structure": FENTANYL}).json()
        with session_factory(engine).begin() as session:
            row = session.get_one(models.DecisionRecord, made["id"])
            answer = json.loads(row.response) | {"rule_set": "0" * 64}
            kept = {
                name: getattr(row, name)
                for name in ("kind", "at", "actor", "on", "known_at", "request", "facts")
            }
            session.add(
                models.DecisionRecord(
                    id="under-other-rules",
                    response=json.dumps(answer),
                    rule_set="0" * 64,
                    versions={**row.versions, "rdkit": "2000.03.1"},
                    **kept,
                )
            )
        replayed = client.post("/v1/decisions/under-other-rules/replay").json()
    engine.dispose()
    assert replayed["same"] is False
    assert replayed["differs"] == ["rule set", "software versions"]


def _close_listing(url: str, key: str) -> None:
    engine = make_engine(url)
    with session_factory(engine).begin() as session:
        row = session.scalars(select(models.Listing).where(models.Listing.key == key)).one()
        history.close(session, row, datetime.now(UTC))
    engine.dispose()
