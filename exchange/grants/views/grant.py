"""From rows to what both sides read; used by the API and the pages alike."""

import pyarrow as pa
from sqlmodel import Session

from auth.departments import repository as departments
from catalog.attachments.service.tables import data_schema
from exchange.grants import repository
from exchange.grants.models import GrantedItem, ShareGrant
from exchange.grants.schemas import GrantedItemRead, GrantRead
from shuqiao.arrow.terms.filters import describe_filter, parse_filter
from shuqiao.arrow.terms.masks import describe_mask, parse_mask
from shuqiao.errors import ShuqiaoError
from shuqiao.i18n import _
from shuqiao.settings import settings


def read_model(session: Session, grant: ShareGrant) -> GrantRead:
    """A grant with names, masks and filter in words, and the absolute address of its data.

    The words come from the types of the data; while that cannot be read they say so, and all else
    is still told.
    """
    schema = _schema(session, grant)
    items = [
        GrantedItemRead(
            item_id=item.item_id,
            name=item.name,
            mask=item.mask,
            mask_label=_mask_words(item, schema),
        )
        for item in repository.items(session, grant)
    ]
    return GrantRead(
        **grant.model_dump(include=_PLAIN),
        status_label=str(grant.status.label),
        consumer=departments.by_id(session, grant.consumer_id).name,
        provider=departments.by_id(session, grant.provider_id).name,
        items=items,
        row_filter_label=_filter_words(session, grant, schema),
        data_url=f"{settings().data_origin}/api/v1/grants/{grant.grant_no}/data",
    )


def _schema(session: Session, grant: ShareGrant) -> pa.Schema | None:
    """Types of the data; None when it is gone or damaged: just then the
    page is needed to mend the grant.
    """
    try:
        return data_schema(session, snapshot_id=grant.snapshot_id, live_id=grant.live_id)
    except ShuqiaoError:
        return None


def _mask_words(item: GrantedItem, schema: pa.Schema | None) -> str:
    if item.mask is None:
        return str(_("as it is"))
    if schema is None or item.column_name not in schema.names:
        return str(_UNREADABLE)
    return str(describe_mask(parse_mask(item.mask, schema.field(item.column_name).type)))


def _filter_words(session: Session, grant: ShareGrant, schema: pa.Schema | None) -> str:
    if grant.row_filter is None:
        return str(_("all rows"))
    if schema is None:
        return str(_UNREADABLE)
    asked = repository.columns_of(session, grant.resource_id)
    types = {
        key: schema.field(column).type
        for key, (_name, column) in asked.items()
        if column in schema.names
    }
    return str(
        describe_filter(
            parse_filter(grant.row_filter, types), {key: name for key, (name, _c) in asked.items()}
        )
    )


_UNREADABLE = _("as decided; the stored data cannot be read now")
_PLAIN = {
    "grant_no",
    "request_no",
    "status",
    "version",
    "resource_code",
    "resource_title",
    "resource_version",
    "purpose",
    "row_filter",
    "valid_until",
    "issued_at",
    "activated_at",
    "ended_at",
    "end_reason",
}
