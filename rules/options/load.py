"""The scheduling options that ship, read and checked file by file.

Kept apart from rules/law: that folder holds the law in force, this one the ways of changing it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from rules.options.schema import Instances, Known, Option, Said, Source
from rules.schema import Provision
from rules.strict_yaml import Document, read, validate

FOLDER = Path(__file__).with_name("law")
# What a provision of a kind may be an instance of. A class that ends after some months is held as a
# class, since its definition has to be read, and a list may hold what one order after another put there.
MADE_BY = {
    "list": ("individual", "surveillance", "temporary"),
    "class": ("generic", "individual", "temporary"),
    "temporary": ("temporary",),
    "analogue": ("analogue",),
    "effect": ("effect",),
}


@dataclass(frozen=True)
class Options:
    """Every option, by file and by identifier."""

    files: Mapping[str, Instances]
    by_id: Mapping[str, Option]

    def of(self, jurisdiction: str = "", type: str = "", provision: str = "") -> tuple[Option, ...]:  # noqa: A002 (the word of the field)
        """The options of a jurisdiction, of a type, or by which a provision was made; all if empty."""
        return tuple(
            option
            for option in self.by_id.values()
            if jurisdiction in ("", option.jurisdiction)
            and type in ("", option.type)
            and (not provision or is_instance(provision, option))
        )

    def certainty(self, option: Option, said: Said) -> Known:
        """How sure a field of an option is."""
        return self.files[option.jurisdiction].certainty(said)

    def cites(self, option: Option, said: Said) -> tuple[tuple[Source, str], ...]:
        """The texts a field was read in, each with the place; none where the field is unknown."""
        sources = self.files[option.jurisdiction].sources
        return tuple((sources[key], place) for key, place in said.cites)


def is_instance(provision: str, option: Option) -> bool:
    """Whether a provision, by its identifier, is among those an option says were made by it."""
    return any(fnmatchcase(provision, pattern) for pattern in option.provisions)


def load_options(folder: Path = FOLDER) -> Options:
    """Every file of a folder. Raises RuleFileError, with line and column, at the first fault."""
    documents = [read(file) for file in sorted(folder.glob("*.yaml"))]
    files: dict[str, Instances] = {}
    by_id: dict[str, Option] = {}
    for document in documents:
        instances = options_from(document)
        if instances.jurisdiction in files:
            raise document.error(
                f"`{instances.jurisdiction}` has a file already", ("jurisdiction",)
            )
        files[instances.jurisdiction] = instances
        by_id |= {option.id: option for option in instances.options}
    return Options(files, by_id)


@cache
def shipped() -> Options:
    """The options that ship with this software."""
    return load_options()


def options_from(document: Document) -> Instances:
    """The options of one file. Raises RuleFileError where a citation or an identifier is wrong."""
    instances = validate(document, Instances)
    seen: set[str] = set()
    used: set[str] = set()
    for place, option in enumerate(instances.options):
        if option.id in seen or option.jurisdiction != instances.jurisdiction:
            raise document.error(f"`{option.id}` is not free here", ("options", place, "id"))
        seen.add(option.id)
        for name, said in option.said.items():
            for key, _ in said.cites:
                if key not in instances.sources:
                    path = ("options", place, name, "cite")
                    raise document.error(f"unknown source `{key}`", path)
                used.add(key)
    for key in instances.sources:
        if key not in used:
            raise document.error(f"source `{key}` is cited nowhere", ("sources", key))
    return instances


def mismatches(options: Options, provisions: Mapping[str, Provision]) -> Iterator[str]:
    """Where the options and the rule files of the law contradict each other, in words.

    A pattern that no provision answers to, an instance of another jurisdiction or of a kind that the
    option cannot make, a duration that the rule file states otherwise, and a wording from before the
    option was there or after it was gone.
    """
    for option in options.by_id.values():
        for pattern in option.provisions:
            made = [one for key, one in provisions.items() if fnmatchcase(key, pattern)]
            if not made:
                yield f"{option.id}: there is no provision `{pattern}`"
            yield from (fault for one in made for fault in _contradicted(option, one))


def _contradicted(option: Option, provision: Provision) -> Iterator[str]:
    if provision.jurisdiction != option.jurisdiction:
        yield f"{option.id}: `{provision.id}` is law of {provision.jurisdiction}"
    if option.type not in MADE_BY[provision.kind]:
        yield f"{option.id}: `{provision.id}` is of kind {provision.kind}"
    stated = provision.duration
    extension = option.renewal.months or 0 if option.renewal.how == "extension" else 0
    if stated and (stated.months, stated.extension_months) != (option.duration.months, extension):
        yield f"{option.id}: `{provision.id}` lasts {stated.months} months and {stated.extension_months} more"
    for wording in provision.wordings:
        if wording.since and option.since and wording.since < option.since:
            yield f"{option.id}: `{provision.id}` has a wording from before {option.since}"
        if option.until and (wording.until is None or wording.until > option.until):
            yield f"{option.id}: `{provision.id}` has a wording from after {option.until}"
    if stated is None and option.duration.months:
        yield f"{option.id}: `{provision.id}` states no duration"
