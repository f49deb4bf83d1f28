"""Measures of likeness, exact to the last bit counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from registry.errors import InputError

Numbers = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]

_METRICS = {"tanimoto": (1.0, 1.0), "dice": (0.5, 0.5)}


@dataclass(frozen=True, slots=True)
class Metric:
    """Tversky's index: shared / (shared + alpha × only in query + beta × only in row).

    Both weights 1 make Tanimoto's, both 0.5 Dice's. 0 where nothing is on in either.
    """

    alpha: float = 1.0
    beta: float = 1.0

    def __post_init__(self) -> None:
        if not (self.alpha >= 0 and self.beta >= 0 and self.alpha + self.beta > 0):
            raise InputError(
                f"weights `{self.alpha}` and `{self.beta}` make no measure of likeness"
            )

    def score(self, shared: Numbers, query: int, row: Numbers) -> Scores:
        """From 0 to 1, given the numbers of bits shared, on in the query, and on in each row."""
        other = self.alpha * (query - shared) + self.beta * (row - shared)
        weight = shared + other
        score: Scores = np.divide(shared, weight, out=np.zeros(len(row)), where=weight > 0)
        return score

    def needed(self, query: int, rows: Numbers, at_least: float) -> Numbers:
        """The least number of shared bits that scores `at_least`, for each number of bits in a row.

        Exact: the score just below is asked too, so no rounding decides. Above what the two can
        share where no row of that size can be a hit.
        """
        if at_least <= 0:
            return np.zeros(len(rows), np.int64)
        part = at_least * (self.alpha * query + self.beta * rows)
        guess = part / (1 - at_least * (1 - self.alpha - self.beta))
        needed: Numbers = (guess * (1 - 1e-12)).astype(np.int64)
        most = np.minimum(query, rows)
        while (short := (self.score(needed, query, rows) < at_least) & (needed <= most)).any():
            needed += short
        return needed


def metric_of(name: str, alpha: float | None = None, beta: float | None = None) -> Metric:
    """`tanimoto`, `dice`, or `tversky` with its weights. Raises InputError."""
    if name in _METRICS:
        return Metric(*_METRICS[name])
    if name != "tversky":
        raise InputError(f"`{name}` is no metric: use tanimoto, dice or tversky")
    return Metric(1.0 if alpha is None else alpha, 1.0 if beta is None else beta)
