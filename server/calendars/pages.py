"""Pages of the working-day calendars: which years can be counted, and loading the notice of one."""

import hashlib

from sqlmodel import Session
from starlette.responses import Response

from auth.guard import is_allowed
from auth.once import OnceDep
from policies.actions import Action
from server.calendars import service
from server.calendars.access import CALENDARS, Loader, Reader, Year
from server.calendars.forms import read_file
from server.calendars.schemas import CalendarForm, CalendarRead
from server.calendars.views import LABELS, TONES, CalendarPage, CalendarsPage, shown
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import Invalid
from shuqiao.subject import Subject
from shuqiao.web.bodies import NO_FILE
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter

router = PageRouter()


def calendars_page(session: Session, subject: Subject, form: Form, done: str = "") -> CalendarsPage:
    return CalendarsPage(
        form=form,
        labels=LABELS,
        years=[CalendarRead.of(each) for each in service.loaded(session)],
        may_load=is_allowed(subject, Action.CALENDAR_LOAD, CALENDARS),
        done=done,
    )


@router.page("/calendars")
def index(subject: Reader, session: ReadSessionDep, done: str = "") -> CalendarsPage:
    """The years that can be counted, the newest first."""
    return calendars_page(session, subject, Form(), done)


@router.page("/calendars/{year}")
def one(year: Year, subject: Reader, session: ReadSessionDep) -> CalendarPage:
    """The days of a year, and every version that was loaded."""
    return CalendarPage(shown=shown(session, year), tones=TONES)


@router.form("/calendars/files", again=calendars_page)
def load(subject: Loader, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    """Load the notice of a year from a file."""
    body = form.parse(CalendarForm)
    sent = form.files.get("file")
    if sent is None:
        raise Invalid(errors=[NO_FILE])
    read = read_file(sent)  # decoding holds no connection
    once.take(hashlib.sha256(f"{body.model_dump_json()}{read.sha256}".encode()).digest())
    service.load(session, subject, body.year, body, read.days, read.lines)
    return once.go_to(f"/calendars?done={body.year}")
