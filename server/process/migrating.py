"""Bringing a database to the present revision, as the owner role."""

from pathlib import Path

from alembic import command
from alembic.config import Config

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


def downgrade(owner_url: str, revision: str = "base") -> None:
    command.downgrade(config(owner_url), revision)
