"""Whether this process has the keys of its installation, and its home: else it does nothing.

A process with another key would make other pseudonyms, and one with another home would not find
what it promised. What is registered is read with the clock (``shuqiao.drift``), and a file that was
put back is seen at the next look.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlmodel import Session

from shuqiao import drift, keys
from shuqiao.errors import Unavailable
from shuqiao.home import BELONGS, belongs_to, home
from shuqiao.i18n import _
from shuqiao.keys import Fit, KeyWrong, Registered

log = structlog.get_logger("installation")

_KEYS: Final = text("SELECT name, fingerprint, generation FROM installation_key ORDER BY name")
_OWN: Final = text("SELECT id FROM installation")
_MEND: Final[Mapping[Fit, str]] = {
    Fit.MISSING: "is not in this home: put the file back, or mount the home that has it",
    Fit.OTHER: "is another one than registered: put the right file in its place",
}


class HomeForeign(Unavailable):
    """The home is another installation's; nothing was done."""

    code = "home_foreign"
    title = _("The files of this service belong to another installation, so nothing is done")
    advice = _("It serves again by itself with the right folder. Tell whoever runs it.")


class NotLooked(Unavailable):
    """The database has not been asked yet."""

    code = "keys_unread"
    title = _("The keys of this service could not be compared yet, so nothing is done")


@dataclass(slots=True)
class _Known:
    """What the last look found: in one sentence each, for operators."""

    is_watched: bool = False
    has_looked: bool = False
    wrong_keys: dict[str, Fit] = field(default_factory=dict)
    home: str | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


_known = _Known()


def watched() -> None:
    """Nothing is done from now on before the first look."""
    _known.is_watched = True


def look(session: Session) -> None:
    """Hold home and keys of this machine against the database."""
    connection = session.connection()
    held = {
        name: Registered(bytes(fingerprint), generation)
        for name, fingerprint, generation in connection.execute(_KEYS)
    }
    own: UUID = connection.execute(_OWN).scalar_one()
    with _known.lock:
        before = (_known.wrong_keys, _known.home)
        _known.home = _foreign(own)
        _known.wrong_keys = _compared(held)
        _known.has_looked = True
        keys.believe(held)
        if before != (_known.wrong_keys, _known.home):
            _tell()


def refusal() -> Unavailable | None:
    """Why nothing may be done now: the clock, the home or a key. None: all is as it should be."""
    found: Unavailable | None = drift.refusal()
    if found is not None:
        return found
    if _known.is_watched and not _known.has_looked:
        return NotLooked()
    if _known.home is not None:
        return HomeForeign()
    return next(map(KeyWrong, _known.wrong_keys), None)


def refuse_foreign_home(own: UUID) -> None:
    """Raises ``HomeForeign`` naming the home: for a command, which is not watched."""
    if _foreign(own) is not None:
        raise HomeForeign(
            _(
                "%(home)s is not the home of this installation: set SHUQIAO_HOME to its own",
                home=str(home()),
            )
        )


def wrong_keys() -> str | None:
    """What is wrong with the keys, for operators."""
    if _known.is_watched and not _known.has_looked:
        return "the keys have not been compared yet"
    told = [f"{name} {_MEND[fit]}" for name, fit in sorted(_known.wrong_keys.items())]
    return "; ".join(told) or None


def wrong_home() -> str | None:
    """Whose home it is, if not ours."""
    return _known.home


def _compared(held: Mapping[str, Registered]) -> dict[str, Fit]:
    found: dict[str, Fit] = {}
    for name, row in held.items():
        try:
            fit = keys.fit(name, row)
        except OSError:  # a disk with errors, a folder that nobody can enter
            fit = Fit.MISSING
        if fit is not Fit.RIGHT:
            found[name] = fit
    return found


def _foreign(own: UUID) -> str | None:
    try:
        found = belongs_to()
    except (OSError, ValueError) as error:
        return f"{home() / BELONGS} cannot be read ({type(error).__name__}): put it back"
    if found == own or (found is None and not _known.is_watched):
        return None
    if found is None:
        return f"{home()} is not this installation's: mount the right one, or put its keys there"
    return f"{home()} is the home of another installation ({found}): set SHUQIAO_HOME"


def _tell() -> None:
    """Once for each change."""
    if _known.home is None and not _known.wrong_keys:
        log.info("installation_fits")
        return
    log.error(
        "installation_unfit",
        home=_known.home,
        keys={name: str(fit) for name, fit in sorted(_known.wrong_keys.items())},
    )
