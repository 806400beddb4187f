"""From rows to what both sides read; used by the API and the pages alike."""

from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.departments import repository as departments
from exchange.requests import repository
from exchange.requests.models import ShareRequest
from exchange.requests.schemas import ClockRead, ItemRead, PartyRead, RequestRead
from shuqiao.desk import clocks
from shuqiao.desk.models import CaseClock
from shuqiao.i18n import Message


def read_model(session: Session, request: ShareRequest) -> RequestRead:
    """A request with names, items and clocks."""
    resource = repository.resource(session, request.resource_id)
    found = repository.items(session, request)
    return RequestRead(
        **request.model_dump(include=_PLAIN),
        status_label=str(request.status.label),
        resource_code=resource.code,
        resource_title=resource.title,
        share_type=resource.share_type.value,
        consumer=PartyRead(
            id=request.consumer_id, name=departments.by_id(session, request.consumer_id).name
        ),
        provider=PartyRead(
            id=request.provider_id, name=departments.by_id(session, request.provider_id).name
        ),
        applicant=PartyRead(
            id=request.applicant_id, name=accounts.user_name(session, request.applicant_id)
        ),
        items=[
            ItemRead(
                id=item.id,
                name=item.name,
                data_type=item.data_type.value,
                is_personal=item.is_personal,
            )
            for item in found
        ],
        clocks=[clock_model(clock) for clock in clocks.clocks_of(session, request.request_no)],
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
    "created_at",
    "submitted_at",
    "decided_at",
}
