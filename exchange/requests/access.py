"""From the address to the row: what routes of requests are asked about."""

from typing import Annotated

from fastapi import Path, Query
from sqlmodel import Session

from auth.guard import Authorized, may, may_list
from catalog.resources.models import DataResource
from exchange.requests import repository
from exchange.requests.models import ShareRequest
from exchange.requests.schemas import RequestCreate
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound
from shuqiao.subject import Subject
from shuqiao.web.forms import FormDep

RequestNo = Annotated[
    str, Path(max_length=20, description="Public number, for example REQ-2026-000123")
]


def to_read(no: RequestNo, session: ReadSessionDep) -> ShareRequest:
    return _request(session, no)


def to_change(no: RequestNo, session: SessionDep) -> ShareRequest:
    """The request, locked: steps of one case follow each other."""
    return _request(session, no, lock=True)


def resource_named(
    session: ReadSessionDep,
    resource: Annotated[str, Query(max_length=40, description="Resource code")] = "",
) -> DataResource:
    return by_code(session, resource)


def resource_in_body(body: RequestCreate, session: SessionDep) -> DataResource:
    return by_code(session, body.resource_code)


def resource_in_form(session: SessionDep, form: FormDep) -> DataResource:
    return by_code(session, form.text("resource_code"))


def by_code(session: Session, code: str) -> DataResource:
    """The resource of this code, in either spelling."""
    found = repository.resource_by_code(session, code.strip().replace("-", "/"))
    if found is None:
        raise NotFound
    return found


def _request(session: Session, no: str, *, lock: bool = False) -> ShareRequest:
    found = repository.by_no(session, no, lock=lock)
    if found is None:
        raise NotFound
    return found


#: A resource that the caller may ask for, by where it is named: in the address, in what was sent.
RequestableResource = Annotated[
    Authorized[DataResource], may(Action.REQUEST_CREATE, resource_named)
]
RequestableResourceOfBody = Annotated[
    Authorized[DataResource], may(Action.REQUEST_CREATE, resource_in_body)
]
RequestableResourceOfForm = Annotated[
    Authorized[DataResource], may(Action.REQUEST_CREATE, resource_in_form)
]

#: Whoever lists requests.
RequestReader = Annotated[Subject, may_list(Action.REQUEST_READ)]
ReadableRequest = Annotated[Authorized[ShareRequest], may(Action.REQUEST_READ, to_read)]
#: "Seen": for the page that comes before the step, which changes nothing.
EditableRequestSeen = Annotated[Authorized[ShareRequest], may(Action.REQUEST_EDIT, to_read)]
EditableRequest = Annotated[Authorized[ShareRequest], may(Action.REQUEST_EDIT, to_change)]
SubmittableRequestSeen = Annotated[Authorized[ShareRequest], may(Action.REQUEST_SUBMIT, to_read)]
SubmittableRequest = Annotated[Authorized[ShareRequest], may(Action.REQUEST_SUBMIT, to_change)]
ConsentableRequest = Annotated[Authorized[ShareRequest], may(Action.REQUEST_CONSENT, to_change)]
WithdrawableRequestSeen = Annotated[Authorized[ShareRequest], may(Action.REQUEST_WITHDRAW, to_read)]
WithdrawableRequest = Annotated[Authorized[ShareRequest], may(Action.REQUEST_WITHDRAW, to_change)]
