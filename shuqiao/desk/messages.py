"""Messages (消息): what people should know. The message and its outbox row are written in the caller's transaction."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select, update

from shuqiao import clock
from shuqiao.desk import outbox
from shuqiao.desk.models import InboxMessage
from shuqiao.i18n import Message
from shuqiao.subject import Subject

TOPIC = "desk.message.written"


def send(session: Session, *, user_ids: Iterable[UUID], what: Message, href: str) -> list[InboxMessage]:
    """Tell each of ``user_ids`` once; one outbox row carries the lot to channels outside. Nobody: nothing happens."""
    at, text = clock.now(), what.to_json()
    written = [InboxMessage(user_id=user_id, what=text, href=href, created_at=at) for user_id in sorted(set(user_ids))]
    if not written:
        return []
    session.add_all(written)
    session.flush()
    outbox.put(session, TOPIC, {"messages": [str(message.id) for message in written], "href": href})
    return written


def inbox(session: Session, subject: Subject, *, unread_only: bool = False, limit: int = 100) -> list[InboxMessage]:
    """The messages of ``subject``, newest first. Nobody else's, whatever the role."""
    wanted = select(InboxMessage).where(col(InboxMessage.user_id) == subject.user_id)
    if unread_only:
        wanted = wanted.where(col(InboxMessage.read_at).is_(None))
    return list(session.exec(wanted.order_by(col(InboxMessage.id).desc()).limit(limit)))


def unread_count(session: Session, subject: Subject) -> int:
    """How many messages ``subject`` has not read."""
    unread = col(InboxMessage.user_id) == subject.user_id, col(InboxMessage.read_at).is_(None)
    return session.exec(select(func.count()).select_from(InboxMessage).where(*unread)).one()


def mark_read(session: Session, subject: Subject, message_ids: Iterable[UUID]) -> int:
    """Mark own messages as read; gives how many were unread. Ids of others are passed over in silence."""
    unread = (
        update(InboxMessage)
        .where(col(InboxMessage.user_id) == subject.user_id, col(InboxMessage.read_at).is_(None))
        .where(col(InboxMessage.id).in_(list(message_ids)))
    )
    return session.exec(unread.values(read_at=clock.now())).rowcount
