"""The queue's tables and functions, taken from the installed wheel, in
a PostgreSQL schema of their own.
"""

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, text

SCHEMA = "jobs"

# A job's queueing lock speaks of waiting jobs only. Kept while it runs, it would
# collide with the next waiting job when the first one is put back for another
# try, and the first would stay "doing" for ever (unique index where status=todo).
_RELEASE_QUEUEING_LOCK = """
CREATE FUNCTION shuqiao_release_queueing_lock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.queueing_lock := NULL;
    RETURN NEW;
END;
$$;

CREATE TRIGGER shuqiao_release_queueing_lock
    BEFORE UPDATE OF status ON procrastinate_jobs
    FOR EACH ROW WHEN (old.status = 'todo' AND new.status <> 'todo')
    EXECUTE FUNCTION shuqiao_release_queueing_lock();
"""


def migration_sql() -> str:
    """The whole SQL for one migration, run as the owner.

    Contains ``%``: send it without parameters (``install``).
    """
    return "\n".join(
        (
            f"CREATE SCHEMA {SCHEMA};",
            f"SET LOCAL search_path = {SCHEMA};",
            SchemaManager.get_schema(),
            _RELEASE_QUEUEING_LOCK,
            "SET LOCAL search_path = public;",
        )
    )


def install(connection: Connection) -> None:
    """Create the queue in the transaction of ``connection`` (an Alembic
    revision's ``op.get_bind()``).
    """
    cursor = connection.connection.cursor()
    try:
        cursor.execute(migration_sql())
    finally:
        cursor.close()


def remove(connection: Connection) -> None:
    """Undo ``install``; every job and its history goes with it."""
    connection.execute(text(f"DROP SCHEMA {SCHEMA} CASCADE"))


def grants_sql(role: str) -> str:
    """What the application ``role`` needs to enqueue, work and read;
    never to alter the queue itself.
    """
    return "\n".join(
        (
            f'GRANT USAGE ON SCHEMA {SCHEMA} TO "{role}";',
            f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {SCHEMA} TO "{role}";',
            f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA {SCHEMA} TO "{role}";',
        )
    )
