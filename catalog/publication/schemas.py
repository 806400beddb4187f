"""What goes in and out of review and catalogue."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from catalog.publication.models import PublicationReview, ReviewOutcome
from catalog.resources.lifecycle import ReviewStep
from catalog.resources.models import Format, SecurityLevel, ShareType, ShareWay, UpdateCycle
from catalog.resources.schemas import Condition, ResourceChanged, ResourceRead
from shuqiao.i18n import _
from shuqiao.texts import Strict
from shuqiao.web.paging import Page


class _Outcome(Strict):
    """A remark is needed to return an entry: the registrar must know what to correct."""

    outcome: ReviewOutcome
    remark: Condition = ""

    @model_validator(mode="after")
    def _said_why(self) -> Self:
        if self.outcome is ReviewOutcome.RETURNED and not self.remark:
            raise ValueError(_("A returned entry needs a remark"), _("Say what must be corrected."))
        return self


class ConsentCreate(_Outcome):
    """The department head's word (Order 809, Art. 13)."""

    outcome: Literal[ReviewOutcome.CONSENTED, ReviewOutcome.RETURNED] = ReviewOutcome.CONSENTED


class ReviewCreate(_Outcome):
    """The data administration's word (Order 809, Art. 16)."""

    outcome: Literal[ReviewOutcome.PUBLISHED, ReviewOutcome.RETURNED]


class ReviewRead(BaseModel):
    """One step of a review."""

    version: int
    step: ReviewStep
    outcome: ReviewOutcome
    remark: str
    reviewer: str
    reviewed_at: datetime

    @classmethod
    def of(cls, row: PublicationReview, reviewer: str) -> Self:
        return cls(
            reviewer=reviewer, **row.model_dump(include=set(cls.model_fields) - {"reviewer"})
        )


class Reviewed(ResourceChanged):
    """A resource after a step of its review, with the steps so far."""

    reviews: list[ReviewRead]


class CatalogEntry(ResourceRead):
    """A published version as it was, and which versions there are."""

    resource_id: UUID
    latest_version: int


class CatalogHit(BaseModel):
    """A published resource as the search shows it; ``matched_items``
    are the items that the words were found in.
    """

    code: str
    title: str
    abstract: str
    provider: str
    share_type: ShareType
    share_way: ShareWay | None
    format: Format | None
    update_cycle: UpdateCycle | None
    security_level: SecurityLevel | None
    is_open: bool
    keywords: list[str]
    published_at: datetime
    published_version: int
    item_count: int
    matched_items: list[str]


class Facet(BaseModel):
    """One value to narrow the search by, and how many of the hits have it."""

    value: str
    label: str
    count: int


class CatalogPage(Page[CatalogHit]):
    """Hits of a search.

    ``total`` is capped at 5,000 unless asked for exactly; ``exact``: whether it is the whole.
    """

    total: Annotated[int | None, Field(description="None when it was not asked for")]
    exact: bool
    facets: Annotated[
        dict[str, list[Facet]],
        Field(
            description="Parameter → values with hits, as if nothing of it were chosen; at most 50 "
            "providers"
        ),
    ]
