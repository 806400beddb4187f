"""Bringing a database to the present revision, as the owner role."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from server.held import held_tables, moves_of_all
from shuqiao.settings import settings

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
