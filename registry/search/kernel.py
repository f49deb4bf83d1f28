"""Counting the bits that a query shares with every row of an arena, 64 rows at a time.

A column holds one bit of each row. Adding up columns bit by bit, as one adds binary numbers on
paper, gives the counts of 64 rows for each word: full adders turn three columns of one weight
into a sum of that weight and a carry of the next. What is left is one column for each binary digit
of the counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import import_module
from itertools import pairwise
from types import ModuleType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]

# An odd number of cache lines, or the columns of a block would compete for the same places in the
# cache.
_WORDS = 65 * 8
BLOCK = _WORDS * 64
_EMPTY = np.zeros(_WORDS, np.uint64)


class Runs(NamedTuple):
    """Stretches of rows that follow one another: `ends[i]` to `ends[i + 1]` must share
    `needed[i]` bits."""

    ends: Numbers
    needed: Numbers


@cache
def compiled() -> ModuleType | None:
    """The compiled scan; None without the extra `batch`. Loaded when first needed: it is heavy."""
    try:
        return import_module("registry.search.compiled")
    except ImportError:
        return None


def transposed(rows: Words) -> Words:
    """At most `BLOCK` rows as columns: shape (bits, words), a whole number of cache lines wide.

    Row `i` is bit `i % 64` of word `i // 64` of each column.
    """
    count, words = rows.shape
    filled = np.zeros((-count % 512 + count, words), np.uint64)
    filled[:count] = rows
    columns = np.empty((words * 64, len(filled) // 64), np.uint64)
    for word in range(words):
        bits = np.unpackbits(filled[:, word : word + 1].view(np.uint8), axis=1, bitorder="little")
        packed = np.packbits(np.ascontiguousarray(bits.T), axis=1, bitorder="little")
        columns[word * 64 : word * 64 + 64] = packed.view(np.uint64)
    return columns


def blocks(columns: Words, bits: int) -> Iterator[tuple[int, Words]]:
    """The first row of each block, and the block."""
    size = bits * _WORDS
    for number, start in enumerate(range(0, len(columns), size)):
        yield number * BLOCK, columns[start : start + size].reshape(bits, -1)


def scan(
    columns: Words, bits: int, query: Words, runs: Runs, threads: int = 1
) -> tuple[Numbers, Numbers]:
    """Places of all rows within `runs` that share what they must, and how many bits they share.

    With numba (the extra `batch`) the work is compiled and shared among `threads`.
    """
    on = np.unpackbits(query.view(np.uint8), bitorder="little").nonzero()[0]
    if threads == 1 or compiled() is None:
        return _scan(columns, bits, on, runs)
    edges = np.linspace(runs.ends[0], runs.ends[-1], threads + 1).astype(np.int64) // 512 * 512
    edges[0], edges[-1] = runs.ends[0], runs.ends[-1]
    parts = [
        Runs(np.clip(runs.ends, begin, end), runs.needed)
        for begin, end in pairwise(edges)
        if begin < end
    ]
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(lambda part: _scan(columns, bits, on, part), parts))
    return np.concatenate([one[0] for one in found]), np.concatenate([one[1] for one in found])


def _scan(columns: Words, bits: int, on: Numbers, runs: Runs) -> tuple[Numbers, Numbers]:
    fast = compiled()
    if fast is None:
        return _plain_scan(columns, bits, on, runs)
    used = max(3, int(len(on) + 1).bit_length())
    found = fast.scan(
        columns.ctypes.data, len(columns), bits, _WORDS, on, runs.ends, runs.needed, used, _EMPTY
    )
    return found[:, 0], found[:, 1]


def _plain_scan(columns: Words, bits: int, on: Numbers, runs: Runs) -> tuple[Numbers, Numbers]:
    found = [
        _scan_block(first, block, on, runs)
        for first, block in blocks(columns, bits)
        if first < runs.ends[-1] and first + BLOCK > runs.ends[0]
    ]
    places = np.concatenate([np.zeros(0, np.int64), *(one[0] for one in found)])
    return places, np.concatenate([np.zeros(0, np.int64), *(one[1] for one in found)])


def _scan_block(first: int, block: Words, on: Numbers, runs: Runs) -> tuple[Numbers, Numbers]:
    begin, end = max(first, runs.ends[0]), min(first + block.shape[1] * 64, runs.ends[-1])
    shared = _counts(_added([block[bit] for bit in on]), block.shape[1] * 64)
    shared = shared[begin - first : end - first]
    lengths = np.diff(np.clip(runs.ends, begin, end)).astype(np.int64)
    hits = np.flatnonzero(shared >= np.repeat(runs.needed, lengths))
    return hits + begin, shared[hits].astype(np.int64)


def _added(columns: list[Words]) -> list[Words]:
    """The binary digits of the sum of columns, lowest first."""
    digits = []
    while columns:
        carries = []
        while len(columns) > 1:
            one, other = columns.pop(), columns.pop()
            half, carry = one ^ other, one & other
            if columns:
                third = columns.pop()
                carry |= half & third
                half ^= third
            carries.append(carry)
            columns.append(half)
        digits.append(columns.pop())
        columns = carries
    return digits


def _counts(digits: list[Words], rows: int) -> npt.NDArray[np.int32]:
    counts = np.zeros(rows, np.int32)
    for weight, digit in enumerate(digits):
        counts += np.unpackbits(digit.view(np.uint8), bitorder="little").astype(np.int32) << weight
    return counts
