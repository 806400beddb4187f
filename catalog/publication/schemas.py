"""What goes in and out of review and catalogue."""

from datetime import datetime
from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import BaseModel, model_validator

from catalog.publication.models import PublicationReview
from catalog.publication.words import ReviewOutcome, SelfReview
from catalog.registration.schemas import ResourceChanged
from catalog.resources.schemas import Condition, ResourceRead, ResourceSummary
from catalog.resources.words import ReviewStep
from shuqiao.i18n import _
from shuqiao.texts import Strict, TextRule, example


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

    model_config = example(outcome="consented")

    outcome: Literal[ReviewOutcome.CONSENTED, ReviewOutcome.RETURNED] = ReviewOutcome.CONSENTED


class ReviewCreate(_Outcome):
    """The data administration's word (Order 809, Art. 16)."""

    model_config = example(outcome="published")

    outcome: Literal[ReviewOutcome.PUBLISHED, ReviewOutcome.RETURNED]


class TakedownCreate(Strict):
    """Why an entry leaves the catalogue (撤销目录)."""

    model_config = example(reason="职责已划转，数据不再更新")

    reason: Annotated[str, TextRule(500, multiline=True)]


class WaitingRead(ResourceSummary):
    """An entry that waits for the reader, and who submitted it."""

    submitter: str | None


class ReviewRead(BaseModel):
    """One step of a review. ``submitter``: who had submitted it; null of steps taken before that
    was kept.
    """

    version: int
    step: ReviewStep
    outcome: ReviewOutcome
    remark: str
    reviewer: str
    reviewed_at: datetime
    is_self_reviewed: bool
    submitter: str | None

    @classmethod
    def of(cls, row: PublicationReview, reviewer: str, submitter: str | None) -> Self:
        own = set(cls.model_fields) - {"reviewer", "submitter"}
        return cls(reviewer=reviewer, submitter=submitter, **row.model_dump(include=own))


#: Where cases of their own are shown.
_PAGES: Final = {
    SelfReview.ELEMENT: "/element-proposals",
    SelfReview.EXTENSION: "/change-events",
    SelfReview.SOURCE: "/source-claims",
    SelfReview.CONFLICT: "/source-conflicts",
    SelfReview.NEGATIVE_ENTRY: "/negative-entries",
    SelfReview.CONTEST: "/negative-contests",
}


class SelfReviewRead(BaseModel):
    """One decision of the data administration about itself (本部门自审): a ``version`` of an entry
    that it published; any other under the ``number`` of its case.
    """

    kind: SelfReview
    number: str | None
    code: str
    title: str
    department: str
    version: int | None
    decided_by: str
    decided_at: datetime

    @property
    def href(self) -> str:
        """Where it is shown."""
        if self.kind in _PAGES:
            return f"{_PAGES[self.kind]}/{self.number}"
        return f"/catalog/{self.code.replace('/', '-')}?version={self.version}"


class Reviewed(ResourceChanged):
    """A resource after a step of its review, with the steps so far."""

    reviews: list[ReviewRead]


class CatalogEntry(ResourceRead):
    """A published version as it was, and which versions there are."""

    resource_id: UUID
    latest_version: int
    #: Published by the department whose entry it is.
    is_self_reviewed: bool = False
