"""Tables of publications (发布) and of the reviews before them (审核)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from catalog.publication.words import ReviewOutcome
from catalog.resources.words import ReviewStep
from shuqiao.clock import now
from shuqiao.db import Table, Timestamp, choice
from shuqiao.ids import uuid7


class Publication(Table, table=True):
    """One published version of a resource, kept as it was for ever."""

    __tablename__ = "publication"
    __table_args__ = (
        UniqueConstraint("resource_id", "version"),
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("submitter_id <> published_by", name="two_people"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    resource_id: UUID = Field(foreign_key="data_resource.id")
    version: int
    #: The entry (``schemas.CatalogEntry``) as it was published.
    entry: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    #: The snapshot that held the data when it was published; None where
    #: data is served, or not shared.
    snapshot_id: str | None = Field(default=None, max_length=80)
    published_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    published_by: UUID = Field(foreign_key="app_user.id")
    #: Who submitted the version; None of what was published before that was kept.
    submitter_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    #: Published by the department whose entry it is (``words.SelfReview``).
    is_self_reviewed: bool = False


class PublicationReview(Table, table=True):
    """One step of a review: who decided what, when and why."""

    __tablename__ = "publication_review"
    __table_args__ = (
        CheckConstraint(
            "(step = 'head_consent' AND outcome IN ('consented', 'returned'))"
            " OR (step = 'administration' AND outcome IN ('published', 'returned'))",
            name="step_outcome",
        ),
        CheckConstraint("outcome <> 'returned' OR remark <> ''", name="remark"),
        CheckConstraint("submitter_id <> reviewer_id", name="two_people"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    resource_id: UUID = Field(foreign_key="data_resource.id", index=True)
    #: The version of the resource that was looked at.
    version: int
    #: The entry (``resources.schemas.ResourceRead``) as it was looked
    #: at, so that the next review shows what changed.
    entry: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    step: ReviewStep = Field(sa_type=choice(ReviewStep, "step"))
    outcome: ReviewOutcome = Field(sa_type=choice(ReviewOutcome, "outcome"))
    remark: str = Field(default="", max_length=500)
    reviewer_id: UUID = Field(foreign_key="app_user.id")
    #: Who had submitted what was looked at.
    submitter_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    reviewed_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    #: The data administration looked at an entry of its own.
    is_self_reviewed: bool = False
