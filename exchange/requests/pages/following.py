"""Pages of applying (申请): the list, one request and what can be done
next; the forms are in ``draft_pages``.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from auth.cases import possible
from auth.guard import Authorized
from auth.identify import SubjectDep
from auth.once import Once, OnceDep
from auth.roles import Role
from auth.steps import Step
from catalog.resources.words import ShareWay
from exchange.requests import repository, service
from exchange.requests.access import (
    ConsentableRequest,
    ReadableRequest,
    WithdrawableRequest,
    WithdrawableRequestSeen,
)
from exchange.requests.lifecycle import ASK_CONSENT, CONSENT, LIFECYCLE, RETURN, WITHDRAW
from exchange.requests.models import ShareRequest
from exchange.requests.pages import check
from exchange.requests.pages.drafts import NEW
from exchange.requests.pages.drafts import router as drafting
from exchange.requests.schemas import ConsentGiven, Remark
from exchange.requests.views.ahead import ahead
from exchange.requests.views.changes import last_return, since_last_asked
from exchange.requests.views.lists import choices_of_whose, rows_shown, waits_for
from exchange.requests.views.queue import next_task
from exchange.requests.views.request import read_model
from exchange.requests.views.timeline import timeline
from exchange.requests.words import (
    FIELDS,
    MEANINGS,
    TONES,
    WHOSE,
    RequestStatus,
    Whose,
)
from shuqiao.db import ReadSessionDep, SessionDep, start_over
from shuqiao.desk import clocks, drafts
from shuqiao.desk.due import due_of
from shuqiao.errors import Invalid
from shuqiao.ids import uuid7
from shuqiao.subject import Subject
from shuqiao.web.engine import page
from shuqiao.web.forms import Form, FormDep, FormInvalid
from shuqiao.web.paging import PageDep
from shuqiao.web.slots import PageSlot

router = APIRouter()
router.include_router(drafting)  # before /requests/{no}: "new" is no number
router.include_router(check.router)

#: What higher stages add to a request's page: the reply item by item, the grant.
PAGE: PageSlot[ShareRequest] = PageSlot()

#: States in which the request has not left its department.
_INSIDE: Final = frozenset({RequestStatus.DRAFT, RequestStatus.OWN_CONSENT})


@router.get("/requests")
def list_page(
    request: Request,
    subject: SubjectDep,
    session: ReadSessionDep,
    wanted: PageDep,
    status: RequestStatus | None = None,
    whose: Whose | None = None,
) -> Response:
    """Requests the reader may see, newest first; above them the forms
    that were begun and not sent.
    """
    rows, following = repository.page(session, subject, wanted, status, whose)
    values = {
        "rows": rows_shown(session, rows),
        "status": status,
        "whose": whose,
        "statuses": list(RequestStatus),
        "choices": [(each, WHOSE[each]) for each in choices_of_whose(subject)],
        "begun": _begun(session, subject),
        "next_href": wanted.href(following) if following else "",
        "is_first": wanted.after is None,
        "may_apply": subject.has(Role.APPLICANT),
    }
    return page(request, "requests/list.html", values)


@router.get("/requests/{no}")
def show_page(
    request: Request,
    found: ReadableRequest,
    session: ReadSessionDep,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    return _show(request, session, found, Form.of(), done=done)


@router.post("/requests/{no}/consents", status_code=303)
def consent(
    request: Request, found: ConsentableRequest, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    try:
        given = form.parse(ConsentGiven)
        is_consent = given.outcome == "consented"
        take = service.consent if is_consent else service.return_to_applicant
        take(session, found.subject, found.object, form.version, given.remark)
    except (FormInvalid, Invalid) as error:
        start_over(session)
        return _show(request, session, found, _failed(form, error), status=422)
    return _to_page(once, found.object.request_no, CONSENT if is_consent else RETURN)


@router.get("/requests/{no}/withdrawal")
def withdrawal_page(
    request: Request, found: WithdrawableRequestSeen, session: ReadSessionDep
) -> Response:
    """The question before a request is taken back: it cannot be undone."""
    return _withdrawal(request, session, found.object, Form.of())


@router.post("/requests/{no}/withdrawals", status_code=303)
def withdraw(
    request: Request, found: WithdrawableRequest, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    try:
        remark = form.parse(Remark).remark
    except FormInvalid as error:
        start_over(session)
        return _withdrawal(request, session, found.object, error.form, status=422)
    service.withdraw(session, found.subject, found.object, form.version, remark)
    return _to_page(once, found.object.request_no, WITHDRAW)


def _to_page(once: Once, no: str, step: Step[RequestStatus]) -> Response:
    return RedirectResponse(once.keep_redirect(f"/requests/{no}?done={step.word}"), 303)


def _failed(form: Form, error: FormInvalid | Invalid) -> Form:
    return error.form if isinstance(error, FormInvalid) else form.refused(error)


def _show(
    request: Request,
    session: Session,
    found: Authorized[ShareRequest],
    form: Form,
    *,
    done: str = "",
    status: int = 200,
) -> Response:
    row, subject = found.object, found.subject
    is_ours = subject.department_id == row.consumer_id
    said = LIFECYCLE.done(done)
    values = {
        "form": form,
        "shown": read_model(session, row),
        "items": repository.items(session, row),
        "tone": TONES[row.status],
        "meaning": MEANINGS[row.status],
        "done": said,
        "is_asked": said is ASK_CONSENT.done,
        "following": next_task(session, subject, beside=row.request_no)
        if said and said.goes_on
        else None,
        "ahead": ahead(session, row) if is_ours else [],
        "changes": since_last_asked(session, row) if is_ours and row.status in _INSIDE else None,
        "fields": FIELDS,
        "returned": last_return(session, row)
        if is_ours and row.status is RequestStatus.DRAFT
        else "",
        "dues": [due_of(session, clock) for clock in clocks.clocks_of(session, row.request_no)],
        "timeline": timeline(session, subject, row),
        "acts": {step.name: step for step in possible(subject, row, LIFECYCLE)},
        "waiting_for": waits_for(session, row),
        "panels": PAGE.shown(session, subject, row),
        "once_key": uuid7().hex,
        "share_way": ShareWay(row.share_way),
        "resource": repository.resource(session, row.resource_id),
    }
    return page(request, "requests/show.html", values, status=status)


def _withdrawal(
    request: Request, session: Session, row: ShareRequest, form: Form, *, status: int = 200
) -> Response:
    values = {
        "form": form,
        "row": row,
        "step": WITHDRAW,
        "title": repository.resource(session, row.resource_id).title,
        "once_key": uuid7().hex,
    }
    return page(request, "requests/withdrawal.html", values, status=status)


@dataclass(frozen=True, slots=True)
class Begun:
    """A form that was begun and not sent."""

    title: str
    href: str
    saved_at: datetime


def _begun(session: Session, subject: Subject) -> list[Begun]:
    """The reader's own forms kept as drafts that are no request yet."""
    if subject.user_id is None:
        return []
    kept = {
        each.case_no: each.saved_at for each in drafts.all_kept(session, subject.user_id, form=NEW)
    }
    found = (
        (repository.resource_by_code(session, code), saved_at) for code, saved_at in kept.items()
    )
    return [
        Begun(resource.title, f"/requests/new?resource={resource.url_code}", saved_at)
        for resource, saved_at in found
        if resource is not None
    ]
