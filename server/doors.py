"""The doors of the top bar, and for whom they are."""

from collections.abc import Sequence
from typing import Final

from policies.roles import Role
from shuqiao.i18n import _
from shuqiao.web.nav import Door

#: They run the service and read nothing of the catalogue.
_KEEPERS: Final = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})
_BUSINESS: Final = frozenset({Role.APPLICANT, Role.SHARING_HEAD, Role.APPROVER, Role.DATA_ADMIN})

DOORS: Final[Sequence[Door]] = (
    Door(
        "/catalog",
        _("Catalogue"),
        roles=None,
        not_for=_KEEPERS,
    ),
    Door(
        "/elements",
        _("Standards"),
        not_for=_KEEPERS,
        covers=(
            "/domains",
            "/duplicates",
            "/source-claims",
            "/source-coverage",
            "/source-conflicts",
        ),
    ),
    Door(
        "/lists",
        _("Three lists"),
        not_for=_KEEPERS,
        covers=(
            *("/negative-entries", "/negative-contests"),
            *("/demands", "/assignments", "/list-templates"),
        ),
    ),
    Door("/resources", _("Registration"), frozenset({Role.REGISTRAR})),
    Door(
        "/systems",
        _("Systems"),
        frozenset({Role.REGISTRAR, Role.DEPARTMENT_HEAD, Role.DATA_ADMIN}),
    ),
    Door(
        "/reviews",
        _("Reviews"),
        frozenset({Role.DEPARTMENT_HEAD, Role.DATA_ADMIN}),
        covers=("/resources/*/review",),
    ),
    Door("/requests", _("Requests"), _BUSINESS),
    Door(
        "/tasks",
        _("Approvals"),
        frozenset({Role.APPROVER, Role.SHARING_HEAD}),
        covers=("/requests/*/decision",),
    ),
    Door("/grants", _("Grants and deliveries"), _BUSINESS, covers=("/deliveries",)),
    Door(
        "/desk",
        _("To do"),
        has_badge=True,
        covers=("/overdue", "/updates", "/update-causes", "/jobs", "/storage"),
    ),
    Door("/departments", _("Departments"), covers=("/areas", "/reorganisations")),
    Door("/trail", _("Audit"), frozenset({Role.SECURITY_REVIEWER, Role.AUDIT_ADMIN})),
    Door("/jobs", _("Jobs"), frozenset({Role.SYSTEM_ADMIN}), covers=("/storage",)),
    Door("/calendars", _("Working days"), frozenset({Role.SYSTEM_ADMIN})),
    Door(
        "/admin/users",
        _("Administration"),
        frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}),
        covers=("/admin",),
    ),
)
