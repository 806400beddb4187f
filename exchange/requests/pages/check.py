"""Check answers: everything once more before the own sharing head is asked, with the way to change
it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from auth.guard import Authorized
from auth.once import OnceDep
from catalog.resources.words import ShareWay
from exchange.requests import repository, service
from exchange.requests.access import SubmittableRequest, SubmittableRequestSeen
from exchange.requests.lifecycle import ASK_CONSENT
from exchange.requests.models import ShareRequest
from exchange.requests.pages.drafts import EDIT
from exchange.requests.views.ahead import ahead
from exchange.requests.views.changes import last_return, since_last_asked
from exchange.requests.views.request import read_model
from exchange.requests.words import FIELDS
from shuqiao.db import ReadSessionDep, SessionDep, start_over
from shuqiao.desk import drafts
from shuqiao.errors import Invalid
from shuqiao.ids import uuid7
from shuqiao.web.engine import page
from shuqiao.web.forms import Form, FormDep

router = APIRouter()


@router.get("/requests/{no}/check")
def check_page(
    request: Request, found: SubmittableRequestSeen, session: ReadSessionDep
) -> Response:
    """Every answer with the way to change it, and what happens next."""
    if found.object.state not in ASK_CONSENT.at:
        return RedirectResponse(f"/requests/{found.object.request_no}", 303)
    return _check(request, session, found, Form.of())


@router.post("/requests/{no}/submissions", status_code=303)
def submit(
    request: Request, found: SubmittableRequest, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    no = found.object.request_no
    try:
        service.ask_consent(session, found.subject, found.object, form.version)
    except Invalid as error:
        start_over(session)
        return _check(request, session, found, form.refused(error), status=422)
    assert found.subject.user_id is not None
    drafts.forget(session, found.subject.user_id, form=EDIT, case_no=no)
    return RedirectResponse(once.keep_redirect(f"/requests/{no}?done={ASK_CONSENT.word}"), 303)


def _check(
    request: Request,
    session: Session,
    found: Authorized[ShareRequest],
    form: Form,
    *,
    status: int = 200,
) -> Response:
    row = found.object
    resource = repository.resource(session, row.resource_id)
    assert found.subject.user_id is not None
    values = {
        "form": form.gathered("item_ids"),
        "step": ASK_CONSENT,
        "items": repository.items(session, row),
        "resource": resource,
        "shown": read_model(session, row),
        "labels": FIELDS,
        "answers": _answers(session, row),
        "ahead": ahead(session, row),
        "once_key": uuid7().hex,
        "returned": last_return(session, row),
        "changes": since_last_asked(session, row),
        "kept": drafts.kept(session, found.subject.user_id, form=EDIT, case_no=row.request_no),
    }
    return page(request, "requests/check.html", values, status=status)


def _answers(session: Session, row: ShareRequest) -> Sequence[Mapping[str, Any]]:
    """Every answer with the link to the field that changes it; the
    items follow as a table of their own.
    """
    edit_href = f"/requests/{row.request_no}/edit#f-"
    said: Mapping[str, Any] = {
        "basis": row.basis,
        "scenario": row.scenario,
        "scope": row.scope,
        "share_way": ShareWay(row.share_way).label,
        "until": row.until.isoformat(),
    }
    return [
        {"key": FIELDS[name], "value": value, "href": edit_href + name}
        for name, value in said.items()
    ]
