"""From an account to the subject that acts in its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session

from auth.accounts.models import AppUser
from auth.accounts.repository import PERSON
from auth.departments import repository as departments
from shuqiao.subject import AuthWay, Subject


@dataclass(frozen=True, slots=True)
class Found:
    """Who is behind a credential that holds at this moment.

    ``is_stale``: its last use was noted some time ago.
    """

    subject: Subject
    #: The person must choose a password before anything else.
    is_password_temporary: bool
    is_stale: bool = False


def subject_of(session: Session, user: AppUser) -> Subject:
    """The account as a session subject, for commands and tests that act as a person."""
    home = departments.by_id(session, user.department_id)
    return Subject(
        user.id,
        user.account,
        user.name,
        home.id,
        home.name,
        frozenset(user.roles),
        "session",
        is_department_ended=home.ended_on is not None,
    )


def person(
    row: Sequence[Any], auth: AuthWay, credential_id: UUID, scopes: frozenset[str] | None = None
) -> Subject:
    """The subject of a row that begins with ``auth.accounts.repository.PERSON``."""
    user_id, account, name, department_id, department_name, roles, has_ended = row[: len(PERSON)]
    return Subject(
        user_id,
        account,
        name,
        department_id,
        department_name,
        frozenset(roles),
        auth,
        credential_id,
        scopes,
        is_department_ended=has_ended,
    )
