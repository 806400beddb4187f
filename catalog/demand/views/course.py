"""The course of a demand, from the trail itself."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from audit.events import Event
from audit.queries import TrailFilter, page
from auth.accounts import repository as accounts
from auth.departments import repository as departments
from catalog.demand.lifecycle.ending import LIFECYCLE
from catalog.demand.models import Demand
from shuqiao.i18n import _

LONGEST: Final = 200


def course(session: Session, demand: Demand) -> list[dict[str, Any]]:
    """The steps, the oldest first, as ``ui.timeline`` takes them."""
    wanted = TrailFilter(stream=demand.demand_no, result="allow")
    events = page(session, wanted, limit=LONGEST, oldest_first=True)
    return list(_entries(session, events))


def _entries(session: Session, events: Any) -> Iterator[dict[str, Any]]:
    for event in events:
        step = LIFECYCLE.after(event.action)
        if step is not None:
            recorded = json.loads(event.canon)
            yield {
                "at": event.at,
                "title": Event(event.action).label,
                "who": _who(session, recorded.get("actor", {})),
                "text": recorded.get("why", {}).get("reason", ""),
                "tone": step[0].tone_at(step[1]),
            }


def _who(session: Session, actor: Mapping[str, Any]) -> str:
    """Name and department of the actor; the trail itself keeps ids only."""
    if "id" not in actor or "dept" not in actor:
        return str(_("System"))
    home = departments.by_id(session, UUID(actor["dept"]))
    return f"{accounts.user_name(session, UUID(actor['id']))} · {home.name}"
