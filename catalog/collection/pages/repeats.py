"""Pages of reports of repeated forms (重复填报反映)."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from auth.once import OnceDep
from catalog.collection.access import (
    AnswerableRepeat,
    ReadableRepeat,
    RepeatLister,
    RepeatReporter,
)
from catalog.collection.checks import listed
from catalog.collection.lifecycle.repeats import ANSWER, REPORT
from catalog.collection.schemas import RepeatAnswer, RepeatForm
from catalog.collection.service import repeats
from catalog.collection.views.repeats import (
    NewRepeatPage,
    RepeatPage,
    RepeatsPage,
    new_page,
    repeat_page,
    repeats_page,
)
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep

router = PageRouter()


@router.page("/repeated-forms")
def index(subject: RepeatLister, session: ReadSessionDep, wanted: PageDep) -> RepeatsPage:
    return repeats_page(session, subject, wanted)


@router.page("/repeated-forms/new")
def ask(subject: RepeatReporter, session: ReadSessionDep) -> NewRepeatPage:
    return new_page(session, subject, Form())


@router.form("/repeated-forms/new", again=new_page)
def report(subject: RepeatReporter, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    typed = form.parse(RepeatForm)
    made = repeats.report(session, subject, typed, listed(typed.fields))
    return once.go_to(f"/repeated-forms/{made.report_no}?done={REPORT.word}")


@router.page("/repeated-forms/{no}")
def one(
    found: ReadableRepeat,
    session: ReadSessionDep,
    done: Annotated[str, Query(max_length=20)] = "",
) -> RepeatPage:
    return repeat_page(session, found, Form(), done)


@router.form("/repeated-forms/{no}/answers", again=repeat_page)
def answer(found: AnswerableRepeat, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    body = form.parse(RepeatAnswer)
    repeats.answer(session, found.subject, found.object, body, form.version)
    return once.go_to(f"/repeated-forms/{found.object.report_no}?done={ANSWER.word}")
