"""What a home brings along is registered once: at the first start after an update (trust on first
use). From then on only a home that has the registered keys is the installation's.
"""

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from server.keys import repository
from server.keys.service.registering import register
from shuqiao import home, installation, keys
from shuqiao.arrow.connectors import registered as connections
from shuqiao.db import reading, unit_of_work
from shuqiao.errors import ShuqiaoError
from shuqiao.keys import Fit, Registered
from shuqiao.subject import Subject

log = structlog.get_logger("installation")


class Settling:
    """Done again and again by a process (``drift.watch``): settles until the home is taken, and
    compares. ``part``: who says so in the trail.
    """

    def __init__(self, part: str) -> None:
        self._subject, self._is_settled = Subject.system(part), False

    def __call__(self, own: Engine) -> None:
        try:
            if not self._is_settled or installation.wrong_home() is not None:
                self._is_settled = settle(self._subject, own)
            with reading(own) as session:
                installation.look(session)
        except SQLAlchemyError:
            return  # whoever asks for something is told that the database is away
        except Exception as fault:  # the thread goes on: what was found last stands
            log.exception("installation_unread", error=type(fault).__name__, exc_info=fault)


def settle(subject: Subject, on: Engine | None = None) -> bool:
    """Whether the home is the installation's by now. It is taken when every registered key is in
    it; then what it has beside them is registered, and clear passwords are sealed.
    """
    with unit_of_work(on) as session:
        repository.take_turns(session)
        own, held = repository.own_id(session), repository.all_keys(session)
        try:
            owner = home.belongs_to()
        except (OSError, ValueError):  # said by the look
            return False
        known = {each.name: Registered(each.fingerprint, each.generation) for each in held}
        if owner not in (None, own) or not _fits(known):
            return False
        for name in keys.names():
            found = keys.fingerprint_here(name)
            if name not in known and found is not None:
                register(session, subject, name, found)
    if owner is None:
        home.take_for(own)
    _seal_connections()
    return True


def _fits(known: dict[str, Registered]) -> bool:
    return all(keys.fit(name, held) is Fit.RIGHT for name, held in known.items())


def _seal_connections() -> None:
    for alias in connections.aliases():
        try:
            connections.Connection.load(alias)
        except ShuqiaoError as refusal:
            log.warning("connection_unusable", alias=alias, reason=refusal.code)
