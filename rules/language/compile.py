"""Readings made ready: patterns compiled once, when rules load, never when a request comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path

from rdkit import Chem

from registry.chem.identity import connectivity
from registry.errors import RuleFileError
from rules.language.probe import Probe
from rules.language.words import Vocabulary, Word
from rules.reading import Bridge, Heaviest, Reading, Site, Skeleton, Table, Upon
from rules.strict_yaml import Document, Path_, read

VOCABULARY = Path(__file__).with_name("vocabulary.yaml")
Fault = Callable[[str, Path_], RuleFileError]
FaultHere = Callable[[str], RuleFileError]


@dataclass(frozen=True)
class CompiledSkeleton:
    """A core as a pattern, and for each position (map number) its place in a match.

    `bonds` is the number of bonds of the core: a molecule that has more between the same atoms has
    closed a ring without adding an atom.
    """

    skeleton: Skeleton
    name: str
    core: Chem.Mol
    probe: Probe
    positions: dict[int, int]
    sites: dict[int, Site]
    but_not: dict[str, Probe]
    bonds: int

    @cached_property
    def telling(self) -> tuple[Site, ...]:
        """The sites, first those that speak of what a compound has to have: most fail there."""
        needs = set(self.skeleton.needs)
        return tuple(sorted(self.skeleton.sites, key=lambda site: needs.isdisjoint(site.clauses)))

    @cached_property
    def needed(self) -> int:
        """How many of them speak of what a compound has to have; -1 where it has to have nothing."""
        needs = set(self.skeleton.needs)
        return sum(not needs.isdisjoint(site.clauses) for site in self.telling) if needs else -1

    def site_of(self, position: int) -> str:
        """The name of the site a position belongs to; empty where it belongs to none."""
        site = self.sites.get(position)
        return site.name if site else ""

    def bridge(self, positions: frozenset[int]) -> Bridge | None:
        """The bridge between the sites that a branch joins, if the class knows one."""
        for bridge in self.skeleton.bridges:
            one, other = (positions & set(side) for side in bridge.between)
            if one and other and positions <= {*bridge.between[0], *bridge.between[1]}:
                return bridge
        return None


@dataclass(frozen=True)
class CompiledUpon:
    """Where to cut, and the connectivity of each substance that may be left by name."""

    upon: Upon
    bond: Probe
    named: dict[str, str]


@dataclass(frozen=True)
class CompiledReading:
    skeletons: tuple[CompiledSkeleton, ...]
    words: Vocabulary
    heaviest: Heaviest | None = None
    upon: CompiledUpon | None = None

    @property
    def probes(self) -> Iterable[Probe]:
        """What a molecule must have one of to be asked at all."""
        yield from (skeleton.probe for skeleton in self.skeletons)
        if self.upon is not None:
            yield self.upon.bond


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
    return extended(Vocabulary({}), document), document


def extended(common: Vocabulary, document: Document) -> Vocabulary:
    """The common words with those of a document, which may override them for one body of law."""
    words = {}
    for name, content in document.content.items():
        try:
            words[name] = Word.model_validate(content)
        except ValueError as error:
            raise document.error(f"word `{name}`: {error}", (name,)) from None
    whole = common.extended(words)
    for name, word in words.items():
        for other in whole.unknown(word.named):
            raise document.error(f"`{name}` uses the unknown word `{other}`", (name,))
    return whole


def compile_reading(reading: Reading, words: Vocabulary, fault: Fault) -> CompiledReading:
    """Compile every pattern and check every word and position a reading names."""
    own = words.extended(reading.words)
    for name, word in reading.words.items():
        for other in own.unknown(word.named):
            raise fault(f"`{name}` uses the unknown word `{other}`", ("words", name))
    skeletons = tuple(
        compiled
        for place, skeleton in enumerate(reading.skeletons)
        for compiled in _skeletons(skeleton, own, partial(_fault_at, fault, place))
    )
    upon = None
    if reading.upon is not None:
        upon = _upon(reading.upon, own, lambda text: fault(text, ("upon",)))
    return CompiledReading(skeletons, own, reading.heaviest, upon)


def _fault_at(fault: Fault, place: int, text: str) -> RuleFileError:
    return fault(text, ("skeletons", place))


def _skeletons(
    skeleton: Skeleton, words: Vocabulary, fault: FaultHere
) -> Iterable[CompiledSkeleton]:
    """Each core of a skeleton with the sites they share."""
    but_not = {clause: _probe(smarts, fault) for clause, smarts in skeleton.but_not.items()}
    for name, smarts in skeleton.patterns.items():
        found = _probe(smarts, fault)
        positions = {
            atom.GetAtomMapNum(): atom.GetIdx()
            for atom in found.pattern.GetAtoms()
            if atom.GetAtomMapNum()
        }
        sites = _sites(skeleton, positions, words, fault)
        bonds = found.pattern.GetNumBonds()
        yield CompiledSkeleton(
            skeleton, name, found.pattern, found, positions, sites, but_not, bonds
        )


def _probe(smarts: str, fault: FaultHere) -> Probe:
    found = probe(smarts)
    if found is None:
        raise fault(f"core `{smarts}` is not a SMARTS pattern")
    return found


def _sites(
    skeleton: Skeleton, positions: dict[int, int], words: Vocabulary, fault: FaultHere
) -> dict[int, Site]:
    """The site of each position. Of several cores one may lack a position the others have."""
    sites: dict[int, Site] = {}
    for site in skeleton.sites:
        _check_site(site, skeleton, positions, sites, fault)
        _check_words(site.name, words_of(site), words, fault)
        sites.update(dict.fromkeys((n for n in site.at if n in positions), site))
    for bridge in skeleton.bridges:
        _check_words(bridge.name, _named(bridge.carries, bridge.ask) | {*bridge.may}, words, fault)
        for name in set(bridge.opened_at) - {site.name for site in skeleton.sites}:
            raise fault(f"bridge `{bridge.name}` opens at the unknown site `{name}`")
    return sites


def _check_site(
    site: Site,
    skeleton: Skeleton,
    positions: dict[int, int],
    taken: dict[int, Site],
    fault: FaultHere,
) -> None:
    for number in site.at:
        if number not in positions and not skeleton.cores:
            raise fault(f"site `{site.name}`: the core has no position {number}")
        if number in taken:
            raise fault(f"site `{site.name}`: position {number} belongs to `{taken[number].name}`")
    if site.parent and len(site.at) != 1:
        raise fault(f"site `{site.name}`: a parent group stands at exactly one position")


def _check_words(place: str, named: set[str], words: Vocabulary, fault: FaultHere) -> None:
    for name in words.unknown(named):
        raise fault(f"site `{place}`: unknown word `{name}`")


def words_of(site: Site) -> set[str]:
    """Every word a site names."""
    named = _named(site.becomes, site.carries, site.on_parent, site.ask, site.ask_on_parent)
    return named | {*site.then, *site.may} | ({site.parent} if site.parent else set())


def _named(*tables: Table) -> set[str]:
    return {name for table in tables for words in table.values() for name in words}


def _upon(upon: Upon, words: Vocabulary, fault: FaultHere) -> CompiledUpon:
    _check_words("upon", set(upon.branch), words, fault)
    named = {}
    for name, smiles in upon.named.items():
        mol = Chem.MolFromSmiles(smiles)
        if mol is None:
            raise fault(f"`{smiles}` is not a structure")
        named[connectivity(mol)] = name
    return CompiledUpon(upon, _probe(upon.cut, fault), named)
