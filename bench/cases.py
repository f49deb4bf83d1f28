"""What comes out for structures that others published, beside what they say must come out.

`python -m bench.cases CASES.jsonl` runs `subreg screen` over the structures, once for each date
asked, and prints the table provision × aspect × expected × got with every mismatch below it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ACCEPTED = {
    ("structure", "inside"): {"meets"},
    ("structure", "outside"): {"does_not_meet"},
    ("structure", "ambiguous"): {"undetermined"},
    ("member", "inside"): {"inside"},
    # A substance another provision governs is no member of this one: displaced and exempt are
    # finer words for the same "outside".
    ("member", "outside"): {"outside", "displaced", "exempt"},
    ("member", "displaced"): {"displaced"},
    ("member", "exempt"): {"exempt"},
    ("member", "ambiguous"): {"undetermined"},
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One published statement and what the engine says to it."""

    case: str
    name: str
    provision: str
    aspect: str
    expected: str
    kind: str
    basis: str
    got: str
    finding: str

    @property
    def holds(self) -> bool:
        return self.got in ACCEPTED[self.aspect, self.expected]


def screen(lines: Iterable[str], on: str) -> dict[str, dict[str, Any]]:
    """The findings of every structure by id and provision, as `subreg screen` prints them."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "cases.smi")
        source.write_text("\n".join(lines) + "\n", encoding="utf-8")
        command = ["subreg", "screen", str(source), "--on", on, "--all", "--errors", "report"]
        program = Path(sys.executable).with_name("subreg")
        done = subprocess.run(
            [str(program), *command[1:]], check=False, stdout=subprocess.PIPE, text=True
        )
    if done.returncode not in (0, 6):  # 6: some records cannot be read, and are reported
        raise SystemExit(f"`{' '.join(command)}` ended with {done.returncode}: nothing was asked")
    found = {}
    for line in done.stdout.splitlines():
        record = json.loads(line)
        found[record["id"]] = {f["provision"]: f for f in record["findings"]}
    return found


def statements(cases: list[dict[str, Any]]) -> Iterable[Statement]:
    """Every statement of every case, answered on its own date."""
    by_date: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for case in cases:
        for on in sorted({statement["on"] for statement in case["statements"]}):
            by_date[on].append(case)
    for on, asked in sorted(by_date.items()):
        answers = screen((f"{case['smiles']} {case['id']}" for case in asked), on)
        for case in asked:
            for said in case["statements"]:
                if said["on"] == on:
                    yield _answered(case, said, answers.get(case["id"], {}))


def _answered(case: dict[str, Any], said: dict[str, Any], findings: dict[str, Any]) -> Statement:
    finding = findings.get(said["provision"])
    aspect = "structure" if said["aspect"] == "structure" else "outcome"
    got = finding[aspect] if finding else "no such provision"
    return Statement(
        case["id"], case["name"], said["provision"], said["aspect"], said["expect"],
        said["kind"], said["basis"], got, json.dumps(finding, ensure_ascii=False),
    )  # fmt: skip


def report(found: list[Statement]) -> str:
    """The table, the mismatches, and the provisions that have no rule file."""
    table = Counter((s.provision, s.aspect, s.expected, s.got) for s in found)
    lines = [f"{n:5} {p:20} {a:10} {e:10} {g}" for (p, a, e, g), n in sorted(table.items())]
    wrong = [s for s in found if not s.holds and s.got != "no such provision"]
    absent = Counter(s.provision for s in found if s.got == "no such provision")
    lines += ["", f"mismatches: {len(wrong)}"]
    lines += [
        f"  {s.case} {s.name}: {s.provision} {s.aspect} expected {s.expected} ({s.kind}), "
        f"got {s.got}\n      said: {s.basis}\n      finding: {s.finding}"
        for s in wrong
    ]
    lines += ["", f"statements on provisions without a rule file: {sum(absent.values())}"]
    lines += [f"  {n:4} {provision}" for provision, n in sorted(absent.items())]
    lines += ["", f"statements: {len(found)}, hold: {sum(s.holds for s in found)}"]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=Path)
    arguments = parser.parse_args()
    cases = [json.loads(line) for line in arguments.cases.read_text("utf-8").splitlines()]
    print(report(list(statements(cases))))


if __name__ == "__main__":
    main()
