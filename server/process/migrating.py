"""Bringing a database to the present revision, as the owner role."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import structlog
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from server.held import held_tables, moves_of_all
from shuqiao.settings import settings

log = structlog.get_logger("migrate")
#: The lock of whoever migrates, writes the tables of steps and loads the calendars.
_TURN: Final = {"n": 809_2027}
_FOLDER = Path(__file__).resolve().parents[2] / "migrations"


def config(owner_url: str) -> Config:
    """Alembic's configuration for one database; the URL is never printed."""
    made = Config()
    made.set_main_option("script_location", str(_FOLDER))
    made.set_main_option(
        "file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s"
    )
    made.set_main_option("sqlalchemy.url", owner_url.replace("%", "%%"))
    made.attributes["app_role"] = settings().app_role
    return made


@contextmanager
def turn(owner_url: str) -> Iterator[None]:
    """Whoever comes second waits, and finds nothing left to do."""
    engine = create_engine(owner_url)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SET lock_timeout = 0"))
            if not connection.execute(text("SELECT pg_try_advisory_lock(:n)"), _TURN).scalar_one():
                log.info("waits_for_another_migration")
                connection.execute(text("SELECT pg_advisory_lock(:n)"), _TURN)
            yield
    finally:
        engine.dispose()


def upgrade(owner_url: str, revision: str = "head") -> None:
    command.upgrade(config(owner_url), revision)
    if revision == "head":
        hold_steps(owner_url)


def knows(revision: str) -> bool:
    """Whether this program has the migration of that name: an older one, or its own."""
    scripts = ScriptDirectory.from_config(config(""))
    return revision in {each.revision for each in scripts.walk_revisions()}


def hold_steps(owner_url: str) -> None:
    """Tell the database the tables of steps: what they do not say moves no state, whoever writes.

    Every kind of case is held, by its model; so a new one is held with its first migration.
    """
    engine = create_engine(owner_url)
    try:
        with engine.begin() as connection:
            for table in held_tables():
                connection.execute(text("SELECT guard.hold(:tab)"), {"tab": table})
            connection.execute(text("DELETE FROM guard.step"))
            moves = [each._asdict() for each in moves_of_all()]
            connection.execute(
                text("INSERT INTO guard.step VALUES (:tab, :was, :becomes, :event)"), moves
            )
    finally:
        engine.dispose()


def downgrade(owner_url: str, revision: str = "base") -> None:
    command.downgrade(config(owner_url), revision)
