"""What differs between two versions of the answers of a request, in words, field by field."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from audit.events import Event
from audit.queries import TrailFilter, page
from catalog.resources.words import ShareWay
from exchange.requests import repository, service
from exchange.requests.models import ShareRequest
from exchange.requests.words import RequestStatus
from shuqiao.i18n import Listed, Message

_PLAIN: Final = ("basis", "scenario", "scope", "share_way", "until")


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that changed; of the items only those taken out and put in are named."""

    field: str
    before: str | Message
    after: str | Message


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


def last_return(session: Session, request: ShareRequest) -> str:
    """Why the own sharing head returned the draft; empty when it was never returned."""
    returned = TrailFilter(
        stream=request.request_no, action=Event.REQUEST_RETURNED.value, result="allow"
    )
    events = page(session, returned, limit=1)
    return str(json.loads(events[0].canon).get("why", {}).get("remark", "")) if events else ""


def _now(session: Session, request: ShareRequest) -> dict[str, Any]:
    return service.answers(session, request).model_dump(mode="json")


def _between(
    session: Session, request: ShareRequest, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Change]:
    names = {str(item.id): item.name for item in repository.items_of(session, request.resource_id)}
    out = [names.get(item, "?") for item in before["item_ids"] if item not in after["item_ids"]]
    added = [names.get(item, "?") for item in after["item_ids"] if item not in before["item_ids"]]
    found = [Change("item_ids", _listed(out), _listed(added))] if out or added else []
    return found + [
        Change(name, _said(name, before[name]), _said(name, after[name]))
        for name in _PLAIN
        if before[name] != after[name]
    ]


def _listed(names: list[str]) -> Listed | str:
    return Listed(names) if names else ""


def _said(name: str, value: str) -> str | Message:
    return ShareWay(value).label if name == "share_way" else value
