"""Check answers, then ask the own sharing head for consent."""

from starlette.responses import RedirectResponse, Response

from auth.once import OnceDep
from exchange.requests import service
from exchange.requests.access import SubmittableRequest, SubmittableRequestSeen
from exchange.requests.lifecycle import ASK_CONSENT
from exchange.requests.views.check_page import CheckPage, check_page
from exchange.requests.views.form_page import draft_of
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter

router = PageRouter()


@router.page("/requests/{no}/check")
def answers(found: SubmittableRequestSeen, session: ReadSessionDep) -> CheckPage | Response:
    """Every answer with the way to change it, and what happens next."""
    if found.object.state not in ASK_CONSENT.at:
        return RedirectResponse(f"/requests/{found.object.request_no}", 303)
    return check_page(session, found, Form())


@router.form("/requests/{no}/submissions", again=check_page)
def submit(
    found: SubmittableRequest, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    service.ask_consent(session, found.subject, found.object, form.version)
    draft_of(session, found).forget()
    return once.go_to(f"/requests/{found.object.request_no}?done={ASK_CONSENT.word}")
