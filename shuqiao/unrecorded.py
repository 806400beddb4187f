"""A change without its event cannot exist: what a session changed of audited tables is noted, and
without an event its commit is refused.
"""

from functools import cache
from typing import Any
from weakref import ref

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import ORMExecuteState, SessionTransaction, UOWTransaction
from sqlmodel import Session, SQLModel


class UnrecordedChange(RuntimeError):
    """A unit of work changed an audited table without an audit event. Always a fault of ours."""


def forget(session: Session) -> None:
    """What was noted so far was rolled back with its changes."""
    for note in ("changed", "events"):
        session.info.pop(note, None)


def _is_audited(mapped: type[Any]) -> bool:
    return not getattr(mapped, "__unaudited__", False)


@event.listens_for(Session, "after_begin")
def _remember_session(session: Session, _: SessionTransaction, connection: Connection) -> None:
    connection.info["session"] = ref(session)


@event.listens_for(Session, "after_flush")
def _note_flushed_changes(session: Session, _: UOWTransaction) -> None:
    changed = [
        *session.new,
        *session.deleted,
        *(row for row in session.dirty if session.is_modified(row)),
    ]
    if any(_is_audited(type(row)) for row in changed):
        session.info["changed"] = True


@event.listens_for(Session, "do_orm_execute")
def _note_bulk_changes(state: ORMExecuteState) -> None:
    mapper = state.bind_mapper
    is_change = state.is_insert or state.is_update or state.is_delete
    if is_change and mapper is not None and _is_audited(mapper.class_):
        state.session.info["changed"] = True


@event.listens_for(Engine, "before_execute")
def _note_core_changes(connection: Connection, clause: Any, *_: Any) -> None:
    """What goes past the ORM on the session's own connection counts as
    well (raw SQL text is beyond this).
    """
    if getattr(clause, "is_dml", False) and _is_audited_table(clause.table.name):
        session = connection.info.get("session", lambda: None)()
        if session is not None:
            session.info["changed"] = True


@cache
def _is_audited_table(name: str) -> bool:
    """Whether a table of this name belongs to a class whose changes need an event."""
    return any(
        _is_audited(mapper.class_)
        for mapper in SQLModel._sa_registry.mappers
        if mapper.local_table.description == name
    )


@event.listens_for(Session, "after_transaction_create")
def _mark_savepoint(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault("marks", {})[transaction] = len(session.info.get("events", ()))


@event.listens_for(Session, "after_soft_rollback")
def _forget_undone_events(session: Session, undone: SessionTransaction) -> None:
    """An event that went with its savepoint covers no change made outside of it."""
    mark = session.info.get("marks", {}).pop(undone, None)
    if mark is not None:
        del session.info.get("events", [])[mark:]


@event.listens_for(Session, "before_commit")
def _refuse_unrecorded(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    if session.info.get("changed") and not session.info.get("events"):
        raise UnrecordedChange("a change without its audit event cannot be committed")
