"""The doors of the start page (入口): which of them somebody has business behind."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from auth.roles import Role
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject

#: Who does not read the catalogue (ACC-ADM-2).
NO_CATALOGUE: Final = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})


@dataclass(frozen=True, slots=True)
class Door:
    """One of the ways in: where it leads, what waits behind it."""

    title: Message
    text: Message
    href: str


def doors(subject: Subject) -> Iterator[Door]:
    """The doors this person has business behind."""
    roles = subject.roles
    if Role.REGISTRAR in roles:
        yield REGISTER
    if roles & {Role.DEPARTMENT_HEAD, Role.DATA_ADMIN}:
        yield REVIEW
    if roles & {Role.SHARING_HEAD, Role.APPROVER}:
        yield DECIDE
    if not roles & NO_CATALOGUE:
        yield FIND if Role.APPLICANT in roles else LOOK_UP
    if roles & {Role.SECURITY_REVIEWER, Role.AUDIT_ADMIN}:
        yield LOOK_BACK
    elif roles & {Role.APPLICANT, Role.SHARING_HEAD, Role.APPROVER, Role.DATA_ADMIN}:
        yield FOLLOW
    if roles & {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}:
        yield ORGANISE
    if Role.SYSTEM_ADMIN in roles:
        yield RUN


REGISTER: Final = Door(
    _("Register data"),
    _(
        "Your department's data resources: register them once, at their source, and keep them "
        "current."
    ),
    "/resources",
)
REVIEW: Final = Door(
    _("Review entries"),
    _(
        "Entries of the catalogue that wait for your consent or your review, with what changed in "
        "each."
    ),
    "/reviews",
)
FIND: Final = Door(
    _("Find data and apply"),
    _(
        "Search the catalogue by name, information item or provider, and ask for the items your "
        "work needs."
    ),
    "/catalog",
)
LOOK_UP: Final = Door(
    _("Find data"),
    _(
        "Search the catalogue by name, information item or provider; each entry shows items, "
        "conditions and source."
    ),
    "/catalog",
)
DECIDE: Final = Door(
    _("Consent and decide"),
    _("Requests that wait for your department's word, each with its statutory time limit."),
    "/tasks",
)
FOLLOW: Final = Door(
    _("Follow a request"),
    _("Where each request stands, who acts next, and everything that has happened to it."),
    "/requests",
)
LOOK_BACK: Final = Door(
    _("Look back"),
    _("The audit trail of every step, from the approval to the last byte, to be verified offline."),
    "/trail",
)
ORGANISE: Final = Door(
    _("Organisation and accounts"),
    _("Departments, who works in them, and which roles are vacant."),
    "/admin/users",
)
RUN: Final = Door(
    _("Look after the service"),
    _("Background jobs: what runs, what waits, and what was parked and why."),
    "/jobs",
)
