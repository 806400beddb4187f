"""Finding out why a database does not let us in, step by step, without trusting a word it says.

Resolve, reach, ask for TLS, then sign in with libpq told to answer with codes only: every step has
its own cause, whatever language the server speaks.
"""

import ctypes
import re
import select
import socket
import time
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Final

import psycopg
from psycopg import pq
from psycopg.conninfo import make_conninfo

from shuqiao.arrow.connectors.causes import Cause, ConnectorFailed, cause_of
from shuqiao.arrow.connectors.hosts import Place, locate
from shuqiao.arrow.connectors.registered import Connection
from shuqiao.settings import settings

#: The packet that asks a PostgreSQL server for TLS; it answers ``S`` or ``N``.
_TLS_WANTED: Final = bytes.fromhex("0000000804d2162f")
#: ``FATAL:  28P01``: how libpq words an error when told to give codes only (PQERRORS_SQLSTATE).
_CODE: Final = re.compile(rb":\s+([0-9A-Z]{5})\s*$", re.MULTILINE)
_CODES_ONLY: Final = 3


def conninfo(connection: Connection, place: Place) -> str:
    """What libpq is told; it holds the password, so it is never kept, shown or logged.

    Everything the process's environment or a file in somebody's home could add is stated here.
    """
    chosen = settings()
    statement_ms = int(chosen.connector_answer_seconds * 1000)
    options = {
        "host": place.host,
        "port": str(place.port),
        "dbname": connection.database,
        "user": connection.user,
        "password": connection.password,
        "sslmode": "disable" if connection.is_local else connection.sslmode,
        "connect_timeout": str(max(2, int(chosen.connector_connect_seconds))),
        "application_name": "shuqiao",
        "client_encoding": "UTF8",
        "passfile": "/dev/null",
        "gssencmode": "disable",
        "keepalives_idle": "10",
        "keepalives_interval": "5",
        "keepalives_count": "3",
        "tcp_user_timeout": "30000",
        "target_session_attrs": "any",
        "sslcert": "/dev/null",
        "sslkey": "/dev/null",
        "options": "-c default_transaction_read_only=on -c search_path=pg_catalog -c DateStyle=ISO"
        f" -c TimeZone=UTC -c lock_timeout={statement_ms} -c "
        "idle_in_transaction_session_timeout=60000"
        f" -c statement_timeout={statement_ms}",
    }
    if place.address:
        options["hostaddr"] = place.address
    if connection.root_certificate:
        options["sslrootcert"] = connection.root_certificate
    if connection.is_local or connection.sslmode == "disable":
        options["require_auth"] = "scram-sha-256,md5"  # never the password itself over an open line
    return make_conninfo("", **options)


def check_entry(connection: Connection) -> Place:
    """Go all the way in and out again.

    Raises ``ConnectorFailed`` with the one cause that keeps us out.
    """
    place = locate(connection)
    with closing(_reached(place)) as line:
        if not connection.is_local and connection.sslmode != "disable" and not _offers_tls(line):
            raise ConnectorFailed(Cause.TLS)
    _sign_in(connection, place)
    return place


def _reached(place: Place) -> socket.socket:
    seconds = settings().connector_connect_seconds
    try:
        if place.address:
            return socket.create_connection((place.address, place.port), seconds)
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(seconds)
        try:
            line.connect(f"{place.host}/.s.PGSQL.{place.port}")
        except BaseException:
            line.close()
            raise
        return line
    except OSError:
        raise ConnectorFailed(Cause.NO_ANSWER) from None


def _offers_tls(line: socket.socket) -> bool:
    try:
        line.settimeout(settings().connector_connect_seconds)
        line.sendall(_TLS_WANTED)
        answer = line.recv(1)
    except OSError:
        raise ConnectorFailed(Cause.NO_ANSWER) from None
    if answer not in (b"S", b"N"):
        raise ConnectorFailed(Cause.NO_ANSWER)  # whatever listens there is no PostgreSQL
    return answer == b"S"


def _sign_in(connection: Connection, place: Place) -> None:
    """libpq's own signing-in.

    A failure without a code comes before the server's answer: it is TLS, or the proof.
    """
    try:
        line = pq.PGconn.connect_start(conninfo(connection, place).encode())
    except psycopg.Error:
        raise ConnectorFailed(Cause.FAILED) from None
    try:
        if line.status != pq.ConnStatus.BAD:
            _say_codes(line)
        if _is_in(line):
            return
        found = _CODE.search(line.error_message)
    finally:
        line.finish()
    if found:
        cause, state = cause_of(found[1].decode())
        raise ConnectorFailed(cause, state=state)
    is_plain = connection.is_local or connection.sslmode == "disable"
    raise ConnectorFailed(Cause.ENTRY_REFUSED if is_plain else Cause.TLS)


def _is_in(line: pq.abc.PGconn) -> bool:
    deadline = time.monotonic() + settings().connector_connect_seconds
    status: int = pq.PollingStatus.WRITING
    while status not in (pq.PollingStatus.OK, pq.PollingStatus.FAILED):
        if line.status == pq.ConnStatus.BAD:
            return False
        reads, writes = (
            ([line.socket], []) if status == pq.PollingStatus.READING else ([], [line.socket])
        )
        left = deadline - time.monotonic()
        if left <= 0 or not any(select.select(reads, writes, [], left)):
            raise ConnectorFailed(Cause.NO_ANSWER)
        status = line.connect_poll()
    return bool(status == pq.PollingStatus.OK)


def _say_codes(line: pq.abc.PGconn) -> None:
    """Have errors of this connection told as ``FATAL: 28P01``. libpq
    can, psycopg has no name for it.
    """
    library = _libpq()
    if library is not None:
        library.PQsetErrorVerbosity(ctypes.c_void_p(getattr(line, "pgconn_ptr", None)), _CODES_ONLY)


@cache
def _libpq() -> ctypes.CDLL | None:
    """The very library that psycopg has loaded, whatever its file is called."""
    maps = Path("/proc/self/maps")
    lines = maps.read_text(encoding="utf-8", errors="replace").splitlines() if maps.exists() else []
    names = {line.split(maxsplit=5)[-1] for line in lines if "/libpq" in line}
    for name in sorted(names):
        try:
            library = ctypes.CDLL(name)
            library.PQsetErrorVerbosity.argtypes = [ctypes.c_void_p, ctypes.c_int]
        except (OSError, AttributeError):
            continue
        return library
    return None
