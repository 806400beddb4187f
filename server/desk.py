"""HTTP of the desk: what I must do, what I was told."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlmodel import Session

from auth.guard import Place, may_at
from policies.actions import Action
from shuqiao.db import ReadSessionDep
from shuqiao.desk import messages, todos
from shuqiao.desk.messages import Kind, kind_of
from shuqiao.i18n import Message
from shuqiao.subject import Subject
from shuqiao.web.examples import Example, example
from shuqiao.web.paging import Page, PageDep, PageRequest
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["desk"], route_class=StrictRoute)

DESK = Place("Desk", "desk")
Reader = Annotated[Subject, may_at(Action.TODO_READ, DESK)]


class TodoRead(BaseModel):
    """One task (待办), most urgent first."""

    id: UUID
    case_no: str
    what: str
    href: str
    due_on: date | None
    created_at: datetime


class TodoList(BaseModel):
    items: list[TodoRead]
    total: int


class MessageRead(BaseModel):
    """One message (消息)."""

    id: UUID
    what: str
    kind: Kind
    href: str
    created_at: datetime
    read_at: datetime | None


class MessageList(Page[MessageRead]):
    """A page of messages, newest first, and how many are unread in all."""

    unread: int


@router.get("/todos", operation_id="todos_list", summary="What I must do")
@example(Example(world="asked_request", who="consumer_head", success=200, visibility="self"))
def list_todos(subject: Reader, session: ReadSessionDep) -> TodoList:
    return todo_list(session, subject)


@router.get("/messages", operation_id="messages_list", summary="What I was told")
@example(Example(world="active_grant", who="applicant", success=200, visibility="self"))
def list_messages(
    subject: Reader,
    session: ReadSessionDep,
    wanted: PageDep,
    unread: Annotated[bool, Query(description="Only unread ones")] = False,
    kind: Kind | None = None,
) -> MessageList:
    return message_list(session, subject, wanted, unread_only=unread, kind=kind)


def todo_list(session: Session, subject: Subject) -> TodoList:
    """The tasks in the reader's language; used by the page too."""
    items = [
        TodoRead(
            id=todo.id,
            case_no=todo.case_no,
            what=str(Message.from_json(todo.what)),
            href=todo.href,
            due_on=todo.due_on,
            created_at=todo.created_at,
        )
        for todo in todos.open_for(session, subject)
    ]
    return TodoList(items=items, total=todos.count_for(session, subject))


def message_list(
    session: Session,
    subject: Subject,
    wanted: PageRequest,
    *,
    unread_only: bool = False,
    kind: Kind | None = None,
) -> MessageList:
    """A page of messages in the reader's language; used by the pages too."""
    rows, following = messages.page(session, subject, wanted, unread_only=unread_only, kind=kind)
    items = [
        MessageRead(
            id=sent.id,
            what=str(Message.from_json(sent.what)),
            kind=kind_of(sent.href),
            href=sent.href,
            created_at=sent.created_at,
            read_at=sent.read_at,
        )
        for sent in rows
    ]
    return MessageList(items=items, next=following, unread=messages.unread_count(session, subject))
