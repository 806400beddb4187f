"""What happened to a request, from the trail itself, as far as the reader's side may know it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from audit.events import Event
from audit.queries import TrailFilter, page
from auth.accounts import repository as accounts
from auth.departments import repository as departments
from auth.steps import Step
from exchange.requests.lifecycle import LIFECYCLE
from exchange.requests.models import ShareRequest
from exchange.requests.words import RequestStatus
from shuqiao.i18n import _
from shuqiao.subject import Subject

LONGEST: Final = 200


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
        step = LIFECYCLE.after(event.action)
        if step is not None and _is_shown(subject, request, step[0]):
            yield {
                "at": event.at,
                "title": Event(event.action).label,
                "who": _who(session, recorded.get("actor", {})),
                "text": recorded.get("why", {}).get("remark", ""),
                "tone": step[0].tone_at(step[1]),
            }


def _is_shown(subject: Subject, request: ShareRequest, step: Step[RequestStatus]) -> bool:
    """Each side's own preparation stays its own (Art. 20)."""
    return not step.inside or subject.department_id == getattr(request, step.inside)


def _who(session: Session, actor: Mapping[str, Any]) -> str:
    """Name and department of the actor; the trail itself keeps ids only."""
    if "id" not in actor or "dept" not in actor:
        return str(_("System"))
    home = departments.by_id(session, UUID(actor["dept"]))
    return f"{accounts.user_name(session, UUID(actor['id']))} · {home.name}"
