"""From a grant to its delivery plan: the only place where the two meet.

Every face runs what is made here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
from sqlmodel import Session

from catalog.attachments.service.tables import open_data
from exchange.deliveries.errors import ColumnNotGranted
from exchange.grants import repository as grants
from exchange.grants.models import GrantedItem, ShareGrant
from shuqiao.arrow.connectors.live import LiveRelation
from shuqiao.arrow.scans.plan import DeliveryPlan, PlanColumn, PlanRefused, Watermark
from shuqiao.arrow.terms.filters import parse_filter
from shuqiao.arrow.terms.masks import parse_mask
from shuqiao.i18n import _
from shuqiao.keys import key


def compile_plan(session: Session, grant: ShareGrant) -> DeliveryPlan:
    """The plan of ``grant``. Raises ``PlanRefused``, ``SnapshotDamaged``, ``ConnectorFailed``
    when the data is not as it must be. No other database is asked yet: :func:`check_source` does.
    """
    granted = grants.items(session, grant)
    source = open_data(session, snapshot_id=grant.snapshot_id, live_id=grant.live_id)
    schema = source.schema
    asked = grants.columns_of(session, grant.resource_id) if grant.row_filter else {}
    sources = {item: column for item, (_name, column) in asked.items() if column in schema.names}
    row_filter = (
        parse_filter(grant.row_filter, _types(sources, schema)) if grant.row_filter else None
    )
    return DeliveryPlan(
        source=source,
        columns=tuple(_column(item, schema) for item in granted),
        row_filter=row_filter,
        filter_sources=sources,
        mask_key=mask_key(grant),
        watermark=Watermark(str(grant.consumer_id), grant.grant_no),
    )


def check_source(plan: DeliveryPlan) -> None:
    """Ask the department's database whether it is still what was granted; stored data is.

    Call it without a session.

    Raises ``RelationChanged``, ``ConnectorFailed``.
    """
    if isinstance(plan.source, LiveRelation):
        plan.source.check()


def part_of(plan: DeliveryPlan, columns: Sequence[str] | None) -> DeliveryPlan:
    """``plan`` with the named columns only, in its own order.

    Raises ``ColumnNotGranted`` for another name.
    """
    if columns is None:
        return plan
    names = [column.name for column in plan.columns]
    if beyond := [name for name in columns if name not in names]:
        raise ColumnNotGranted(beyond, names)
    return replace(plan, columns=tuple(column for column in plan.columns if column.name in columns))


def mask_key(grant: ShareGrant) -> str:
    """Name of the key for pseudonyms: one a recipient, so that two
    recipients cannot join their data.
    """
    return f"mask.{grant.consumer_id}"


def mask_keys(plan: DeliveryPlan) -> Mapping[str, bytes]:
    """The keys a run of ``plan`` needs; nothing when it makes no pseudonym."""
    return {plan.mask_key: key(plan.mask_key)} if plan.needs_key else {}


def _column(item: GrantedItem, schema: pa.Schema) -> PlanColumn:
    if item.column_name not in schema.names:
        raise PlanRefused(
            _("The stored data has no column %(name)s of that type.", name=item.column_name)
        )
    type_ = schema.field(item.column_name).type
    mask = parse_mask(item.mask, type_) if item.mask else None
    return PlanColumn(str(item.item_id), item.column_name, item.name, type_, mask)


def _types(sources: Mapping[str, str], schema: pa.Schema) -> Mapping[str, pa.DataType]:
    return {item: schema.field(column).type for item, column in sources.items()}
