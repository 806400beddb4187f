"""From rows to what both sides read; used by the API and the pages alike."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import pyarrow as pa
from sqlmodel import Session

from catalog.attachments import repository as attachments
from catalog.attachments.service.tables import data_schema
from catalog.resources.fields.coverage import covered
from catalog.resources.words import ShareWay
from exchange.grants import repository
from exchange.grants.models import ShareGrant
from exchange.grants.repository import Details, SeenGrant
from exchange.grants.schemas import GrantedItemRead, GrantRead
from exchange.grants.words import WhyNot
from shuqiao.arrow.snapshots.columntypes import type_of
from shuqiao.arrow.terms.filters import describe_filter, parse_filter
from shuqiao.arrow.terms.masks import parse_mask
from shuqiao.errors import ShuqiaoError
from shuqiao.i18n import _
from shuqiao.settings import settings


def read_model(session: Session, grant: ShareGrant) -> GrantRead:
    """A grant with names, masks and filter in words, and the absolute address of its data.

    The words come from the types of the data; while that cannot be read they say so, and all else
    is still told.
    """
    (shown,) = read_models(session, [grant])
    return shown


def read_seen(session: Session, seen: SeenGrant) -> GrantRead:
    """The same of a grant whose details came with it."""
    (shown,) = _shown_all(session, [seen.grant], {seen.grant.id: seen.details})
    return shown


def read_models(session: Session, rows: Sequence[ShareGrant]) -> list[GrantRead]:
    """The same of many grants, each thing looked up once for all."""
    return _shown_all(session, rows, repository.details(session, [row.id for row in rows]))


def _shown_all(
    session: Session, rows: Sequence[ShareGrant], details: Mapping[UUID, Details]
) -> list[GrantRead]:
    tables = attachments.among(session, {row.live_id for row in rows if row.live_id is not None})
    schemas = {
        data: _schema(session, *data) for data in {(row.snapshot_id, row.live_id) for row in rows}
    }
    assert len(tables) <= len(schemas), "kept by the session until here, so no row asks for its own"
    return [_shown(row, details[row.id], schemas[row.snapshot_id, row.live_id]) for row in rows]


def _shown(grant: ShareGrant, details: Details, schema: pa.Schema | None) -> GrantRead:
    return GrantRead(
        **grant.model_dump(include=_PLAIN),
        status=grant.standing,
        status_label=str(grant.standing.label),
        ground_label=str(grant.ground.label) if grant.ground else "",
        consumer=details.consumer,
        provider=details.provider,
        share_way=ShareWay(details.share_way),
        share_way_label=str(ShareWay(details.share_way).label),
        use_condition=details.use_condition,
        items=[
            GrantedItemRead(
                **{name: item[name] for name in _OF_ITEM},
                mask_label=_mask_words(item, schema),
                **_standing(item),
            )
            for item in details.items
        ],
        edition_no=details.current_no if grant.follows_editions else grant.edition_no,
        row_filter_label=_filter_words(grant, schema),
        coverage_label=coverage_words(grant),
        data_url=f"{settings().data_origin}/api/v1/grants/{grant.grant_no}/data",
    )


def coverage_words(grant: ShareGrant) -> str:
    """The coverage of the day of the decision, said also where the entry declared none."""
    return covered(grant.coverage) or str(_("Everything that the entry held: it declared none"))


def _schema(session: Session, snapshot_id: str | None, live_id: UUID | None) -> pa.Schema | None:
    """Types of the data; None when it is gone or damaged: just then the
    page is needed to mend the grant.
    """
    try:
        return data_schema(session, snapshot_id=snapshot_id, live_id=live_id)
    except ShuqiaoError:
        return None


def _standing(item: Mapping[str, Any]) -> dict[str, Any]:
    """What the entry does not allow is suspended, whether or not that is written down yet."""
    told = item["not_allowed"] or item["suspended_why"]
    why = WhyNot(told) if told else None
    return {
        "is_suspended": why is not None,
        "suspended_why": why,
        "suspended_label": str(why.label) if why else "",
        "may_resume": item["suspended_at"] is not None and item["not_allowed"] is None,
    }


def _mask_words(item: Mapping[str, Any], schema: pa.Schema | None) -> str:
    if item["mask"] is None:
        return str(_("as it is"))
    if item["column_type"] is not None:
        type_ = type_of(item["column_type"])
    elif schema is not None and item["column_name"] in schema.names:
        type_ = schema.field(item["column_name"]).type
    else:
        return str(_UNREADABLE)
    return str(parse_mask(item["mask"], type_).words())


def _filter_words(grant: ShareGrant, schema: pa.Schema | None) -> str:
    if grant.row_filter is None:
        return str(_("all rows"))
    if schema is None:
        return str(_UNREADABLE)
    types = {
        key: schema.field(column).type
        for key, (_name, column) in grant.filter_columns.items()
        if column in schema.names
    }
    names = {key: name for key, (name, _column) in grant.filter_columns.items()}
    return str(describe_filter(parse_filter(grant.row_filter, types), names))


_UNREADABLE = _("as decided; the stored data cannot be read now")
_OF_ITEM = ("item_id", "name", "mask", "suspended_at", "negative_entries")
_PLAIN = {
    "grant_no",
    "request_no",
    "version",
    "resource_code",
    "resource_title",
    "resource_version",
    "purpose",
    "follows_editions",
    "row_filter",
    "coverage",
    "valid_until",
    "issued_at",
    "activated_at",
    "ended_at",
    "end_reason",
    "ground",
    "consultation_no",
    "filing_no",
}
