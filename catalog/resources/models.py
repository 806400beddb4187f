"""Tables of data resources (数据资源), information items (信息项) and attached files (挂接)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Final, cast
from uuid import UUID

import sqlalchemy
from sqlalchemy import BigInteger, CheckConstraint, Column, Computed, Index, text
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR, ExcludeConstraint
from sqlmodel import Field

from audit.append import ObjectRef
from auth.steps import Step
from catalog.elements.words import DataType
from catalog.resources.errors import NotPossibleNow
from catalog.resources.fields.codes import CODE_PATTERN
from catalog.resources.fields.origin import SOUND
from catalog.resources.fields.withholding import StatedBasis
from catalog.resources.lifecycle import State
from catalog.resources.words import (
    Format,
    PrivacyConclusion,
    ResourceStatus,
    ReviewStep,
    SecrecyConclusion,
    SecurityLevel,
    ShareType,
    ShareWay,
    UpdateCycle,
    WithheldKind,
)
from policies.facts import Fact, ResourceFacts
from shuqiao.clock import now
from shuqiao.db import Table, TextArray, Timestamp, UuidArray, choice
from shuqiao.errors import PreconditionFailed
from shuqiao.ids import uuid7

_ENTRIES: Final = text("copy_of IS NULL")
#: What the catalogue is filtered by.
_FACETS: Final = (
    *("share_type", "provider_id", "format", "share_way"),
    *("update_cycle", "security_level", "is_open"),
)


class ResourceSeries(Table, table=True):
    """Last number given out per class code; its row lock makes codes unique, none comes twice."""

    __tablename__ = "resource_series"
    __unaudited__: ClassVar[bool] = True

    class_code: str = Field(primary_key=True, max_length=20)
    last: int = Field(sa_type=BigInteger)


class DataResource(StatedBasis, Table, table=True):
    """A data resource with the guide's core metadata and the nine fields of Order 809 Art. 13.

    The code of what was published never changes. ``version`` counts changes (If-Match). Published,
    it changes in a working copy (变更稿), a row whose ``copy_of`` names it, and takes its place.
    """

    __tablename__ = "data_resource"
    __table_args__ = (
        CheckConstraint(f"code ~ '{CODE_PATTERN}'", name="code"),
        CheckConstraint("code = class_code || '/' || split_part(code, '/', 2)", name="class"),
        CheckConstraint("(status = 'in_review') = (review_step IS NOT NULL)", name="review_step"),
        CheckConstraint(
            "review_step IS DISTINCT FROM 'administration' OR consented_at IS NOT NULL",
            name="consented",
        ),
        CheckConstraint("status <> 'published' OR published_version > 0", name="published"),
        CheckConstraint(
            "status <> 'published' OR share_type <> 'withheld'"
            " OR (withheld_kind IS NOT NULL AND withheld_basis <> '' AND withheld_reason <> '')",
            name="withheld_basis",
        ),
        CheckConstraint(
            "status <> 'published' OR (secrecy_conclusion IS NOT DISTINCT FROM 'no_secret'"
            " AND secrecy_assessed_on IS NOT NULL AND privacy_conclusion IS NOT NULL"
            " AND privacy_assessed_on IS NOT NULL)",
            name="assessed",
        ),
        CheckConstraint(
            "copy_of IS NULL OR status NOT IN ('published', 'taken_down')", name="working_copy"
        ),
        CheckConstraint(
            "(status = 'taken_down') = (taken_down_at IS NOT NULL)"
            " AND (taken_down_at IS NOT NULL) = (coalesce(taken_down_reason, '') <> '')",
            name="taken_down",
        ),
        Index("data_resource_code_idx", "code", unique=True, postgresql_where=_ENTRIES),
        # the catalogue and the counts of its filters are read from this alone
        Index(
            "data_resource_published_idx",
            "published_at",
            "id",
            postgresql_where=text("status = 'published' AND copy_of IS NULL"),
            postgresql_include=_FACETS,
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    code: str = Field(max_length=40)
    #: The published entry that this row is the working copy of.
    copy_of: UUID | None = Field(default=None, foreign_key="data_resource.id", unique=True)
    class_code: str = Field(max_length=20)
    title: str = Field(max_length=50)
    abstract: str = Field(default="", max_length=256)
    category: str = Field(default="", max_length=100)
    format: Format | None = Field(default=None, sa_type=choice(Format, "format"))
    provider_id: UUID = Field(foreign_key="department.id", index=True)
    registrar_id: UUID = Field(foreign_key="app_user.id", index=True)
    share_type: ShareType = Field(sa_type=choice(ShareType, "share_type"))
    share_condition: str = Field(default="", max_length=500)
    use_condition: str = Field(default="", max_length=500)
    #: What the rows are about (``schemas.Coverage``): area, subjects, period, sensitive groups.
    coverage: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSONB(none_as_null=True))
    )
    share_way: ShareWay | None = Field(default=None, sa_type=choice(ShareWay, "share_way"))
    withheld_kind: WithheldKind | None = Field(
        default=None, sa_type=choice(WithheldKind, "withheld_kind")
    )
    withheld_basis: str = Field(default="", max_length=500)
    withheld_reason: str = Field(default="", max_length=500)
    is_open: bool = False
    open_condition: str = Field(default="", max_length=500)
    update_cycle: UpdateCycle | None = Field(
        default=None, sa_type=choice(UpdateCycle, "update_cycle")
    )
    keywords: list[str] = Field(default_factory=list, sa_type=TextArray)
    related_code: str = Field(default="", max_length=40)
    upper_code: str = Field(default="", max_length=60, sa_column_kwargs={"server_default": ""})
    #: The system that the data comes from (来源系统).
    system_id: UUID | None = Field(default=None, foreign_key="information_system.id", index=True)
    security_level: SecurityLevel | None = Field(
        default=None, sa_type=choice(SecurityLevel, "security_level")
    )
    secrecy_conclusion: SecrecyConclusion | None = Field(
        default=None, sa_type=choice(SecrecyConclusion, "secrecy_conclusion")
    )
    secrecy_assessor: str = Field(default="", max_length=100)
    secrecy_assessed_on: date | None = None
    privacy_conclusion: PrivacyConclusion | None = Field(
        default=None, sa_type=choice(PrivacyConclusion, "privacy_conclusion")
    )
    privacy_assessor: str = Field(default="", max_length=100)
    privacy_assessed_on: date | None = None
    status: ResourceStatus = Field(
        default=ResourceStatus.DRAFT, sa_type=choice(ResourceStatus, "status"), index=True
    )
    review_step: ReviewStep | None = Field(
        default=None, sa_type=choice(ReviewStep, "review_step_word")
    )
    #: The head's last consent (Order 809, Art. 13). Never unset: it has left the department.
    consented_at: datetime | None = Field(default=None, sa_type=Timestamp)
    #: Whoever worked on the version that is on its way: registered, edited, attached or submitted
    #: it since the last publication. None of them consents to it or publishes it.
    writer_ids: list[UUID] = Field(default_factory=list, sa_type=UuidArray)
    #: Who submitted it last (送审人); stands with the publication when it is published.
    submitter_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    #: The head whose consent that version has.
    consenter_id: UUID | None = Field(default=None, foreign_key="app_user.id", index=True)
    version: int = 1
    published_version: int = 0
    published_at: datetime | None = Field(default=None, sa_type=Timestamp)
    #: When and why it was taken out of the catalogue (撤销目录).
    taken_down_at: datetime | None = Field(default=None, sa_type=Timestamp)
    taken_down_reason: str | None = Field(default=None, max_length=500)
    created_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    updated_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    #: What it is found by, and what the names of its items look like (``repository.index``).
    terms: str = ""
    item_looks: str = Field(default="", sa_column_kwargs={"server_default": ""})
    title_skeleton: str = Field(default="", index=True, sa_column_kwargs={"server_default": ""})

    @property
    def entry_id(self) -> UUID:
        """The entry: what publications, reviews, requests and grants point at."""
        return self.copy_of or self.id

    @property
    def url_code(self) -> str:
        """The code as it stands in addresses: ``307001-000001``."""
        return self.code.replace("/", "-")

    @property
    def state(self) -> State:
        return State(self.status, self.review_step)

    def enter(self, state: State) -> None:
        self.status, self.review_step = state.status, state.step
        self.version, self.updated_at = self.version + 1, now()

    def told(self) -> Mapping[str, str]:
        return {"title": self.title, "code": self.url_code}

    def not_now(self, step: Step[State]) -> NotPossibleNow:
        return NotPossibleNow.while_it_is(self.status, step.label)

    def changed(self) -> PreconditionFailed:
        return PreconditionFailed()

    def policy_facts(self) -> ResourceFacts:
        facts: dict[str, Fact] = {
            "owner": str(self.provider_id),
            "status": self.status.value,
            "share_type": self.share_type.value,
            "has_left": self.consented_at is not None,
            "writers": frozenset(map(str, self.writer_ids)),
            "consenter": str(self.consenter_id or ""),
        }
        return ResourceFacts("DataResource", self.code, facts)

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("DataResource", self.code, self.version)

    def audit_stream(self) -> str:
        return self.code


#: Not mapped: a generated column nobody reads, only asks.
SEARCH: "Column[Any]" = Column(
    "search",
    TSVECTOR,
    Computed("array_to_tsvector(string_to_array(terms, ' '))", persisted=True),
    nullable=False,
)
_TABLE = cast("sqlalchemy.Table", vars(DataResource)["__table__"])
_TABLE.append_column(SEARCH)
Index("data_resource_search_idx", SEARCH, postgresql_using="gin")


class ResourceItem(StatedBasis, Table, table=True):
    """One information item (信息项): what it is called, what it means, and its column of the data.

    One that was published is the same for ever: a working copy's item names it as ``origin_id``;
    left out, it stays with the version that left it out.
    """

    __tablename__ = "resource_item"
    __table_args__ = (
        *(
            ExcludeConstraint(
                ("resource_id", "="),
                (name, "="),
                where=text("removed_in IS NULL"),
                using="btree",
                deferrable=True,
                initially="DEFERRED",
                name=f"resource_item_{name}_excl",
            )
            for name in ("name", "position")
        ),
        CheckConstraint(
            "withheld_kind IS NULL OR (share_type = 'withheld' AND withheld_basis <> ''"
            " AND withheld_reason <> '')",
            name="withheld_basis",
        ),
        CheckConstraint(SOUND, name="origin"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    resource_id: UUID = Field(foreign_key="data_resource.id", ondelete="CASCADE")
    #: The published item that this one of a working copy came from.
    origin_id: UUID | None = Field(default=None, foreign_key="resource_item.id", unique=True)
    #: The published version that left it out.
    removed_in: int | None = None
    position: int
    name: str = Field(max_length=100)
    #: Name of the column that holds it in the attached data.
    column_name: str = Field(max_length=200)
    data_type: DataType = Field(sa_type=choice(DataType, "data_type"))
    element_id: UUID | None = Field(default=None, foreign_key="data_element.id", index=True)
    is_personal: bool = False
    #: Whether it is part of what tells one row from another.
    is_key: bool = False
    share_type: ShareType = Field(sa_type=choice(ShareType, "share_type"))
    security_level: SecurityLevel | None = Field(
        default=None, sa_type=choice(SecurityLevel, "security_level")
    )
    description: str = Field(default="", max_length=500)
    #: Why the item alone is not shared; of a whole resource, its own basis stands for the items.
    withheld_kind: WithheldKind | None = Field(
        default=None, sa_type=choice(WithheldKind, "withheld_kind")
    )
    withheld_basis: str = Field(default="", max_length=500)
    withheld_reason: str = Field(default="", max_length=500)
    #: Where its values come from (``schemas.OriginRead``).
    origin: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))

    @property
    def identity(self) -> UUID:
        """The item as publications, requests and grants know it."""
        return self.origin_id or self.id
