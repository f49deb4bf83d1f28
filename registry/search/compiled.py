"""The scan of `registry.search.kernel`, compiled. Needs the extra `batch`; results are the same.

Two pieces are written for the compiler's back end directly, in vectors of eight words (one cache
line, 512 rows), because it does not find them by itself. They are plain `and`, `or` and `xor`, so
every processor has them, in registers as wide as it offers.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import config, njit, types
from numba.core import cgutils
from numba.extending import intrinsic
from platformdirs import user_cache_path

LANES = 8
# Lines of fifty columns lie in fifty places, which no processor foresees: each line is asked for
# two lines before it is needed.
AHEAD = 2 * LANES
_WORD = ir.IntType(64)
_LINE = ir.VectorType(_WORD, LANES)
_NONE, _ALL = ir.Constant(_LINE, [0] * LANES), ir.Constant(_LINE, [-1] * LANES)

Words = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]


def _kept() -> bool:
    """Whether what is compiled can be kept for the next process; says where."""
    folder = Path(config.CACHE_DIR or user_cache_path("substance-register"))
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    config.CACHE_DIR = str(folder)
    return os.access(folder, os.W_OK)


_KEPT = _kept()


def _number(value: int) -> ir.Constant:
    return ir.Constant(_WORD, value)


def _line(b: ir.IRBuilder, words: ir.Value, word: ir.Value) -> ir.Value:
    """Where the line that begins at a word lies."""
    return b.bitcast(b.gep(words, [word]), _LINE.as_pointer())


def _fetch(b: ir.IRBuilder, line: ir.Value) -> None:
    """Ask for a line of memory without waiting for it. Harmless beyond the end."""
    text, flag = ir.IntType(8).as_pointer(), ir.IntType(32)
    kind = ir.FunctionType(ir.VoidType(), [text, flag, flag, flag])
    fetch = cgutils.get_or_insert_function(b.module, kind, "llvm.prefetch.p0i8")
    read, keep, data = (ir.Constant(flag, value) for value in (0, 3, 1))
    b.call(fetch, [b.bitcast(line, text), read, keep, data])


def _add(b: ir.IRBuilder, x: ir.Value, y: ir.Value, z: ir.Value) -> tuple[ir.Value, ir.Value]:
    """A full adder: the sum of three binary digits, and the carry."""
    half = b.xor(x, y)
    return b.xor(half, z), b.or_(b.and_(x, y), b.and_(half, z))


def _add_eight(b: ir.IRBuilder, low: list[ir.Value], eight: list[ir.Value]) -> ir.Value:
    """Add eight digits of weight one to a number of three digits; the carry has weight eight."""
    ones, twos, fours = (b.load(place) for place in low)
    carries = []
    for x, y in zip(eight[::2], eight[1::2], strict=True):
        ones, carry = _add(b, ones, x, y)
        carries.append(carry)
    twos, first = _add(b, twos, carries[0], carries[1])
    twos, second = _add(b, twos, carries[2], carries[3])
    fours, carry = _add(b, fours, first, second)
    for place, value in zip(low, (ones, twos, fours), strict=True):
        b.store(value, place)
    return carry


@intrinsic
def count(_typing: Any, columns: Any, word: Any, digits: Any, used: Any) -> Any:
    """Sum up one line of each column: digit `d` of the sums goes to words `d * LANES` onwards.

    `columns` are addresses, a multiple of eight of them; `word` is where the line begins in each.
    """

    def generate(context: Any, b: ir.IRBuilder, signature: Any, given: Any) -> Any:
        addresses = context.make_array(signature.args[0])(context, b, given[0])
        sums = context.make_array(signature.args[2])(context, b, given[2]).data
        word, used = given[1], given[3]
        low = [cgutils.alloca_once(b, _LINE) for _ in range(3)]
        carry = cgutils.alloca_once(b, _LINE)
        for place in low:
            b.store(_NONE, place)
        with cgutils.for_range(b, used) as each:
            b.store(_NONE, _line(b, sums, b.mul(each.index, _number(LANES))), align=8)
        length = b.extract_value(addresses.shape, 0)
        with cgutils.for_range_slice(b, _number(0), length, _number(8), _WORD) as (at, _):
            eight = []
            for place in range(8):
                address = b.load(b.gep(addresses.data, [b.add(at, _number(place))]))
                column = b.inttoptr(address, _WORD.as_pointer())
                eight.append(b.load(_line(b, column, word), align=8))
                _fetch(b, _line(b, column, b.add(word, _number(AHEAD))))
            b.store(_add_eight(b, low, eight), carry)
            with cgutils.for_range_slice(b, _number(3), used, _number(1), _WORD) as (digit, _):
                place = _line(b, sums, b.mul(digit, _number(LANES)))
                held, more = b.load(place, align=8), b.load(carry)
                b.store(b.xor(held, more), place, align=8)
                b.store(b.and_(held, more), carry)
        for weight, place in enumerate(low):
            b.store(b.load(place), _line(b, sums, _number(weight * LANES)), align=8)
        return context.get_dummy_value()

    return types.void(columns, word, digits, used), generate


@intrinsic
def reach(_typing: Any, digits: Any, used: Any, needed: Any, reached: Any) -> Any:
    """Whether any of the sums is at least `needed`; `reached` then tells which, bit by bit."""

    def generate(context: Any, b: ir.IRBuilder, signature: Any, given: Any) -> Any:
        sums = context.make_array(signature.args[0])(context, b, given[0]).data
        out = context.make_array(signature.args[3])(context, b, given[3]).data
        used, needed = given[1], given[2]
        so_far = cgutils.alloca_once(b, _LINE)
        b.store(_ALL, so_far)
        with cgutils.for_range(b, used) as each:
            digit = b.load(_line(b, sums, b.mul(each.index, _number(LANES))), align=8)
            lower = b.load(so_far)
            asked = b.trunc(b.lshr(needed, each.index), ir.IntType(1))
            b.store(b.select(asked, b.and_(digit, lower), b.or_(digit, lower)), so_far)
        found = b.load(so_far)
        b.store(found, _line(b, out, _number(0)), align=8)
        kind = ir.FunctionType(_WORD, [_LINE])
        either = cgutils.get_or_insert_function(b.module, kind, "llvm.vector.reduce.or.v8i64")
        return b.icmp_unsigned("!=", b.call(either, [found]), _number(0))

    return types.boolean(digits, used, needed, reached), generate


@intrinsic
def _lowest(_typing: Any, word: Any) -> Any:
    """The number of the lowest bit that is on."""

    def generate(_context: Any, b: ir.IRBuilder, _signature: Any, given: Any) -> Any:
        return b.cttz(given[0], ir.Constant(ir.IntType(1), 1))

    return types.uint64(word), generate


@njit(nogil=True, cache=_KEPT)
def _sum_of(digits: Words, used: int, row: int) -> Any:
    """The sum in one of the 512 rows, put together from its digits."""
    total = np.int64(0)
    for digit in range(used):
        word = digits[digit * LANES + (row >> 6)]
        total |= np.int64((word >> np.uint64(row & 63)) & np.uint64(1)) << digit
    return total


@njit(nogil=True, cache=_KEPT)
def _take(
    reached: Words, digits: Words, used: int, first: int, begin: int, end: int, hits: Numbers
) -> Any:
    """Write the rows of a line that were reached, from `begin` to `end`, into `hits`; how many."""
    taken = 0
    for lane in range(LANES):
        left = reached[lane]
        while left:
            row = lane * 64 + np.int64(_lowest(left))
            left &= left - np.uint64(1)
            if begin <= first + row < end:
                hits[taken, 0] = first + row
                hits[taken, 1] = _sum_of(digits, used, row)
                taken += 1
    return taken


@njit(nogil=True, cache=_KEPT)
def scan(
    address: int,
    words: int,
    bits: int,
    block: int,
    on: Numbers,
    ends: Numbers,
    needed: Numbers,
    used: int,
    empty: Words,
) -> Any:
    """Places of rows that share what they must with a query, and how many bits they share.

    `address` and `words`: where the columns of the arena lie, and how many words they are together;
    `block`: how many words of a column lie together; `on`: which bits the query has; `ends`,
    `needed`: as in `kernel.Runs`; `used`: how many binary digits the sums may have, at least three;
    `empty`: a column without any bit. The result has two columns: place, and bits shared.
    """
    columns = np.full((len(on) + 7) // 8 * 8, np.uint64(empty.ctypes.data))
    digits, reached = np.empty(used * LANES, np.uint64), np.empty(LANES, np.uint64)
    hits, found, run = np.empty((1024, 2), np.int64), 0, 0
    for first in range(ends[0] // 64 // block * block, (ends[-1] + 63) // 64, block):
        width = min(block, words // bits - first)
        for number in range(len(on)):
            columns[number] = address + 8 * (first * bits + on[number] * width)
        line = max(0, ends[0] // 512 * LANES - first)
        for word in range(line, min(width, (ends[-1] + 63) // 64 - first), LANES):
            count(columns, word, digits, used)
            place = (first + word) * 64
            while ends[run + 1] <= place:
                run += 1
            part = run
            while part < len(needed) and ends[part] < place + 512:
                if reach(digits, used, needed[part], reached):
                    if found + 512 > len(hits):
                        hits = np.concatenate((hits, np.empty_like(hits)))
                    begin, end = ends[part], ends[part + 1]
                    found += _take(reached, digits, used, place, begin, end, hits[found:])
                part += 1
    return hits[:found]
