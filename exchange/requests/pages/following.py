"""Pages of applying (申请): the list, one request and what can be done next; the forms are in
``drafts`` and ``check``.
"""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from auth.identify import SubjectDep
from auth.once import OnceDep
from exchange.requests import service
from exchange.requests.access import (
    ConsentableRequest,
    ReadableRequest,
    WithdrawableRequest,
    WithdrawableRequestSeen,
)
from exchange.requests.lifecycle import CONSENT, RETURN, WITHDRAW
from exchange.requests.pages import check, drafts
from exchange.requests.schemas import ConsentGiven, Remark
from exchange.requests.views.list_page import RequestsPage, requests_page
from exchange.requests.views.request_page import (
    RequestPage,
    WithdrawalPage,
    request_page,
    withdrawal_page,
)
from exchange.requests.words import RequestStatus, Whose
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep

router = PageRouter()
router.include_router(drafts.router)  # before /requests/{no}: "new" is no number
router.include_router(check.router)


@router.page("/requests")
def index(
    subject: SubjectDep,
    session: ReadSessionDep,
    wanted: PageDep,
    status: RequestStatus | None = None,
    whose: Whose | None = None,
) -> RequestsPage:
    """Requests the reader may see, newest first; above them the forms
    that were begun and not sent.
    """
    return requests_page(session, subject, wanted, status, whose)


@router.page("/requests/{no}")
def one(
    found: ReadableRequest,
    session: ReadSessionDep,
    done: Annotated[str, Query(max_length=20)] = "",
) -> RequestPage:
    return request_page(session, found, Form(), done)


@router.form("/requests/{no}/consents", again=request_page)
def consent(
    found: ConsentableRequest, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    """Consent, or hand the request back to the applicant with what has to change."""
    given = form.parse(ConsentGiven)
    if given.outcome == "consented":
        service.consent(session, found.subject, found.object, form.version, given.remark)
        word = CONSENT.word
    else:
        service.return_to_applicant(
            session, found.subject, found.object, form.version, given.remark
        )
        word = RETURN.word
    return once.go_to(f"/requests/{found.object.request_no}?done={word}")


@router.page("/requests/{no}/withdrawal")
def ask_to_withdraw(found: WithdrawableRequestSeen, session: ReadSessionDep) -> WithdrawalPage:
    """The question before a request is taken back."""
    return withdrawal_page(session, found, Form())


@router.form("/requests/{no}/withdrawals", again=withdrawal_page)
def withdraw(
    found: WithdrawableRequest, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    remark = form.parse(Remark).remark
    service.withdraw(session, found.subject, found.object, form.version, remark)
    return once.go_to(f"/requests/{found.object.request_no}?done={WITHDRAW.word}")
