"""Roles (角色) and which of them exclude each other; the database enforces the same sets."""

from enum import StrEnum

from shuqiao.i18n import Message, _


class Role(StrEnum):
    REGISTRAR = "registrar"
    DEPARTMENT_HEAD = "department_head"
    APPLICANT = "applicant"
    SHARING_HEAD = "sharing_head"
    APPROVER = "approver"
    DATA_ADMIN = "data_admin"
    SECURITY_OFFICER = "security_officer"
    SECURITY_REVIEWER = "security_reviewer"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"

    @property
    def label(self) -> Message:
        return _LABELS[self]


_LABELS: dict[Role, Message] = {
    Role.REGISTRAR: _("Registrar"),
    Role.DEPARTMENT_HEAD: _("Department head"),
    Role.APPLICANT: _("Applicant"),
    Role.SHARING_HEAD: _("Sharing head"),
    Role.APPROVER: _("Approver"),
    Role.DATA_ADMIN: _("Data administrator"),
    Role.SECURITY_OFFICER: _("Security officer"),
    Role.SECURITY_REVIEWER: _("Security reviewer"),
    Role.SYSTEM_ADMIN: _("System administrator"),
    Role.SECURITY_ADMIN: _("Security administrator"),
    Role.AUDIT_ADMIN: _("Audit administrator"),
}

#: System, security and audit administration (三员分立) are three
#: different people in no business role.
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})


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
