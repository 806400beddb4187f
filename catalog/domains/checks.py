"""What is wrong with a list of codes, found over whole columns; pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from catalog.domains.words import ACKNOWLEDGED, DefectKind
from shuqiao.errors import FieldError
from shuqiao.i18n import _

#: Rows of a defect that are named; the count is always exact.
ROWS_NAMED: Final = 1_000
_LONGEST_CODE, _LONGEST_LABEL = 100, 200

_MEND: Final = _("Mend the list at its source and send it again.")
_ACKNOWLEDGE: Final = _(
    "Mend the list; or, if it was published so, send it again with the reason for taking it as it "
    "is and the SHA-256 of this file."
)

_REPEATED: Final = (DefectKind.REPEATED_CODE, DefectKind.REPEATED_ROW)

Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

#: The columns of a list: texts, two dates and whether the code was given up.
SHAPE: Final = pa.schema(
    [
        ("code", pa.string()),
        ("label", pa.string()),
        ("parent", pa.string()),
        ("valid_from", pa.date32()),
        ("valid_until", pa.date32()),
        ("is_revoked", pa.bool_()),
    ]
)


@dataclass(frozen=True, slots=True)
class DefectRow:
    """A row of the file, as its spreadsheet numbers it; ``first``: the row that had its code
    before, with the label there.
    """

    row: int
    code: str
    label: str
    first: int = 0
    first_label: str = ""


@dataclass(frozen=True, slots=True)
class Defect:
    """One kind of defect: how many rows, the first 1,000 of them."""

    kind: DefectKind
    count: int
    rows: tuple[DefectRow, ...]
    may_be_acknowledged: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in a list of ``rows`` with so many different codes."""

    rows: int
    codes: int
    defects: tuple[Defect, ...]

    @property
    def surplus(self) -> int:
        """Rows whose code another row has already."""
        return self.rows - self.codes


def examine(listed: pa.Table, *, first_row: int = 2, bad_dates: Sequence[int] = ()) -> Findings:
    """Everything that is wrong with ``listed`` (of ``SHAPE``).

    ``first_row``: number in the file of the first row; ``bad_dates``: places (from 0) whose
    validity could not be read.
    """
    codes, labels = listed["code"].combine_chunks(), listed["label"].combine_chunks()
    found: dict[DefectKind, Rows] = {
        DefectKind.BLANK_CODE: _where(pc.equal(codes, "")),
        DefectKind.BLANK_LABEL: _where(pc.equal(labels, "")),
        DefectKind.TOO_LONG: _where(
            pc.or_(
                pc.greater(pc.utf8_length(codes), _LONGEST_CODE),
                pc.greater(pc.utf8_length(labels), _LONGEST_LABEL),
            )
        ),
        DefectKind.BAD_DATE: np.union1d(_backwards(listed), np.array(bad_dates, np.int64)),
        DefectKind.UNKNOWN_PARENT: _orphans(codes, listed["parent"].combine_chunks()),
    }
    found[DefectKind.REPEATED_ROW], found[DefectKind.REPEATED_CODE] = _repeated(listed)
    found[DefectKind.LOST_ZEROS] = _lost_zeros(codes, found[DefectKind.REPEATED_CODE])
    # codes that lost their zeros are others: no reason makes two meanings of one code right then
    are_other_codes = bool(
        len(found[DefectKind.LOST_ZEROS]) and len(found[DefectKind.REPEATED_CODE])
    )
    refused = {DefectKind.LOST_ZEROS, DefectKind.REPEATED_CODE} if are_other_codes else set()
    named = _Named(codes, labels, first_row)
    defects = tuple(
        Defect(
            kind,
            len(found[kind]),
            named.rows(found[kind], is_repeated=kind in _REPEATED),
            kind in ACKNOWLEDGED and kind not in refused,
        )
        for kind in DefectKind
        if len(found[kind])
    )
    return Findings(len(codes), len(pc.unique(codes)), defects)


def without_repeated(listed: pa.Table) -> pa.Table:
    """``listed`` with each pair of code and label once."""
    repeated, _codes = _repeated(listed)
    keeps = np.ones(listed.num_rows, bool)
    keeps[repeated] = False
    return listed.filter(pa.array(keeps))


def digest(listed: pa.Table) -> str:
    """SHA-256 of the list: a line a code with its members between tabs, dates as ISO writes them,
    0 or 1 for what was given up.
    """
    texts = [listed[name].cast(pa.string()).fill_null("") for name in SHAPE.names[:5]]
    revoked = listed["is_revoked"].cast(pa.int8()).cast(pa.string())
    lines = pc.binary_join_element_wise(*texts, revoked, "\t")
    whole = hashlib.sha256()
    for line in lines.to_pylist():
        whole.update(line.encode() + b"\n")
    return whole.hexdigest()


def listed(rows: Sequence[Mapping[str, str | bool]]) -> pa.Table:
    """Codes that came with their labels, as a list."""
    empty: dict[str, Any] = dict.fromkeys(SHAPE.names[3:5])
    given = [{"parent": "", "is_revoked": False, **empty, **row} for row in rows]
    return pa.Table.from_pylist(given, SHAPE)


def said(defects: Iterable[Defect]) -> list[FieldError]:
    """Each defect as an error of the file, with the rows that it is in."""
    return [
        FieldError(
            "/file",
            each.kind.value,
            _(
                "%(what)s: %(count)s (rows %(rows)s)",
                what=each.kind.label,
                count=each.count,
                rows=", ".join(str(row.row) for row in each.rows),
            ),
            _ACKNOWLEDGE if each.may_be_acknowledged else _MEND,
        )
        for each in defects
    ]


def _where(flags: Any) -> Rows:
    return np.flatnonzero(np.asarray(flags))


def _backwards(listed: pa.Table) -> Rows:
    ends_early = pc.less_equal(listed["valid_until"], listed["valid_from"])
    return _where(pc.fill_null(ends_early, False).combine_chunks())


def _orphans(codes: pa.StringArray, parents: pa.StringArray) -> Rows:
    is_known = pc.or_(pc.equal(parents, ""), pc.is_in(parents, codes))
    return _where(pc.invert(is_known))


def _repeated(listed: pa.Table) -> tuple[Rows, Rows]:
    """Rows that say the same again, and rows that give a code another label at the same time."""
    codes, labels = listed["code"].combine_chunks(), listed["label"].combine_chunks()
    code = np.asarray(codes.dictionary_encode().indices, np.int64)
    label = np.asarray(labels.dictionary_encode().indices, np.int64)
    again = _seen_before(code)
    same = again & _seen_before(code * (int(label.max(initial=0)) + 1) + label)
    other = again & ~same
    if other.any() and listed["valid_from"].null_count < listed.num_rows:
        other &= _overlaps(listed, code, np.isin(code, code[other]))
    blank = np.asarray(pc.equal(codes, ""))
    return np.flatnonzero(same & ~blank), np.flatnonzero(other & ~blank)


def _seen_before(values: npt.NDArray[np.int64]) -> Flags:
    _values, first = np.unique(values, return_index=True)
    again = np.ones(len(values), bool)
    again[first] = False
    return again


def _overlaps(listed: pa.Table, code: npt.NDArray[np.int64], concerned: Flags) -> Flags:
    """Of the rows whose code is repeated, which are valid while an earlier row of it is."""
    begins = np.asarray(listed["valid_from"].cast(pa.int32()).fill_null(-(2**31)))
    ends = np.asarray(listed["valid_until"].cast(pa.int32()).fill_null(2**31 - 1))
    found = np.zeros(len(code), bool)
    last: dict[int, list[tuple[int, int]]] = {}
    for row in np.flatnonzero(concerned):
        period = (int(begins[row]), int(ends[row]))
        earlier = last.setdefault(int(code[row]), [])
        found[row] = any(one[0] < period[1] and period[0] < one[1] for one in earlier)
        earlier.append(period)
    return found


def _lost_zeros(codes: pa.StringArray, repeated: Rows) -> Rows:
    """Codes of digits that are shorter than others where none begins with 0: a program took them
    for numbers. Shorter codes that lead longer ones are a hierarchy, unless codes are repeated.
    """
    digits = np.asarray(pc.match_substring_regex(codes, "^[0-9]+$"))
    numbers = codes.filter(pa.array(digits))
    lengths = np.asarray(pc.utf8_length(numbers))
    widest = int(lengths.max(initial=0))
    shorter = np.flatnonzero(digits)[lengths < widest]
    if not len(shorter) or pc.any(pc.starts_with(numbers, "0")).as_py():
        return np.zeros(0, np.int64)
    if np.isin(repeated, np.flatnonzero(digits)).any():
        return shorter
    next_to = numbers.filter(pa.array(lengths == widest - 1))
    leads = pc.unique(
        pc.utf8_slice_codeunits(numbers.filter(pa.array(lengths == widest)), 0, widest - 1)
    )
    has_gap = len(next_to) > 0 and not pc.all(pc.is_in(next_to, leads)).as_py()
    return shorter if has_gap else np.zeros(0, np.int64)


class _Named:
    """Rows of a list as a report shows them."""

    def __init__(self, codes: pa.StringArray, labels: pa.StringArray, first_row: int) -> None:
        self._codes, self._labels, self._from = codes, labels, first_row

    def rows(self, places: Rows, *, is_repeated: bool) -> tuple[DefectRow, ...]:
        """The first 1,000; with the row that had the code before where it is repeated."""
        shown = places[:ROWS_NAMED]
        codes = self._codes.take(pa.array(shown))
        firsts = pc.index_in(codes, value_set=self._codes).to_pylist() if is_repeated else []
        return tuple(
            DefectRow(
                int(place) + self._from,
                codes[at].as_py()[:_LONGEST_CODE],
                self._label(int(place)),
                firsts[at] + self._from if firsts else 0,
                self._label(firsts[at]) if firsts else "",
            )
            for at, place in enumerate(shown)
        )

    def _label(self, place: int) -> str:
        return str(self._labels[place].as_py())[:_LONGEST_LABEL]
