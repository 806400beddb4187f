"""Where a department's own database is and how it is entered: one file
a connection, the password nowhere else.

A connection (数据库连接) is known by its alias. The operator writes it with ``shuqiao connection
add``; the file lies below ``SHUQIAO_HOME/keys/connections``, 0600, its password sealed
(``sealed.py``). A file of before, with the password in clear, is written anew at its first use.
``owner`` says whose it is, in whatever words the caller uses.
"""

import json
import os
import re
import secrets
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Self

from shuqiao.arrow.connectors.sealed import KEY, CannotOpen, opened, seal
from shuqiao.errors import FieldError, Invalid, NotFound
from shuqiao.home import folder
from shuqiao.i18n import Message, _
from shuqiao.keys import key

#: No wish to encrypt that silently gives up: ``prefer`` and ``allow`` are left out.
SSL_MODES: Final = ("disable", "require", "verify-ca", "verify-full")
_ALIAS: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_KIND: Final = "postgresql"


class ConnectionUnknown(NotFound):
    """There is no connection of that name, or not for the one who asks."""

    code = "connection_unknown"
    title = _("There is no such connection")


class ConnectionUnusable(Invalid):
    """The settings of a connection cannot be used."""

    code = "connection_unusable"
    title = _("The settings of the connection cannot be used")


@dataclass(frozen=True, slots=True)
class Connection:
    """One database of a department. ``host`` is a name, an address, or the folder of a socket.

    ``root_certificate``: the file that verifies the server, or ``system``; for ``verify-ca`` and
    ``verify-full``.
    """

    alias: str
    owner: str
    host: str
    database: str
    user: str
    password: str = field(repr=False)
    port: int = 5432
    sslmode: str = "verify-full"
    root_certificate: str = ""

    def __post_init__(self) -> None:
        _refuse_unless(
            bool(_ALIAS.fullmatch(self.alias)),
            "/alias",
            _("Write 1 to 40 small letters, digits, '-' or '_'."),
        )
        for name in ("owner", "host", "database", "user", "password"):
            text = getattr(self, name)
            _refuse_unless(
                bool(text) and text.isprintable() and len(text) <= 500,
                f"/{name}",
                _("Write a text without line breaks."),
            )
        _refuse_unless(1 <= self.port <= 65_535, "/port", _("Write a number from 1 to 65535."))
        _refuse_unless(
            self.sslmode in SSL_MODES,
            "/sslmode",
            _("Use one of: %(names)s.", names=", ".join(SSL_MODES)),
        )

    @property
    def is_local(self) -> bool:
        """Whether ``host`` is the folder of a socket on this machine."""
        return self.host.startswith("/")

    def save(self, *, replace: bool = False, under: Sequence[bytes] = ()) -> Path:
        """Write the file, complete or not at all, sealed ``under`` each of these keys; without any
        under the one in force.

        Raises ``ConnectionUnusable`` when the alias is taken, ``KeyWrong``.
        """
        path = _path(self.alias)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        document = {"kind": _KIND} | {each.name: getattr(self, each.name) for each in fields(self)}
        password = document.pop("password")
        boxes = [seal(document, password, secret) for secret in under or (key(KEY),)]
        document["sealed"] = boxes
        with open(draft, "x", encoding="utf-8", opener=_private) as file:
            json.dump(document, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        try:
            if replace:
                draft.replace(path)
                return path
            os.link(draft, path)
        except FileExistsError:
            _refuse_unless(False, "/alias", _("This alias is taken; remove the connection first."))
        finally:
            draft.unlink(missing_ok=True)
        return path

    @classmethod
    def load(cls, alias: str, under: Sequence[bytes] = ()) -> Self:
        """The connection of that alias, opened with one of these keys; without any with the one in
        force.

        Raises ``ConnectionUnknown``, ``KeyWrong``, or ``ConnectionUnusable`` for a damaged file.
        """
        document = _document(alias)
        clear = document.pop("password", None)
        try:
            boxes = document.pop("sealed", [])
            password = clear or opened(document, boxes, under or (key(KEY),))
            document.pop("kind")
            found = cls(**document, password=password)
        except CannotOpen:
            raise ConnectionUnusable(
                _(
                    "The password of the connection %(alias)s is sealed under another key: add it "
                    "again.",
                    alias=alias,
                )
            ) from None
        except (ValueError, TypeError, KeyError):
            raise _damaged(alias) from None
        if clear:
            found.save(replace=True)
        return found


def described(alias: str) -> dict[str, Any]:
    """What the file says in clear, which no password is among.

    Raises ``ConnectionUnknown``, or ``ConnectionUnusable`` for a damaged file.
    """
    hidden = {"kind", "password", "sealed"}
    return {name: value for name, value in _document(alias).items() if name not in hidden}


def aliases() -> list[str]:
    """The aliases of all connections, in order."""
    return sorted(path.name for path in _folder().iterdir() if _ALIAS.fullmatch(path.name))


def connections_of(owner: str) -> list[Connection]:
    """The usable connections of one owner; a damaged file is the
    operator's business, not the clerk's.
    """
    found = []
    for alias in aliases():
        try:
            connection = Connection.load(alias)
        except (ConnectionUnknown, ConnectionUnusable):
            continue
        if connection.owner == owner:
            found.append(connection)
    return found


def connection_of(alias: str, owner: str) -> Connection:
    """The connection, if it is the owner's.

    Raises ``ConnectionUnknown``: others cannot tell that it exists.
    """
    connection = Connection.load(alias)
    if connection.owner != owner:
        raise ConnectionUnknown
    return connection


def remove(alias: str) -> None:
    """Remove the file and with it the password. Raises ``ConnectionUnknown``."""
    if not _ALIAS.fullmatch(alias):
        raise ConnectionUnknown
    try:
        _path(alias).unlink()
    except FileNotFoundError:
        raise ConnectionUnknown from None


def _document(alias: str) -> dict[str, Any]:
    if not _ALIAS.fullmatch(alias):
        raise ConnectionUnknown
    path = _path(alias)
    try:
        status = path.lstat()
        raw = path.read_bytes()
    except FileNotFoundError:
        raise ConnectionUnknown from None
    if not stat.S_ISREG(status.st_mode) or status.st_mode & 0o077:
        raise ConnectionUnusable(
            _("Others can read the file of the connection %(alias)s: chmod 600.", alias=alias)
        )
    try:
        document: dict[str, Any] = json.loads(raw)
        if document["kind"] == _KIND and document["alias"] == alias:
            return document
    except (ValueError, TypeError, KeyError):
        pass
    raise _damaged(alias)


def _damaged(alias: str) -> ConnectionUnusable:
    return ConnectionUnusable(
        _("The file of the connection %(alias)s is damaged: add it again.", alias=alias)
    )


def _folder() -> Path:
    return folder("keys", "connections")


def _path(alias: str) -> Path:
    return _folder() / alias


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _refuse_unless(holds: bool, pointer: str, fix: Message) -> None:
    if not holds:
        detail = _("This setting of the connection cannot be used")
        raise ConnectionUnusable(errors=[FieldError(pointer, "connection", detail, fix)])
