"""The doors of the top bar, and for whom they are."""

from collections.abc import Sequence
from typing import Final

from shuqiao.i18n import _
from shuqiao.web.nav import Door

_BUSINESS: Final = frozenset({"applicant", "sharing_head", "approver", "data_admin"})

DOORS: Final[Sequence[Door]] = (
    Door(
        "/catalog",
        _("Catalogue"),
        roles=None,
        not_for=frozenset({"system_admin", "security_admin"}),
    ),
    Door("/resources", _("Registration"), frozenset({"registrar"})),
    Door(
        "/reviews",
        _("Reviews"),
        frozenset({"department_head", "data_admin"}),
        covers=("/resources/*/review",),
    ),
    Door("/requests", _("Requests"), _BUSINESS),
    Door(
        "/tasks",
        _("Approvals"),
        frozenset({"approver", "sharing_head"}),
        covers=("/requests/*/decision",),
    ),
    Door("/grants", _("Grants and deliveries"), _BUSINESS, covers=("/deliveries",)),
    Door("/desk", _("To do"), has_badge=True),
    Door("/trail", _("Audit"), frozenset({"security_reviewer", "audit_admin"})),
    Door("/jobs", _("Jobs"), frozenset({"system_admin", "data_admin"})),
    Door(
        "/admin/users",
        _("Administration"),
        frozenset({"system_admin", "security_admin", "audit_admin"}),
        covers=("/admin",),
    ),
)
