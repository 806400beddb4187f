"""Which roles (角色) exclude each other; the database enforces the same sets."""

from policies.roles import Role
from shuqiao.i18n import Message, _

__all__ = ["ADMINISTRATORS", "SEATS", "Role", "clash"]

#: System, security and audit administration (三员分立) are three
#: different people in no business role.
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})

#: Who holds one of these consents, decides, releases, administers or reviews: what leads to such a
#: seat (岗位), or into the account of somebody who holds one, takes two people of two offices.
SEATS = frozenset(Role) - {Role.REGISTRAR, Role.APPLICANT}


def clash(roles: frozenset[Role]) -> Message | None:
    """Why these roles may not be held by one person, or None."""
    administrators = roles & ADMINISTRATORS
    if len(administrators) > 1:
        return _("The three administrators must be three different people")
    if administrators and roles - administrators - {Role.SECURITY_REVIEWER}:
        return _("An administrator holds no business role")
    if Role.SECURITY_REVIEWER in roles and roles - {Role.SECURITY_REVIEWER, Role.AUDIT_ADMIN}:
        return _("A security reviewer holds no role that changes anything")
    return None
