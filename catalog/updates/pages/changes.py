"""Pages of changes of law or duties: recorded on the entry, each with its limit."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from auth.once import OnceDep
from catalog.updates import service
from catalog.updates.access import (
    AskableChange,
    DismissableChange,
    ExtendableChange,
    NameableChange,
    ReadableChange,
    RecordableResource,
    RecordableResourceSeen,
)
from catalog.updates.lifecycle import (
    ASK_EXTENSION,
    DISMISS,
    EXTEND,
    NAME_ENTRY,
    RECORD,
    REFUSE_EXTENSION,
)
from catalog.updates.schemas import (
    ChangeCreate,
    Dismissal,
    EntryNaming,
    ExtensionAsk,
    ExtensionDecision,
)
from catalog.updates.views.changes import ChangePage, ChangesPage, change_page, changes_page
from catalog.updates.words import ExtensionOutcome
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter

router = PageRouter()


@router.page("/resources/{code}/change-events")
def of_entry(found: RecordableResourceSeen, session: ReadSessionDep) -> ChangesPage:
    """The changes that concern an entry, and the form that records one."""
    return changes_page(session, found, Form())


@router.form("/resources/{code}/change-events", again=changes_page)
def record(
    found: RecordableResource, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    change = service.record(session, found.subject, found.object, form.parse(ChangeCreate))
    return once.go_to(f"/change-events/{change.change_no}?done={RECORD.word}")


@router.page("/change-events/{no}")
def one(
    found: ReadableChange,
    session: ReadSessionDep,
    done: Annotated[str, Query(max_length=20)] = "",
) -> ChangePage:
    """One change, its limit with how it is counted, and the extension."""
    return change_page(session, found, Form(), done)


@router.form("/change-events/{no}/extensions", again=change_page)
def ask(found: AskableChange, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    service.ask_extension(session, found.subject, found.object, form.parse(ExtensionAsk))
    return once.go_to(f"/change-events/{found.object.change_no}?done={ASK_EXTENSION.word}")


@router.form("/change-events/{no}/decisions", again=change_page)
def decide(found: ExtendableChange, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    body = form.parse(ExtensionDecision)
    service.decide_extension(session, found.subject, found.object, body)
    step = EXTEND if body.outcome is ExtensionOutcome.CONSENTED else REFUSE_EXTENSION
    return once.go_to(f"/change-events/{found.object.change_no}?done={step.word}")


@router.form("/change-events/{no}/entry", again=change_page)
def name_entry(
    found: NameableChange, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    service.name_entry(session, found.subject, found.object, form.parse(EntryNaming))
    return once.go_to(f"/change-events/{found.object.change_no}?done={NAME_ENTRY.word}")


@router.form("/change-events/{no}/dismissal", again=change_page)
def dismiss(
    found: DismissableChange, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    service.dismiss(session, found.subject, found.object, form.parse(Dismissal))
    return once.go_to(f"/change-events/{found.object.change_no}?done={DISMISS.word}")
