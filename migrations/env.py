"""Alembic environment: the owner role migrates, one revision a transaction, two starters take
turns. Each revision says in its own transaction which programs still run on the database.
"""

from typing import Any

from alembic import context
from alembic.runtime.migration import MigrationContext, MigrationInfo
from sqlalchemy import Connection, create_engine, text

from server.tables import metadata

#: Any number that only this project uses: the advisory lock of migrating.
_LOCK = 809_2026


def run(connection: Connection) -> None:
    connection.execute(text("SET lock_timeout = 0"))  # whoever comes second waits for its turn
    connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
    connection.execute(text("SET lock_timeout = '4s'"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transaction_per_migration=True,
        on_version_apply=say_who_still_runs,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
    connection.commit()


def say_who_still_runs(
    *, ctx: MigrationContext, step: MigrationInfo, heads: set[str], **_: Any
) -> None:
    """A revision that does not call itself ``is_additive`` is for its own programs and newer ones
    only; so is what was gone back to.
    """
    connection = ctx.connection
    if connection is None or connection.scalar(text("SELECT to_regclass('installation')")) is None:
        return
    module = context.script.get_revision(step.up_revision_id or "").module
    if step.is_upgrade and getattr(module, "is_additive", False):
        return
    connection.execute(
        text("UPDATE installation SET oldest_program = :now"), {"now": max(heads, default="")}
    )


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "")
    with engine.connect() as opened:
        run(opened)
    engine.dispose()
