"""From rows to what both sides read; used by the API and the pages alike."""

from collections.abc import Sequence

from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.departments import repository as departments
from catalog.resources.models import ResourceItem
from exchange.requests import repository
from exchange.requests.models import ShareRequest
from exchange.requests.schemas import ClockRead, ItemRead, PartyRead, RequestRead
from shuqiao.desk import clocks
from shuqiao.desk.models import CaseClock
from shuqiao.i18n import Message


def read_model(session: Session, request: ShareRequest) -> RequestRead:
    """A request with names, items and clocks."""
    (shown,) = read_models(session, [request])
    return shown


def read_models(session: Session, rows: Sequence[ShareRequest]) -> list[RequestRead]:
    """Requests with names, items and clocks, each looked up once for all."""
    resources = repository.resources(session, {row.resource_id for row in rows})
    kinds = repository.share_types(session, rows)
    items = repository.items_of_all(session, [row.id for row in rows])
    running = clocks.clocks_of_all(session, [row.request_no for row in rows])
    people = accounts.user_names(session, {row.applicant_id for row in rows})
    homes = departments.names(
        session, {side for row in rows for side in (row.consumer_id, row.provider_id)}
    )
    return [
        RequestRead(
            **row.model_dump(include=_PLAIN),
            status_label=str(row.status.label),
            resource_code=resources[row.resource_id].code,
            resource_title=resources[row.resource_id].title,
            share_type=kinds[row.id].value,
            consumer=PartyRead(id=row.consumer_id, name=homes[row.consumer_id]),
            provider=PartyRead(id=row.provider_id, name=homes[row.provider_id]),
            applicant=PartyRead(id=row.applicant_id, name=people[row.applicant_id]),
            items=[_item(item) for item in items[row.id]],
            clocks=[clock_model(clock) for clock in running[row.request_no]],
        )
        for row in rows
    ]


def _item(item: ResourceItem) -> ItemRead:
    return ItemRead(
        id=item.id,
        name=item.name,
        data_type=item.data_type.value,
        is_personal=item.is_personal,
    )


def clock_model(clock: CaseClock) -> ClockRead:
    """A clock with its derivation in the reader's language."""
    steps = [{**step, "why": str(Message.from_json(step["why"]))} for step in clock.derivation]
    same = clock.model_dump(include=set(ClockRead.model_fields) & set(CaseClock.model_fields))
    differing = {
        "limit_basis": clock.basis,
        "instrument": clock.limit.instrument.number,
        "status": clock.status.value,
        "derivation": steps,
    }
    return ClockRead(**same | differing)


_PLAIN = {
    "request_no",
    "status",
    "version",
    "resource_version",
    "basis",
    "scenario",
    "scope",
    "share_way",
    "until",
    "demand_no",
    "created_at",
    "submitted_at",
    "decided_at",
}
