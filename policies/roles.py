"""Roles (角色), the only list of them: rules, accounts, pages and commands go by it."""

from shuqiao.i18n import _
from shuqiao.words import Word


class Role(Word):
    """What an account can be, with what it is called on pages."""

    REGISTRAR = "registrar", _("Registrar")
    DEPARTMENT_HEAD = "department_head", _("Department head")
    APPLICANT = "applicant", _("Applicant")
    SHARING_HEAD = "sharing_head", _("Sharing head")
    APPROVER = "approver", _("Approver")
    DATA_ADMIN = "data_admin", _("Data administrator")
    SECURITY_OFFICER = "security_officer", _("Security officer")
    SECURITY_REVIEWER = "security_reviewer", _("Security reviewer")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")
    AUDIT_ADMIN = "audit_admin", _("Audit administrator")
