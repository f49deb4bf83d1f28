"""The structures of the register, looked through by identity, likeness and containment.

About a thousand structures, held in memory of the process that searches. What is found is evidence
for an expert, never a legal answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from registry.chem.fingerprint import MORGAN, PATTERN, SCHEMES, FingerprintScheme, packed
from registry.chem.identity import SCHEME, layers
from registry.chem.parse import Format, read_structure
from registry.chem.standardise import Component, Standardised, standardise
from registry.chem.substructure import holds, read_smarts
from registry.errors import InputError, StructureError
from registry.facts import Layers, Substance
from registry.search.metric import metric_of

Words = npt.NDArray[np.uint64]


class Mode(StrEnum):
    """What is looked for."""

    EXACT = "exact"
    SIMILAR = "similar"
    SUBSTRUCTURE = "substructure"  # substances that hold the query
    SUPERSTRUCTURE = "superstructure"  # substances that the query holds


LAYERS = {
    "composition": "formula",
    "connectivity": "connectivity",
    "stereo": "stereo",
    "isotope": "isotope",
    "tautomer": "tautomer",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search. `text` is a structure, or a SMARTS where `smarts` is set.

    `threshold`, `metric`, `alpha`, `beta` and `fingerprint` matter for `SIMILAR`; `agree` names the
    layers that must agree for `EXACT`; `stereo` asks that configurations agree in containment.
    """

    text: str
    format: Format = Format.AUTO
    mode: Mode = Mode.SIMILAR
    threshold: float = 0.5
    metric: str = "tanimoto"
    alpha: float | None = None
    beta: float | None = None
    fingerprint: str = MORGAN.name
    agree: tuple[str, ...] = ("connectivity",)
    stereo: bool = False
    smarts: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A substance found. `rank` orders hits: lower is better, equal ones by identifier.

    `atoms` are those of the substance's standardised structure (of the query's, where the query
    holds the substance) that correspond. `layers` says of each layer whether it agrees.
    """

    substance: str
    rank: float
    score: float | None = None
    atoms: tuple[int, ...] = ()
    layers: dict[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One active component of a substance on record."""

    substance: str
    component: Component
    layers: Layers

    @property
    def size(self) -> int:
        return len(self.component.atoms)


class Library:
    """The structures of some substances, made ready once. Not for several threads at once."""

    def __init__(self, substances: Iterable[Substance]) -> None:
        entries = (entry for one in substances if one.smiles for entry in _entries(one))
        # The order of hits of a search for substructures.
        self.entries = tuple(sorted(entries, key=lambda entry: (entry.size, entry.substance)))
        self._rows: dict[str, Words] = {}

    def prepare(self, wanted: Wanted) -> None:
        """Make the fingerprints that a search needs. Raises InputError for an unknown one."""
        if wanted.mode is Mode.SIMILAR:
            self._fingerprints(_scheme(wanted))
        elif wanted.mode is not Mode.EXACT:
            self._fingerprints(PATTERN)

    def search(self, wanted: Wanted, enough: int | None = None) -> tuple[Hit, ...]:
        """Every substance found, best first; or, where there are more, at least the best `enough`.

        Raises StructureError or GateRefusal for a query that cannot be read, InputError for an
        unknown metric, fingerprint or layer. Its time has no bound: see `registry.chem.worker`.
        """
        find: Callable[[Wanted], Iterator[Hit]] = {
            Mode.EXACT: self._same,
            Mode.SIMILAR: self._similar,
            Mode.SUBSTRUCTURE: self._holding,
            Mode.SUPERSTRUCTURE: self._held,
        }[wanted.mode]
        best: dict[str, Hit] = {}
        for hit in find(wanted):
            if hit.substance not in best or hit.rank < best[hit.substance].rank:
                best[hit.substance] = hit
            if len(best) == enough and wanted.mode in (Mode.SUBSTRUCTURE, Mode.SUPERSTRUCTURE):
                break
        return tuple(sorted(best.values(), key=lambda hit: (hit.rank, hit.substance)))

    def _same(self, wanted: Wanted) -> Iterator[Hit]:
        if unknown := set(wanted.agree) - LAYERS.keys():
            raise InputError(f"`{min(unknown)}` is no layer: use {', '.join(LAYERS)}")
        for part in _read(wanted).active:
            asked = layers(part.mol, part.labelled)
            for entry in self.entries:
                agreed = {
                    name: getattr(asked, layer) == getattr(entry.layers, layer)
                    for name, layer in LAYERS.items()
                }
                if all(agreed[name] for name in wanted.agree):
                    yield Hit(entry.substance, -sum(agreed.values()), layers=agreed)

    def _similar(self, wanted: Wanted) -> Iterator[Hit]:
        scheme = _scheme(wanted)
        measure = metric_of(wanted.metric, wanted.alpha, wanted.beta)
        rows = self._fingerprints(scheme)
        sizes = np.bitwise_count(rows).sum(axis=1, dtype=np.int64)
        for query in packed((part.mol for part in _read(wanted).active), scheme):
            shared = np.bitwise_count(rows & query).sum(axis=1, dtype=np.int64)
            scores = measure.score(shared, int(np.bitwise_count(query).sum()), sizes)
            for place in np.flatnonzero(scores >= wanted.threshold):
                score = float(scores[place])
                yield Hit(self.entries[place].substance, -score, score)

    def _holding(self, wanted: Wanted) -> Iterator[Hit]:
        """Those that hold every active component of the query, or the SMARTS; the smallest first."""
        places: Iterable[int] = range(len(self.entries))
        if wanted.smarts:
            queries = [read_smarts(wanted.text)]
        else:
            queries = [part.mol for part in _read(wanted).active]
            asked = np.bitwise_or.reduce(packed(queries, PATTERN))
            screened = ((self._fingerprints(PATTERN) & asked) == asked).all(axis=1)
            places = np.flatnonzero(screened).tolist()
        for place in places:
            entry = self.entries[place]
            found = [holds(entry.component.mol, query, stereo=wanted.stereo) for query in queries]
            if all(found):
                atoms = {entry.component.atoms[atom] for part in found for atom in part}
                yield Hit(entry.substance, float(entry.size), atoms=tuple(sorted(atoms)))

    def _held(self, wanted: Wanted) -> Iterator[Hit]:
        """Those that some active component of the query holds; the largest first."""
        if wanted.smarts:
            raise StructureError("a SMARTS holds nothing: give a structure")
        parts = _read(wanted).active
        rows, asked = self._fingerprints(PATTERN), packed((part.mol for part in parts), PATTERN)
        screened = np.stack([((rows & ~one) == 0).all(axis=1) for one in asked])
        left = [self.entries[place] for place in np.flatnonzero(screened.any(axis=0))]
        for entry in sorted(left, key=lambda entry: (-entry.size, entry.substance)):
            for part in parts:
                if found := holds(part.mol, entry.component.mol, stereo=wanted.stereo):
                    atoms = tuple(sorted(part.atoms[atom] for atom in found))
                    yield Hit(entry.substance, -float(entry.size), atoms=atoms)
                    break

    def _fingerprints(self, scheme: FingerprintScheme) -> Words:
        if scheme.name not in self._rows:
            self._rows[scheme.name] = packed(
                (entry.component.mol for entry in self.entries), scheme
            )
        return self._rows[scheme.name]


def _scheme(wanted: Wanted) -> FingerprintScheme:
    if wanted.fingerprint not in SCHEMES:
        known = ", ".join(SCHEMES)
        raise InputError(f"`{wanted.fingerprint}` is no fingerprint: use {known}")
    return SCHEMES[wanted.fingerprint]


def _entries(substance: Substance) -> Iterator[Entry]:
    """Layers on record are taken where they are of this very procedure, else made again."""
    parts = standardise(read_structure(substance.smiles, Format.SMILES, bounded=False)).active
    for part in parts:
        known = substance.layers if len(parts) == 1 else None
        if known is None or known.scheme != SCHEME:
            known = layers(part.mol, part.labelled)
        yield Entry(substance.id, part, known)


def _read(wanted: Wanted) -> Standardised:
    if wanted.smarts:
        raise StructureError("only a search for substructures takes a SMARTS")
    return standardise(read_structure(wanted.text, wanted.format))
