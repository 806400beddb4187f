"""Alembic environment: the owner role migrates, one revision a transaction, two starters take
turns.
"""

from alembic import context
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
        connection=connection, target_metadata=metadata, transaction_per_migration=True
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
    connection.commit()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "")
    with engine.connect() as opened:
        run(opened)
    engine.dispose()
