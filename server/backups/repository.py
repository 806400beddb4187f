"""What a backup asks of a database, as its owner: the head of the trail, the files it names,
whether it is empty.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import URL, Connection, create_engine, text
from sqlalchemy.pool import NullPool

from server.backups.schemas import Head
from shuqiao.db import reading

_LEAVES = text("SELECT id, leaf_hash FROM audit_event ORDER BY id")
#: Files of uploads, by the id of their attachment. One whose time is over may be gone at any moment
#: (``catalog.attachments``).
_UPLOADS = text("""
SELECT id, bytes, sha256,
    status <> 'confirmed' AND coalesce(stored_at, created_at) < :before AS is_over
FROM attachment WHERE source = 'file' ORDER BY id
""")
#: Snapshots, and whether their rows have to be there; of the others the manifest stays.
_SNAPSHOTS = text("""
SELECT id, bool_or(has_rows) AS has_rows FROM (
    SELECT snapshot_id AS id, cleared_at IS NULL AS has_rows FROM edition
    UNION ALL
    SELECT snapshot_id, NOT EXISTS (SELECT FROM edition
        WHERE attachment_id = attachment.id AND cleared_at IS NOT NULL)
    FROM attachment WHERE status = 'stored'
    UNION ALL SELECT snapshot_id, false FROM publication
    UNION ALL SELECT snapshot_id, false FROM share_grant
    UNION ALL SELECT snapshot_id, false FROM delivery
) AS named WHERE id IS NOT NULL GROUP BY id ORDER BY id
""")
#: Of names found in the home, those that the database knows.
_KNOWN: Final = {
    "uploads": text("SELECT id::text FROM attachment WHERE id = ANY(CAST(:names AS uuid[]))"),
    "snapshots": text("""
SELECT snapshot_id FROM edition WHERE snapshot_id = ANY(:names)
UNION SELECT snapshot_id FROM attachment WHERE snapshot_id = ANY(:names)
UNION SELECT snapshot_id FROM publication WHERE snapshot_id = ANY(:names)
UNION SELECT snapshot_id FROM share_grant WHERE snapshot_id = ANY(:names)
UNION SELECT snapshot_id FROM delivery WHERE snapshot_id = ANY(:names)
"""),
}
_OBJECTS = text("""
SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND nspname NOT LIKE 'pg_toast%'
""")


@contextmanager
def one_moment(url: URL | None = None) -> Iterator[Connection]:
    """A connection that sees one state of the database until the block ends, and changes nothing:
    as the owner at ``url``, else as the application.
    """
    if url is None:
        with reading() as session:
            yield session.connection()
        return
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        connection.execute(text("SET TRANSACTION READ ONLY"))
        yield connection


def exported_snapshot(connection: Connection) -> str:
    """The name under which ``pg_dump`` sees the very same state, while the connection is open."""
    return str(connection.execute(text("SELECT pg_export_snapshot()")).scalar_one())


def server_major(connection: Connection) -> int:
    return int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10_000


def is_empty(connection: Connection) -> bool:
    return not connection.execute(_OBJECTS).scalar_one()


def revision(connection: Connection) -> str:
    """The revision the database is at; empty for one that was never migrated."""
    is_there = connection.execute(text("SELECT to_regclass('public.alembic_version')")).scalar()
    if is_there is None:
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def head(connection: Connection) -> Head:
    """The trail as it stands, in constant memory."""
    state, events, last, leaf = hashlib.sha256(), 0, "", ""
    for identity, hashed in _rows(connection, _LEAVES):
        state.update(hashed)
        events, last, leaf = events + 1, str(identity), bytes(hashed).hex()
    return Head(events=events, event_id=last, leaf_hash=leaf, digest=state.hexdigest())


def uploads(connection: Connection, before: datetime) -> Iterator[tuple[UUID, int, str, bool]]:
    """Attachment, size, SHA-256 and whether its file may be gone, being over ``before``."""
    yield from _rows(connection, _UPLOADS, {"before": before})


def snapshots(connection: Connection) -> Iterator[tuple[str, bool]]:
    """Name and whether the rows have to be there."""
    yield from _rows(connection, _SNAPSHOTS)


def known(connection: Connection, kind: str, names: Sequence[str]) -> set[str]:
    """Those of ``names``, files of the folder ``kind``, that a row names."""
    found = connection.execute(_KNOWN[kind], {"names": list(names)})
    return {str(name).replace("-", "") for name in found.scalars()}


def analyze(url: URL) -> None:
    """What the planner knows of the tables is not in a dump."""
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))


def _rows(connection: Connection, query: Any, values: dict[str, Any] | None = None) -> Any:
    return connection.execute(query, values or {}, execution_options={"yield_per": 1000})
