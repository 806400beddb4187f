"""An entry as its registrar reads it: with what is still missing."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from audit.schemas import EventReceipt
from catalog.attachments.schemas import AttachmentSummary
from catalog.resources.schemas import ITEM_LIMIT, ResourceRead
from catalog.resources.words import ResourceStatus, ReviewStep
from shuqiao.texts import Strict


class WorkingCopyRead(BaseModel):
    """Where the open working copy of an entry stands."""

    status: ResourceStatus
    review_step: ReviewStep | None
    version: int
    updated_at: datetime


class ItemChoice(Strict):
    """An item by its place in the grid, from 0."""

    item: Annotated[int, Field(ge=0, lt=ITEM_LIMIT)]


class ResourceShown(ResourceRead):
    """A resource on its own address: with its files (for the provider
    only), the next acts, and whose turn it is.

    ``working_copy``: for those who may read it.
    """

    working_copy: WorkingCopyRead | None

    attachments: list[AttachmentSummary]
    acts: list[str]
    waiting_for: str | None


class ResourceChanged(ResourceShown, EventReceipt):
    """A resource after a change."""
