"""From the address to the consultation, and to the grant that it is about."""

from typing import Annotated

from fastapi import Path

from auth.guard import Authorized, may, may_list
from exchange.consultations import repository
from exchange.consultations.models import GrantConsultation
from exchange.grants.access import to_change as grant_to_change
from exchange.grants.access import to_read as grant_to_read
from exchange.grants.models import ShareGrant
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound
from shuqiao.subject import Subject

ConsultationNo = Annotated[
    str, Path(max_length=20, description="Public number, for example CO-2026-000123")
]


def to_change(no: ConsultationNo, session: SessionDep) -> GrantConsultation:
    found = repository.by_no(session, no, lock=True)
    if found is None:
        raise NotFound
    return found


def to_read(no: ConsultationNo, session: ReadSessionDep) -> GrantConsultation:
    found = repository.by_no(session, no)
    if found is None:
        raise NotFound
    return found


ConsultationReader = Annotated[Subject, may_list(Action.CONSULTATION_READ)]
ReadableConsultation = Annotated[
    Authorized[GrantConsultation], may(Action.CONSULTATION_READ, to_read)
]
StatableConsultation = Annotated[
    Authorized[GrantConsultation], may(Action.CONSULTATION_STATE, to_change)
]
ConcludableConsultation = Annotated[
    Authorized[GrantConsultation], may(Action.CONSULTATION_CONCLUDE, to_change)
]
FileableConsultation = Annotated[
    Authorized[GrantConsultation], may(Action.CONSULTATION_FILE, to_change)
]
TerminableGrant = Annotated[Authorized[ShareGrant], may(Action.GRANT_TERMINATE, grant_to_change)]
#: "Seen": for the page that asks before.
TerminableGrantSeen = Annotated[Authorized[ShareGrant], may(Action.GRANT_TERMINATE, grant_to_read)]
