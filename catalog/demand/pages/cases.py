"""Pages of demands (供需对接): the list, the form, one demand, a month in figures."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from auth.once import OnceDep
from catalog.demand.access import (
    AssignableDemand,
    ClaimableDemand,
    ClosableDemand,
    DemandFiler,
    DemandLister,
    MergeableDemand,
    ReadableDemand,
    WithdrawableDemand,
)
from catalog.demand.forms import demand_of, first_values
from catalog.demand.lifecycle.answering import ASSIGN, CLAIM, FILE
from catalog.demand.lifecycle.ending import CLOSE, MERGE, WITHDRAW
from catalog.demand.lifecycle.seats import PAGE
from catalog.demand.models import Demand
from catalog.demand.schemas import DemandAssign, DemandClose, DemandMerge, DemandReason
from catalog.demand.service import figures as counting
from catalog.demand.service import filing, merging
from catalog.demand.views.pages import (
    DemandPage,
    DemandsPage,
    FiguresPage,
    NewDemandPage,
    SavedDemandPage,
    demand_page,
    demands_page,
    draft_of,
    figures_page,
    new_page,
)
from catalog.demand.words import DemandStatus, Queue
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.subject import Subject
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep

router = PageRouter()


@router.page("/demands")
def index(
    subject: DemandLister,
    session: ReadSessionDep,
    wanted: PageDep,
    status: Annotated[DemandStatus | None, Query()] = None,
    queue: Annotated[Queue | None, Query()] = None,
) -> DemandsPage:
    """The demands that the reader may see; above them whose turn it is."""
    return demands_page(session, subject, wanted, status, queue)


@router.page("/demands/figures")
def figures(
    subject: DemandLister,
    session: ReadSessionDep,
    month: Annotated[str, Query(max_length=7)] = "",
) -> FiguresPage:
    return figures_page(counting.figures(session, subject, month))


@router.page("/demands/new")
def write(
    subject: DemandFiler,
    session: ReadSessionDep,
    title: Annotated[str, Query(max_length=200)] = "",
    item: UUID | None = None,
) -> NewDemandPage:
    """The form: as it was left, or with the words of a search, or an item that is aimed at."""
    kept = draft_of(session, subject).kept()
    if kept is not None and not (title or item):
        return new_page(session, subject, kept.form, is_kept_shown=True)
    return new_page(session, subject, Form.of(first_values(session, title, item)))


def write_again(session: Session, subject: Subject, form: Form) -> NewDemandPage:
    """The form to correct; what is not right yet stays a draft, as it was typed."""
    draft_of(session, subject).keep(form.typed, form.key)
    return new_page(session, subject, form, is_kept_shown=True)


@router.form("/demands/new", again=write_again)
def file(subject: DemandFiler, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    if form.text("intent") == "draft":
        draft_of(session, subject).keep(form.typed, form.key)
        return once.go_to("/demands/new")
    made = filing.file(session, subject, demand_of(form))
    draft_of(session, subject).sent(form.key)
    return once.go_to(address(made, FILE.word))


@router.form("/demands/new/draft", status_code=200)
def save(subject: DemandFiler, session: SessionDep, form: FormDep) -> SavedDemandPage | Response:
    """Keep what is typed so far, right or wrong; or throw it away."""
    draft = draft_of(session, subject)
    if form.text("intent") == "discard":
        draft.forget()
        return RedirectResponse("/demands/new", 303)
    return SavedDemandPage(draft.keep(form.typed, form.key))


@router.page("/demands/{no}")
def one(
    found: ReadableDemand,
    session: ReadSessionDep,
    done: Annotated[str, Query(max_length=20)] = "",
    act: Annotated[str, Query(max_length=20)] = "",
) -> DemandPage:
    """What is wanted, by whom, what was answered, what may serve it, and what can be done."""
    return demand_page(session, found, Form(), done, act)


@router.form("/demands/{no}/claims", again=demand_page)
def claim(found: ClaimableDemand, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    filing.claim(session, found.subject, found.object, form.version)
    return once.go_to(address(found.object, CLAIM.word))


@router.form("/demands/{no}/assignments", again=demand_page)
def assign(found: AssignableDemand, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    body = form.parse(DemandAssign)
    filing.assign(session, found.subject, found.object, body, form.version)
    return once.go_to(address(found.object, ASSIGN.word))


@router.form("/demands/{no}/mergers", again=demand_page)
def merge(found: MergeableDemand, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    into = form.parse(DemandMerge).into
    merging.merge(session, found.subject, found.object, into, form.version)
    return once.go_to(address(found.object, MERGE.word))


@router.form("/demands/{no}/closings", again=demand_page)
def close(found: ClosableDemand, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    body = form.parse(DemandClose)
    filing.close(session, found.subject, found.object, body, form.version)
    return once.go_to(address(found.object, CLOSE.word))


@router.form("/demands/{no}/withdrawals", again=demand_page)
def withdraw(
    found: WithdrawableDemand, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    reason = form.parse(DemandReason).reason
    filing.withdraw(session, found.subject, found.object, reason, form.version)
    return once.go_to(address(found.object, WITHDRAW.word))


def address(demand: Demand, done: str) -> str:
    """The page of the demand, which confirms what was done."""
    return f"{PAGE.format_map(demand.told())}?done={done}"
