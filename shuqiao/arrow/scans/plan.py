"""The delivery plan (交付计划): one frozen description of what leaves,
the same for every face that delivers it.

A plan names a snapshot or a live relation, the columns with their masks, the row filter and the
limits. It knows items by opaque ids and recipients by texts in the watermark; whether it may run is
decided elsewhere.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

import pyarrow as pa

from shuqiao.arrow.connectors.live import LiveRelation
from shuqiao.arrow.snapshots.columntypes import type_name
from shuqiao.arrow.snapshots.reader import Snapshot
from shuqiao.arrow.terms.filters import Filter, filter_document, filter_items
from shuqiao.arrow.terms.mask_kinds import Mask
from shuqiao.arrow.terms.masks import mask_document
from shuqiao.errors import Invalid
from shuqiao.i18n import _

FORMAT: Final = "shuqiao.plan/1"


class PlanRefused(Invalid):
    """A plan that does not fit its snapshot."""

    code = "plan_refused"
    title = _("This cannot be delivered from the stored data")


@dataclass(frozen=True, slots=True)
class PlanColumn:
    """One delivered column: ``item`` id, ``source`` column of the snapshot of ``type``, ``name`` on
    the wire, mask.
    """

    item: str
    source: str
    name: str
    type: pa.DataType
    mask: Mask | None = None

    @property
    def wire_type(self) -> pa.DataType:
        return self.type if self.mask is None else self.mask.masked_type(self.type)


@dataclass(frozen=True, slots=True)
class Watermark:
    """Who receives the rows under which grant; written into the schema's metadata.

    Nothing of the one fetch: two fetches of a grant are the same bytes.
    """

    recipient: str = ""
    grant_no: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """Most rows and most bytes (Arrow, in memory) of one delivery;
    exceeding one is an error, never a silent end.
    """

    rows: int | None = None
    bytes: int | None = None


@dataclass(frozen=True)
class DeliveryPlan:
    """What leaves, in which order: the snapshot's rows in the
    snapshot's order, filtered, projected, masked.

    A live relation's rows come in the order of its key; one without a key has none, and its plan
    says so.

    ``filter_sources``: physical column by item id, for every item the filter asks about.
    ``mask_key``: the name of the recipient's mask key; a new key must have a new name, since the
    name is part of the plan's identity. Raises :class:`PlanRefused` when columns, types, masks or
    filter do not fit the snapshot.
    """

    source: Snapshot | LiveRelation
    columns: tuple[PlanColumn, ...]
    row_filter: Filter | None = None
    filter_sources: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    mask_key: str = ""
    limits: Limits = Limits()
    watermark: Watermark = Watermark()

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if not names or len(set(names)) != len(names) or not all(names):
            raise PlanRefused(_("A plan needs columns with different names."))
        for column in self.columns:
            self._check_source(column.source, column.type)
            if column.mask is not None and not column.mask.fits(column.type):
                raise PlanRefused(
                    _("The mask of %(name)s does not fit its type.", name=column.name)
                )
        for item, type_ in filter_items(self.row_filter) if self.row_filter else ():
            self._check_source(self.filter_sources.get(item, ""), type_)
        if self.needs_key and not self.mask_key:
            raise PlanRefused(_("A pseudonym needs the name of the recipient's key."))

    def _check_source(self, name: str, type_: pa.DataType) -> None:
        schema = self.source.schema
        if name not in schema.names or schema.field(name).type != type_:
            raise PlanRefused(
                _("The stored data has no column %(name)s of that type.", name=name or "–")
            )

    @property
    def needs_key(self) -> bool:
        return any(column.mask is not None and column.mask.needs_key for column in self.columns)

    @property
    def is_live(self) -> bool:
        """Whether the rows are read from a department's database when they are asked for."""
        return self.source.is_live

    @property
    def snapshot(self) -> Snapshot:
        """The stored rows; only for a plan that is not live."""
        assert isinstance(self.source, Snapshot)
        return self.source

    @property
    def is_ready(self) -> bool:
        """Whether stored batches leave as they are: no filter, no mask."""
        return (
            not self.is_live
            and self.row_filter is None
            and all(column.mask is None for column in self.columns)
        )

    @cached_property
    def schema(self) -> pa.Schema:
        """The declared schema, which is the schema on the wire, with
        the watermark and the fingerprint as metadata.
        """
        stored = self.source.schema
        fields = [
            pa.field(c.name, c.wire_type, stored.field(c.source).nullable) for c in self.columns
        ]
        marks = {
            "shuqiao.recipient": self.watermark.recipient,
            "shuqiao.grant": self.watermark.grant_no,
            "shuqiao.plan": self.fingerprint(),
        }
        return pa.schema(fields, metadata={name: text for name, text in marks.items() if text})

    def fingerprint(self, whole: Sequence[PlanColumn] | None = None) -> str:
        """SHA-256 in hex over what decides the rows: equal
        fingerprints, equal rows in equal order and batches.

        ``whole``: the columns of which this plan delivers a part. The watermark and the limits are
        left out: they change who is told and when it stops, not the rows.
        """
        return _digest({**self._terms(whole or self.columns), **self.source.identity})

    def shape(self, whole: Sequence[PlanColumn] | None = None) -> str:
        """SHA-256 in hex over what stays the same from one edition of the rows to the next:
        columns, types, masks, filter with the types it compares, key and watermark.
        """
        asked = filter_items(self.row_filter) if self.row_filter else ()
        return _digest(
            {
                **self._terms(whole or self.columns),
                "filter_types": {item: type_name(type_) for item, type_ in asked},
                "watermark": [self.watermark.recipient, self.watermark.grant_no],
            }
        )

    def _terms(self, columns: Sequence[PlanColumn]) -> dict[str, Any]:
        needs_key = any(column.mask is not None and column.mask.needs_key for column in columns)
        return {
            "format": FORMAT,
            "columns": [_column_document(column) for column in columns],
            "filter": filter_document(self.row_filter) if self.row_filter else None,
            "filter_sources": self.asked_sources(),
            "mask_key": self.mask_key if needs_key else "",
        }

    def etag(self, media_type: str) -> str | None:
        """A strong entity tag for one face of this plan at a grant's address; none for live rows,
        whose plan does not say which they are.
        """
        if self.is_live:
            return None
        parts = self.fingerprint(), media_type
        return '"' + hashlib.sha256("\0".join(parts).encode()).hexdigest() + '"'

    def needed_sources(self) -> tuple[str, ...]:
        """The physical columns a run reads, each once, in the snapshot's order."""
        needed = {column.source for column in self.columns} | {
            self.filter_sources[i] for i in self._asked_items()
        }
        return tuple(name for name in self.source.schema.names if name in needed)

    def asked_sources(self) -> dict[str, str]:
        """Physical column by item id, for the items the filter asks about."""
        return {item: self.filter_sources[item] for item in self._asked_items()}

    def _asked_items(self) -> list[str]:
        return (
            sorted({item for item, _type in filter_items(self.row_filter)})
            if self.row_filter
            else []
        )


def _digest(document: Mapping[str, Any]) -> str:
    raw = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(raw.encode()).hexdigest()


def _column_document(column: PlanColumn) -> list[Any]:
    mask = None if column.mask is None else mask_document(column.mask)
    return [column.item, column.source, column.name, type_name(column.type), mask]
