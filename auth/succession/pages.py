"""The page on which the data administration names successors."""

from typing import Annotated

from fastapi import Query
from sqlmodel import Session
from starlette.responses import Response

from auth.guard import Authorized, is_allowed
from auth.once import OnceDep
from auth.succession.access import ActSuccession, NameableSuccession, ReadableSuccession
from auth.succession.lifecycle import NAME
from auth.succession.schemas import SuccessorNaming
from auth.succession.service import succession as succeeding
from auth.succession.views import SuccessionPage, succession_page
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter

router = PageRouter()


def again(
    session: Session, found: Authorized[ActSuccession], form: Form, done: str = ""
) -> SuccessionPage:
    return succession_page(
        session,
        found.object.act,
        form,
        may_name=is_allowed(found.subject, Action.SUCCESSION_NAME, found.object),
        done=done == NAME.word,
    )


@router.page("/reorganisations/{act_no}/succession")
def one(
    found: ReadableSuccession,
    session: ReadSessionDep,
    done: Annotated[str, Query(max_length=20)] = "",
    kind: Annotated[str, Query(max_length=40)] = "",
    number: Annotated[str, Query(max_length=60)] = "",
) -> SuccessionPage:
    """What the ended departments hold still, by kind, and what has its successor."""
    form = Form.of({"kind": kind, "numbers": [number] if number else []})
    return again(session, found, form, done)


@router.form("/reorganisations/{act_no}/succession", again=again)
def name(found: NameableSuccession, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    body, act = form.parse(SuccessorNaming), found.object.act
    succeeding.name(session, found.subject, act, found.object.open, body)
    return once.go_to(f"/reorganisations/{act.act_no}/succession?done={NAME.word}")
