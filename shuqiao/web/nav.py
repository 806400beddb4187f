"""The top bar: which doors a person sees. Seeing a door is comfort only; the guard decides behind
it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shuqiao.i18n import Message
from shuqiao.subject import Subject
from shuqiao.web.slots import Slot


@dataclass(frozen=True, slots=True)
class Door:
    """One entry of the bar.

    ``roles`` None: everybody; empty: everybody signed in. ``not_for``: closed to these roles.

    ``covers`` are further paths behind which the reader still stands in this door; ``*`` stands for
    one part.
    """

    href: str
    label: Message
    roles: frozenset[str] | None = frozenset()
    has_badge: bool = False
    not_for: frozenset[str] = frozenset()
    covers: tuple[str, ...] = ()

    def reach(self, path: str) -> int:
        """How near to ``path`` this door is, 0: not at all. Its own address is nearer than one of
        the same length that it covers for want of a door of its own.
        """
        parts = path.split("/")
        own, *covered = (each.split("/") for each in (self.href, *self.covers))
        near = [2 * len(each) for each in covered if _begins(parts, each)]
        return max([*near, 2 * len(own) + 1 if _begins(parts, own) else 0])


@dataclass(frozen=True, slots=True)
class NavItem:
    """A door as shown: with its badge number and whether the reader stands in it."""

    href: str
    label: Message
    is_current: bool
    badge: int | None = None


#: Which doors there are is the server's to say.
DOORS: Slot[Sequence[Door]] = Slot(())


def bar(subject: Subject | None, path: str, todo_count: int | None = None) -> list[NavItem]:
    """The doors ``subject`` sees from ``path``, standing in the nearest, of equally near ones in
    the last; ``todo_count`` fills the badge, None or 0 hides it.
    """
    doors = [door for door in DOORS.held if _is_open(door, subject)]
    nearest = max(reversed(doors), key=lambda door: door.reach(path), default=None)
    return [
        NavItem(
            door.href,
            door.label,
            is_current=door is nearest and door.reach(path) > 0,
            badge=(todo_count or None) if door.has_badge else None,
        )
        for door in doors
    ]


def _begins(parts: Sequence[str], known: Sequence[str]) -> bool:
    return len(parts) >= len(known) and all(
        one in ("*", part) for one, part in zip(known, parts, strict=False)
    )


def _is_open(door: Door, subject: Subject | None) -> bool:
    if subject is None:
        return door.roles is None
    if door.not_for & subject.roles:
        return False
    return not door.roles or bool(door.roles & subject.roles)
