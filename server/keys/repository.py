"""What the database knows of the keys, and of the installation they belong to."""

from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, select

from shuqiao.clock import now
from shuqiao.db import column
from shuqiao.keys import Registered
from shuqiao.models import Installation, InstallationKey

_ONE_AT_A_TIME: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('server.keys', 0))")


def take_turns(session: Session) -> None:
    """Until the end of the transaction nobody else settles or rotates."""
    session.connection().execute(_ONE_AT_A_TIME)


def own_id(session: Session) -> UUID:
    """The id of the installation."""
    return session.exec(select(Installation.id)).one()


def all_keys(session: Session) -> list[InstallationKey]:
    """Every registered key, by name."""
    return list(session.exec(select(InstallationKey).order_by(column(InstallationKey.name))))


def of(session: Session, name: str) -> Registered | None:
    """What is registered under ``name``."""
    found = session.exec(select(InstallationKey).where(InstallationKey.name == name)).first()
    return None if found is None else Registered(found.fingerprint, found.generation)


def add(session: Session, name: str, fingerprint: bytes) -> bool:
    """Whether it was the first of that name; waits for another one that is being registered."""
    row = {"name": name, "fingerprint": fingerprint, "generation": 1, "registered_at": now()}
    added = (
        insert(InstallationKey)
        .values(row)
        .on_conflict_do_nothing()
        .returning(column(InstallationKey.name))
    )
    return session.connection().execute(added).first() is not None


def replaced(session: Session, name: str, fingerprint: bytes) -> InstallationKey | None:
    """The row with the fingerprint of the next generation; None where there is no such key."""
    row = session.exec(
        select(InstallationKey).where(InstallationKey.name == name).with_for_update()
    ).first()
    if row is None:
        return None
    row.fingerprint, row.generation, row.registered_at = fingerprint, row.generation + 1, now()
    session.add(row)
    session.flush()
    return row
