"""To-dos and messages as the API shows them."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from shuqiao.desk.messages import Kind
from shuqiao.web.paging import Page


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
