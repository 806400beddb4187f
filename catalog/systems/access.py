"""From the address to the system, and who may register one."""

from typing import Annotated, Final

from fastapi import Path
from sqlmodel import Session

from auth.guard import Authorized, Place, may, may_at, may_list
from catalog.systems import repository
from catalog.systems.models import InformationSystem
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound
from shuqiao.subject import Subject

SYSTEMS: Final = Place("Systems", "systems")

SystemNo = Annotated[
    str, Path(max_length=20, description="Public number, for example IS-2026-000001")
]


def system_seen(no: SystemNo, session: ReadSessionDep) -> InformationSystem:
    return _found(session, no)


def system_to_change(no: SystemNo, session: SessionDep) -> InformationSystem:
    return _found(session, no, lock=True)


def _found(session: Session, no: str, *, lock: bool = False) -> InformationSystem:
    found = repository.by_no(session, no, lock=lock)
    if found is None:
        raise NotFound
    return found


SystemLister = Annotated[Subject, may_list(Action.SYSTEM_READ)]
SystemRegistrar = Annotated[Subject, may_at(Action.SYSTEM_REGISTER, SYSTEMS)]
ReadableSystem = Annotated[Authorized[InformationSystem], may(Action.SYSTEM_READ, system_seen)]
#: "Seen": for the pages with the forms.
EditableSystemSeen = Annotated[Authorized[InformationSystem], may(Action.SYSTEM_EDIT, system_seen)]
EditableSystem = Annotated[Authorized[InformationSystem], may(Action.SYSTEM_EDIT, system_to_change)]
