"""Why an element is proposed, in facts that can be kept: what was compared, how it fits, the share
of the values. No value is among them.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from catalog.duplicates.checks import columns, names
from catalog.duplicates.checks.asked import Item, Standard
from catalog.duplicates.words import Signal

#: From here on a signal is worth telling.
_NEAR = 0.45
_COLUMN = 0.6
_DEFINITION = 0.4
_HELD = 0.5
_OVERLAP = 0.2
_AGAINST = 0.7
_NONE = 0.2


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason. ``how``: in which way; ``term``: the name or kind that it fits; ``share``: per
    cent. ``is_against``: it speaks against.
    """

    signal: Signal
    how: str
    term: str = ""
    share: int = 0
    is_against: bool = False

    def kept(self) -> dict[str, object]:
        return {**asdict(self), "signal": self.signal.value}

    @classmethod
    def of(cls, kept: Mapping[str, object]) -> "Evidence":
        told = dict(kept)
        return cls(Signal(str(told.pop("signal"))), **told)  # type: ignore[arg-type]


def evidence(item: Item, standard: Standard, signals: Mapping[str, float]) -> list[Evidence]:
    """The reasons for and against, the names first."""
    return [
        *_name(item, standard, signals["name"]),
        *_column(item, standard, signals),
        *_values(item, standard, signals),
        *_definition(signals["definition"]),
        *_type(signals["type"]),
    ]


def fingerprint(found: Sequence[Evidence]) -> str:
    """Changes when a reason comes or goes, or a share by some ten per cent. 16 hex digits."""
    told = sorted((each.signal.value, each.how, each.term, each.share // 10) for each in found)
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:16]


def _name(item: Item, standard: Standard, alike: float) -> Iterator[Evidence]:
    written = names.compared(item.name)
    for how, term in (("same", standard.name), *(("synonym", each) for each in standard.synonyms)):
        if names.compared(term) == written:
            yield Evidence(Signal.NAME, how, term)
            return
    for term in sorted(standard.names, key=len, reverse=True):
        if len(term) > 1 and names.compared(term) in written:
            yield Evidence(Signal.NAME, "holds", term)
            return
    if alike >= _NEAR:
        yield Evidence(Signal.NAME, "near", standard.name, _per_cent(alike))


def _column(item: Item, standard: Standard, signals: Mapping[str, float]) -> Iterator[Evidence]:
    if not item.column_name.isascii():
        return
    written = columns.letters(item.column_name)
    for term in standard.names:
        if written and columns.letters(term) == written:
            yield Evidence(Signal.COLUMN, "initials", term)
            return
    if signals["letters"] >= _COLUMN:
        yield Evidence(Signal.COLUMN, "near", standard.name)
    elif signals["english"] >= _COLUMN:
        yield Evidence(Signal.COLUMN, "english", standard.name_en)


def _values(item: Item, standard: Standard, signals: Mapping[str, float]) -> Iterator[Evidence]:
    if not item.values.rows:
        return
    if standard.kind is not None and signals["kind"]:
        yield Evidence(Signal.KIND, "form", standard.kind.value, _per_cent(signals["kind"]))
    if signals["prefix"]:
        digits = max(item.values.prefixes, key=lambda each: item.values.prefixes[each])
        share = _per_cent(item.values.prefixes[digits])
        yield Evidence(Signal.KIND, "prefix", str(digits), share)
    elif signals["other"]:
        yield Evidence(Signal.KIND, "other", _kind_of(item), is_against=True)
    held = _held(item, standard)
    if held >= _HELD:
        yield Evidence(Signal.DOMAIN, "codes", share=_per_cent(held))
    elif len(standard.codes) and held <= _NONE and not signals["prefix"]:
        yield Evidence(Signal.DOMAIN, "outside", share=_per_cent(held), is_against=True)
    if signals["overlap"] >= _OVERLAP:
        yield Evidence(Signal.OVERLAP, "items", share=_per_cent(signals["overlap"]))


def _kind_of(item: Item) -> str:
    """The kind of codes that the values are, "" for none."""
    kinds = [kind.value for kind, share in item.values.kinds.items() if share >= _HELD]
    return kinds[0] if kinds else ""


def _held(item: Item, standard: Standard) -> float:
    counts = item.values.counts
    if not len(standard.codes) or not len(counts):
        return 0.0
    return float(counts[np.isin(item.values.digests, standard.codes)].sum() / counts.sum())


def _definition(alike: float) -> Iterator[Evidence]:
    if alike >= _DEFINITION:
        yield Evidence(Signal.DEFINITION, "near", share=_per_cent(alike))


def _type(against: float) -> Iterator[Evidence]:
    if against >= _AGAINST:
        yield Evidence(Signal.TYPE, "other", is_against=True)


def _per_cent(share: float) -> int:
    """Rounded, and 100 only where it is all."""
    return 100 if share >= 1 else min(99, round(share * 100))
