"""Tables of list templates, of their lines, and of what is assigned to departments."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from audit.append import ObjectRef
from auth.departments.words import Level
from auth.steps import Step
from catalog.assignments.errors import (
    AssignmentChanged,
    AssignmentNotNow,
    TemplateChanged,
    TemplateNotNow,
)
from catalog.assignments.words import Answer, AssignmentStatus, LineKind, Refusal, TemplateStatus
from policies.facts import ResourceFacts
from shuqiao.clock import now
from shuqiao.db import Table, Timestamp, choice
from shuqiao.ids import uuid7

_HELD: Final = "status IN ('partly', 'claimed', 'registered', 'published', 'with_data')"
_LIVE: Final = (
    "status IN ('open', 'unanswered', 'refused', 'partly', 'claimed', 'registered', 'published',"
    " 'with_data')"
)
_SILENT: Final = "status IN ('open', 'unanswered', 'lapsed', 'withdrawn')"
#: What was answered stands where it leads; silence claims nothing.
_ANSWERED: Final = (
    f"CASE WHEN {_HELD} THEN coalesce(answer, '') IN ('claimed', 'partly')"
    " WHEN status IN ('refused', 'accepted') THEN answer IS NOT DISTINCT FROM 'refused'"
    f" WHEN {_SILENT} THEN answer IS NULL ELSE answer IS NULL OR answer = 'refused' END"
    " AND (answer IS NULL) = (answered_by IS NULL) AND (answer IS NULL) = (answered_at IS NULL)"
)
#: Which part, and who has the rest: of a claim in part alone.
_PARTLY: Final = (
    "(answer IS NOT DISTINCT FROM 'partly') = (part <> '')"
    " AND (part <> '' OR rest = '' AND rest_department_id IS NULL)"
    " AND (part = '' OR rest <> '') AND (status <> 'partly' OR part <> '')"
)
#: Each refusal says what it must, and a secret nothing of its content.
_REFUSED: Final = (
    "(answer IS NOT DISTINCT FROM 'refused') = (refusal IS NOT NULL)"
    " AND (refusal IS NOT NULL OR reason = '')"
    " AND (refusal IS DISTINCT FROM 'state_secret' OR reason = '')"
    " AND (refusal IS NOT DISTINCT FROM 'no_such_duty' OR belongs_to_id IS NULL)"
    " AND (refusal IS NOT DISTINCT FROM 'duplicate') = (duplicate_of <> '')"
)
_FILLED: Final = (
    f"{_HELD} OR duty_id IS NULL AND system_id IS NULL AND resource_id IS NULL AND matter = ''"
    " AND table_name = ''"
)


class ListTemplate(Table, table=True):
    """A list template (清单模板): what entries and elements the level above, or the data
    administration itself, expects of the departments.
    """

    __tablename__ = "list_template"
    __table_args__ = (
        CheckConstraint("(status = 'draft') = (issued_at IS NULL)", name="issued"),
        CheckConstraint(
            "(issued_at IS NULL) = (issuer_id IS NULL)"
            " AND (issued_at IS NULL OR deadline_on IS NOT NULL)",
            name="issuer",
        ),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    template_no: str = Field(max_length=20, unique=True)
    title: str = Field(max_length=100)
    #: Of which level and area it is; not stated: of our own.
    level: Level | None = Field(default=None, sa_type=choice(Level, "level"))
    area_code: str | None = Field(default=None, max_length=6, foreign_key="area.code", index=True)
    #: The document of the level above that asks for it.
    document: str = Field(default="", max_length=200)
    document_no: str = Field(default="", max_length=100)
    #: The last day to claim.
    deadline_on: date | None = None
    status: TemplateStatus = Field(
        default=TemplateStatus.DRAFT, sa_type=choice(TemplateStatus, "status"), index=True
    )
    author_id: UUID = Field(foreign_key="app_user.id")
    issuer_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    written_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    issued_at: datetime | None = Field(default=None, sa_type=Timestamp)
    closed_at: datetime | None = Field(default=None, sa_type=Timestamp)
    version: int = 1

    @property
    def state(self) -> TemplateStatus:
        return self.status

    def enter(self, state: TemplateStatus) -> None:
        self.status, self.version = state, self.version + 1

    def told(self) -> Mapping[str, str]:
        return {"no": self.template_no, "title": self.title}

    def not_now(self, step: Step[TemplateStatus]) -> TemplateNotNow:
        return TemplateNotNow(step.label, self.status.label)

    def changed(self) -> TemplateChanged:
        return TemplateChanged()

    def policy_facts(self) -> ResourceFacts:
        return ResourceFacts("ListTemplate", self.template_no, {"status": self.status.value})

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("ListTemplate", self.template_no, self.version)

    def audit_stream(self) -> str:
        return self.template_no


class TemplateLine(Table, table=True):
    """One expected entry or element; issued, it stays as it is."""

    __tablename__ = "template_line"
    __table_args__ = (
        UniqueConstraint("template_id", "position"),
        CheckConstraint("position > 0", name="position"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    template_id: UUID = Field(foreign_key="list_template.id", ondelete="CASCADE")
    #: The number by which people cite it, from 1.
    position: int
    kind: LineKind = Field(sa_type=choice(LineKind, "kind"))
    title: str = Field(max_length=50)
    definition: str = Field(default="", max_length=500)
    #: The code that the level above gave; kept by the entry that fills the line.
    upper_code: str = Field(default="", max_length=60, index=True)
    element_id: UUID | None = Field(default=None, foreign_key="data_element.id", index=True)
    #: What items are expected, as the level above wrote it.
    items_text: str = Field(default="", max_length=2_000)
    department_id: UUID | None = Field(default=None, foreign_key="department.id", index=True)
    duty_no: str = Field(default="", max_length=40)
    matter: str = Field(default="", max_length=200)


class Assignment(Table, table=True):
    """A line given to a department: what it answered, how it was settled, and its way from the
    duty to the data. Re-assigned, it stays, and the next one names it.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint(_ANSWERED, name="answered"),
        CheckConstraint(_PARTLY, name="partly"),
        CheckConstraint(_REFUSED, name="refusal_said"),
        CheckConstraint(_FILLED, name="filled"),
        CheckConstraint(
            "status NOT IN ('registered', 'published', 'with_data') OR resource_id IS NOT NULL",
            name="entry",
        ),
        Index(
            "assignment_live_key",
            "line_id",
            "department_id",
            unique=True,
            postgresql_where=text(_LIVE),
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    assignment_no: str = Field(max_length=20, unique=True)
    template_id: UUID = Field(foreign_key="list_template.id", index=True)
    line_id: UUID = Field(foreign_key="template_line.id", index=True)
    #: What texts call it: the title of its line.
    title: str = Field(max_length=50)
    department_id: UUID = Field(foreign_key="department.id", index=True)
    #: The assignment in whose place, or for whose remaining part, this one was made.
    previous_id: UUID | None = Field(default=None, foreign_key="assignment.id", index=True)
    status: AssignmentStatus = Field(
        default=AssignmentStatus.OPEN, sa_type=choice(AssignmentStatus, "status"), index=True
    )
    #: The last day to answer.
    due_on: date | None = None
    answer: Answer | None = Field(default=None, sa_type=choice(Answer, "answer"))
    part: str = Field(default="", max_length=500)
    rest: str = Field(default="", max_length=500)
    rest_department_id: UUID | None = Field(default=None, foreign_key="department.id")
    refusal: Refusal | None = Field(default=None, sa_type=choice(Refusal, "refusal"))
    reason: str = Field(default="", max_length=500)
    #: Whose duty it is instead, and which entry there is already.
    belongs_to_id: UUID | None = Field(default=None, foreign_key="department.id")
    duplicate_of: str = Field(default="", max_length=60)
    answered_by: UUID | None = Field(default=None, foreign_key="app_user.id")
    answered_at: datetime | None = Field(default=None, sa_type=Timestamp)
    settled_by: UUID | None = Field(default=None, foreign_key="app_user.id")
    #: The way (填报): duty, matter, system, table, entry. No foreign key to the entry: a draft may
    #: be thrown away.
    duty_id: UUID | None = Field(default=None, foreign_key="duty.id")
    matter: str = Field(default="", max_length=200)
    system_id: UUID | None = Field(default=None, foreign_key="information_system.id")
    table_name: str = Field(default="", max_length=200)
    resource_id: UUID | None = Field(default=None, index=True)
    made_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    version: int = 1

    @property
    def state(self) -> AssignmentStatus:
        return self.status

    def enter(self, state: AssignmentStatus) -> None:
        self.status, self.version = state, self.version + 1

    def told(self) -> Mapping[str, str]:
        return {"no": self.assignment_no, "title": self.title}

    def not_now(self, step: Step[AssignmentStatus]) -> AssignmentNotNow:
        return AssignmentNotNow(step.label, self.status.label)

    def changed(self) -> AssignmentChanged:
        return AssignmentChanged()

    def policy_facts(self) -> ResourceFacts:
        return ResourceFacts(
            "Assignment",
            self.assignment_no,
            {
                "department": str(self.department_id),
                "answerer": str(self.answered_by or ""),
            },
        )

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("Assignment", self.assignment_no, self.version)

    def audit_stream(self) -> str:
        return self.assignment_no
