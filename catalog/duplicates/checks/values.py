"""What a column holds, told without a value of it: how many keep to the form of which codes, and a
sketch of keyed digests.
"""

import hmac
from collections.abc import Iterable
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from catalog.duplicates.fields import ColumnProfile, Digests
from shuqiao.codes.rules import RULES, CodeKind

#: So many rows of a column are looked at, and so many of its different values are sketched.
ROWS: Final = 2_000
SKETCHED: Final = 256
#: Kinds of codes that say what a datum is; that something is a day says little.
TELLING: Final = (CodeKind.CREDIT_CODE, CodeKind.IDENTITY_NUMBER, CodeKind.DIVISION_CODE)
#: The first two digits of every division code (GB/T 2260): the provinces.
PROVINCES: Final = (
    *("11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37"),
    *("41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54"),
    *("61", "62", "63", "64", "65", "71", "81", "82"),
)


def profile(values: pa.Array, key: bytes) -> ColumnProfile:
    """The profile of at most ``ROWS`` values of any type. An empty text is no value."""
    texts = texts_of(values.slice(0, ROWS))
    if not len(texts):
        return ColumnProfile()
    counted = texts.value_counts()
    different = counted.field("values").to_pylist()
    digests = digested(different, key)
    order = np.argsort(digests, kind="stable")[:SKETCHED]
    return ColumnProfile(
        rows=len(texts),
        kinds={kind: share for kind in TELLING if (share := _share(texts, kind)) > 0},
        prefixes=_prefixes(texts),
        digests=digests[order],
        counts=np.asarray(counted.field("counts"))[order],
    )


def digested(values: Iterable[str], key: bytes) -> Digests:
    """HMAC-SHA-256 of each value under our own key, the first eight bytes as a number."""
    return np.fromiter(
        (int.from_bytes(hmac.digest(key, each.encode(), "sha256")[:8]) for each in values),
        np.uint64,
    )


def texts_of(values: pa.Array) -> pa.StringArray:
    """The values that are there, of any plain type, as trimmed texts."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if pa.types.is_nested(values.type) or pa.types.is_binary(values.type):
        return pa.array([], pa.string())
    texts = pc.utf8_trim_whitespace(values.cast(pa.string()).drop_null())
    return texts.filter(pc.greater(pc.utf8_length(texts), 0))


def _share(texts: pa.StringArray, kind: CodeKind) -> float:
    is_sound = np.asarray(RULES[kind].faults_of(texts)) == 0
    if kind is CodeKind.DIVISION_CODE:
        is_sound &= _begins_with_province(texts)
    return float(is_sound.mean())


def _prefixes(texts: pa.StringArray) -> dict[int, float]:
    """Shares of texts of two and of four digits that begin as a division code does."""
    begins = _begins_with_province(texts) & np.asarray(pc.match_substring_regex(texts, "^[0-9]+$"))
    sizes = np.asarray(pc.utf8_length(texts))
    shares = {digits: float((begins & (sizes == digits)).mean()) for digits in (2, 4)}
    return {digits: share for digits, share in shares.items() if share > 0}


def _begins_with_province(texts: pa.StringArray) -> npt.NDArray[np.bool_]:
    return np.asarray(pc.is_in(pc.utf8_slice_codeunits(texts, 0, 2), value_set=_provinces()))


@cache
def _provinces() -> pa.StringArray:
    return pa.array(PROVINCES)
