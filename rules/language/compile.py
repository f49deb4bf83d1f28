"""Readings made ready: patterns compiled once, when rules load, never when a request comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from rdkit import Chem

from registry.errors import RuleFileError
from rules.language.probe import Probe
from rules.language.words import Vocabulary, Word
from rules.schema import Reading, Site, Skeleton
from rules.strict_yaml import Document, Path_, read

VOCABULARY = Path(__file__).with_name("vocabulary.yaml")
Fault = Callable[[str, Path_], RuleFileError]


@dataclass(frozen=True)
class CompiledSkeleton:
    """A core as a pattern, and for each position (map number) its place in a match."""

    skeleton: Skeleton
    core: Chem.Mol
    probe: Probe
    positions: dict[int, int]
    sites: dict[int, Site]


@dataclass(frozen=True)
class CompiledReading:
    skeletons: tuple[CompiledSkeleton, ...]
    words: Vocabulary


@cache
def probe(smarts: str) -> Probe | None:
    """One probe per text."""
    found = pattern(smarts)
    return None if found is None else Probe.of(found)


@cache
def pattern(smarts: str) -> Chem.Mol | None:
    """One pattern object per text, so that rules sharing a core share its matches.

    Bounded by the number of patterns in the rule files.
    """
    return Chem.MolFromSmarts(smarts)


def vocabulary() -> tuple[Vocabulary, Document]:
    """The common words, and the document they were read from."""
    document = read(VOCABULARY)
    words = {}
    for name, content in document.content.items():
        try:
            words[name] = Word.model_validate(content)
        except ValueError as error:
            raise document.error(f"word `{name}`: {error}", (name,)) from None
    for name, word in words.items():
        for other in (*word.any_of, *word.but_not, *(word.tail or ())):
            if other not in words:
                raise document.error(f"`{name}` uses the unknown word `{other}`", (name,))
    return Vocabulary(words), document


def compile_reading(reading: Reading, words: Vocabulary, fault: Fault) -> CompiledReading:
    """Compile every pattern and check every word and position a reading names."""
    own = words.extended(reading.words)
    skeletons = tuple(
        _skeleton(skeleton, own, partial(_fault_at, fault, place))
        for place, skeleton in enumerate(reading.skeletons)
    )
    return CompiledReading(skeletons, own)


def _fault_at(fault: Fault, place: int, text: str) -> RuleFileError:
    return fault(text, ("skeletons", place))


def _skeleton(
    skeleton: Skeleton, words: Vocabulary, fault: Callable[[str], RuleFileError]
) -> CompiledSkeleton:
    core, found = pattern(skeleton.core), probe(skeleton.core)
    if core is None or found is None:
        raise fault(f"core `{skeleton.core}` is not a SMARTS pattern")
    positions = {
        atom.GetAtomMapNum(): atom.GetIdx() for atom in core.GetAtoms() if atom.GetAtomMapNum()
    }
    sites: dict[int, Site] = {}
    for site in skeleton.sites:
        _check_site(site, positions, sites, words, fault)
        sites.update(dict.fromkeys(site.at, site))
    return CompiledSkeleton(skeleton, core, found, positions, sites)


def _check_site(
    site: Site,
    positions: dict[int, int],
    taken: dict[int, Site],
    words: Vocabulary,
    fault: Callable[[str], RuleFileError],
) -> None:
    for number in site.at:
        if number not in positions:
            raise fault(f"site `{site.name}`: the core has no position {number}")
        if number in taken:
            raise fault(f"site `{site.name}`: position {number} belongs to `{taken[number].name}`")
    if site.parent and len(site.at) != 1:
        raise fault(f"site `{site.name}`: a parent group stands at exactly one position")
    for name in words_of(site):
        if name not in words.words:
            raise fault(f"site `{site.name}`: unknown word `{name}`")


def words_of(site: Site) -> set[str]:
    """Every word a site names."""
    tables = (site.becomes, site.carries, site.on_parent, site.ask, site.ask_on_parent)
    named = {name for table in tables for words in table.values() for name in words}
    return named | set(site.then) | ({site.parent} if site.parent else set())
