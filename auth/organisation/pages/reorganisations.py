"""Pages of mergers and splits: what happened, and the form that records one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Query
from sqlmodel import Session
from starlette.responses import Response

from auth.departments import repository as register
from auth.departments.models import Department
from auth.departments.words import Act
from auth.guard import is_allowed
from auth.once import OnceDep
from auth.organisation.access import DEPARTMENTS, Browser, Reorganiser
from auth.organisation.forms import ACT, ReorganisationForm
from auth.organisation.schemas import ReorganisationRead
from auth.organisation.views.department import history
from auth.reorganisations import service as reorganising
from auth.succession.service import succession as succeeding
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.i18n import Message
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page import Page
from shuqiao.web.page_router import PageRouter

router = PageRouter()


@dataclass(frozen=True, slots=True)
class ReorganisationsPage(Page):
    """All acts, the newest first."""

    template = "organisation/reorganisations.html"
    acts: Sequence[ReorganisationRead]
    may_reorganise: bool
    may_succeed: bool
    is_done: bool


@router.page("/reorganisations")
def index(subject: Browser, session: ReadSessionDep, done: str = "") -> ReorganisationsPage:
    return ReorganisationsPage(
        acts=history(session, register.acts(session)),
        may_reorganise=is_allowed(subject, Action.DEPARTMENT_REORGANISE, DEPARTMENTS),
        may_succeed=is_allowed(subject, Action.SUCCESSION_READ, DEPARTMENTS),
        is_done=done == "recorded",
    )


@dataclass(frozen=True, slots=True)
class ReorganisationPage(Page):
    """The form of a merger or a split, with the departments that go on."""

    template = "organisation/reorganisation.html"
    form: Form
    labels: Mapping[str, Message]
    kinds: Sequence[tuple[str, Message]]
    departments: Sequence[Department]


def reorganisation_page(session: Session, form: Form) -> ReorganisationPage:
    return ReorganisationPage(
        form=form.gathered("before").gathered("after"),
        labels=ACT,
        kinds=[(kind.value, kind.label) for kind in (Act.MERGED, Act.SPLIT)],
        departments=[each for each in register.listed(session) if each.ended_on is None],
    )


@router.page("/reorganisations/new")
def ask(
    subject: Reorganiser,
    session: ReadSessionDep,
    before: Annotated[str, Query(max_length=18)] = "",
) -> ReorganisationPage:
    return reorganisation_page(session, Form.of({"kind": Act.MERGED.value, "before": before}))


@router.form("/reorganisations/new", again=reorganisation_page)
def record(subject: Reorganiser, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    act = reorganising.reorganise(session, subject, form.parse(ReorganisationForm).record())
    succeeding.open_after(session, subject, act)
    return once.go_to("/reorganisations?done=recorded")
