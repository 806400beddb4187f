"""Database wiring.

The transaction belongs to the edge: services flush, only this module and ``server/`` commit.

A request's session commits *before* its response is sent (``scope="function"``), so a failing
commit is a 5xx and never a silent loss. A change without an audit event about it is refused by the
database (``shuqiao.unrecorded``).
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Final, cast

from fastapi import Depends
from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    DateTime,
    Engine,
    Enum,
    MetaData,
    Text,
    Uuid,
    any_,
    bindparam,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session, SQLModel

import shuqiao.unrecorded  # noqa: F401
from shuqiao.pool import opened
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
UuidArray = ARRAY(Uuid)


class Table(SQLModel):
    """Base of every table.

    The database holds the changes of a table to an event about what was changed
    (``guard.govern``), unless the class says with ``__unaudited__`` that they are no facts.
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
_beside: Final[dict[str, Engine]] = {}
_making: Final = threading.Lock()


def configure(bind: Engine | Connection | str) -> None:
    """Set where sessions come from: a URL or engine for a process, an
    open connection for a test that rolls back.
    """
    global _bind
    close_beside()
    _bind = make_engine(bind) if isinstance(bind, str) else bind


def make_engine(url: str | URL) -> Engine:
    """The pool of a process, with our time-outs."""
    limits = settings()
    return opened(
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
    return opened(engine().url, name, size=1, statement_ms=statement_ms, lock_ms=lock_ms)


def beside(name: str, size: int) -> Engine | None:
    """``size`` connections beside the pool for one kind of work that must go on when all others
    wait; the same pool each time it is asked for. None where a test has bound one connection.
    """
    if not isinstance(_bind, Engine):
        return None
    with _making:
        if name not in _beside:
            limits = settings()
            _beside[name] = opened(
                _bind.url,
                f"shuqiao-{name}",
                size=size,
                statement_ms=limits.statement_timeout_ms,
                lock_ms=limits.lock_timeout_ms,
            )
        return _beside[name]


def close() -> None:
    """Give back every connection of the process."""
    engine().dispose()
    close_beside()


def close_beside() -> None:
    """Give back those of :func:`beside`; each is opened again when it is asked for."""
    with _making:
        while _beside:
            _beside.popitem()[1].dispose()


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
    if isinstance(source, Engine):
        session = _session(_reader(source))
    else:
        session = _session(source)
        session.info["is_joined_reader"] = True
    try:
        yield session
        let_go(session)
    finally:
        session.rollback()
        session.close()


@lru_cache(maxsize=4)
def _reader(of: Engine) -> Engine:
    """The same pool; its BEGIN says READ ONLY."""
    return of.execution_options(postgresql_readonly=True)


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


@contextmanager
def first_of(session: Session, index: str, refusal: Callable[[], Exception]) -> Iterator[None]:
    """What the block writes, written now; where the unique ``index`` has it already, all of it is
    taken back and ``refusal`` raised, which may look who was first.
    """
    try:
        with session.begin_nested():
            yield
            session.flush()
    except IntegrityError as error:
        if getattr(getattr(error.orig, "diag", None), "constraint_name", None) != index:
            raise
        raise refusal() from None
