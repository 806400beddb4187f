"""Tables of deliveries, and of the tickets by which people download."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from audit.append import ObjectRef
from auth.steps import Step
from exchange.deliveries.words import DeliveryStatus, EndReason, FileFace
from policies.facts import ResourceFacts
from shuqiao.clock import now
from shuqiao.db import Table, TextArray, Timestamp, choice
from shuqiao.errors import Conflict, PreconditionFailed
from shuqiao.ids import uuid7


class Delivery(Table, table=True):
    """One transfer under a grant (交付): who fetched, what left, how it ended."""

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint("(status = 'running') = (ended_at IS NULL)", name="ended"),
        CheckConstraint(
            "(end_reason IS NOT DISTINCT FROM 'negative_entry') = (struck_by <> '{}')",
            name="struck",
        ),
        CheckConstraint("acknowledged_bytes BETWEEN 0 AND bytes", name="acknowledged"),
        Index("delivery_running_idx", "seen_at", postgresql_where=text("status = 'running'")),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    delivery_no: str = Field(max_length=20, unique=True)
    grant_id: UUID = Field(foreign_key="share_grant.id", index=True)
    grant_no: str = Field(max_length=20)
    consumer_id: UUID = Field(foreign_key="department.id", index=True)
    provider_id: UUID = Field(foreign_key="department.id", index=True)
    user_id: UUID = Field(foreign_key="app_user.id")
    credential_id: UUID | None = None
    face: str = Field(max_length=20)
    #: Of which edition the rows are; which snapshot, None where they are read live.
    edition_no: int | None = None
    snapshot_id: str | None = Field(default=None, max_length=80)
    columns: list[str] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    status: DeliveryStatus = Field(
        default=DeliveryStatus.RUNNING, sa_type=choice(DeliveryStatus, "status")
    )
    end_reason: EndReason | None = Field(default=None, sa_type=choice(EndReason, "end_reason"))
    #: The negative entries that ended it, by number.
    struck_by: list[str] = Field(default_factory=list, sa_type=TextArray)
    rows: int | None = Field(default=None, sa_type=BigInteger)
    bytes: int | None = Field(default=None, sa_type=BigInteger)
    #: Of these at least so many came to the kernel at the other end; None: not known.
    acknowledged_bytes: int | None = Field(default=None, sa_type=BigInteger)
    receipt: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    started_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    #: Kept fresh by the serving process (database time); the sweeper
    #: closes a running delivery nobody refreshes.
    seen_at: datetime = Field(sa_type=Timestamp)
    ended_at: datetime | None = Field(default=None, sa_type=Timestamp)

    @property
    def version(self) -> int:
        """Nobody changes a transfer that they saw: it has the one version."""
        return 1

    @property
    def state(self) -> DeliveryStatus:
        return self.status

    def enter(self, state: DeliveryStatus) -> None:
        self.status = state

    def told(self) -> Mapping[str, str]:
        return {"no": self.delivery_no}

    def not_now(self, step: Step[DeliveryStatus]) -> Conflict:
        return Conflict()

    def changed(self) -> PreconditionFailed:
        return PreconditionFailed()

    def policy_facts(self) -> ResourceFacts:
        return ResourceFacts(
            "Delivery",
            self.delivery_no,
            {"consumer": str(self.consumer_id), "provider": str(self.provider_id)},
        )

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("Delivery", self.delivery_no)

    def audit_stream(self) -> str:
        return self.delivery_no


class DownloadTicket(Table, table=True):
    """The right to one download (下载凭据) of one person, one grant and one kind of file, within a
    minute. Only its SHA-256 is here, and whoever uses it takes the row away.
    """

    __tablename__ = "download_ticket"
    __unaudited__: ClassVar[bool] = True

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    secret_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    user_id: UUID = Field(foreign_key="app_user.id")
    #: The browser session that asked: with its end the ticket and what it began end.
    session_id: UUID
    grant_id: UUID = Field(foreign_key="share_grant.id")
    face: FileFace = Field(sa_type=choice(FileFace, "face"))
    expires_at: datetime = Field(sa_type=Timestamp)
