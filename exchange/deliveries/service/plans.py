"""From a grant to its delivery plan: the only place where the two meet.

Every face runs what is made here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pyarrow as pa
from sqlmodel import Session

from catalog.attachments.service.tables import open_data
from catalog.editions import repository as editions
from catalog.negative import repository as negative
from catalog.negative.checks import basis_of
from exchange.deliveries.errors import ColumnNotGranted, ItemsSuspended
from exchange.grants import repository as grants
from exchange.grants.models import GrantedItem, ShareGrant
from exchange.grants.words import WhyNot
from exchange.requests.checks import Covers
from shuqiao.arrow.connectors.live import LiveRelation
from shuqiao.arrow.connectors.registered import (
    ConnectionUnknown,
    ConnectionUnusable,
    connection_of,
)
from shuqiao.arrow.scans.plan import DeliveryPlan, PlanColumn, PlanRefused, Watermark
from shuqiao.arrow.snapshots.columntypes import type_of
from shuqiao.arrow.terms.filters import parse_filter
from shuqiao.arrow.terms.masks import parse_mask
from shuqiao.i18n import Message, _
from shuqiao.keys import KeyWrong, called, key


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a grant delivers at this moment, out of the edition ``edition_no``.

    ``proof``: over everything that is granted, suspended or not, what was proved before the grant
    became active; ``stopped``: by name the items that do not leave.
    """

    plan: DeliveryPlan
    proof: str
    edition_no: int | None
    stopped: Mapping[str, Message]


def compile_grant(session: Session, grant: ShareGrant) -> Compiled:
    """The plan of ``grant``: of the entry's current edition where it follows them, else of the one
    it is pinned to; without the items that the entry does not allow as it stands now.

    Raises ``ItemsSuspended`` where none is left, ``PlanRefused``, ``SnapshotDamaged``,
    ``ConnectorFailed`` when the data is not as it must be. No other database is asked yet:
    :func:`check_source` does.
    """
    granted = grants.items(session, grant)
    names = stopped_of(session, grant, granted)
    edition = editions.current(session, grant.resource_id) if grant.follows_editions else None
    whence = edition or grant
    source = open_data(session, snapshot_id=whence.snapshot_id, live_id=whence.live_id)
    whole = [_column(item, source.schema) for item in granted]
    if len(names) == len(whole):
        raise ItemsSuspended(names)
    plan = DeliveryPlan(
        source=source,
        columns=tuple(column for column in whole if column.name not in names),
        **_filter(grant, source.schema),
        mask_key=called(mask_key(grant)),
        watermark=Watermark(str(grant.consumer_id), grant.grant_no),
    )
    proved = replace(  # who is served, and by which key of theirs, was not what was proved
        plan,
        watermark=Watermark(str(first_of(grant)), grant.grant_no),
        mask_key=mask_key(grant),
    )
    return Compiled(
        plan=plan,
        proof=proved.shape(whole) if grant.follows_editions else proved.fingerprint(whole),
        edition_no=edition.number if edition else grant.edition_no,
        stopped=names,
    )


def stopped_of(
    session: Session, grant: ShareGrant, granted: Sequence[GrantedItem]
) -> Mapping[str, Message]:
    """By name what does not leave now, and why: of what the negative list strikes the entries with
    their basis.
    """
    stopped = grants.not_allowed(session, grant)
    struck = [item for item, why in stopped.items() if why is WhyNot.NEGATIVE_ENTRY]
    covers = negative.covers_of(session, struck) if struck else {}
    return {item.name: _why(item, stopped, covers) for item in granted if item.item_id in stopped}


def _why(item: GrantedItem, stopped: Mapping[UUID, WhyNot], covers: Covers) -> Message:
    why = stopped[item.item_id].label
    if item.item_id not in covers:
        return why
    said = [f"{entry.entry_no} {basis_of(entry)}" for entry in covers[item.item_id]]
    return _("%(why)s: %(entries)s", why=why, entries="；".join(said))


def _filter(grant: ShareGrant, schema: pa.Schema) -> dict[str, Any]:
    if not grant.row_filter:
        return {}
    sources = {
        item: column
        for item, (_name, column) in grant.filter_columns.items()
        if column in schema.names
    }
    types = {item: schema.field(column).type for item, column in sources.items()}
    return {"row_filter": parse_filter(grant.row_filter, types), "filter_sources": sources}


def check_source(plan: DeliveryPlan) -> None:
    """Ask the department's database whether it is still what was granted; stored data is.

    Call it without a session.

    Raises ``RelationChanged``, ``ConnectorFailed``.
    """
    if isinstance(plan.source, LiveRelation):
        plan.source.check()


def source_stands(plan: DeliveryPlan) -> bool:
    """Whether the connection of a live plan is there, the same department's and to the same
    database; a changed account or password is no other source. Stored data always stands.
    """
    if not isinstance(plan.source, LiveRelation):
        return True
    begun = plan.source.connection
    try:
        found = connection_of(begun.alias, begun.owner)
    except (ConnectionUnknown, ConnectionUnusable):
        return False
    return (found.host, found.port, found.database) == (begun.host, begun.port, begun.database)


def part_of(compiled: Compiled, columns: Sequence[str] | None) -> DeliveryPlan:
    """The plan with the named columns only, in its own order.

    Raises ``ItemsSuspended`` for a granted name that does not leave now, ``ColumnNotGranted`` for
    another one.
    """
    plan = compiled.plan
    if columns is None:
        return plan
    if asked := {name: why for name, why in compiled.stopped.items() if name in columns}:
        raise ItemsSuspended(asked)
    names = [column.name for column in plan.columns]
    if beyond := [name for name in columns if name not in names]:
        raise ColumnNotGranted(beyond, names)
    return replace(plan, columns=tuple(column for column in plan.columns if column.name in columns))


def mask_key(grant: ShareGrant) -> str:
    """Name of the key for pseudonyms: one a recipient, so that two
    recipients cannot join their data.
    """
    return f"mask.{first_of(grant)}"


def first_of(grant: ShareGrant) -> UUID:
    """The department that the grant was made for: a successor (承继) keeps its pseudonyms."""
    return grant.first_consumer_id or grant.consumer_id


def mask_keys(plan: DeliveryPlan) -> Mapping[str, bytes]:
    """The keys a run of ``plan`` needs; nothing when it makes no pseudonym.

    Raises ``KeyWrong``: the key is not here, or another one took its place since the plan was made.
    """
    if not plan.needs_key:
        return {}
    name = plan.mask_key.partition("~")[0]
    secret = key(name)
    if called(name) != plan.mask_key:
        raise KeyWrong(name)
    return {plan.mask_key: secret}


def _column(item: GrantedItem, schema: pa.Schema) -> PlanColumn:
    """A column of the type that was granted; the plan refuses a source that has another."""
    if item.column_type is not None:
        type_ = type_of(item.column_type)
    elif item.column_name in schema.names:
        type_ = schema.field(item.column_name).type
    else:
        raise PlanRefused(
            _("The stored data has no column %(name)s of that type.", name=item.column_name)
        )
    mask = parse_mask(item.mask, type_) if item.mask else None
    return PlanColumn(str(item.item_id), item.column_name, item.name, type_, mask)
