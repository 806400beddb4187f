"""Messages (消息): what people should know.

The message and its outbox row are written in the caller's transaction.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, not_, or_
from sqlmodel import Session, col, select, update

from shuqiao import clock
from shuqiao.db import column
from shuqiao.desk import outbox
from shuqiao.desk.models import InboxMessage
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

TOPIC = "desk.message.written"


class Kind(StrEnum):
    """What a message is about."""

    CATALOGUE = "catalogue"
    REQUEST = "request"
    GRANT = "grant"
    OTHER = "other"

    @property
    def label(self) -> Message:
        return _LABELS[self]


_LABELS: Final[Mapping[Kind, Message]] = {
    Kind.CATALOGUE: _("Catalogue and registration"),
    Kind.REQUEST: _("Requests and decisions"),
    Kind.GRANT: _("Grants and deliveries"),
    Kind.OTHER: _("Everything else"),
}
_PREFIXES: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.CATALOGUE: ("/catalog", "/resources", "/reviews", "/element"),
    Kind.REQUEST: ("/requests", "/tasks"),
    Kind.GRANT: ("/grants", "/deliveries"),
}


def kind_of(href: str) -> Kind:
    """The kind of a message that leads to ``href``."""
    return next((kind for kind, starts in _PREFIXES.items() if href.startswith(starts)), Kind.OTHER)


def send(
    session: Session, *, user_ids: Iterable[UUID], what: Message, href: str
) -> list[InboxMessage]:
    """Tell each of ``user_ids`` once; one outbox row carries the lot to channels outside.

    Nobody: nothing happens.
    """
    at, text = clock.now(), what.to_json()
    written = [
        InboxMessage(user_id=user_id, what=text, href=href, created_at=at)
        for user_id in sorted(set(user_ids))
    ]
    if not written:
        return []
    session.add_all(written)
    session.flush()
    outbox.put(session, TOPIC, {"messages": [str(message.id) for message in written], "href": href})
    return written


def inbox(
    session: Session, subject: Subject, *, unread_only: bool = False, limit: int = 100
) -> list[InboxMessage]:
    """The messages of ``subject``, newest first. Nobody else's, whatever the role."""
    return page(session, subject, PageRequest(limit=limit), unread_only=unread_only)[0]


def page(
    session: Session,
    subject: Subject,
    wanted: PageRequest,
    *,
    unread_only: bool = False,
    kind: Kind | None = None,
) -> tuple[list[InboxMessage], str | None]:
    """One page of the same, perhaps of one kind, and the cursor of the next."""
    query = select(InboxMessage).where(*_of(subject, unread_only=unread_only, kind=kind))
    rows = session.exec(wanted.keyset(query, column(InboxMessage.id), descending=True)).all()
    kept, following = wanted.cut(rows, lambda row: (row.id,))
    return list(kept), following


def counts(session: Session, subject: Subject) -> dict[Kind, int]:
    """How many messages of each kind ``subject`` has; kinds without any are left out."""
    found = {
        kind: session.exec(
            select(func.count()).select_from(InboxMessage).where(*_of(subject, kind=kind))
        ).one()
        for kind in Kind
    }
    return {kind: number for kind, number in found.items() if number}


def unread_count(session: Session, subject: Subject) -> int:
    """How many messages ``subject`` has not read."""
    unread = col(InboxMessage.user_id) == subject.user_id, col(InboxMessage.read_at).is_(None)
    return session.exec(select(func.count()).select_from(InboxMessage).where(*unread)).one()


def mark_all_read(session: Session, subject: Subject, *, until: UUID) -> int:
    """Mark own messages up to ``until`` as read: what arrived since the
    page was shown stays unread.
    """
    unread = update(InboxMessage).where(
        *_of(subject, unread_only=True), col(InboxMessage.id) <= until
    )
    return session.exec(unread.values(read_at=clock.now())).rowcount


def mark_read(session: Session, subject: Subject, message_ids: Iterable[UUID]) -> int:
    """Mark own messages as read; gives how many were unread.

    Ids of others are passed over in silence.
    """
    unread = (
        update(InboxMessage)
        .where(col(InboxMessage.user_id) == subject.user_id, col(InboxMessage.read_at).is_(None))
        .where(col(InboxMessage.id).in_(list(message_ids)))
    )
    return session.exec(unread.values(read_at=clock.now())).rowcount


def _of(
    subject: Subject, *, unread_only: bool = False, kind: Kind | None = None
) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = [col(InboxMessage.user_id) == subject.user_id]
    if unread_only:
        clauses.append(col(InboxMessage.read_at).is_(None))
    if kind is not None:
        clauses.append(_about(kind))
    return clauses


def _about(kind: Kind) -> ColumnElement[bool]:
    """Where a message leads to says what it is about; what fits nowhere
    is of the kind ``other``.
    """
    if kind is Kind.OTHER:
        return not_(or_(*(_about(each) for each in _PREFIXES)))
    return or_(*(col(InboxMessage.href).startswith(prefix) for prefix in _PREFIXES[kind]))
