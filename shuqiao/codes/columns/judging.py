"""How a column of codes is judged: bytes of one width, turned so that each place of the code is one
run of numbers, and compared all at once.

What is given for each value is its fault by number: 0 none, else the place in the code's ``FAULTS``
counted from 1.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Numbers = npt.NDArray[np.uint8]
Wide = npt.NDArray[np.uint16]
Masks = npt.NDArray[np.bool_]
#: Places × values → the fault of each value.
Judge = Callable[[Numbers], Numbers]

#: Byte that is no character of the code; byte of a character beyond ASCII.
UNKNOWN: Final = 0x80
BEYOND: Final = 0xC0
_ZERO: Final = np.uint8(ord("0"))
#: Bytes of characters beyond ASCII once the digit 0 is 0: so many from there.
_FROM, _BYTES = np.uint8(128 - ord("0")), np.uint8(128)
#: Values judged at once: all places of so many stay in the cache.
_AT_ONCE: Final = 8_192


def alphabet(values: Mapping[str, int]) -> bytes:
    """Translates the bytes of a text: a character to its value (below 64), others to ``UNKNOWN``
    or ``BEYOND``.
    """
    known = {ord(character): value for character, value in values.items()}
    return bytes(known.get(byte, UNKNOWN if byte < 128 else BEYOND) for byte in range(256))


def faults(
    texts: pa.Array, width: int, table: bytes | None, judge: Judge, *, length: int, character: int
) -> pa.UInt8Array:
    """The faults of a column of codes of ``width`` characters each.

    ``table``: of an ``alphabet``; without one a digit is its value, any other character more than
    9, and ``judge`` finds it. ``length`` and ``character``: faults of other widths, and of
    characters the code does not have.
    """
    texts = plain(texts)
    sizes = byte_sizes(texts)
    found = np.full(len(texts), length, np.uint8)
    fits, data = of_size(texts, sizes, width)
    if fits is None or fits.any():
        judged = _judged(data, width, table, judge, length=length, character=character)
        found[slice(None) if fits is None else fits] = judged
    if fits is not None and int(sizes.max(initial=0)) > width:
        characters = np.asarray(pc.utf8_length(texts).fill_null(0))
        found[(characters == width) & ~fits] = character
    return answer(found, texts)


def answer(found: Numbers, texts: pa.Array) -> pa.UInt8Array:
    """``found`` as a column, null where there was no value."""
    nulls = np.asarray(pc.is_null(texts)) if texts.null_count else None
    return pa.array(found, pa.uint8(), mask=nulls)


def plain(texts: pa.Array) -> pa.StringArray:
    """A column of texts as one with offsets of four bytes."""
    if pa.types.is_dictionary(texts.type):
        texts = texts.dictionary_decode()
    return texts if texts.type == pa.string() else texts.cast(pa.string())


def byte_sizes(texts: pa.StringArray) -> npt.NDArray[np.int32]:
    """How many bytes each value has; what stands for a null has any number."""
    _validity, offsets, _data = texts.buffers()
    if offsets is None:
        return np.zeros(0, np.int32)
    held = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return np.diff(held)


def of_size(
    texts: pa.StringArray, sizes: npt.NDArray[np.int32], size: int
) -> tuple[Masks | None, memoryview]:
    """Which values have ``size`` bytes – None: all – and those bytes one after the other."""
    fits = sizes == size
    if texts.null_count:
        fits &= np.asarray(pc.is_valid(texts))
    if fits.all():
        return None, _bytes(texts)
    return fits, _bytes(texts.filter(pa.array(fits)))


def blocks(data: memoryview, width: int, table: bytes | None) -> Iterator[tuple[slice, Numbers]]:
    """The translated bytes block by block, places × values, each place in one run."""
    rows = len(data) // width if width else 0
    for start in range(0, rows, _AT_ONCE):
        stop = min(rows, start + _AT_ONCE)
        part = data[start * width : stop * width]
        values = part if table is None else bytes(part).translate(table)
        held = np.frombuffer(values, np.uint8).reshape(stop - start, width)
        places = np.ascontiguousarray(held.T)
        yield slice(start, stop), places if table is not None else places - _ZERO


def weighted(places: Numbers, weights: tuple[int, ...]) -> Wide:
    """Σ value · weight of each value; without meaning where a character is unknown."""
    total = np.zeros(places.shape[1], np.uint16)
    for place, weight in zip(places, weights, strict=True):
        total += place.astype(np.uint16) * np.uint16(weight)
    return total


def remainder(total: Wide, divisor: int) -> Wide:
    """``total`` mod ``divisor``: numpy divides many at once, but takes remainders one by one."""
    whole = total // np.uint16(divisor)
    return np.asarray(total - whole * np.uint16(divisor), np.uint16)


def number(places: Numbers) -> Wide:
    """The decimal number that digits stand for."""
    total = np.zeros(places.shape[1], np.uint16)
    for place in places:
        total = np.asarray(total * np.uint16(10) + place, np.uint16)
    return total


def _judged(
    data: memoryview, width: int, table: bytes | None, judge: Judge, *, length: int, character: int
) -> Numbers:
    found = np.zeros(len(data) // width, np.uint8)
    for where, places in blocks(data, width, table):
        part = judge(places)
        if table is not None:
            part[(np.bitwise_or.reduce(places, axis=0) & UNKNOWN) != 0] = character
        wrong = np.flatnonzero(part == character)
        if len(wrong):  # as many bytes as the code has, and fewer characters
            strange = places[:, wrong]
            is_beyond = strange >= BEYOND if table is not None else strange - _FROM < _BYTES
            part[wrong[is_beyond.any(axis=0)]] = length
        found[where] = part
    return found


def _bytes(texts: pa.StringArray) -> memoryview:
    _validity, offsets, data = texts.buffers()
    if data is None or not len(texts):
        return memoryview(b"")
    held = np.frombuffer(offsets, np.int32)
    first, last = int(held[texts.offset]), int(held[texts.offset + len(texts)])
    return memoryview(data)[first:last]
