"""Columns of dates and times in the extended form of GB/T 7408.1."""

from typing import Final

import numpy as np
import pyarrow as pa

from shuqiao.codes.columns.calendar import are_days
from shuqiao.codes.columns.judging import (
    Masks,
    Numbers,
    answer,
    blocks,
    byte_sizes,
    of_size,
    plain,
)
from shuqiao.codes.moments import PLACES

#: Characters once the digit 0 is 0; a byte, so that what comes before it is at the other end.
_DASH, _COLON, _T, _Z, _PLUS = ((ord(each) - ord("0")) % 256 for each in "-:TZ+")
_POINT, _COMMA = ((ord(each) - ord("0")) % 256 for each in ".,")
_FORM, _DAY, _CLOCK, _ZONE = range(1, 5)
_DATE_WIDTH: Final = 10


def date_faults_of(texts: pa.Array) -> pa.UInt8Array:
    """The fault of each date by its place in ``moments.FAULTS`` from 1; 0: none."""
    return _faults(texts, has_date=True, has_time=False)


def time_faults_of(texts: pa.Array) -> pa.UInt8Array:
    """The same of each time of day."""
    return _faults(texts, has_date=False, has_time=True)


def datetime_faults_of(texts: pa.Array) -> pa.UInt8Array:
    """The same of each date with a time."""
    return _faults(texts, has_date=True, has_time=True)


def _faults(texts: pa.Array, *, has_date: bool, has_time: bool) -> pa.UInt8Array:
    """Values of one width are judged together: where a part stands depends on it alone, and on
    how the value ends.
    """
    texts = plain(texts)
    sizes = byte_sizes(texts)
    found = np.full(len(texts), _FORM, np.uint8)
    ahead = _DATE_WIDTH if has_date else 0
    shortest, longest = (ahead, ahead) if not has_time else (ahead + 5, ahead + 10 + PLACES + 6)
    for width in np.flatnonzero(np.bincount(np.clip(sizes, 0, longest + 1))):
        if not shortest <= width <= longest:
            continue
        fits, data = of_size(texts, sizes, int(width))
        judged = np.zeros(len(data) // int(width), np.uint8)
        for where, places in blocks(data, int(width), None):
            judged[where] = _judge(places, has_date=has_date, has_time=has_time)
        found[slice(None) if fits is None else fits] = judged
    return answer(found, texts)


def _judge(places: Numbers, *, has_date: bool, has_time: bool) -> Numbers:
    found = np.zeros(places.shape[1], np.uint8)
    if has_time:
        clock = places[_DATE_WIDTH + 1 :] if has_date else places
        found = _clock_faults(clock)
    if has_date:
        date = places[:_DATE_WIDTH]
        is_form = _are_digits(date, (0, 1, 2, 3, 5, 6, 8, 9))
        is_form &= (date[4] == _DASH) & (date[7] == _DASH)
        if has_time:
            is_form &= places[_DATE_WIDTH] == _T
        is_free = is_form & (found != _FORM)
        found[is_free & ~are_days(date[:4], date[5:7], date[8:10])] = _DAY
        found[~is_form] = _FORM
    return found


def _clock_faults(places: Numbers) -> Numbers:
    """Of the part after the date; zones of all three widths are tried where the value ends so."""
    found = np.full(places.shape[1], _FORM, np.uint8)
    if len(places) < 5:
        return found
    is_utc = places[-1] == _Z
    has_offset = np.zeros_like(is_utc)
    if len(places) >= 11:
        has_offset = (places[-6] == _PLUS) | (places[-6] == _DASH)
    for zone, chosen in ((1, is_utc), (6, has_offset), (0, ~is_utc & ~has_offset)):
        if chosen.all():
            return _of_shape(places, zone)
        if chosen.any():
            found[chosen] = _of_shape(np.ascontiguousarray(places[:, chosen]), zone)
    return found


def _of_shape(places: Numbers, zone: int) -> Numbers:
    body, tail = places[: len(places) - zone], places[len(places) - zone :]
    found = np.zeros(places.shape[1], np.uint8)
    if len(body) not in (5, 8) and not 10 <= len(body) <= 9 + PLACES:
        found[:] = _FORM
        return found
    if zone == 6:
        ahead, apart = tail[1] * np.uint8(10) + tail[2], tail[4] * np.uint8(10) + tail[5]
        is_none = (tail[0] == _DASH) & (ahead == 0) & (apart == 0)
        found[(ahead > 23) | (apart > 59) | is_none] = _ZONE
    wrong = (body[0] * np.uint8(10) + body[1] > 23) | (body[3] * np.uint8(10) + body[4] > 59)
    is_form = _are_digits(body, (0, 1, 3, 4)) & (body[2] == _COLON)
    if len(body) >= 8:
        wrong |= body[6] * np.uint8(10) + body[7] > 59
        is_form &= _are_digits(body, (6, 7)) & (body[5] == _COLON)
    if len(body) >= 10:
        is_form &= _are_digits(body, tuple(range(9, len(body)))) & (
            (body[8] == _POINT) | (body[8] == _COMMA)
        )
    if zone == 6:
        is_form &= _are_digits(tail, (1, 2, 4, 5)) & (tail[3] == _COLON)
    found[wrong] = _CLOCK
    found[~is_form] = _FORM
    return found


def _are_digits(places: Numbers, at: tuple[int, ...]) -> Masks:
    return np.asarray(np.maximum.reduce(places[list(at)], axis=0) <= 9)
