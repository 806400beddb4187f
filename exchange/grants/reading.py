"""From rows to what both sides read; used by the API and the pages alike."""

from sqlmodel import Session

from auth import accounts
from exchange.grants import repository
from exchange.grants.models import ShareGrant
from exchange.grants.schemas import GrantedItemRead, GrantRead
from shuqiao.arrow.filters import describe_filter, parse_filter
from shuqiao.arrow.masks import describe_mask, parse_mask
from shuqiao.arrow.snapshots import open_snapshot
from shuqiao.home import folder
from shuqiao.i18n import _
from shuqiao.settings import settings


def read_model(session: Session, grant: ShareGrant) -> GrantRead:
    """A grant with names, masks and filter in words, and the absolute address of its data."""
    schema = open_snapshot(folder("snapshots") / grant.snapshot_id).manifest.schema
    items = [
        GrantedItemRead(
            item_id=item.item_id, name=item.name, mask=item.mask,
            mask_label=str(describe_mask(parse_mask(item.mask, schema.field(item.column_name).type)))
            if item.mask else str(_("as it is")),
        )
        for item in repository.items(session, grant)
    ]  # fmt: skip
    return GrantRead(
        **grant.model_dump(include=_PLAIN),
        status_label=str(grant.status.label),
        consumer=accounts.department(session, grant.consumer_id).name,
        provider=accounts.department(session, grant.provider_id).name,
        items=items,
        row_filter_label=_filter_words(session, grant),
        data_url=f"{settings().data_origin}/api/v1/grants/{grant.grant_no}/data",
    )


def _filter_words(session: Session, grant: ShareGrant) -> str:
    if grant.row_filter is None:
        return str(_("all rows"))
    schema = open_snapshot(folder("snapshots") / grant.snapshot_id).manifest.schema
    asked = repository.columns_of(session, grant.resource_id)
    types = {key: schema.field(column).type for key, (_name, column) in asked.items() if column in schema.names}
    return str(describe_filter(parse_filter(grant.row_filter, types), {key: name for key, (name, _c) in asked.items()}))


_PLAIN = {
    "grant_no", "request_no", "status", "version", "resource_code", "resource_title", "resource_version", "purpose",
    "row_filter", "valid_until", "issued_at", "activated_at", "ended_at", "end_reason",
}  # fmt: skip
