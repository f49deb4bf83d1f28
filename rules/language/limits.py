"""Limits a law sets on a group as a whole: which elements, how many carbons, how long, how heavy.

Every figure counts the atoms given and the hydrogen on them; the core and the bond to it are left
out, and the cut bond is not filled up with hydrogen. Chains are unbroken runs of atoms outside
rings (ring atoms are not counted); with `chain_counts: backbone` an atom other than carbon counts
only where it stands between two others. Masses are average masses in u.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from rules.language.view import View

Span = Annotated[tuple[int, int], Field(description="least and most, both included")]


class Limits(BaseModel):
    """`elements`, `ring_elements`: those that may occur (in rings). `needs`: those that must.
    `carbons`, `atoms`, `chain`, `ring_sizes`, `ring_count`, `rings_hetero`: least and most; of the
    whole, of the longest chain, of each ring. `counts`: exactly so many atoms of an element."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    elements: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    carbons: Span | None = None
    atoms: Span | None = None
    chain: Span | None = None
    chain_elements: frozenset[str] = frozenset()
    chain_counts: Literal["all", "backbone"] = "all"
    counts: dict[str, int] = {}
    mass_at_most: Decimal | None = None
    ring_count: Span | None = None
    ring_sizes: Span | None = None
    ring_elements: frozenset[str] = frozenset()
    rings_hetero: Span | None = None

    def fit(self, view: View, atoms: Collection[int]) -> bool:
        """Whether a set of atoms of a molecule stays within every limit."""
        elements = [view.elements[atom] for atom in atoms]
        return (
            (not self.elements or self.elements.issuperset(elements))
            and self.needs.issubset(elements)
            and within(self.carbons, elements.count("C"))
            and within(self.atoms, len(elements))
            and all(elements.count(symbol) == count for symbol, count in self.counts.items())
            and self._light(view, atoms)
            and self._short(view, atoms)
            and self._rings_fit(view, atoms)
        )

    def _light(self, view: View, atoms: Collection[int]) -> bool:
        return self.mass_at_most is None or view.mass_of(atoms) <= float(self.mass_at_most)

    def _short(self, view: View, atoms: Collection[int]) -> bool:
        if self.chain is None and not self.chain_elements:
            return True
        chain = view.chain_atoms(atoms)
        if self.chain_counts == "backbone":
            chain = view.backbone(chain)
        symbols = {view.elements[atom] for atom in chain}
        fits = not self.chain_elements or self.chain_elements.issuperset(symbols)
        return fits and within(self.chain, view.longest_chain(chain))

    def _rings_fit(self, view: View, atoms: Collection[int]) -> bool:
        if not (self.ring_count or self.ring_sizes or self.ring_elements or self.rings_hetero):
            return True
        rings = [ring for ring in view.rings if ring.issubset(atoms)]
        return within(self.ring_count, len(rings)) and all(
            self._ring_fits(view, ring) for ring in rings
        )

    def _ring_fits(self, view: View, ring: frozenset[int]) -> bool:
        symbols = [view.elements[atom] for atom in ring]
        hetero = len(symbols) - symbols.count("C")
        return (
            within(self.ring_sizes, len(ring))
            and within(self.rings_hetero, hetero)
            and (not self.ring_elements or self.ring_elements.issuperset(symbols))
        )


def within(span: tuple[int, int] | None, figure: int) -> bool:
    """Whether a figure lies in a span, both ends included; no span sets no limit."""
    return span is None or span[0] <= figure <= span[1]
