"""What the database catalogue says of a schema: the listing kept in
``guards.txt`` and compared after every migration.

``python -m tests.migrations.catalogue`` writes the listing anew from a freshly migrated database;
look at the diff.
"""

import tempfile
from pathlib import Path

import psycopg

from server.process import migrating
from shuqiao.embedded import EmbeddedPostgres
from shuqiao.roles import administering

LISTING = Path(__file__).with_name("guards.txt")

_TRIGGERS = """
SELECT format('trigger %s %s enabled=%s',
    tgrelid::regclass, pg_get_triggerdef(trigger.oid), tgenabled)
FROM pg_trigger AS trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE NOT tgisinternal AND relnamespace::regnamespace::text IN ('public', 'guard')
"""
_FUNCTIONS = """
SELECT format('function %s owner=%s definer=%s body=%s',
    oid::regprocedure, proowner::regrole, prosecdef, md5(prosrc))
FROM pg_proc WHERE pronamespace::regnamespace::text IN ('public', 'guard')
"""
_GRANTS = """
SELECT format('grant %s %s to %s', relname,
    string_agg(privilege_type, ', ' ORDER BY privilege_type), grantee::regrole)
FROM pg_class, aclexplode(coalesce(relacl, acldefault('r', relowner)))
WHERE relnamespace::regnamespace::text IN ('public', 'guard') AND relkind IN ('r', 'p', 'v', 'S')
    AND grantee <> relowner
GROUP BY relname, grantee
"""
_COLUMN_GRANTS = """
SELECT format('grant %s.%s %s', attrelid::regclass, attname, attacl) FROM pg_attribute
JOIN pg_class ON pg_class.oid = attrelid
WHERE relnamespace = 'public'::regnamespace AND attacl IS NOT NULL
"""
_OWNERS = """
SELECT format('owner %s', string_agg(DISTINCT relowner::regrole::text, ', ')) FROM pg_class
WHERE relnamespace::regnamespace::text IN ('public', 'guard')
"""
#: Names and definitions of the constraints of a schema's tables;
#: constraint triggers stand in the listing.
CONSTRAINTS = """
SELECT relname, conname, pg_get_constraintdef(pg_constraint.oid), condeferrable, condeferred
FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid WHERE relnamespace = %s::regnamespace
AND contype <> 't' AND relname <> 'alembic_version'
"""
COLUMNS = """
SELECT relname, attname, format_type(atttypid, atttypmod), attnotnull, attgenerated,
    pg_get_expr(adbin, adrelid)
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE relnamespace = %s::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
AND relname <> 'alembic_version'
"""
INDEXES = (
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = %s AND tablename "
    "<> 'alembic_version'"
)


def listing(connection: psycopg.Connection) -> list[str]:
    """Triggers with their state, functions, grants and owners of the
    tables' schema and the guard's, one sorted line each.
    """
    lines: set[str] = set()
    for query in (_TRIGGERS, _FUNCTIONS, _GRANTS, _COLUMN_GRANTS, _OWNERS):
        lines |= {row[0] for row in connection.execute(query.encode())}
    return sorted(lines)


def definitions(connection: psycopg.Connection, query: str, schema: str) -> set[tuple[str, ...]]:
    """The rows of one of the queries above, without the schema's name in them."""
    rows = connection.execute(query.encode(), [schema]).fetchall()
    return {tuple(str(part).replace(f"{schema}.", "") for part in row) for row in rows}


def main() -> None:
    """Write ``guards.txt`` from a database that has just been migrated."""
    with tempfile.TemporaryDirectory(prefix="sq-test-") as folder:
        Path(folder).chmod(0o711)  # as root the database server's own user must be able to enter
        with EmbeddedPostgres(Path(folder) / "home", options={"fsync": "off"}) as server:
            migrating.upgrade(server.owner_url.render_as_string(hide_password=False))
            with administering(server.owner_url) as connection:
                LISTING.write_text("\n".join(listing(connection)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
