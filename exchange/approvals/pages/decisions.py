"""Pages of deciding (审核、答复): facts and decision, and the question before it is done."""

from starlette.responses import Response

from auth.guard import Authorized, authorize, is_allowed
from auth.once import OnceDep
from exchange.approvals import service
from exchange.approvals.access import AnswerableRequest, ReleasableRequest
from exchange.approvals.forms import batch
from exchange.approvals.forms.reply import reply_of, with_named_errors
from exchange.approvals.pages import queue
from exchange.approvals.pages.shown import (
    DecisionPage,
    QuestionPage,
    decision_page,
    first_form,
    question_page,
)
from exchange.approvals.schemas import Release
from exchange.approvals.views.decision import asked
from exchange.requests.access import ReadableRequest
from exchange.requests.lifecycle import PREPARE_REPLY, RELEASE, SEND_BACK
from exchange.requests.models import ShareRequest
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import Invalid
from shuqiao.web.forms import FormDep, FormInvalid
from shuqiao.web.page_router import PageRouter

router = PageRouter()
router.include_router(queue.router)


@router.page("/requests/{no}/decision")
def read(found: ReadableRequest, session: ReadSessionDep) -> DecisionPage:
    """For the provider's approver and sharing head; what is prepared
    stays inside the provider (Art. 20).
    """
    _only_inside(found)
    return decision_page(session, found, first_form(session, found.object))


@router.form("/requests/{no}/decision", again=decision_page, status_code=200)
def ask_once_more(
    found: ReadableRequest, session: ReadSessionDep, form: FormDep
) -> DecisionPage | QuestionPage:
    """The question before it is done: the effect in words.

    Changes nothing; also fills in a batch of answers.
    """
    _only_inside(found)
    if form.text("intent") == "change":
        return decision_page(session, found, form)
    if form.text("intent") == "batch":
        filled = batch.applied(form, asked(session, found.object))
        if filled.errors:
            raise FormInvalid(filled)
        return decision_page(session, found, filled)
    try:
        return question_page(session, found, form)
    except Invalid as error:
        raise FormInvalid(with_named_errors(form, error.errors)) from None


@router.form("/requests/{no}/decisions", again=decision_page)
def decide(found: AnswerableRequest, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    try:
        reply = reply_of(form, asked(session, found.object))
        service.prepare(session, found.subject, found.object, form.version, reply)
    except Invalid as error:
        raise FormInvalid(with_named_errors(form, error.errors)) from None
    return once.go_to(f"/requests/{found.object.request_no}?done={PREPARE_REPLY.word}")


@router.form("/requests/{no}/releases", again=decision_page)
def release(
    found: ReleasableRequest, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    """Let the reply out, or send it back to the approver."""
    word = form.parse(Release)
    is_release = word.outcome == "released"
    take = service.release if is_release else service.send_back
    take(session, found.subject, found.object, form.version, word.remark)
    done = (RELEASE if is_release else SEND_BACK).word
    return once.go_to(f"/requests/{found.object.request_no}?done={done}")


def _only_inside(found: Authorized[ShareRequest]) -> None:
    if not is_allowed(found.subject, Action.REQUEST_RELEASE, found.object):
        authorize(found.subject, Action.REQUEST_PREPARE_REPLY, found.object)
