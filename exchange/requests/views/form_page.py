"""The form of a request, new or to correct, with the draft that is kept of what is typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from auth.departments import repository as departments
from auth.guard import Authorized
from catalog.negative import repository as negative
from catalog.negative.checks import basis_of
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.words import ShareWay
from exchange.requests import repository, service
from exchange.requests.checks import LONGEST_YEARS, longest_until, ways_offered
from exchange.requests.models import ShareRequest
from exchange.requests.schemas import purpose_digest
from exchange.requests.views.ahead import Ahead, Expected, ahead, ahead_of_new, expected
from exchange.requests.views.changes import last_return
from exchange.requests.views.demands import demand_href
from exchange.requests.views.lists import duties, items_shown
from exchange.requests.words import FIELDS
from shuqiao.clock import today
from shuqiao.desk.drafts import Draft, Kept
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.forms import Form
from shuqiao.web.page import Page

#: Names under which drafts of the two forms are kept.
NEW: Final = "request/new"
EDIT: Final = "request/edit"


def draft_of_new(session: Session, found: Authorized[DataResource]) -> Draft:
    return Draft.of(session, found.subject, NEW, found.object.code)


def draft_of(session: Session, found: Authorized[ShareRequest]) -> Draft:
    return Draft.of(session, found.subject, EDIT, found.object.request_no)


def first_like(session: Session, row: ShareRequest) -> ShareRequest | None:
    """The request by which the department asks for the purpose of this one already."""
    place = row.consumer_id, row.resource_id, row.purpose_digest
    return service.asked_first(session, *place, beside=row.request_no)


def _first(
    session: Session, subject: Subject, resource_id: UUID, form: Form, beside: str = ""
) -> ShareRequest | None:
    """The same of what is typed so far; nobody asks for nothing."""
    basis, scenario = form.text("basis"), form.text("scenario")
    if subject.department_id is None or not (basis.strip() and scenario.strip()):
        return None
    place = subject.department_id, resource_id, purpose_digest(basis, scenario)
    return service.asked_first(session, *place, beside=beside)


@dataclass(frozen=True, slots=True)
class RequestFormPage(Page):
    """``row``: None for a new request. ``struck``: items that the negative list strikes, each with
    number and basis of the entries. ``kept``: what was typed and not sent; ``is_kept_shown``:
    the form is filled with it. ``first``: the request that asks for the same already.
    """

    template = "requests/form.html"
    form: Form
    row: ShareRequest | None
    ahead: Sequence[Ahead]
    action: str
    kept: Kept | None
    is_kept_shown: bool
    returned: str
    resource: DataResource
    provider: str
    items: Sequence[tuple[ResourceItem, Sequence[Message]]]
    struck: Sequence[tuple[str, Sequence[tuple[str, str]], str]]
    expected: Expected
    labels: Mapping[str, Message]
    ways: Sequence[ShareWay]
    longest_until: date
    longest_years: int
    first: ShareRequest | None


@dataclass(frozen=True, slots=True)
class SavedPage(Page):
    """What keeping a form by itself answers; ``kept`` None: the form was sent already."""

    template = "requests/saved.html"
    kept: Kept | None
    first: ShareRequest | None


def saved_new(session: Session, found: Authorized[DataResource], form: Form) -> SavedPage:
    """Keep a new form as it is typed."""
    first = _first(session, found.subject, found.object.id, form)
    return SavedPage(keep_new(session, found, form), first)


def saved_edit(session: Session, found: Authorized[ShareRequest], form: Form) -> SavedPage:
    row = found.object
    first = _first(session, found.subject, row.resource_id, form, row.request_no)
    return SavedPage(draft_of(session, found).keep(form.typed, form.key), first)


def new_page(
    session: Session,
    found: Authorized[DataResource],
    form: Form,
    kept: Kept | None,
    *,
    is_kept_shown: bool = True,
) -> RequestFormPage:
    """The form of a new request."""
    resource = found.object
    return RequestFormPage(
        form=form.gathered("item_ids"),
        row=None,
        ahead=ahead_of_new(session, resource, found.subject.department_name),
        action="/requests/new",
        kept=kept,
        is_kept_shown=is_kept_shown,
        returned="",
        first=_first(session, found.subject, resource.id, form),
        **_about(session, resource),
    )


def new_again(session: Session, found: Authorized[DataResource], form: Form) -> RequestFormPage:
    """The form to correct; what is not right yet stays a draft, as it was typed."""
    return new_page(session, found, form, keep_new(session, found, form))


def keep_new(session: Session, found: Authorized[DataResource], form: Form) -> Kept | None:
    return draft_of_new(session, found).keep(form.without("resource_code").typed, form.key)


def edit_page(
    session: Session, found: Authorized[ShareRequest], form: Form, kept: Kept | None
) -> RequestFormPage:
    """The form of a request that is still a draft."""
    row = found.object
    return RequestFormPage(
        form=form.gathered("item_ids"),
        row=row,
        ahead=ahead(session, row),
        action=f"/requests/{row.request_no}/edit",
        kept=kept,
        is_kept_shown=True,
        returned=last_return(session, row),
        first=_first(session, found.subject, row.resource_id, form, row.request_no),
        **_about(session, repository.resource(session, row.resource_id)),
    )


def edit_again(session: Session, found: Authorized[ShareRequest], form: Form) -> RequestFormPage:
    return edit_page(session, found, form, draft_of(session, found).keep(form.typed, form.key))


def _about(session: Session, resource: DataResource) -> dict[str, Any]:
    shown = repository.items_of(session, resource.id)
    covers = negative.covers_of(session, [item.id for item in shown])
    return {
        "resource": resource,
        "provider": departments.by_id(session, resource.provider_id).name,
        "items": [
            (item, duties(item)) for item in items_shown(session, resource) if item.id not in covers
        ],
        "struck": [
            (
                item.name,
                [(each.entry_no, basis_of(each)) for each in covers[item.id]],
                demand_href(resource, item),
            )
            for item in shown
            if item.id in covers
        ],
        "expected": expected(session, resource),
        "labels": {**FIELDS, "demand_no": _("Demand that it serves")},
        "ways": ways_offered(resource),
        "longest_until": longest_until(today()),
        "longest_years": LONGEST_YEARS,
    }
