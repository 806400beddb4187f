"""From the address to the template, the assignment and the own assignments, and who may what."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Path, Query
from sqlmodel import Session

from audit.append import ObjectRef
from auth.departments.words import Level
from auth.guard import Authorized, Place, may, may_at, may_list
from auth.identify import SubjectDep
from catalog.assignments.models import Assignment, ListTemplate
from catalog.assignments.repository import assignments, templates
from catalog.assignments.schemas.assignments import WantedAssignments
from catalog.assignments.words import AssignmentStatus
from policies.actions import Action
from policies.facts import ResourceFacts
from shuqiao.db import ReadSessionDep, SessionDep, reading
from shuqiao.errors import NotFound
from shuqiao.subject import Subject

#: Where a template comes to be: what is issued, departments may know of.
TEMPLATES: Final = Place("ListTemplate", "list_templates", {"status": "issued"})

TemplateNo = Annotated[
    str, Path(max_length=20, description="Public number, for example LT-2026-000123")
]
AssignmentNo = Annotated[
    str, Path(max_length=20, description="Public number, for example AS-2026-000123")
]
Position = Annotated[int, Path(ge=1, le=2_000, description="Number of the line")]


def template_seen(no: TemplateNo, session: ReadSessionDep) -> ListTemplate:
    return _template(session, no)


def template_to_change(no: TemplateNo, session: SessionDep) -> ListTemplate:
    return _template(session, no, lock=True)


def template_glanced(no: TemplateNo) -> ListTemplate:
    """As it is now, without a session kept open: for routes that decode before they change."""
    with reading() as session:
        found = _template(session, no)
        session.expunge(found)
    return found


def assignment_seen(no: AssignmentNo, session: ReadSessionDep) -> Assignment:
    return _assignment(session, no)


def assignment_to_change(no: AssignmentNo, session: SessionDep) -> Assignment:
    return _assignment(session, no, lock=True)


@dataclass(frozen=True, slots=True)
class OwnAssignments:
    """What is assigned to the caller's department, as the rules see it: like one of them."""

    department: str

    def policy_facts(self) -> ResourceFacts:
        return ResourceFacts(
            "Assignment", "assignments", {"department": self.department, "answerer": ""}
        )

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("Assignment", "assignments")

    def audit_stream(self) -> str:
        return "assignments"


def own(subject: SubjectDep) -> OwnAssignments:
    return OwnAssignments(str(subject.department_id or ""))


def wanted(
    q: Annotated[str, Query(max_length=100, description="Words of title, number, code.")] = "",
    template: Annotated[
        str, Query(max_length=20, description="Number of a template.", examples=["LT-2026-000001"])
    ] = "",
    status: Annotated[AssignmentStatus | None, Query(description="Only those there.")] = None,
    department: Annotated[
        str, Query(max_length=18, description="Credit code.", examples=["11150000009900021B"])
    ] = "",
    area: Annotated[
        str, Query(pattern="^([0-9]{6})?$", description="Departments of this area.")
    ] = "",
    level: Annotated[Level | None, Query(description="Departments of this level.")] = None,
) -> WantedAssignments:
    return WantedAssignments(
        q=q, template=template, status=status, department=department, area=area, level=level
    )


def _template(session: Session, no: str, *, lock: bool = False) -> ListTemplate:
    found = templates.by_no(session, no, lock=lock)
    if found is None:
        raise NotFound
    return found


def _assignment(session: Session, no: str, *, lock: bool = False) -> Assignment:
    found = assignments.by_no(session, no, lock=lock)
    if found is None:
        raise NotFound
    return found


WantedDep = Annotated[WantedAssignments, Depends(wanted)]
TemplateLister = Annotated[Subject, may_list(Action.TEMPLATE_READ)]
TemplateWriter = Annotated[Subject, may_at(Action.TEMPLATE_WRITE, TEMPLATES)]
ReadableTemplate = Annotated[Authorized[ListTemplate], may(Action.TEMPLATE_READ, template_seen)]
#: "Seen": for the pages with the forms; "glanced": for files.
WritableTemplateSeen = Annotated[
    Authorized[ListTemplate], may(Action.TEMPLATE_WRITE, template_seen)
]
WritableTemplateGlanced = Annotated[
    Authorized[ListTemplate], may(Action.TEMPLATE_WRITE, template_glanced)
]
WritableTemplate = Annotated[
    Authorized[ListTemplate], may(Action.TEMPLATE_WRITE, template_to_change)
]
AssignmentLister = Annotated[Subject, may_list(Action.ASSIGNMENT_READ)]
ReadableAssignment = Annotated[Authorized[Assignment], may(Action.ASSIGNMENT_READ, assignment_seen)]
Answerer = Annotated[Authorized[OwnAssignments], may(Action.ASSIGNMENT_ANSWER, own)]
AnswerableAssignment = Annotated[
    Authorized[Assignment], may(Action.ASSIGNMENT_ANSWER, assignment_to_change)
]
FillableAssignment = Annotated[
    Authorized[Assignment], may(Action.ASSIGNMENT_FILL, assignment_to_change)
]
SettleableAssignment = Annotated[
    Authorized[Assignment], may(Action.ASSIGNMENT_SETTLE, assignment_to_change)
]
