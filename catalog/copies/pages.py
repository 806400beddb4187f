"""Pages of working copies: each step is asked for first, and told what follows."""

from starlette.responses import Response

from auth.cases import check
from auth.once import OnceDep
from catalog.copies import service
from catalog.copies.access import (
    ChangeableEntry,
    ChangeableEntrySeen,
    DiscardableInWork,
    EditableInWorkSeen,
    RecallableInWork,
    RecallableInWorkSeen,
)
from catalog.copies.views import StepPage, step_page
from catalog.resources import service as registering
from catalog.resources.lifecycle import CHANGE, DISCARD, RECALL
from shuqiao.db import SessionDep
from shuqiao.web.forms import FormDep
from shuqiao.web.page_router import PageRouter

router = PageRouter()


@router.page("/resources/{code}/change")
def ask_to_change(found: ChangeableEntrySeen) -> StepPage:
    check(found.object, CHANGE)
    return step_page(found, CHANGE)


@router.form("/resources/{code}/change")
def change(found: ChangeableEntry, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    copy = service.open_copy(session, found.subject, found.object, form.version)
    return once.go_to(f"{registering.edit_href(copy)}?done={CHANGE.word}")


@router.page("/resources/{code}/recall")
def ask_to_recall(found: RecallableInWorkSeen) -> StepPage:
    check(found.object, RECALL)
    return step_page(found, RECALL)


@router.form("/resources/{code}/recall")
def recall(found: RecallableInWork, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    service.recall(session, found.subject, found.object, form.version)
    return once.go_to(f"{registering.edit_href(found.object)}?done={RECALL.word}")


@router.page("/resources/{code}/discard")
def ask_to_discard(found: EditableInWorkSeen) -> StepPage:
    check(found.object, DISCARD)
    return step_page(found, DISCARD)


@router.form("/resources/{code}/discard")
def discard(
    found: DiscardableInWork, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    service.throw_away(session, found.subject, found.object, form.version)
    return once.go_to(f"/resources?done={DISCARD.word}")
