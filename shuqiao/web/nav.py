"""The top bar: which doors a person sees. Seeing a door is comfort only; the guard decides behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shuqiao.i18n import Message, _
from shuqiao.subject import Subject


@dataclass(frozen=True, slots=True)
class Door:
    """One entry of the bar. ``roles`` None: everybody; empty: everybody signed in."""

    href: str
    label: Message
    roles: frozenset[str] | None = frozenset()
    has_badge: bool = False


@dataclass(frozen=True, slots=True)
class NavItem:
    """A door as shown: with its badge number and whether the reader stands in it."""

    href: str
    label: Message
    is_current: bool
    badge: int | None = None


DOORS: Final[Sequence[Door]] = (
    Door("/catalog", _("Catalogue"), roles=None),
    Door("/requests", _("My requests"), frozenset({"applicant", "sharing_head", "approver", "data_admin"})),
    Door(
        "/desk",
        _("To do"),
        frozenset({"applicant", "registrar", "department_head", "sharing_head", "approver", "data_admin"}),
        has_badge=True,
    ),
    Door("/trail", _("Audit trail"), frozenset({"security_reviewer", "audit_admin"})),
    Door("/jobs", _("Jobs"), frozenset({"system_admin"})),
)


def bar(subject: Subject | None, path: str, todo_count: int | None = None) -> list[NavItem]:
    """The doors ``subject`` sees from ``path``; ``todo_count`` fills the badge, None or 0 hides it."""
    return [
        NavItem(
            door.href,
            door.label,
            is_current=path == door.href or path.startswith(door.href + "/"),
            badge=(todo_count or None) if door.has_badge else None,
        )
        for door in DOORS
        if _is_open(door, subject)
    ]


def _is_open(door: Door, subject: Subject | None) -> bool:
    if door.roles is None:
        return True
    return subject is not None and (not door.roles or bool(door.roles & subject.roles))
