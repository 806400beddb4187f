"""Every SQL statement about changes of law or duties."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from catalog.updates.models import CatalogueChange
from catalog.updates.words import UpdateStatus


def by_no(session: Session, no: str, *, lock: bool = False) -> CatalogueChange | None:
    query = select(CatalogueChange).where(CatalogueChange.change_no == no)
    return session.exec(query.with_for_update() if lock else query).first()


def of_entry(session: Session, code: str) -> Sequence[CatalogueChange]:
    """The changes that concern an entry, the newest first."""
    query = select(CatalogueChange).where(CatalogueChange.resource_code == code)
    return session.exec(query.order_by(col(CatalogueChange.id).desc())).all()


def open_of_entry(session: Session, code: str) -> Sequence[CatalogueChange]:
    """Those whose update is still owed, locked."""
    query = select(CatalogueChange).where(
        CatalogueChange.resource_code == code, CatalogueChange.status != UpdateStatus.MET
    )
    return session.exec(query.order_by(col(CatalogueChange.id)).with_for_update()).all()
