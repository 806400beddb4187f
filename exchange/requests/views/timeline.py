"""What happened to a request, from the trail itself, as far as the reader's side may know it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from audit.events import Event
from audit.models import AuditEvent
from audit.queries import TrailFilter, page
from auth.accounts import repository as accounts
from auth.departments import repository as departments
from exchange.requests.models import ShareRequest
from shuqiao.i18n import _
from shuqiao.subject import Subject

LONGEST: Final = 200

#: Steps inside the consumer, before the request left it.
_INSIDE_CONSUMER: Final = frozenset(
    {
        Event.REQUEST_CREATED,
        Event.REQUEST_EDITED,
        Event.REQUEST_CONSENT_ASKED,
        Event.REQUEST_RETURNED,
    }
)
#: Steps inside the provider: the consumer reads the released reply, not how it came about.
_INSIDE_PROVIDER: Final = frozenset({Event.REPLY_PREPARED, Event.REPLY_SENT_BACK})
_DECIDED: Final[dict[str, str]] = {
    Event.REQUEST_APPROVED: "success",
    Event.REQUEST_PARTLY_APPROVED: "success",
    Event.REQUEST_REFUSED: "danger",
}
_TONES: Final[dict[str, str]] = {
    Event.REQUEST_RETURNED: "warning",
    Event.REPLY_SENT_BACK: "warning",
    Event.REQUEST_WITHDRAWN: "neutral",
    **_DECIDED,
}


def timeline(session: Session, subject: Subject, request: ShareRequest) -> list[dict[str, Any]]:
    """The steps, oldest first, as ``ui.timeline`` takes them.

    Denials are for the reviewer, not for the parties.
    """
    events = page(
        session,
        TrailFilter(stream=request.request_no, result="allow"),
        limit=LONGEST,
        oldest_first=True,
    )
    return list(_entries(session, subject, request, events))


def _entries(
    session: Session, subject: Subject, request: ShareRequest, events: Any
) -> Iterator[dict[str, Any]]:
    for event in events:
        recorded = json.loads(event.canon)
        if event.action.startswith("exchange:request:") and _is_shown(subject, request, event):
            yield {
                "at": event.at,
                "title": Event(event.action).label,
                "who": _who(session, recorded.get("actor", {})),
                "text": recorded.get("why", {}).get("remark", ""),
                "tone": _TONES.get(event.action, "info"),
            }


def _is_shown(subject: Subject, request: ShareRequest, event: AuditEvent) -> bool:
    """Each side's own preparation stays its own (Art. 20)."""
    is_consumer, is_provider = (
        subject.department_id == side for side in (request.consumer_id, request.provider_id)
    )
    if event.action in _INSIDE_CONSUMER:
        return is_consumer
    if event.action in _INSIDE_PROVIDER:
        return is_provider
    return True


def _who(session: Session, actor: Mapping[str, Any]) -> str:
    """Name and department of the actor; the trail itself keeps ids only."""
    if "id" not in actor or "dept" not in actor:
        return str(_("System"))
    home = departments.by_id(session, UUID(actor["dept"]))
    return f"{accounts.user_name(session, UUID(actor['id']))} · {home.name}"
