"""The signals, each items × elements: what it says is 0 where it says nothing, 1 at most."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from catalog.duplicates.checks import columns, names
from catalog.duplicates.checks.asked import Item, Standard
from catalog.duplicates.checks.listed import Lists
from catalog.duplicates.checks.postings import Matrix, Postings, best_of, dice
from catalog.duplicates.checks.types import against
from catalog.duplicates.checks.values import TELLING
from catalog.duplicates.fields import ColumnProfile
from shuqiao.codes.rules import CodeKind

#: From this share of the values on they are codes of a kind, or of none.
MOST: Final = 0.8
FEW: Final = 0.2
#: How little one more different value says: codes of other lists begin with 11, 12, 21 too.
_CHANCE: Final = 0.9


class Standards:
    """All elements, prepared once: what each signal compares items with."""

    def __init__(self, standards: Sequence[Standard]) -> None:
        self.standards = standards
        counts = [len(each.names) for each in standards]
        self._starts = np.concatenate(([0], np.cumsum(counts)[:-1])).astype(np.int64)
        written = [name for each in standards for name in each.names]
        self._names = Postings([list(names.features(each)) for each in written], names.weight)
        self._letters = Postings([list(columns.trios(columns.letters(each))) for each in written])
        self._english = Postings([list(columns.words(each.name_en)) for each in standards])
        self._definitions = Postings(
            [list(names.features(f"{each.name} {each.definition}")) for each in standards],
            names.weight,
        )
        lists = {id(each.codes): each.codes for each in standards if len(each.codes)}
        self._domains = Lists(list(lists.values()))
        # elements of one domain share its list; the last column is that of those that have none
        numbers = {key: number for number, key in enumerate(lists)}
        self._domain_of = np.array([numbers.get(id(e.codes), len(lists)) for e in standards])
        held = [sketch for each in standards for sketch in each.held]
        self._held = Lists(held)
        self._held_by = np.repeat(np.arange(len(standards)), [len(e.held) for e in standards])
        self._types = [each.data_type for each in standards]
        self._has_codes = np.array([len(each.codes) > 0 for each in standards])
        kinds = [each.kind for each in standards]
        self._is_kind = {kind: np.array([each is kind for each in kinds]) for kind in TELLING}
        self._is_any_kind = np.array([each in TELLING for each in kinds])

    def signals(self, items: Sequence[Item]) -> dict[str, Matrix]:
        """Every signal by its name."""
        found = {
            **self.name(items),
            "definition": self.definition(items),
            **self.column(items),
            "type": against([each.data_type for each in items], self._types),
            **self.kind(items),
            **self.domain(items),
            "overlap": self.overlap(items),
        }
        # the first digits of codes are outside of their list, and no other kind
        found["outside"] *= 1 - found["prefix"]
        return found

    def name(self, items: Sequence[Item]) -> dict[str, Matrix]:
        """``name``: how alike the names are; ``cover``: how much of the element's stands in the
        item's.
        """
        shared, totals = self._names.shared([list(names.features(each.name)) for each in items])
        alike = dice(shared, totals, self._names.totals)
        cover = np.asarray(shared / np.maximum(self._names.totals, 1e-6)[None, :], np.float32)
        return {
            "name": best_of(alike, self._starts),
            "cover": best_of(cover, self._starts),
        }

    def definition(self, items: Sequence[Item]) -> Matrix:
        bags = [list(names.features(f"{each.name} {each.definition}")) for each in items]
        shared, totals = self._definitions.shared(bags)
        return dice(shared, totals, self._definitions.totals)

    def column(self, items: Sequence[Item]) -> dict[str, Matrix]:
        """``letters``: initials of a name of the element; ``english``: words of its English one."""
        runs = [list(columns.trios(columns.letters(each.column_name))) for each in items]
        shared, totals = self._letters.shared(runs)
        letters = best_of(dice(shared, totals, self._letters.totals), self._starts)
        words = [list(columns.words(each.column_name)) for each in items]
        shared, totals = self._english.shared(words)
        return {"letters": letters, "english": dice(shared, totals, self._english.totals)}

    def kind(self, items: Sequence[Item]) -> dict[str, Matrix]:
        """``kind``: share of the values that are codes of the element's kind; ``other``: they are
        of another one, or of none although the element has one; ``prefix``: share that are the
        first digits of division codes.
        """
        shape = len(items), len(self.standards)
        kind, other, prefix = (np.zeros(shape, np.float32) for _each in range(3))
        held = np.array([each.values.rows > 0 for each in items])
        prefixes = np.array([_prefix(each.values) for each in items], np.float32)
        is_kind = np.zeros(len(items), bool)
        for each, has_kind in self._is_kind.items():
            share = np.array([item.values.kinds.get(each, 0.0) for item in items], np.float32)
            kind[:, has_kind] = np.where(share >= MOST, share, 0)[:, None]
            none = held & (share <= FEW)
            if each is CodeKind.DIVISION_CODE:
                prefix[:, has_kind] = prefixes[:, None]
                none &= prefixes == 0
            other[:, has_kind] = none[:, None]
            is_kind |= share >= MOST
        other[:, ~self._is_any_kind] = is_kind[:, None]
        return {"kind": kind, "other": other, "prefix": prefix}

    def domain(self, items: Sequence[Item]) -> dict[str, Matrix]:
        """``domain``: share of the values that are codes of the element's domain, each the less the
        more domains have it; ``outside``: share that are none, where the element has a domain.
        """
        found = self._domains.shares([each.values for each in items])
        plain, weighed = (np.pad(each, ((0, 0), (0, 1)))[:, self._domain_of] for each in found)
        held = np.array([each.values.rows > 0 for each in items])
        outside = (1 - plain) * self._has_codes[None, :] * held[:, None]
        return {"domain": weighed, "outside": outside.astype(np.float32)}

    def overlap(self, items: Sequence[Item]) -> Matrix:
        """Share of the values that an item bound to the element holds too; the best of them."""
        found = np.zeros((len(items), len(self.standards)), np.float32)
        if self._held.count:
            _plain, weighed = self._held.shares([each.values for each in items])
            held_by, starts = np.unique(self._held_by, return_index=True)
            found[:, held_by] = best_of(weighed, starts)
        return found


def _prefix(values: ColumnProfile) -> float:
    """Share of the values that begin as division codes do; the more of them differ, the less is it
    by chance.
    """
    share = max(values.prefixes.values(), default=0.0)
    return share * (1 - _CHANCE ** len(values.digests)) if share >= MOST else 0.0
