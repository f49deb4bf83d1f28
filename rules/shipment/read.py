"""Reading shipment rule files: no implicit typing, and every fault has its place."""

from __future__ import annotations

from pathlib import Path

from registry.errors import RuleFileError
from rules.shipment.rules import RuleFile, ShipmentRule
from rules.strict_yaml import Document, read, validate

LAW = Path(__file__).parents[1] / "law"
FOLDER = LAW / "un" / "shipment"


def rule_files(root: Path | None = None) -> list[Path]:
    """The files of a folder, or those of every jurisdiction that ships."""
    return sorted(LAW.glob("*/shipment/*.yaml") if root is None else root.glob("*.yaml"))


def load_rules(root: Path | None = None) -> tuple[ShipmentRule, ...]:
    """Every shipment rule of a folder, or of all that ship, in the order of their identifiers.

    Raises RuleFileError with file, line and column at the first fault, and where two rules bear
    the same identifier. A folder without rules is a fault too.
    """
    rules: dict[str, ShipmentRule] = {}
    for path in rule_files(root):
        document = read(path, f"{path.parents[1].name}/{path.name}" if root is None else None)
        for place, rule in enumerate(rules_of(document)):
            if rule.id in rules:
                raise document.error(f"rule `{rule.id}` stands twice", ("rules", place, "id"))
            rules[rule.id] = rule
    if not rules:
        raise RuleFileError("no shipment rules here", (root or LAW).name)
    return tuple(rules[key] for key in sorted(rules))


def rules_of(document: Document) -> tuple[ShipmentRule, ...]:
    """The rules of one file that was read, each bound to the hash of the file."""
    return tuple(validate(document, RuleFile).complete(document.content_hash))
