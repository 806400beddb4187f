"""Every SQL statement about service tokens."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from auth.accounts.models import AppUser
from auth.accounts.repository import PERSON
from auth.departments.models import Department
from auth.tokens.models import ServiceToken
from shuqiao.db import column

#: What makes a token hold. Written down once: every request asks it.
_HOLDING: Final = (
    select_columns(
        *PERSON,
        *map(column, (ServiceToken.id, ServiceToken.scopes, ServiceToken.secret_hash)),
        column(AppUser.is_password_temporary),
    )
    .join_from(ServiceToken, AppUser, col(AppUser.id) == ServiceToken.user_id)
    .join(Department, col(Department.id) == AppUser.department_id)
    .where(
        col(ServiceToken.revoked_at).is_(None),
        col(ServiceToken.expires_at) > text("now()"),
        col(AppUser.is_active),
    )
)
_OF_PUBLIC_ID: Final = _HOLDING.where(col(ServiceToken.public_id) == bindparam("public_id"))
#: The tokens that hold, to be asked about with what runs under them: the columns of
#: ``of_public_id``.
HOLDING: Final = _HOLDING.subquery("held_token")


def of_public_id(session: Session, public_id: str) -> Iterable[Sequence[Any]]:
    """The token of this public id if it holds: ``PERSON``, its id, its
    scopes, the hash of its secret, whether the password is temporary.
    """
    return session.connection().execute(_OF_PUBLIC_ID, {"public_id": public_id})


def of_user(session: Session, user_id: UUID | None) -> Sequence[ServiceToken]:
    """All tokens of the person, newest first."""
    query = select(ServiceToken).where(ServiceToken.user_id == user_id)
    return session.exec(
        query.order_by(col(ServiceToken.created_at).desc(), col(ServiceToken.id).desc())
    ).all()


def live_counts(session: Session, user_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """How many tokens of each person hold; who has none is not in it."""
    query = select(ServiceToken.user_id, func.count()).where(
        col(ServiceToken.user_id).in_(user_ids),
        col(ServiceToken.revoked_at).is_(None),
        col(ServiceToken.expires_at) > text("now()"),
    )
    return dict(session.exec(query.group_by(col(ServiceToken.user_id))).all())


def by_id(session: Session, token_id: UUID) -> ServiceToken | None:
    """The token with this id, its row locked."""
    return session.get(ServiceToken, token_id, with_for_update=True)


def revoke_all(session: Session, user_id: UUID) -> Sequence[UUID]:
    """Revoke all tokens of a person; gives which."""
    revoked = session.connection().execute(
        text(
            "UPDATE service_token SET revoked_at = now() WHERE user_id = :user AND revoked_at IS "
            "NULL RETURNING id"
        ),
        {"user": user_id},
    )
    return revoked.scalars().all()
