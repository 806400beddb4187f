"""What differs between two rounds of the answers of a request, and why it was returned."""

import json
from typing import Any

from sqlmodel import Session

from audit.events import Event
from audit.queries import TrailFilter, page
from catalog.publication.service import entry
from catalog.resources.fields.compared import ENTRY
from exchange.requests import repository, service
from exchange.requests.fields import answers
from exchange.requests.models import ShareRequest
from exchange.requests.words import RequestStatus
from shuqiao.changes import Change, State, compare


def since_last_asked(session: Session, request: ShareRequest) -> list[Change] | None:
    """What changed since the own sharing head saw the request last;
    None when they see it for the first time.
    """
    asked = TrailFilter(
        stream=request.request_no, action=Event.REQUEST_CONSENT_ASKED.value, result="allow"
    )
    events = page(session, asked, limit=2)
    earlier = events[1:] if request.status is not RequestStatus.DRAFT else events[:1]
    for event in earlier:
        known = json.loads(event.canon).get("why", {}).get("answers")
        if known:
            return _between(session, request, known, _now(session, request))
    return None


def since(session: Session, earlier: ShareRequest, request: ShareRequest) -> list[Change]:
    """What ``request`` asks for otherwise than an ``earlier`` one for the same resource."""
    return _between(session, request, _now(session, earlier), _now(session, request))


def of_entry(session: Session, request: ShareRequest) -> list[Change] | None:
    """What the entry published now says otherwise than the version an open request was made
    against; None where there is no later version, or nothing is waited for any more.
    """
    resource = repository.resource(session, request.resource_id)
    is_waiting = request.status is RequestStatus.DRAFT or request.status.is_open
    if not is_waiting or resource.published_version <= request.resource_version:
        return None
    versions = request.resource_version, resource.published_version
    before, after = (entry(session, resource, each).model_dump(mode="json") for each in versions)
    return compare(ENTRY, before, after)


def last_return(session: Session, request: ShareRequest) -> str:
    """Why the own sharing head returned the draft; empty when it was never returned."""
    returned = TrailFilter(
        stream=request.request_no, action=Event.REQUEST_RETURNED.value, result="allow"
    )
    events = page(session, returned, limit=1)
    return str(json.loads(events[0].canon).get("why", {}).get("remark", "")) if events else ""


def _now(session: Session, request: ShareRequest) -> dict[str, Any]:
    return service.answers(session, request).model_dump(mode="json")


def _between(session: Session, request: ShareRequest, before: State, after: State) -> list[Change]:
    names = {str(item.id): item.name for item in repository.items_of(session, request.resource_id)}
    return compare(answers(names), before, after)
