"""Forms of what is answered to demands, and of refusals that are contested."""

from starlette.responses import Response

from auth.once import OnceDep
from catalog.demand.access import AnswerableDemand, ContestableDemand, SettleableDemand
from catalog.demand.lifecycle import answering
from catalog.demand.pages.cases import address
from catalog.demand.schemas import AnswerCreate, DemandReason, DemandSettle
from catalog.demand.service import replying
from catalog.demand.views.pages import demand_page
from catalog.demand.words import AnswerKind, SettleOutcome
from shuqiao.db import SessionDep
from shuqiao.web.forms import FormDep
from shuqiao.web.page_router import PageRouter

router = PageRouter()

_DONE = {
    AnswerKind.SHARE: answering.OFFER,
    AnswerKind.COLLECT: answering.PROMISE,
    AnswerKind.NOT_OURS: answering.HAND_BACK,
    AnswerKind.REFUSE: answering.REFUSE,
}


@router.form("/demands/{no}/answers", again=demand_page)
def answer(found: AnswerableDemand, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    body = form.parse(AnswerCreate)
    replying.answer(session, found.subject, found.object, body, form.version)
    return once.go_to(address(found.object, _DONE[body.kind].word))


@router.form("/demands/{no}/contests", again=demand_page)
def contest(
    found: ContestableDemand, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    reason = form.parse(DemandReason).reason
    replying.contest(session, found.subject, found.object, reason, form.version)
    return once.go_to(address(found.object, answering.CONTEST.word))


@router.form("/demands/{no}/settlements", again=demand_page)
def settle(found: SettleableDemand, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    body = form.parse(DemandSettle)
    replying.settle(session, found.subject, found.object, body, form.version)
    is_upheld = body.outcome is SettleOutcome.UPHELD
    step = answering.UPHOLD if is_upheld else answering.SEND_BACK
    return once.go_to(address(found.object, step.word))
