"""HTTP of working-day calendars: which years can be counted, and loading the notice of one."""

import hashlib
from typing import Annotated

from fastapi import APIRouter, Query

from audit.receipts import receipt
from auth.once import OnceDep
from server.calendars import service
from server.calendars.access import Loader, Reader, Year
from server.calendars.forms import read_file
from server.calendars.schemas import (
    CalendarList,
    CalendarLoaded,
    CalendarRead,
    CalendarShown,
    CalendarWrite,
    NoticeWrite,
)
from server.calendars.views import shown
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.bodies import FILE_BODY, FileDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["calendars"], route_class=StrictRoute)


@router.get("/calendars", operation_id="calendars_list", summary="Years that can be counted")
def list_calendars(subject: Reader, session: ReadSessionDep) -> CalendarList:
    return CalendarList(items=[CalendarRead.of(each) for each in service.loaded(session)])


@router.get("/calendars/{year}", operation_id="calendars_show", summary="The days of a year")
def show_calendar(year: Year, subject: Reader, session: ReadSessionDep) -> CalendarShown:
    return shown(session, year)


@router.post(
    "/calendars/{year}",
    status_code=201,
    operation_id="calendars_load",
    summary="Load the notice of a year",
)
def load_calendar(
    year: Year, subject: Loader, body: CalendarWrite, session: SessionDep, once: OnceDep
) -> CalendarLoaded:
    days = [line.as_day() for line in body.days]
    loaded = service.load(session, subject, year, body, days)
    return once.keep(_answer(loaded, session))


@router.post(
    "/calendars/{year}/files",
    status_code=201,
    operation_id="calendars_load_file",
    summary="Load the notice of a year from a file",
    openapi_extra=FILE_BODY,
)
def load_calendar_file(
    year: Year,
    subject: Loader,
    notice: Annotated[NoticeWrite, Query()],
    file: FileDep,
    once: OnceDep,
    session: SessionDep,
) -> CalendarLoaded:
    read = read_file(file)  # decoding holds no connection
    asked = f"{notice.model_dump_json()}{read.sha256}"
    once.take(hashlib.sha256(asked.encode()).digest())
    loaded = service.load(session, subject, year, notice, read.days, read.lines)
    return once.keep(_answer(loaded, session))


def _answer(loaded: service.Loaded, session: SessionDep) -> CalendarLoaded:
    read = CalendarRead.of(loaded.version)
    return CalendarLoaded(**dict(read), moved=loaded.moved, **receipt(session))
