"""An entry as its registrar reads it: with what is still missing."""

from datetime import datetime

from pydantic import BaseModel

from audit.schemas import EventReceipt
from catalog.attachments.schemas import AttachmentSummary
from catalog.resources.schemas import ResourceRead
from catalog.resources.words import ResourceStatus, ReviewStep


class WorkingCopyRead(BaseModel):
    """Where the open working copy of an entry stands."""

    status: ResourceStatus
    review_step: ReviewStep | None
    version: int
    updated_at: datetime


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
