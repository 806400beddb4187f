"""Creating an account: by the operator's command line or a system administrator."""

import re

from sqlmodel import Session

from audit.append import ObjectRef, append
from audit.events import Event
from auth.accounts import repository
from auth.accounts.errors import AccountLooksAlike
from auth.accounts.models import AppUser
from auth.accounts.service.passwords import check_choice, hashed
from auth.departments.service import department_by_code, must_be_open
from auth.roles import Role, clash
from shuqiao.db import insert_once
from shuqiao.errors import Conflict, FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.skeletons import account_skeleton
from shuqiao.subject import Subject

_ACCOUNT = re.compile(r"[a-z][a-z0-9._-]{1,39}")


def create_user(
    session: Session,
    subject: Subject,
    *,
    account: str,
    name: str,
    department_code: str,
    roles: frozenset[Role],
    password: str,
    is_temporary: bool = False,
) -> AppUser:
    """Create an account; ``is_temporary``: the password must be changed before anything else.

    Raises ``Invalid`` naming the field, ``Conflict`` when the account is taken,
    ``DepartmentEnded``.
    """
    if not _ACCOUNT.fullmatch(account):
        fix = _("2 to 40 characters: small letters, digits, dot, dash; a letter first")
        raise Invalid(
            errors=[FieldError("/account", "bad_account", _("This is not an account name"), fix)]
        )
    if problem := clash(roles):
        raise Invalid(
            errors=[
                FieldError("/roles", "roles_clash", problem, _("Use two accounts of two people"))
            ]
        )
    check_choice(password, account=account)
    if repository.by_account(session, account) is not None:
        raise Conflict(_("The account %(account)s exists", account=account))
    looks = account_skeleton(account)
    if (alike := repository.looking_like(session, looks)) is not None:
        raise AccountLooksAlike(alike.account)
    department = department_by_code(session, department_code)
    must_be_open(department)
    user = AppUser(
        account=account,
        account_skeleton=looks,
        name=name,
        department_id=department.id,
        roles=sorted(roles),
        password_hash=hashed(password),
        is_password_temporary=is_temporary,
    )
    insert_once(session, user, Conflict(_("The account %(account)s exists", account=account)))
    append(
        session,
        subject,
        Event.USER_CREATED,
        stream=f"auth:{account}",
        obj=ObjectRef("User", str(user.id)),
        why={"roles": sorted(roles), "department": department.code},
    )
    return user
