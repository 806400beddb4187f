"""The values an application form begins with."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from catalog.demand.service import meeting
from catalog.resources.models import DataResource
from exchange.requests import repository
from exchange.requests.checks import ways_offered
from exchange.requests.models import ShareRequest
from shuqiao.clock import today
from shuqiao.subject import Subject
from shuqiao.web.forms import Form


def first_values(
    resource: DataResource, items: Iterable[UUID], demand_no: str = ""
) -> dict[str, Any]:
    """A new form: the resource's own way of sharing, a term of one year, perhaps ``items``, and the
    demand that it serves.
    """
    way = resource.share_way.value if resource.share_way else None
    said = {"resource_code": resource.code, "share_way": way, "until": one_year_on(today())}
    said |= {"demand_no": demand_no} if demand_no else {}
    return said | {"item_ids": [str(each) for each in items]}


def begun_with(resource: DataResource, items: Iterable[UUID], kept: Form | None) -> Form:
    """What is kept, with these items chosen too: whoever comes from one asks for it; else a new
    form.
    """
    if kept is None:
        return Form.of(first_values(resource, items))
    chosen = dict.fromkeys((*kept.all("item_ids"), *map(str, items)))
    return Form.of({**kept.values, "item_ids": list(chosen)})


def demanded_values(
    session: Session, resource: DataResource, items: Iterable[UUID], demand_no: str, who: Subject
) -> dict[str, Any]:
    """A new form filled with what the department stated when it filed the demand."""
    said = first_values(resource, items, demand_no)
    if who.department_id is None:
        return said
    stated = meeting.words_of(session, demand_no, who.department_id)
    if stated.get("share_way") not in ways_offered(resource):
        stated.pop("share_way", None)
    return said | stated


def present_values(session: Session, request: ShareRequest) -> dict[str, Any]:
    """The form filled with what a request asks for."""
    asked = {"item_ids": [str(item.id) for item in repository.items(session, request)]}
    return request.model_dump(include={"basis", "scenario", "scope", "share_way", "until"}) | asked


def asked_again(session: Session, earlier: ShareRequest) -> dict[str, Any]:
    """A new form filled from an earlier request."""
    resource = repository.resource(session, earlier.resource_id)
    until = max(earlier.until, today() + timedelta(days=1))
    return present_values(session, earlier) | {"resource_code": resource.code, "until": until}


def one_year_on(day: date) -> date:
    """The last day of a year that begins on ``day``: 2026-02-11 → 2027-02-10."""
    try:
        return day.replace(year=day.year + 1) - timedelta(days=1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)
