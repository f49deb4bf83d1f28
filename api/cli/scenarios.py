"""`subreg ship --scenarios`: a file of consignments, one answer per line, nothing lost."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from api.cli.console import messages, say, stop
from api.cli.exits import Exit
from api.cli.screen import facts_known
from api.usecases.dates import Dates
from registry.errors import FileError, InputError
from rules.shipment.check import check
from rules.shipment.read import load_rules
from rules.shipment.render import contract_json, unreadable_json
from rules.shipment.scenario.read import read_scenario
from rules.shipment.status import line_status

Judge = Callable[[dict[str, Any]], dict[str, Any]]
LONGEST = 1 << 20  # bytes of one line; a consignment of 500 lines needs a tenth of it


class UnreadableLine(FileError, InputError):
    """A line is no consignment, at a place that can be named."""

    code = "consignment-unreadable"


class FailedJudgement(FileError):
    """A fault of ours while one line was judged."""

    code = "judgement-failed"


class Answer(NamedTuple):
    """One line of output; `fault` where the line that asked could not be read, or not judged."""

    body: dict[str, Any]
    fault: FileError | None = None


def judge_file(file: str, out: str, dates: Dates) -> None:
    """Answer every consignment of a file, and end with the code that says how it went."""
    _require(file, out)
    asked = list(_lines(file))
    answers = answer(asked, file, judge_with(dates))
    faults: list[FileError] = []
    with _destination(out) as sink:
        for one in _watched(answers, len(asked), shown=_bar_fits(out)):
            sink.write(json.dumps(one.body, ensure_ascii=False).encode() + b"\n")
            if one.fault is not None:
                faults.append(one.fault)
                say(f"error: {one.fault.message} ({one.fault.code})")
        sink.flush()
    failed = [fault for fault in faults if isinstance(fault, FailedJudgement)]
    unread = len(faults) - len(failed)
    say(f"{len(asked)} consignments, {unread} unreadable, {len(failed)} not judged")
    if faults:
        stop(Exit.STOPPED if failed else Exit.SOME_INPUTS_FAILED)


def judge_with(dates: Dates) -> Judge:
    """Judges one consignment of the neutral form by the law that ships and the register's facts."""
    facts, rules = facts_known(dates), load_rules()

    def judge(content: dict[str, Any]) -> dict[str, Any]:
        consignment = read_scenario(content)
        decision = check(consignment, rules, lambda line: line_status(line, facts, consignment.on))
        return contract_json(consignment.reference, decision)

    return judge


def answer(asked: Iterable[tuple[int, bytes]], file: str, judge: Judge) -> Iterator[Answer]:
    """One answer per line, in order. A line that cannot be read is undetermined and says why."""
    for number, line in asked:
        content: dict[str, Any] = {}
        try:
            content = _parsed(line, file, number)
            yield Answer(judge(content))
        except UnreadableLine as fault:
            yield _unread(number, content, fault)
        except InputError as error:
            column = _column(line, error.message)
            yield _unread(number, content, UnreadableLine(error.message, file, number, column))
        except Exception as error:  # noqa: BLE001 - one line must not cost the answers to others
            message = f"could not be judged: {type(error).__name__}"
            yield _unread(number, content, FailedJudgement(message, file, number, 1))


def _unread(number: int, content: dict[str, Any], fault: FileError) -> Answer:
    reference = content.get("id")
    known = isinstance(reference, str | int) and not isinstance(reference, bool)
    name = str(reference) if known else f"line {number}"
    return Answer(unreadable_json(name, fault.message), fault)


def _parsed(line: bytes, file: str, number: int) -> dict[str, Any]:
    if len(line) > LONGEST:
        raise UnreadableLine(f"longer than {LONGEST} bytes", file, number, LONGEST + 1)
    try:
        content = json.loads(
            line.rstrip().decode("utf-8-sig" if number == 1 else "utf-8"),
            parse_float=Decimal,
            parse_constant=_no_number,
            object_pairs_hook=_once,
        )
    except UnicodeDecodeError as error:
        raise UnreadableLine("not UTF-8 text", file, number, error.start + 1) from None
    except json.JSONDecodeError as error:
        raise UnreadableLine(error.msg.lower(), file, number, error.pos + 1) from None
    except RecursionError:
        raise UnreadableLine("nested too deeply", file, number, 1) from None
    except ValueError as error:
        column = _column(line, str(error))
        raise UnreadableLine(str(error), file, number, column) from None
    if not isinstance(content, dict):
        raise UnreadableLine("a consignment is an object with named parts", file, number, 1)
    return content


def _no_number(text: str) -> Any:
    raise ValueError(f"`{text}` is not a number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"duplicate key `{twice}`")
    return found


def _column(line: bytes, message: str) -> int:
    """Where the part that a message names begins in the line; 1 where it is not written there."""
    text = line.decode("utf-8", "replace")
    for name in reversed(message.partition("`")[2].partition("`")[0].split(".")):
        place = text.find(f'"{name}"')
        if name and place >= 0:
            return place + 1
    return 1


def _lines(file: str) -> Iterator[tuple[int, bytes]]:
    try:
        with nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb") as source:
            for number, line in enumerate(source, 1):
                if line.strip():
                    yield number, line
    except OSError as error:
        raise UnreadableLine(f"cannot be read: {error.strerror}", file) from error


def _require(file: str, out: str) -> None:
    if file != "-" and not Path(file).is_file():
        raise typer.BadParameter(f"there is no file `{file}`")
    if out == "-":
        return
    target = Path(out)
    if target.is_dir() or not target.parent.is_dir():
        raise typer.BadParameter(f"`{out}` cannot be written: no such folder, or a folder itself")
    if file != "-" and target.exists() and target.samefile(file):
        raise typer.BadParameter("--out would overwrite the consignments asked about")


@contextmanager
def _destination(out: str) -> Iterator[BinaryIO]:
    if out == "-":
        yield sys.stdout.buffer
        return
    with Path(out).open("wb") as sink:
        yield sink


def _bar_fits(out: str) -> bool:
    """Answers and a bar on the same screen would overwrite each other."""
    return sys.stderr.isatty() and (out != "-" or not sys.stdout.isatty())


def _watched(answers: Iterable[Answer], total: int, *, shown: bool) -> Iterator[Answer]:
    """The same answers, with a bar on standard error where somebody can see it."""
    bar = Progress(
        SpinnerColumn(),
        TextColumn("consignments"),
        BarColumn(),
        MofNCompleteColumn(),
        console=messages(),
        transient=True,
        disable=not shown,
    )
    with bar:
        task = bar.add_task("", total=total)
        for one in answers:
            yield one
            bar.advance(task)
