"""Pages of the working-day calendars: which years can be counted, and loading the notice of one."""

import hashlib

from starlette.responses import Response

from auth.once import OnceDep
from server.calendars import service
from server.calendars.access import Loader, Reader, Year
from server.calendars.forms import read_file
from server.calendars.schemas import CalendarForm
from server.calendars.views import TONES, CalendarPage, CalendarsPage, calendars_page, shown
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import Invalid
from shuqiao.web.bodies import NO_FILE
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter

router = PageRouter()


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
    read = read_file(sent.file, sent.filename)  # decoding holds no connection
    once.take(hashlib.sha256(f"{body.model_dump_json()}{read.sha256}".encode()).digest())
    service.load(session, subject, body.year, body, read.days, read.lines)
    return once.go_to(f"/calendars?done={body.year}")
