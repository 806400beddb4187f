"""Pages that everybody reads: the tree of departments, and one department."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Query
from sqlmodel import Session

from auth.administration.access import DEPARTMENTS
from auth.areas import repository as areas
from auth.areas.models import Area
from auth.departments import repository as register
from auth.departments.models import Department
from auth.departments.schemas import WantedDepartments
from auth.departments.service import may_have_source_named
from auth.departments.words import Level
from auth.guard import Authorized, is_allowed
from auth.organisation.access import BrowsedDepartment, Browser
from auth.organisation.schemas import DepartmentShown
from auth.organisation.views.department import PAGE, shown
from auth.organisation.views.tree import Tree, tree
from auth.roles import Role
from policies.actions import Action
from shuqiao.db import ReadSessionDep
from shuqiao.i18n import Message, _
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.page_router import PageRouter
from shuqiao.web.slots import ShownPanel

router = PageRouter()

DONE: Final[Mapping[str, Message]] = {
    "described": _("The department has been described"),
    "quota": _("The storage quota has been set"),
    "duty": _("The duty has been recorded"),
    "duty_ended": _("The last day of the duty has been recorded"),
    "reorganised": _("The act has been recorded"),
}
#: What can be done with a department, by the name the template knows it under.
_ACTS: Final[Mapping[str, Action]] = {
    "describe": Action.DEPARTMENT_DESCRIBE,
    "duties": Action.DUTY_RECORD,
    "staff": Action.DEPARTMENT_READ,
}


@dataclass(frozen=True, slots=True)
class TreePage(Page):
    """The tree, as far as it is looked for; ``filters``: as it was typed."""

    template = "organisation/tree.html"
    filters: Form
    tree: Tree
    is_filtered: bool
    levels: Sequence[Level]
    provinces: Sequence[Area]
    may_reorganise: bool
    may_create: bool


@router.page("/departments")
def index(
    subject: Browser,
    session: ReadSessionDep,
    q: Annotated[str, Query(max_length=100)] = "",
    area: Annotated[str, Query(max_length=6)] = "",
    level: Annotated[str, Query(max_length=40)] = "",
    unstated: Annotated[str, Query(max_length=5)] = "",
) -> TreePage:
    """The tree of departments; what is looked for stays in the address."""
    known = areas.by_code(session, area) if area else None
    wanted = WantedDepartments(
        words=q,
        area=known.code if known is not None else "",
        level=Level(level) if level in set(Level) else None,
        is_unstated=unstated == "true",
    )
    return TreePage(
        filters=Form.of({"q": q, "area": area, "level": level, "unstated": unstated}),
        tree=tree(session, wanted),
        is_filtered=wanted != WantedDepartments(),
        levels=list(Level),
        provinces=areas.used(session),
        may_reorganise=is_allowed(subject, Action.DEPARTMENT_REORGANISE, DEPARTMENTS),
        may_create=is_allowed(subject, Action.DEPARTMENT_CREATE, DEPARTMENTS),
    )


@dataclass(frozen=True, slots=True)
class DepartmentPage(Page):
    """One department. ``way``: those above it, the highest first; ``acts``: what may be done."""

    template = "organisation/department.html"
    shown: DepartmentShown
    way: Sequence[Department]
    below: Sequence[Department]
    is_stated: bool
    may_have_source_named: bool
    heads: Sequence[tuple[Role, Sequence[str]]]
    acts: frozenset[str]
    done: Message | None
    panels: Sequence[ShownPanel]


def department_page(
    session: Session, found: Authorized[Department], done: str = ""
) -> DepartmentPage:
    department, read = found.object, shown(session, found.subject, found.object)
    way = register.above(session, department.id)[:0:-1]
    known = {each.id: each for each in register.of_ids(session, way)}
    return DepartmentPage(
        shown=read,
        way=[known[each] for each in way],
        below=register.below(session, department.id),
        is_stated=department.is_stated,
        may_have_source_named=may_have_source_named(department),
        heads=[
            (role, [head.name for head in read.heads if head.role is role])
            for role in (Role.DEPARTMENT_HEAD, Role.SHARING_HEAD)
        ],
        acts=frozenset(
            name for name, action in _ACTS.items() if is_allowed(found.subject, action, department)
        ),
        done=DONE.get(done),
        panels=PAGE.shown(session, found.subject, department),
    )


@router.page("/departments/{code}")
def one(found: BrowsedDepartment, session: ReadSessionDep, done: str = "") -> DepartmentPage:
    return department_page(session, found, done)
