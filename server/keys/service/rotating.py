"""A new key in the place of an old one.

In this order, so that whatever is cut off goes on: the new key lies beside the old one, the row
names its fingerprint, the file takes its place – which any process finishes that sees the row
(``shuqiao.keys.fit``). Passwords of connections are sealed under both keys first and under the new
one alone at the end, so that they can be read at every moment.
"""

from collections.abc import Sequence

from audit.append import ObjectRef, append
from audit.events import Event
from server.keys import repository
from server.keys.errors import KeyUnknown, RotationNeedsReason
from server.keys.schemas import Rotated
from server.keys.service.registering import STREAM
from server.keys.words import words_of
from shuqiao import installation, keys
from shuqiao.arrow.connectors import registered as connections
from shuqiao.arrow.connectors.sealed import KEY as CONNECTIONS
from shuqiao.db import unit_of_work
from shuqiao.errors import ShuqiaoError
from shuqiao.i18n import _
from shuqiao.keys import KeyWrong, Registered
from shuqiao.subject import Subject


def rotate(subject: Subject, name: str, because: str) -> Rotated:
    """A new key called ``name``, the old one forgotten; also where the old file is lost.

    Raises ``KeyUnknown``, ``RotationNeedsReason``, ``HomeForeign``: registered from there, a key
    would stop every process that has the right home.
    """
    breaks = words_of(name).needs_reason
    if breaks is not None and not because:
        raise RotationNeedsReason(
            _("%(breaks)s To do it all the same, say why: --because TEXT", breaks=breaks)
        )
    with unit_of_work() as session:
        repository.take_turns(session)
        installation.refuse_foreign_home(repository.own_id(session))
        if repository.of(session, name) is None:
            raise KeyUnknown
        under = _both(name)
        if name == CONNECTIONS:
            _seal(under, under)
        row = repository.replaced(session, name, keys.fingerprint(name, under[0]))
        assert row is not None  # nobody removes a key, and nobody else rotates now
        held = Registered(row.fingerprint, row.generation)
        append(
            session,
            subject,
            Event.KEY_ROTATED,
            stream=STREAM,
            obj=ObjectRef("Key", name),
            why={
                "fingerprint": held.fingerprint.hex(),
                "generation": held.generation,
                "because": because,
            },
        )
    keys.fit(name, held)
    lost = _seal(under, under[:1]) if name == CONNECTIONS else []
    return Rotated(
        name=name, fingerprint=held.fingerprint.hex(), generation=held.generation, lost=lost
    )


def _both(name: str) -> list[bytes]:
    """The new key, which lies beside the old one now, and the old one if this home has it."""
    try:
        old = [keys.key(name)]
    except KeyWrong:
        old = []
    keys.draft(name)
    return [keys.drafted(name), *old]


def _seal(opening: Sequence[bytes], closing: Sequence[bytes]) -> list[str]:
    """Every connection anew; gives those that none of the keys opens."""
    lost = []
    for alias in connections.aliases():
        try:
            connections.Connection.load(alias, opening).save(replace=True, under=closing)
        except ShuqiaoError:
            lost.append(alias)
    return lost
