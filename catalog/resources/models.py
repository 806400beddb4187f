"""Tables of data resources (数据资源), information items (信息项) and attached files (挂接)."""

from datetime import date, datetime
from typing import Any, ClassVar, cast
from uuid import UUID

import sqlalchemy
from sqlalchemy import BigInteger, CheckConstraint, Column, Computed, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlmodel import Field

from audit.append import ObjectRef
from catalog.elements.lifecycle import DataType, Word
from catalog.resources.lifecycle import (
    AttachmentStatus,
    DataSource,
    ResourceStatus,
    ReviewStep,
    State,
)
from policies.facts import Fact, ResourceFacts
from shuqiao.clock import now
from shuqiao.db import Table, TextArray, Timestamp, choice
from shuqiao.i18n import _
from shuqiao.ids import uuid7

#: Class code, stroke, sequence number (guide no. 3).
CODE_PATTERN = "^[123][0-9]{5}[0-9]*/[0-9]+$"


class ShareType(Word):
    """Share attribute (共享属性, Order 809 Art. 14)."""

    UNCONDITIONAL = "unconditional", _("Shared unconditionally")
    CONDITIONAL = "conditional", _("Shared conditionally")
    WITHHELD = "withheld", _("Not shared")


class Format(Word):
    """Kind of the resource's form (信息资源格式, guide no. 7)."""

    DOCUMENT = "document", _("Electronic document")
    SPREADSHEET = "spreadsheet", _("Spreadsheet")
    DATABASE = "database", _("Database")
    IMAGE = "image", _("Image")
    STREAM = "stream", _("Streaming media")
    SELF_DESCRIBED = "self_described", _("Self-described format")
    SERVICE = "service", _("Service interface")


class ShareWay(Word):
    """How the data is handed over (共享方式, Order 809 Art. 22)."""

    SERVICE = "service", _("Service interface")
    BATCH = "batch", _("Batch exchange")
    FILE = "file", _("File download")


class UpdateCycle(Word):
    """Update cycle (更新周期, guide no. 11)."""

    REALTIME = "realtime", _("In real time")
    DAILY = "daily", _("Daily")
    WEEKLY = "weekly", _("Weekly")
    TEN_DAYS = "ten_days", _("Every ten days")
    MONTHLY = "monthly", _("Monthly")
    QUARTERLY = "quarterly", _("Quarterly")
    HALF_YEARLY = "half_yearly", _("Half-yearly")
    YEARLY = "yearly", _("Yearly")
    IRREGULAR = "irregular", _("Irregularly")


class SecurityLevel(Word):
    """Level of the data (数据分级, GB/T 43697-2024; general data in four sub-levels).

    Ordered from low to high.
    """

    GENERAL_1 = "general_1", _("General data, level 1")
    GENERAL_2 = "general_2", _("General data, level 2")
    GENERAL_3 = "general_3", _("General data, level 3")
    GENERAL_4 = "general_4", _("General data, level 4")
    IMPORTANT = "important", _("Important data")
    CORE = "core", _("Core data")

    @property
    def rank(self) -> int:
        """Place in the order, 0 the lowest: a resource is at least as
        high as its highest item (就高从严).
        """
        return list(type(self)).index(self)


class WithheldKind(Word):
    """The only bases for not sharing (Order 809, Art. 15): an express
    prohibition by one of these.
    """

    LAW = "law", _("Law")
    ADMINISTRATIVE_REGULATION = "administrative_regulation", _("Administrative regulation")
    STATE_COUNCIL_DECISION = "state_council_decision", _("Decision of the State Council")


class SecrecyConclusion(Word):
    """Conclusion of the secrecy risk assessment (保密风险评估).

    Secrets may not be registered here at all (Art. 3).
    """

    NO_SECRET = "no_secret", _("Contains no state or work secret")
    SECRET_FOUND = "secret_found", _("Contains a state or work secret")


class PrivacyConclusion(Word):
    """Conclusion of the personal information protection impact
    assessment (个人信息保护影响评估).
    """

    NO_PERSONAL_INFORMATION = "no_personal_information", _("Contains no personal information")
    ACCEPTABLE = "acceptable", _("Personal information, impact acceptable")
    NOT_ACCEPTABLE = "not_acceptable", _("Personal information, impact not acceptable")


class ResourceSeries(Table, table=True):
    """Last number given out per class code; its row lock makes codes
    unique, and no number comes twice.
    """

    __tablename__ = "resource_series"
    __unaudited__: ClassVar[bool] = True

    class_code: str = Field(primary_key=True, max_length=20)
    last: int = Field(sa_type=BigInteger)


class DataResource(Table, table=True):
    """A data resource with the guide's core metadata and the nine fields of Order 809 Art. 13.

    The code never changes. ``version`` counts every change (If-Match); ``published_version`` the
    publications.
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
        # the catalogue and the counts of its filters are read from this alone
        Index(
            "data_resource_published_idx",
            "published_at",
            "id",
            postgresql_where=text("status = 'published'"),
            postgresql_include=[
                "share_type",
                "provider_id",
                "format",
                "share_way",
                "update_cycle",
                "security_level",
                "is_open",
            ],
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    code: str = Field(max_length=40, unique=True)
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
    version: int = 1
    published_version: int = 0
    published_at: datetime | None = Field(default=None, sa_type=Timestamp)
    created_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    updated_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    #: Search words separated by blanks: of the title, and of everything
    #: else (see ``repository.index``).
    title_terms: str = ""
    terms: str = ""

    @property
    def url_code(self) -> str:
        """The code as it stands in addresses: ``307001-000001``."""
        return self.code.replace("/", "-")

    @property
    def state(self) -> State:
        return State(self.status, self.review_step)

    def policy_facts(self) -> ResourceFacts:
        facts: dict[str, Fact] = {
            "owner": str(self.provider_id),
            "status": self.status.value,
            "share_type": self.share_type.value,
            "has_left": self.consented_at is not None,
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
    Computed(
        "setweight(to_tsvector('simple', title_terms), 'A') || setweight(to_tsvector('simple', "
        "terms), 'B')",
        persisted=True,
    ),
    nullable=False,
)
_TABLE = cast("sqlalchemy.Table", vars(DataResource)["__table__"])
_TABLE.append_column(SEARCH)
Index("data_resource_search_idx", SEARCH, postgresql_using="gin")


class ResourceItem(Table, table=True):
    """One information item (信息项): what it is called, what it means,
    and the column of the data that holds it.
    """

    __tablename__ = "resource_item"
    __table_args__ = (
        UniqueConstraint("resource_id", "name", deferrable=True, initially="DEFERRED"),
        UniqueConstraint("resource_id", "position", deferrable=True, initially="DEFERRED"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    resource_id: UUID = Field(foreign_key="data_resource.id")
    position: int
    name: str = Field(max_length=100)
    #: Name of the column that holds it in the attached data.
    column_name: str = Field(max_length=200)
    data_type: DataType = Field(sa_type=choice(DataType, "data_type"))
    element_id: UUID | None = Field(default=None, foreign_key="data_element.id", index=True)
    is_personal: bool = False
    share_type: ShareType = Field(sa_type=choice(ShareType, "share_type"))
    security_level: SecurityLevel | None = Field(
        default=None, sa_type=choice(SecurityLevel, "security_level")
    )
    description: str = Field(default="", max_length=500)


class Attachment(Table, table=True):
    """A file attached to a resource, or a table of the department's database.

    A file lies under its id; the name it came with is for people only. A table is known by the
    connection's alias and the shape it had when it was attached; a live one is never stored, its
    rows are read at every delivery.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint(
            "(status = 'stored' AND NOT is_live) = (snapshot_id IS NOT NULL)", name="snapshot"
        ),
        CheckConstraint(
            "(source = 'postgresql') = (connection IS NOT NULL) AND (connection IS NULL) = "
            "(relation IS NULL)"
            " AND (connection IS NULL) = (shape IS NULL)",
            name="connection",
        ),
        CheckConstraint("source <> 'file' OR NOT is_live", name="live"),
        CheckConstraint("(status = 'refused') = (refusal IS NOT NULL)", name="refusal"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    resource_id: UUID = Field(foreign_key="data_resource.id", index=True)
    uploader_id: UUID = Field(foreign_key="app_user.id")
    file_name: str = Field(max_length=200)
    bytes: int = Field(sa_type=BigInteger)
    sha256: str = Field(max_length=64)
    status: AttachmentStatus = Field(sa_type=choice(AttachmentStatus, "status"))
    source: DataSource = Field(default=DataSource.FILE, sa_type=choice(DataSource, "source"))
    #: Alias of the connection, the table as people write it
    #: (``schema.table``), and whether it is read live.
    connection: str | None = Field(default=None, max_length=40)
    relation: str | None = Field(default=None, max_length=200)
    is_live: bool = False
    #: Columns, types and key as attached (``shuqiao.arrow.live.shape``);
    #: what is read later must still be that.
    shape: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    #: What was found in the file (``shuqiao.arrow.options.Preview``).
    preview: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    #: How it is read, as confirmed (``shuqiao.arrow.options.ReadOptions``).
    options: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    snapshot_id: str | None = Field(default=None, max_length=80, index=True)
    rows: int | None = Field(default=None, sa_type=BigInteger)
    #: Why the file was refused, as a message.
    refusal: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    created_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    stored_at: datetime | None = Field(default=None, sa_type=Timestamp)
    version: int = 1
