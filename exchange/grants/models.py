"""Tables of grants. A grant copies what it needs, so that nothing approved can change under it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from audit.append import ObjectRef
from auth.steps import Step
from catalog.elements.words import DataType
from exchange.grants.errors import GrantChanged, GrantWrongState
from exchange.grants.words import GrantStatus, Ground, WhyNot
from policies.facts import ResourceFacts
from shuqiao.clock import now, today
from shuqiao.db import Table, Timestamp, choice
from shuqiao.ids import uuid7

#: The coverage of an entry that declares none, said rather than left open.
EVERYTHING: Final = {"all": True}


class ShareGrant(Table, table=True):
    """What a consumer may fetch (共享授权): resource, snapshot, rows, until when."""

    __tablename__ = "share_grant"
    __table_args__ = (
        CheckConstraint("consumer_id <> provider_id", name="two_departments"),
        CheckConstraint("(snapshot_id IS NULL) <> (live_id IS NULL)", name="one_source"),
        CheckConstraint("(status = 'suspended') = (ground IS NOT NULL)", name="grounded"),
        CheckConstraint(
            "(status = 'terminated') = (consultation_no <> '')"
            " AND (consultation_no = '') = (filing_no = '')"
            " AND (status <> 'terminated' OR end_reason <> '')",
            name="terminated",
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    grant_no: str = Field(max_length=20, unique=True)
    #: Public number of the request; a grant knows no request code.
    request_no: str = Field(max_length=20, unique=True)
    resource_id: UUID = Field(foreign_key="data_resource.id", index=True)
    resource_code: str = Field(max_length=60)
    resource_title: str = Field(max_length=50)
    resource_version: int
    consumer_id: UUID = Field(foreign_key="department.id", index=True)
    provider_id: UUID = Field(foreign_key="department.id", index=True)
    #: For whom it was made, once a successor has it: key of pseudonyms and proved plan stay.
    first_consumer_id: UUID | None = Field(default=None, foreign_key="department.id")
    purpose: str = Field(max_length=1000)
    #: Whether it gives the entry's current edition (跟随更新), or for ever the one named below.
    follows_editions: bool
    #: The edition of the day of the decision.
    edition_no: int | None = None
    #: Identity of the snapshot that edition is; its content can never change.
    snapshot_id: str | None = Field(default=None, max_length=80)
    #: The live attachment that is read instead; what it reads never changes either.
    live_id: UUID | None = Field(default=None, foreign_key="attachment.id")
    #: Typed filter tree (see ``shuqiao.arrow.filters``), None: all rows.
    row_filter: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSONB(none_as_null=True))
    )
    #: Item id → [name, physical column] of what the filter may speak of, as it was then.
    filter_columns: dict[str, list[str]] = Field(
        default_factory=dict, sa_column=Column(JSONB, nullable=False)
    )
    #: What the entry declared on the day of the decision (``Coverage``), within which the rows
    #: lie; ``{"all": true}`` where it declared nothing.
    coverage: dict[str, Any] = Field(
        default_factory=lambda: dict(EVERYTHING), sa_column=Column(JSONB, nullable=False)
    )
    status: GrantStatus = Field(
        default=GrantStatus.PENDING_DELIVERY, sa_type=choice(GrantStatus, "status"), index=True
    )
    valid_until: date
    issued_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    activated_at: datetime | None = Field(default=None, sa_type=Timestamp)
    ended_at: datetime | None = Field(default=None, sa_type=Timestamp)
    end_reason: str = Field(default="", max_length=500)
    #: On what ground the whole of it is suspended, as long as it is.
    ground: Ground | None = Field(default=None, sa_type=choice(Ground, "ground"))
    #: What a termination rests on (Order 809, Art. 27): the consultation record and the filing.
    consultation_no: str = Field(default="", max_length=20)
    filing_no: str = Field(default="", max_length=20)
    #: What was trial-run: of a grant that follows the shape, else the very rows; a delivery
    #: that compiles to another one is refused.
    plan_fingerprint: str = Field(default="", max_length=80)
    version: int = 1

    @property
    def state(self) -> GrantStatus:
        return self.status

    @property
    def standing(self) -> GrantStatus:
        """The state as people and programs are told it: on the day after the last one a grant is
        expired, whether or not the sweeper has written that down yet.
        """
        if not self.status.is_over and today() > self.valid_until:
            return GrantStatus.EXPIRED
        return self.status

    def enter(self, state: GrantStatus) -> None:
        self.status, self.version = state, self.version + 1

    def told(self) -> Mapping[str, str]:
        return {"no": self.grant_no, "title": self.resource_title}

    def not_now(self, step: Step[GrantStatus]) -> GrantWrongState:
        return GrantWrongState(self.standing)

    def changed(self) -> GrantChanged:
        return GrantChanged()

    def policy_facts(self) -> ResourceFacts:
        facts = {
            "consumer": str(self.consumer_id),
            "provider": str(self.provider_id),
            "status": self.status.value,
        }
        return ResourceFacts("Grant", self.grant_no, facts)

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("Grant", self.grant_no, self.version)

    def audit_stream(self) -> str:
        return self.grant_no


class GrantedItem(Table, table=True):
    """One granted item: physical column, name on the wire, type and mask."""

    __tablename__ = "granted_item"
    __table_args__ = (
        UniqueConstraint("grant_id", "position"),
        UniqueConstraint("grant_id", "item_id"),
        CheckConstraint("(suspended_at IS NULL) = (suspended_why IS NULL)", name="suspended"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    grant_id: UUID = Field(foreign_key="share_grant.id", index=True)
    item_id: UUID = Field(foreign_key="resource_item.id")
    position: int
    name: str = Field(max_length=200)
    column_name: str = Field(max_length=200)
    #: The item's type as granted, and the stored one; None: as in the snapshot that is named.
    data_type: DataType = Field(sa_type=choice(DataType, "data_type"))
    column_type: str | None = Field(default=None, max_length=60)
    #: ``{"kind": …}`` of ``shuqiao.arrow.masks``; None: as it is.
    mask: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    #: Since when it does not leave, until the provider's approver resumes it.
    suspended_at: datetime | None = Field(default=None, sa_type=Timestamp)
    suspended_why: WhyNot | None = Field(default=None, sa_type=choice(WhyNot, "suspended_why"))
