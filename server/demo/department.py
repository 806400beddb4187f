"""A department's own database for the demo: in the same server, with a
role that may only read and a table in it.
"""

import csv
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from psycopg import sql
from sqlalchemy import URL

from shuqiao.roles import administering

_TABLE = (
    "CREATE TABLE division_code (code char(6) PRIMARY KEY, name varchar(60) NOT NULL, level "
    "varchar(10) NOT NULL,"
    " parent_code char(6), remark text)",
    "COMMENT ON TABLE division_code IS '行政区划代码'",
    "COMMENT ON COLUMN division_code.code IS '行政区划代码'",
    "COMMENT ON COLUMN division_code.name IS '名称'",
    "COMMENT ON COLUMN division_code.level IS '级别'",
    "COMMENT ON COLUMN division_code.parent_code IS '上级代码'",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """How the department's database is entered, as its administrator tells the operator."""

    host: str
    port: int
    password: str = field(repr=False)


def make_database(superuser_url: URL, wanted: Mapping[str, Any], samples: Path) -> Entry:
    """Create role, database and table, and fill the table from the
    samples; the reader may read it and nothing else.
    """
    password, name, reader = (
        secrets.token_urlsafe(24),
        wanted["database"],
        sql.Identifier(wanted["user"]),
    )
    with administering(superuser_url.set(database="postgres")) as admin:
        admin.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(reader, sql.Literal(password))
        )
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
        admin.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(name), reader)
        )
    with administering(superuser_url.set(database=name)) as admin:
        for statement in _TABLE:
            admin.execute(statement.encode())
        with admin.cursor() as cursor, cursor.copy("COPY division_code FROM STDIN") as copy:
            for row in divisions(samples / wanted["file"]):
                copy.write_row([value or None for value in row.values()])
        admin.execute(sql.SQL("GRANT SELECT ON division_code TO {}").format(reader))
    return Entry(str(superuser_url.query["host"]), int(str(superuser_url.query["port"])), password)


def divisions(file: Path) -> list[dict[str, str]]:
    """The rows of the sample: code, name, level, code above, remark."""
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))
