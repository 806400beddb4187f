"""An entry as its registrar reads it: with what is still missing."""

from audit.schemas import EventReceipt
from catalog.attachments.schemas import AttachmentSummary
from catalog.resources.schemas import ResourceRead


class ResourceShown(ResourceRead):
    """A resource on its own address: with its files (for the provider
    only), the next acts, and whose turn it is.
    """

    attachments: list[AttachmentSummary]
    acts: list[str]
    waiting_for: str | None


class ResourceChanged(ResourceShown, EventReceipt):
    """A resource after a change."""
