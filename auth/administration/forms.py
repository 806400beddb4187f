"""Forms of the administration: what is sent, and what is said when it is refused."""

from collections.abc import Mapping
from typing import Final

from pydantic import Field

from auth.administration.schemas import RoleList, RolesAssign
from shuqiao.errors import Conflict, Invalid
from shuqiao.i18n import Message, _
from shuqiao.web.forms import Form, FormInvalid

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


def failed(form: Form, error: FormInvalid | Invalid | Conflict) -> Form:
    return error.form if isinstance(error, FormInvalid) else form.refused(error)


def status_of(error: FormInvalid | Invalid | Conflict) -> int:
    return 422 if isinstance(error, FormInvalid) else error.status
