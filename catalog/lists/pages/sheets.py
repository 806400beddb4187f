"""Pages of returned sheets, of the data shared most, and of the draft of a notice."""

from typing import Annotated

from fastapi import Query
from sqlmodel import Session
from starlette.responses import Response

from catalog.lists.access import ListReader, NamedList
from catalog.lists.forms.asked import DatedDep, ScopeDep, SinceDep
from catalog.lists.forms.sheets import rows_in
from catalog.lists.service import dating, frequent
from catalog.lists.service.returned import compare
from catalog.lists.views.frequent import FrequentPage, frequent_page
from catalog.lists.views.notice import NoticePage, notice_page
from catalog.lists.views.returned import ReturnedPage, returned_page
from catalog.lists.words import ListKind, MadeKnown
from shuqiao.db import ReadSessionDep
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter

router = PageRouter()

Month = Annotated[str, Query(max_length=7, description="Month, as 2026-02")]


@router.page("/lists/frequent")
def shared_most(
    subject: ListReader, session: ReadSessionDep, scope: ScopeDep, month: Month = ""
) -> FrequentPage:
    dating.check_scope(session, scope)
    return frequent_page(session, subject, scope, frequent.month_of(month))


@router.page("/lists/notice")
def notice(
    subject: ListReader,
    session: ReadSessionDep,
    scope: ScopeDep,
    since: SinceDep,
    until: DatedDep,
    lists: Annotated[MadeKnown, Query()] = MadeKnown.OF_ITEMS,
) -> NoticePage:
    """The draft of the notice (通告稿), to be printed."""
    return notice_page(session, subject, scope, since, until, lists)


@router.page("/lists/{kind}/returned")
def ask(kind: NamedList, _subject: ListReader, session: ReadSessionDep) -> ReturnedPage:
    return returned_page(session, kind, Form())


def again(session: Session, kind: ListKind, form: Form) -> ReturnedPage:
    return returned_page(session, kind, form)


@router.form("/lists/{kind}/returned", again=again, status_code=200)
def look(
    kind: NamedList, subject: ListReader, session: ReadSessionDep, form: FormDep
) -> ReturnedPage | Response:
    """Look at a sheet that came back; nothing is changed."""
    sent = form.files.get("file")
    if sent is None:
        detail, fix = _("No file was chosen"), _("Choose the sheet that came back.")
        raise Invalid(errors=[FieldError("/file", "missing", detail, fix)])
    rows = rows_in(sent, kind)
    scope = dating.scope_of(form.text("department"), form.text("area"), form.text("level"))
    dating.check_scope(session, scope)
    return returned_page(session, kind, form, compare(session, subject, kind, scope, rows))
