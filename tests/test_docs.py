"""The documents cannot lag: what they show is run, what they name exists."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rules.load import load_law

ROOT = Path(__file__).resolve().parents[1]
SHOWN = ("README.md", "docs/tour.md")
DOCUMENTS = sorted(
    {
        *SHOWN,
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        *(str(p.relative_to(ROOT)) for p in ROOT.glob("docs/**/*.md")),
    }
)
PARAGRAPHS = {"57/10": 7, "61/8": 16, "62/1": 10, "62/4": 23, "78/131": 9}
SUBREG = [sys.executable, "-m", "api.cli.main"]


def read(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def blocks(language: str) -> list[tuple[str, str]]:
    fence = re.compile(rf"^```{language}\n(.*?)^```", re.DOTALL | re.MULTILINE)
    return [(document, block) for document in SHOWN for block in fence.findall(read(document))]


def commands() -> list[tuple[str, str]]:
    """Each `$ subreg …` line of the console blocks with the output shown under it."""
    parts = [
        part
        for _, block in blocks("console")
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)
    ]
    split = [part.partition("\n") for part in parts if part.strip()]
    return [(command, output) for command, _, output in split]


def pattern(output: str) -> re.Pattern[str]:
    """A line that is only `…` stands for any lines; `…` within a line for any text."""
    lines = [
        r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line).replace("…", ".*") + r"\s*\n"
        for line in output.rstrip("\n").splitlines()
    ]
    return re.compile("".join(lines) + r"\Z")


@pytest.fixture(scope="session")
def demo(seeded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of someone who ran `make demo`: a seeded register of its own."""
    file = shutil.copy(seeded_file, tmp_path_factory.mktemp("demo") / "register.sqlite")
    return os.environ | {"SUBREG_DATABASE_URL": f"sqlite:///{file}", "COLUMNS": "100"}


@pytest.mark.parametrize(("command", "output"), commands())
def test_a_command_answers_as_the_document_shows(
    command: str, output: str, demo: dict[str, str]
) -> None:
    name, *arguments = shlex.split(command)
    assert name == "subreg", "only `subreg` commands are shown with their output"
    done = subprocess.run(
        [*SUBREG, *arguments], cwd=ROOT, env=demo, check=False, capture_output=True, text=True
    )
    assert pattern(output).match(done.stdout + done.stderr), done.stdout + done.stderr


@pytest.mark.parametrize(("document", "code"), blocks("python"))
def test_an_example_in_a_document_runs(document: str, code: str, demo: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT, env=demo, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, f"{document}: {done.stderr}"


def test_the_documents_show_commands_and_code() -> None:
    assert len(commands()) >= 3
    assert blocks("python")


def test_the_demonstration_ends_with_its_four_answers(demo: dict[str, str], tmp_path: Path) -> None:
    subreg = tmp_path / "subreg"
    subreg.write_text(f'#!/bin/sh\nexec {shlex.join(SUBREG)} "$@"\n', encoding="utf-8")
    subreg.chmod(0o755)
    done = subprocess.run(
        ["bash", "docs/demo.sh", str(subreg), "8765"],
        cwd=ROOT, env=demo, check=True, capture_output=True, text=True,
    )  # fmt: skip
    fentanyl, rest = done.stdout.split("Ketamine", 1)
    for provision in ("US-CSA", "GB-MDA", "CA-CDSA", "CN-NPS"):
        assert provision in fentanyl
    ketamine, rest = rest.split("acetic anhydride", 1)
    assert all(re.search(rf"\b{code}\b", ketamine) for code in ("UN", "US", "GB", "CA", "CN", "DE"))
    assert re.search(r"pre.export notification", rest)
    assert done.stdout.rstrip().splitlines()[-1].endswith("http://127.0.0.1:8765/")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_files_named_in_a_document_exist(document: str) -> None:
    folders = "registry|rules|api|seed|migrations|tests|docs|bench|requirements"
    named = re.findall(rf"`((?:{folders})/[\w./-]*)`", read(document))
    shipped = {"registry/migrations"}  # there in the wheel only
    assert not [path for path in {*named} - shipped if not (ROOT / path).exists()]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_named_in_a_document_exist(document: str) -> None:
    from typer.main import get_command

    from api.cli.app import app

    tree = get_command(app)
    known = set(tree.commands)  # type: ignore[attr-defined]
    named = set(re.findall(r"\bsubreg ([a-z]+(?:-[a-z]+)*)", read(document)))
    assert named <= known
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^\s*)make ([a-z]+)", read(document), re.MULTILINE)) <= targets


def test_every_operative_paragraph_of_each_resolution_is_accounted_for() -> None:
    for part in read("docs/resolutions.md").split("\n## ")[1:]:
        title, _, body = part.partition("\n")
        number = re.search(r"\d+/\d+", title)
        assert number
        rows = {int(n) for n in re.findall(r"^\| (\d+) \|", body, re.MULTILINE)}
        silent = re.search(r"Asks nothing of a system: ([^.]*?) \(", body.replace("\n", " "))
        assert silent
        left = re.sub(r"\(\w\) to \(\w\)|\(\w\)", "", silent[1])
        for first, last in re.findall(r"(\d+)(?: to (\d+))?", left):
            rows |= set(range(int(first), int(last or first) + 1))
        assert rows == set(range(1, PARAGRAPHS[number[0]] + 1)), number[0]


def test_every_decision_record_has_its_three_parts() -> None:
    records = sorted((ROOT / "docs/adr").glob("*.md"))
    assert [record.name[:4] for record in records] == [
        f"{n:04}" for n in range(1, len(records) + 1)
    ]
    for record in records:
        text = record.read_text(encoding="utf-8")
        assert re.findall(r"^## (.*)", text, re.MULTILINE) == [
            "Context",
            "Decision",
            "Consequences",
        ]


def test_every_law_that_is_more_than_a_list_has_its_line_under_law_changes() -> None:
    told = read("CHANGELOG.md").partition("### Law changes")[2].partition("\n### ")[0]
    for provision in load_law().provisions.values():
        assert re.search(rf"^\| {provision.jurisdiction} \|", told, re.MULTILINE)
        assert provision.kind == "list" or f"`{provision.id}`" in told, provision.id
