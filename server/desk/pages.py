"""The desk's page: what I must do (待办), the most urgent first, and what I was told (消息)."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.responses import RedirectResponse, Response

from server.desk.access import Reader
from server.desk.views import DeskPage, desk_page
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.desk import messages
from shuqiao.desk.messages import Kind
from shuqiao.errors import BadRequest
from shuqiao.i18n import _
from shuqiao.texts import Strict
from shuqiao.web.forms import FormDep, FormInvalid
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep

router = PageRouter()


class MessagesRead(Strict):
    """Which messages were read: those named, or all up to one."""

    message: Annotated[list[UUID], Field(max_length=200)] = Field(default_factory=list)
    until: UUID | None = None


@router.page("/desk")
def desk(
    subject: Reader,
    session: ReadSessionDep,
    wanted: PageDep,
    unread: Annotated[bool, Query(description="Only unread messages")] = False,
    kind: Kind | None = None,
) -> DeskPage:
    """Tasks and messages of the reader."""
    return desk_page(session, subject, wanted, kind, unread_only=unread)


@router.form("/desk/messages/reads")
def mark_read(subject: Reader, session: SessionDep, form: FormDep) -> Response:
    """Mark the named messages as read.

    Doing it twice changes nothing; those of others are passed over.
    """
    try:
        read = form.parse(MessagesRead)
    except FormInvalid:  # the page itself filled it in: there is nothing to correct
        raise BadRequest(_("The form does not name messages; load the page again.")) from None
    if read.until is not None:
        messages.mark_all_read(session, subject, until=read.until)
    messages.mark_read(session, subject, read.message)
    return RedirectResponse("/desk#messages", 303)
