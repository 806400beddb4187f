"""What waits for somebody and what they were told."""

from sqlmodel import Session

from server.desk.schemas import MessageList, MessageRead, TodoList, TodoRead
from shuqiao.desk import messages, todos
from shuqiao.desk.messages import Kind, kind_of
from shuqiao.i18n import Message
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest


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
