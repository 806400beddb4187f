"""HTTP of changes of law or duties, and of the time for updating the entry."""

from fastapi import APIRouter

from audit.receipts import receipt
from auth.once import OnceDep
from catalog.updates import service
from catalog.updates.access import (
    AskableChange,
    DismissableChange,
    ExtendableChange,
    NameableChange,
    ReadableChange,
    RecordableResource,
)
from catalog.updates.models import CatalogueChange
from catalog.updates.schemas import (
    ChangeCreate,
    ChangeRead,
    ChangeRecorded,
    Dismissal,
    EntryNaming,
    ExtensionAsk,
    ExtensionDecision,
)
from catalog.updates.views.changes import read_model
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["change events"], route_class=StrictRoute)


@router.post(
    "/resources/{code}/change-events",
    status_code=201,
    operation_id="change_events_record",
    summary="Record a change of law or duties that concerns an entry",
)
def record(
    found: RecordableResource, body: ChangeCreate, session: SessionDep, once: OnceDep
) -> ChangeRecorded:
    return once.keep(_told(session, service.record(session, found.subject, found.object, body)))


@router.get(
    "/change-events/{no}",
    operation_id="change_events_show",
    summary="Show a change of law or duties",
)
def show(found: ReadableChange, session: ReadSessionDep) -> ChangeRead:
    return read_model(session, found.object)


@router.post(
    "/change-events/{no}/extensions",
    status_code=201,
    operation_id="change_events_ask",
    summary="Ask for more time to update the entry",
)
def ask(
    found: AskableChange, body: ExtensionAsk, session: SessionDep, once: OnceDep
) -> ChangeRecorded:
    changed = service.ask_extension(session, found.subject, found.object, body)
    return once.keep(_told(session, changed))


@router.post(
    "/change-events/{no}/decisions",
    status_code=201,
    operation_id="change_events_decide",
    summary="Consent to more time, or refuse it",
)
def decide(
    found: ExtendableChange, body: ExtensionDecision, session: SessionDep, once: OnceDep
) -> ChangeRecorded:
    changed = service.decide_extension(session, found.subject, found.object, body)
    return once.keep(_told(session, changed))


@router.post(
    "/change-events/{no}/entry",
    status_code=201,
    operation_id="change_events_name_entry",
    summary="Name the entry that registers new data",
)
def name_entry(
    found: NameableChange, body: EntryNaming, session: SessionDep, once: OnceDep
) -> ChangeRecorded:
    changed = service.name_entry(session, found.subject, found.object, body)
    return once.keep(_told(session, changed))


@router.post(
    "/change-events/{no}/dismissal",
    status_code=201,
    operation_id="change_events_dismiss",
    summary="Decide that an entry needs no update",
)
def dismiss(
    found: DismissableChange, body: Dismissal, session: SessionDep, once: OnceDep
) -> ChangeRecorded:
    changed = service.dismiss(session, found.subject, found.object, body)
    return once.keep(_told(session, changed))


def _told(session: SessionDep, change: CatalogueChange) -> ChangeRecorded:
    return ChangeRecorded(**dict(read_model(session, change)), **receipt(session))
