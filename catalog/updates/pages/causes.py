"""Pages that record a cause for many entries at once, or for new data, and show it."""

import re
from typing import Annotated

from fastapi import Query
from sqlmodel import Session
from starlette.responses import Response

from auth.departments.forms import with_codes
from auth.once import OnceDep
from catalog.updates import service
from catalog.updates.access import CauseRecorder, ReadableCause
from catalog.updates.repository.reach import LIMIT, Wanted
from catalog.updates.schemas import CauseCreate
from catalog.updates.views.causes import (
    CausePage,
    NewDataPage,
    RecordPage,
    cause_page,
    new_data_page,
    prefilled,
    record_page,
)
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.subject import Subject
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter

router = PageRouter()
Word = Annotated[str, Query(max_length=200)]


@router.page("/update-causes/new")
def new(
    subject: CauseRecorder,
    session: ReadSessionDep,
    basis: Word = "",
    duty: Word = "",
    element: Word = "",
    department: Word = "",
    codes: Annotated[str, Query(max_length=8_000)] = "",
) -> RecordPage:
    """Whom a cause reaches, and the form that records it for those that are ticked."""
    pasted = tuple(code for code in re.split(r"[\s,;，；、]+", codes) if code)[:LIMIT]
    parts = (basis.strip(), duty.strip(), element.strip(), department.strip())
    return record_page(session, subject, Form(), Wanted(*parts, codes=pasted))


def again(session: Session, subject: Subject, form: Form) -> RecordPage:
    return record_page(session, subject, form)


@router.form("/update-causes/new", again=again)
def record(subject: CauseRecorder, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    cause, _opened = service.record_cause(session, subject, form.parse(CauseCreate))
    return once.go_to(f"/update-causes/{cause.cause_no}?done=recorded")


@router.page("/update-causes/new-data")
def new_data(
    subject: CauseRecorder,
    session: ReadSessionDep,
    system: Annotated[str, Query(max_length=20)] = "",
) -> NewDataPage:
    """The form that declares data without an entry, for a system if it comes from its page."""
    return new_data_page(session, subject, prefilled(session, system.strip()))


@router.form("/update-causes/new-data", again=new_data_page)
def declare(subject: CauseRecorder, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    cause, _opened = service.record_cause(
        session,
        subject,
        with_codes(session, form, of_departments=["data.0.department"]).parse(CauseCreate),
    )
    return once.go_to(f"/update-causes/{cause.cause_no}?done=recorded")


@router.page("/update-causes/{no}")
def one(
    found: ReadableCause,
    session: ReadSessionDep,
    done: Annotated[str, Query(max_length=20)] = "",
) -> CausePage:
    """A cause, and the state of everything that it opened."""
    return cause_page(session, found, done)
