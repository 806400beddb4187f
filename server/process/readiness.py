"""What must hold before a role is sent anything, each with the cause and what to do where it does
not. For operators, in English, without a secret.

What would take every replica out of service at once without helping – little room, no worker – is
told beside it and makes nothing unready: reading goes on, and what cannot be done is refused where
it is asked.
"""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from audit.queries import can_append
from server.tables import REVISION, guards_stand, oldest_program, revision_of
from shuqiao import drift, installation
from shuqiao.db import beside, reading
from shuqiao.deadline import DeadlinePassed
from shuqiao.disk import free_bytes
from shuqiao.home import folder, home
from shuqiao.jobs import is_worked
from shuqiao.settings import settings

Role = Literal["control", "data", "worker"]
NAMES: Final = ("database", "revision", "audit", "guard", "clock", "home", "keys")
#: Where each role writes, and where it only reads.
_WRITTEN: Final[Mapping[Role, tuple[str, ...]]] = {
    "control": ("keys", "uploads", "decoding"),
    "data": ("keys", "spool"),
    "worker": ("keys", "uploads", "decoding", "snapshots"),
}
_READ: Final[Mapping[Role, tuple[str, ...]]] = {
    "control": (),
    "data": ("snapshots",),
    "worker": (),
}
UNKNOWN: Final = "not known: the check before it failed or took too long"


@dataclass(slots=True)
class Readiness:
    """``causes``: one sentence for each check that failed; ``warnings`` make nothing unready."""

    causes: dict[str, str] = field(default_factory=lambda: dict.fromkeys(NAMES, UNKNOWN))
    warnings: dict[str, str] = field(default_factory=dict)

    @property
    def checks(self) -> dict[str, bool]:
        return {name: name not in self.causes for name in NAMES}

    def note(self, name: str, cause: str | None) -> None:
        if cause is None:
            del self.causes[name]
        else:
            self.causes[name] = cause


def look(role: Role) -> Readiness:
    """All checks, in the order in which each makes sense; takes a connection and a thread."""
    found = Readiness()
    found.note("home", installation.wrong_home() or _unusable(role))
    _look_at_space(found)
    try:
        with reading(beside("readiness", 1)) as session:
            session.connection()
            found.note("database", None)
            for name, check in _OF_DATABASE.items():
                found.note(name, check(session))
            if role == "control" and not is_worked(session):
                found.warnings["worker"] = "no worker gives a sign of life: start one"
    except (SQLAlchemyError, DeadlinePassed) as fault:
        if "database" in found.causes:
            found.note("database", f"no answer ({type(fault).__name__}): look at the database")
    return found


def _revision(session: Session) -> str | None:
    """A newer database is fine where it says so (``migrations/env.py``)."""
    found = revision_of(session) or ""
    if found == REVISION:
        return None
    if not found.isdecimal() or found < REVISION:
        return f"the database is at {found or 'none'}, this program needs {REVISION}: migrate"
    oldest = oldest_program(session)
    if oldest <= REVISION:
        return None
    return f"the database is at {found}, which programs before {oldest} cannot use: update"


def _audit(session: Session) -> str | None:
    if can_append(session):
        return None
    return "the trail cannot be appended to, or could be changed: look at the rights of the role"


def _guard(session: Session) -> str | None:
    return None if guards_stand(session) else "triggers of the guard are missing or off: restore"


def _clock(session: Session) -> str | None:
    drift.look(session)
    return None if drift.refusal() is None else "the clocks are apart: set both (NTP)"


def _keys(_session: Session) -> str | None:
    return installation.wrong_keys()


_OF_DATABASE: Final[Mapping[str, Callable[[Session], str | None]]] = {
    "revision": _revision,
    "audit": _audit,
    "guard": _guard,
    "clock": _clock,
    "keys": _keys,
}


def _unusable(role: Role) -> str | None:
    for name in (*_READ[role], *_WRITTEN[role]):
        try:
            place = folder(name)
            with os.scandir(place) as entries:
                next(entries, None)
            if name in _WRITTEN[role]:
                probe = place / f".ready-{secrets.token_hex(8)}"
                probe.touch(mode=0o600, exist_ok=False)
                probe.unlink()
        except OSError as error:
            return f"{name} in {settings().home or 'the home'}: {error.strerror}; mend the folder"
    return None


def _look_at_space(found: Readiness) -> None:
    try:
        free = free_bytes(home())
    except OSError:
        return  # said by the home
    if free < settings().space_warning_bytes:
        found.warnings["space"] = f"{free} bytes are free in the home: make room"
