"""Every SQL statement that moves or removes what belongs to a row as a whole."""

from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from catalog.attachments import repository as attachments
from catalog.attachments.models import Attachment
from catalog.copies.errors import Reviewed
from catalog.resources import repository as resources
from catalog.resources.models import DataResource


def move_attachments(session: Session, copy: DataResource) -> Sequence[Attachment]:
    """What was attached to a working copy belongs to its entry from now on; gives it."""
    moved = attachments.attachments_of(session, copy.id)
    statement = update(Attachment).where(col(Attachment.resource_id) == copy.id)
    session.execute(statement.values(resource_id=copy.entry_id))
    return moved


def delete_attachments(session: Session, row: DataResource) -> Sequence[Attachment]:
    """Remove what is attached to a row; gives it, since files may lie under its ids."""
    gone = attachments.attachments_of(session, row.id)
    for attachment in gone:
        session.delete(attachment)
    session.flush()
    return gone


def delete(session: Session, row: DataResource) -> None:
    """Remove a draft or a working copy; its items go with it in the database.

    Raises ``Reviewed``: reviews point at their entry for ever.
    """
    for item in resources.items_of(session, row.id):
        session.expunge(item)
    try:
        with session.begin_nested():
            session.delete(row)
            session.flush()
    except IntegrityError:
        raise Reviewed from None
