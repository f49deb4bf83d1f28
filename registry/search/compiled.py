"""The scan of `registry.search.kernel`, compiled. Needs the extra `batch`; results are the same.

Two pieces are written for the compiler's back end directly, in vectors of eight words (one cache
line, 512 rows), because it does not find them by itself. They are plain `and`, `or` and `xor`, so
every processor has them, in registers as wide as it offers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import config, njit, types
from numba.core import cgutils
from numba.extending import intrinsic
from platformdirs import user_cache_path

LANES = 8
_WORD = ir.IntType(64)
_LINE = ir.VectorType(_WORD, LANES)
_NONE, _ALL = ir.Constant(_LINE, [0] * LANES), ir.Constant(_LINE, [-1] * LANES)

config.CACHE_DIR = config.CACHE_DIR or str(user_cache_path("substance-register"))


def _number(value: int) -> ir.Constant:
    return ir.Constant(_WORD, value)


def _line(b: ir.IRBuilder, words: ir.Value, word: ir.Value) -> ir.Value:
    """Where the line that begins at a word lies."""
    return b.bitcast(b.gep(words, [word]), _LINE.as_pointer())


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


@njit(nogil=True, cache=True)
def _doubled(numbers):
    longer = np.empty(2 * len(numbers), numbers.dtype)
    longer[: len(numbers)] = numbers
    return longer


@njit(nogil=True, cache=True)
def _sum_of(digits, used, row):
    """The sum in one of the 512 rows, put together from its digits."""
    total = 0
    for digit in range(used):
        word = digits[digit * LANES + (row >> 6)]
        total |= np.int64((word >> np.uint64(row & 63)) & np.uint64(1)) << digit
    return total


@njit(nogil=True, cache=True)
def scan(address, words, bits, block_words, on, ends, needed, used, empty):
    """Places of rows that share what they must with a query, and how many bits they share.

    `address` and `words`: where the columns of the arena lie, and how many words they are together;
    `on`: which bits the query has; `ends`, `needed`: as in `kernel.Runs`; `used`: how many binary
    digits the sums may have, at least three; `empty`: a column without any bit.
    """
    columns = np.full((len(on) + 7) // 8 * 8, np.uint64(empty.ctypes.data))
    digits, reached = np.empty(used * LANES, np.uint64), np.empty(LANES, np.uint64)
    places, shared = np.empty(256, np.int64), np.empty(256, np.int64)
    found = run = 0
    for first in range(ends[0] // 64 // block_words * block_words, words // bits, block_words):
        if first * 64 >= ends[-1]:
            break
        width = min(block_words, words // bits - first)
        for number in range(len(on)):
            columns[number] = address + 8 * (first * bits + on[number] * width)
        begin = max(0, ends[0] // 512 * LANES - first)
        end = min(width, (ends[-1] + 511) // 512 * LANES - first)
        for word in range(begin, end, LANES):
            count(columns, word, digits, used)
            place = (first + word) * 64
            while ends[run + 1] <= place:
                run += 1
            part = run
            while part < len(needed) and ends[part] < place + 512:
                if reach(digits, used, needed[part], reached):
                    for lane in range(LANES):
                        word_of = reached[lane]
                        while word_of:
                            row = lane * 64 + np.int64(_lowest(word_of))
                            word_of &= word_of - np.uint64(1)
                            if ends[part] <= place + row < ends[part + 1]:
                                if found == len(places):
                                    places, shared = _doubled(places), _doubled(shared)
                                places[found] = place + row
                                shared[found] = _sum_of(digits, used, row)
                                found += 1
                part += 1
    return places[:found], shared[:found]
