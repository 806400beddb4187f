"""A key is registered where it is first used: file first, then the row with its event.

Killed in between, the file is registered at its next use. Of two machines with different bytes the
database takes one; the other one is told so and uses its own no further.
"""

from sqlmodel import Session

from audit.append import ObjectRef, append
from audit.events import Event
from server.keys import repository
from shuqiao.db import reading, unit_of_work
from shuqiao.keys import Registered
from shuqiao.subject import Subject

STREAM = "keys"


class Registrar:
    """The ``Registry`` (``shuqiao.keys``) of one part of the system."""

    def __init__(self, part: str) -> None:
        self._subject = Subject.system(part)

    def __call__(self, name: str, found: bytes | None) -> Registered | None:
        """In a transaction of its own: a key is known even if what it was made for is not done."""
        with reading() as session:
            held = repository.of(session, name)
        if held is not None or found is None:
            return held
        with unit_of_work() as session:
            register(session, self._subject, name, found)
            return repository.of(session, name)


def register(session: Session, subject: Subject, name: str, found: bytes) -> None:
    """The first fingerprint of that name, with its event; nothing where there is one."""
    if repository.add(session, name, found):
        append(
            session,
            subject,
            Event.KEY_REGISTERED,
            stream=STREAM,
            obj=ObjectRef("Key", name),
            why={"fingerprint": found.hex(), "generation": 1},
        )
