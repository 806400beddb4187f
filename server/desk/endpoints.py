"""HTTP of the desk: what I must do, what I was told."""

from typing import Annotated

from fastapi import APIRouter, Query

from server.desk.access import Reader
from server.desk.schemas import MessageList, TodoList
from server.desk.views import message_list, todo_list
from shuqiao.db import ReadSessionDep
from shuqiao.desk.messages import Kind
from shuqiao.web.paging import PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["desk"], route_class=StrictRoute)


@router.get("/todos", operation_id="todos_list", summary="What I must do")
def list_todos(subject: Reader, session: ReadSessionDep) -> TodoList:
    return todo_list(session, subject)


@router.get("/messages", operation_id="messages_list", summary="What I was told")
def list_messages(
    subject: Reader,
    session: ReadSessionDep,
    wanted: PageDep,
    unread: Annotated[bool, Query(description="Only unread ones")] = False,
    kind: Kind | None = None,
) -> MessageList:
    return message_list(session, subject, wanted, unread_only=unread, kind=kind)
