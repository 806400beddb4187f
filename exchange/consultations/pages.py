"""Pages of consultations: the list, one with both sides and its filing; terminating a grant."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from auth.once import OnceDep
from exchange.consultations import service
from exchange.consultations.access import (
    ConcludableConsultation,
    ConsultationReader,
    FileableConsultation,
    ReadableConsultation,
    StatableConsultation,
    TerminableGrant,
    TerminableGrantSeen,
)
from exchange.consultations.lifecycle import CONCLUDE, FILE, STATE
from exchange.consultations.schemas import Conclusion, FilingMade, SideStatement
from exchange.consultations.views import (
    ConsultationPage,
    ConsultationsPage,
    TerminationPage,
    consultation_page,
    consultations_page,
    termination_page,
)
from exchange.grants.lifecycle import TERMINATE
from exchange.grants.schemas import Termination
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep

router = PageRouter()


@router.page("/consultations")
def index(
    subject: ConsultationReader, session: ReadSessionDep, wanted: PageDep
) -> ConsultationsPage:
    """Consultations the reader may see, the newest first."""
    return consultations_page(session, subject, wanted)


@router.page("/consultations/{no}")
def one(
    found: ReadableConsultation,
    session: ReadSessionDep,
    done: Annotated[str, Query(max_length=20)] = "",
) -> ConsultationPage:
    """What leaves no more and why, both sides' words, the filing, and what may be done."""
    return consultation_page(session, found, Form(), done)


@router.form("/consultations/{no}/statements", again=consultation_page)
def state(
    found: StatableConsultation, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    service.state(session, found.subject, found.object, form.parse(SideStatement))
    return once.go_to(f"/consultations/{found.object.consultation_no}?done={STATE.word}")


@router.form("/consultations/{no}/conclusions", again=consultation_page)
def conclude(
    found: ConcludableConsultation, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    body = form.parse(Conclusion)
    service.conclude(session, found.subject, found.object, form.version, body)
    return once.go_to(f"/consultations/{found.object.consultation_no}?done={CONCLUDE.word}")


@router.form("/consultations/{no}/filings", again=consultation_page)
def file(
    found: FileableConsultation, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    service.file(session, found.subject, found.object, form.parse(FilingMade))
    return once.go_to(f"/consultations/{found.object.consultation_no}?done={FILE.word}")


@router.page("/grants/{no}/termination")
def ask_to_terminate(found: TerminableGrantSeen, session: ReadSessionDep) -> TerminationPage:
    """What a termination needs and which of it is there."""
    return termination_page(session, found, Form())


@router.form("/grants/{no}/terminations", again=termination_page)
def terminate(
    found: TerminableGrant, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    body = form.parse(Termination)
    service.terminate(session, found.subject, found.object, form.version, body)
    return once.go_to(f"/grants/{found.object.grant_no}?done={TERMINATE.word}")
