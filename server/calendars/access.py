"""Who may read the calendars, and who may load one."""

from typing import Annotated

from fastapi import Path

from auth.guard import Place, may_at
from policies.actions import Action
from shuqiao.subject import Subject

CALENDARS = Place("Calendars", "calendars")

Reader = Annotated[Subject, may_at(Action.CALENDAR_READ, CALENDARS)]

Loader = Annotated[Subject, may_at(Action.CALENDAR_LOAD, CALENDARS)]

Year = Annotated[int, Path(ge=2018, le=2100)]
