"""Database wiring.

The transaction belongs to the edge: services flush, only this module and ``server/`` commit.

A request's session commits *before* its response is sent (``scope="function"``), so a failing
commit is a 5xx and never a silent loss. A session that changed an audited table without appending
an audit event refuses to commit (``shuqiao.unrecorded``).
"""

import math
import select
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Annotated, Any, ClassVar, Final, cast

from fastapi import Depends
from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    Text,
    Uuid,
    any_,
    bindparam,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import IntegrityError, InvalidatePoolError
from sqlalchemy.orm import SessionTransaction
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session, SQLModel

from shuqiao import unrecorded
from shuqiao.settings import settings

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
).naming_convention

#: Aware UTC timestamps, everywhere.
Timestamp = DateTime(timezone=True)
TextArray = ARRAY(Text)


class Table(SQLModel):
    """Base of every table.

    Changes need an audit event unless the class says why not with ``__unaudited__``.
    """

    #: True for bookkeeping whose change is not a business fact (sessions, queues, counters).
    __unaudited__: ClassVar[bool] = False


def choice(kind: type[StrEnum], name: str) -> Enum:
    """Column type for a closed set of words: text with a CHECK called
    ``name``, so a new word is one migration line.
    """
    return Enum(
        kind,
        name=name,
        native_enum=False,
        length=40,
        create_constraint=True,
        values_callable=lambda members: [member.value for member in members],
    )


def column(attribute: Any) -> ColumnElement[Any]:
    """A mapped attribute as the column it is."""
    return cast("ColumnElement[Any]", attribute)


def among_ids(attribute: Any) -> ColumnElement[bool]:
    """Whether an id is one of the list given as ``ids``: one parameter, one statement for all."""
    return column(attribute) == any_(bindparam("ids", type_=ARRAY(Uuid)))


_bind: Engine | Connection | None = None
#: A pooled connection that was not used for so long is asked whether it is still there: a wall on
#: the way may have forgotten it without a word.
ASKED_AFTER_SECONDS: Final = 5.0


def configure(bind: Engine | Connection | str) -> None:
    """Set where sessions come from: a URL or engine for a process, an
    open connection for a test that rolls back.
    """
    global _bind
    _bind = make_engine(bind) if isinstance(bind, str) else bind


def make_engine(url: str | URL) -> Engine:
    """The pool of a process, with our time-outs."""
    limits = settings()
    return _engine(
        url,
        "shuqiao",
        size=limits.db_pool_size,
        statement_ms=limits.statement_timeout_ms,
        lock_ms=limits.lock_timeout_ms,
    )


def connection_apart(name: str, *, statement_ms: int, lock_ms: int) -> Engine:
    """One connection to the same database beside the pool, for one thread: it waits for no request.

    One that broke is opened again at its next use; a server that vanished without a word is noticed
    in seconds. ``name`` is its ``application_name``.
    """
    alive = {"keepalives_idle": 2, "keepalives_interval": 1, "keepalives_count": 3}
    alive["tcp_user_timeout"] = statement_ms
    return _engine(
        engine().url, name, size=1, statement_ms=statement_ms, lock_ms=lock_ms, connect=alive
    )


def _engine(
    url: str | URL,
    name: str,
    *,
    size: int,
    statement_ms: int,
    lock_ms: int,
    connect: Mapping[str, int] | None = None,
) -> Engine:
    """``jobs`` is on the path because the queue's functions are unqualified."""
    options = (
        f"-c search_path=public,jobs -c statement_timeout={statement_ms} -c lock_timeout={lock_ms}"
        " -c idle_in_transaction_session_timeout=60000 -c timezone=UTC"
    )
    made = create_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=settings().db_pool_timeout_seconds,
        hide_parameters=True,  # a traceback must not show values
        connect_args={
            "options": options,
            "connect_timeout": 3,
            "application_name": name,
            **(connect or {}),
        },
    )
    event.listen(made, "checkin", _note_time)
    event.listen(made, "checkout", partial(_check_life, made.dialect))
    return made


def _note_time(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["given_back_at"] = time.monotonic()


def _check_life(
    dialect: Dialect, connection: Any, record: ConnectionPoolEntry, _proxy: Any
) -> None:
    """A connection that was lost in the pool is opened again, and with it all others.

    Its socket says without a message whether the server has closed it; only one that lay unused for
    some time, or has something to say, is asked.
    """
    idle = time.monotonic() - record.info.get("given_back_at", math.inf)
    try:
        if idle > ASKED_AFTER_SECONDS or _has_word(connection.fileno()):
            dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error:
        raise InvalidatePoolError from None


def _has_word(socket: int) -> bool:
    waiting = select.poll()
    waiting.register(socket, select.POLLIN)
    return bool(waiting.poll(0))


def bind() -> Engine | Connection:
    if _bind is None:
        raise RuntimeError("shuqiao.db.configure() has not been called in this process")
    return _bind


def engine() -> Engine:
    """The engine behind the sessions of this process."""
    source = bind()
    return source if isinstance(source, Engine) else source.engine


@contextmanager
def unit_of_work(on: Engine | None = None) -> Iterator[Session]:
    """One short transaction of its own: commits at the end, rolls back on any exception.

    ``on``: beside the pool.
    """
    session = _session(on)
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()


@contextmanager
def reading(on: Engine | None = None) -> Iterator[Session]:
    """A read-only transaction; the database itself refuses a write. ``on``: beside the pool.

    It ends by a commit: a roll-back would drop the prepared statements of the connection.
    """
    source = on or bind()
    if isinstance(source, Engine):  # then its BEGIN says so
        session = _session(source.execution_options(postgresql_readonly=True))
    else:
        session = _session(source)
        session.info["is_joined_reader"] = True
    try:
        yield session
        let_go(session)
    finally:
        session.rollback()
        session.close()


def let_go(session: Session) -> None:
    """End the transaction of a ``reading`` session, which gives its connection back; what is read
    after it begins another.
    """
    if session.is_active and not session.info.get("is_joined_reader"):
        session.expunge_all()  # nothing is written, nor tried
        session.commit()
    else:
        session.rollback()


def start_over(session: Session) -> None:
    """Take back all of this transaction, for a page that answers a
    refusal itself instead of letting it raise.
    """
    session.rollback()
    unrecorded.forget(session)


def write_session() -> Iterator[Session]:
    with unit_of_work() as session:
        yield session


def read_session() -> Iterator[Session]:
    with reading() as session:
        yield session


SessionDep = Annotated[Session, Depends(write_session, scope="function")]
ReadSessionDep = Annotated[Session, Depends(read_session, scope="function")]


def _session(on: Engine | Connection | None) -> Session:
    return Session(
        on or bind(),
        expire_on_commit=False,
        autoflush=True,
        join_transaction_mode="create_savepoint",
    )


@event.listens_for(Session, "after_begin")
def _begin(session: Session, _: SessionTransaction, connection: Connection) -> None:
    if session.info.get("is_joined_reader"):  # a savepoint in the transaction of a test
        connection.execute(text("SET TRANSACTION READ ONLY"))


def moment_of(session: Session) -> datetime:
    """The database's own clock: the moment at which this transaction began."""
    found: datetime = session.connection().execute(text("SELECT now()")).scalar_one()
    return found


def insert_once(session: Session, row: Table, refusal: Exception) -> None:
    """Write ``row`` now; two at the same moment end in one row and one ``refusal``, not a fault."""
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        raise refusal from None
