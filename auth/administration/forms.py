"""Forms of the administration: what is sent, and what its fields are called."""

from collections.abc import Mapping
from typing import Final

from pydantic import Field

from auth.administration.schemas import RoleList, RolesAssign
from shuqiao.i18n import Message, _

LABELS: Final[Mapping[str, Message]] = {
    "account": _("Account"),
    "name": _("Person's name"),
    "department_code": _("Department"),
    "roles": _("Roles"),
    "roles_before": _("Roles"),
    "reason": _("Reason"),
}


class RolesForm(RolesAssign):
    """The same from check boxes: none ticked means no role."""

    roles: RoleList = Field(default_factory=list)
    roles_before: RoleList = Field(default_factory=list)
