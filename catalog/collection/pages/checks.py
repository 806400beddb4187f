"""Pages of checks before collecting (采集前核查)."""

from typing import Annotated

from fastapi import Query
from sqlmodel import Session
from starlette.responses import Response

from auth.guard import Authorized
from auth.once import OnceDep
from catalog.collection import repository
from catalog.collection.access import (
    CheckLister,
    CheckMaker,
    EditableCheck,
    EditableCheckSeen,
    Position,
    ReadableCheck,
)
from catalog.collection.checks import listed
from catalog.collection.forms import names_in
from catalog.collection.lifecycle.checks import CONCLUDE, CORRECT, MAKE
from catalog.collection.models import CollectionCheck
from catalog.collection.schemas import CheckForm, CheckHead, FieldCorrect
from catalog.collection.service import checking
from catalog.collection.views.checks import (
    CheckPage,
    ChecksPage,
    FieldPage,
    NewCheckPage,
    check_page,
    checks_page,
    field_page,
    new_page,
)
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep

router = PageRouter()
Done = Annotated[str, Query(max_length=20)]


@router.page("/collection-checks")
def index(subject: CheckLister, session: ReadSessionDep, wanted: PageDep) -> ChecksPage:
    """The checks of the own department; of all for the data administration."""
    return checks_page(session, subject, wanted)


@router.page("/collection-checks/new")
def ask(_subject: CheckMaker) -> NewCheckPage:
    """The form: fields pasted, or in a file."""
    return new_page(Form())


@router.form("/collection-checks/files", again=new_page)
def make(subject: CheckMaker, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    """Match the fields; those of the file come after those that are pasted."""
    typed = form.parse(CheckForm)
    head, names = CheckHead(title=typed.title, kind=typed.kind), listed(typed.fields)
    sent = form.files.get("file")
    if sent is not None:
        names += names_in(sent)  # decoding holds no connection
    once.take(repr((head.title, head.kind, names)).encode())
    made = checking.make(session, subject, head, names)
    return once.go_to(f"/collection-checks/{made.check_no}?done={MAKE.word}")


@router.page("/collection-checks/{no}")
def one(found: ReadableCheck, session: ReadSessionDep, done: Done = "") -> CheckPage:
    """The opinion (核查意见), as it is printed too."""
    return check_page(session, found, Form(), done)


@router.form("/collection-checks/{no}/conclusions", again=check_page)
def conclude(found: EditableCheck, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    checking.conclude(session, found.subject, found.object, form.version)
    return once.go_to(f"/collection-checks/{found.object.check_no}?done={CONCLUDE.word}")


def correct_again(
    session: Session, found: Authorized[CollectionCheck], position: int, form: Form
) -> FieldPage:
    return _field_page(session, found, position, form)


@router.page("/collection-checks/{no}/fields/{position}")
def field(found: EditableCheckSeen, position: Position, session: ReadSessionDep) -> FieldPage:
    """The form that corrects one answer."""
    return _field_page(session, found, position)


@router.form("/collection-checks/{no}/fields/{position}", again=correct_again)
def correct(
    found: EditableCheck, position: Position, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    body = form.parse(FieldCorrect)
    checking.correct(session, found.subject, found.object, position, body, form.version)
    return once.go_to(f"/collection-checks/{found.object.check_no}?done={CORRECT.word}")


def _field_page(
    session: Session,
    found: Authorized[CollectionCheck],
    position: int,
    form: Form | None = None,
) -> FieldPage:
    row = repository.field(session, found.object.id, position)
    if row is None:
        raise NotFound
    return field_page(found, row, form)
