"""Habits of this project that a machine can watch. Each list of exceptions states its reason."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import statistics
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("registry", "rules", "api", "seed")
NOT_OURS = {".venv", ".git", "var", "build", "dist", "node_modules", "vendor", "__pycache__"}
TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".csv", ".txt", ".sh", ".html", ".css", ".js"}
TEXT |= {".json", ".ini", ".cfg", ".smi", ".mako", ""}

LONG_FUNCTIONS: dict[str, str] = {}  # "file:function": why it may be longer than 60 lines
LONG_FILES: dict[str, str] = {}  # "file": why it may be longer than 400 lines
CLOCKS: dict[str, str] = {
    "api/": "doors and use cases say what day it is and pass it on",
    "seed/__main__.py": "a door: the day of loading is recorded",
}
USED_UNSEEN: dict[str, str] = {
    "psycopg": "SQLAlchemy loads it by the database URL",
    "python-multipart": "FastAPI loads it to read forms and uploads",
}
IMPORT_NAMES = {"pyyaml": "yaml", "pydantic-settings": "pydantic_settings"}


@cache
def files() -> tuple[Path, ...]:
    """Every text file that belongs to the project, whether or not it is committed yet."""
    found = []
    for folder, inner, names in os.walk(ROOT):
        inner[:] = sorted(n for n in inner if n not in NOT_OURS and not n.endswith("_cache"))
        inner[:] = [n for n in inner if not n.endswith(".egg-info") and n != ".hypothesis"]
        found += [Path(folder, n) for n in sorted(names) if Path(n).suffix in TEXT]
    return tuple(found)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def python(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for path in files():
        if path.suffix == ".py" and (not folders or name(path).split("/")[0] in folders):
            yield name(path), parsed(path)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines without the docstring, which is welcome at any length."""
    documented = ast.get_docstring(function) is not None
    start = function.body[0].end_lineno if documented else function.lineno - 1
    return (function.end_lineno or 0) - (start or 0)


def project() -> dict[str, object]:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    table: dict[str, object] = tomllib.loads(text)["project"]
    return table


def required() -> set[str]:
    table = project()
    lines = [*table["dependencies"], *table["optional-dependencies"]["pg"]]  # type: ignore[misc, index]
    return {re.split(r"[\[<>=!~ ]", line)[0].lower() for line in lines}


def test_the_four_import_names_are_ours_alone() -> None:
    for package in PACKAGES:
        spec = importlib.util.find_spec(package)
        assert spec is not None
        assert spec.origin == str(ROOT / package / "__init__.py")
        elsewhere = [
            entry
            for entry in sys.path
            if Path(entry or ".").resolve() != ROOT
            and (Path(entry, package).is_dir() or Path(entry, f"{package}.py").is_file())
        ]
        assert not elsewhere, f"another `{package}` can be imported from {elsewhere}"


def test_the_wheel_holds_exactly_the_four_packages_with_their_data(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    held = zipfile.ZipFile(wheel).namelist()
    top = {entry.split("/")[0] for entry in held if ".dist-info/" not in entry}
    assert top == set(PACKAGES)
    ours = {name(path) for path in files() if name(path).split("/")[0] in PACKAGES}
    assert ours <= set(held), f"not shipped: {sorted(ours - set(held))[:5]}"
    assert "registry/migrations/env.py" in held


def test_imports_are_absolute() -> None:
    relative = [
        f"{file}:{node.lineno}"
        for file, tree in python()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert not relative


def test_the_judge_sees_only_facts_errors_and_chemistry() -> None:
    allowed = re.compile(r"registry(\.(facts|trade_facts|errors|chem)(\..*)?)?$")
    wrong = [
        f"{file} imports {module}"
        for file, tree in python("rules")
        for module in imported(tree)
        if module.split(".")[0] in {"registry", "seed", "api"} and not allowed.match(module)
    ]
    assert not wrong


def test_facts_and_errors_need_nothing_but_the_language() -> None:
    for module in ("facts", "errors"):
        needed = {m.split(".")[0] for m in imported(parsed(ROOT / "registry" / f"{module}.py"))}
        assert needed <= sys.stdlib_module_names


def test_only_chemistry_and_the_class_language_see_the_toolkit() -> None:
    allowed = ("registry/chem/", "rules/language/", "rules/controls/", "rules/load.py")
    allowed += ("rules/decide.py", "rules/versions.py", "tests/", "bench/")
    wrong = [
        file
        for file, tree in python()
        if not file.startswith(allowed) and any(m.split(".")[0] == "rdkit" for m in imported(tree))
    ]
    assert not wrong


def test_nobody_but_a_door_asks_what_day_it_is() -> None:
    clock = re.compile(r"\b(date\.today|datetime\.(now|utcnow|today)|time\.(time|localtime))$")
    wrong = [
        f"{file}:{node.lineno}"
        for file, tree in python(*PACKAGES)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and clock.search(ast.unparse(node))
        and not file.startswith(tuple(CLOCKS))
    ]
    assert not wrong


def test_functions_are_short() -> None:
    lengths = {
        f"{file}:{function.name}": length(function)
        for file, tree in python(*PACKAGES, "bench", "migrations")
        for function in functions(tree)
        if not file.startswith("migrations/versions/")
    }
    too_long = {key: size for key, size in lengths.items() if size > 60}
    assert too_long.keys() == LONG_FUNCTIONS.keys()
    assert statistics.median(lengths.values()) <= 12
    assert statistics.quantiles(lengths.values(), n=10)[8] <= 40


def test_files_are_short() -> None:
    too_long = {
        name(path)
        for path in files()
        if path.suffix in {".py", ".md", ".html"}
        and name(path).split("/")[0] != "tests"
        and len(path.read_text(encoding="utf-8").splitlines()) > 400
    }
    assert too_long == LONG_FILES.keys()


def test_no_file_names_a_package_host_or_a_place_on_one_machine() -> None:
    hosts = ("pypi" + ".org", "pythonhosted" + ".org", "registry." + "npmjs", "npmjs" + ".com")
    places = ("/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/opt/py" + "pi")
    found = [
        f"{name(path)}: {word}"
        for path in files()
        for word in hosts + places
        if word in path.read_text(encoding="utf-8")
    ]
    assert not found


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|NotImplemented" + r"Error)\b")
    found = [
        f"{name(path)}:{number}"
        for path in files()
        if path.suffix in {".py", ".html", ".sh", ".md"}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if later.search(line)
    ]
    assert not found


def test_tests_and_migrations_are_no_packages() -> None:
    assert not [
        p for folder in ("tests", "migrations") for p in ROOT.glob(f"{folder}/**/__init__.py")
    ]


def test_public_functions_of_the_judge_and_of_chemistry_say_what_they_do() -> None:
    silent = [
        f"{file}:{function.name}"
        for file, tree in python("rules", "registry")
        if file.startswith(("rules/", "registry/chem/"))
        for function in ast.iter_child_nodes(tree)
        if isinstance(function, ast.FunctionDef)
        and not function.name.startswith("_")
        and not ast.get_docstring(function)
    ]
    assert not silent


def test_error_messages_are_lower_case_without_a_full_stop() -> None:
    wrong = []
    for file, tree in python(*PACKAGES):
        for node in ast.walk(tree):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
                text = ast.unparse(node.exc.args[0]).lstrip("f").strip("'\"")
                literal = isinstance(node.exc.args[0], ast.Constant | ast.JoinedStr)
                shouts = len(text) > 1 and text[0].isupper() and text[1].islower()
                if literal and (shouts or text.endswith(".")):
                    wrong.append(f"{file}:{node.lineno}: {text}")
    assert not wrong


def test_every_dependency_is_imported_somewhere() -> None:
    seen = {
        module.split(".")[0]
        for _, tree in python(*PACKAGES, "migrations")
        for module in imported(tree)
    }
    missing = {
        dependency
        for dependency in required() - USED_UNSEEN.keys()
        if IMPORT_NAMES.get(dependency, dependency.replace("-", "_")) not in seen
    }
    assert not missing


def test_requirements_are_hashed_complete_and_name_no_index() -> None:
    for file in ("runtime", "dev"):
        text = (ROOT / "requirements" / f"{file}.txt").read_text(encoding="utf-8")
        pins = [line for line in text.splitlines() if line and not line.startswith(" ")]
        assert all(re.match(r"[a-z0-9][a-z0-9.\-_\[\]]*==\S+", pin) for pin in pins)
        assert text.count("==") <= text.count("--hash=sha256:")
        blocks = re.split(r"\n(?=\S)", text.strip())
        assert not [block.split()[0] for block in blocks if "--hash=sha256:" not in block]
        pinned = {re.split(r"\[|==", pin)[0] for pin in pins}
        assert required() <= pinned


def test_links_between_documents_lead_somewhere() -> None:
    dead = [
        f"{name(path)} -> {target}"
        for path in files()
        if path.suffix == ".md"
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ]
    assert not dead
