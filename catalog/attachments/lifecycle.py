"""From which states the reading of attached data may be confirmed."""

from typing import Final

from catalog.attachments.words import AttachmentStatus

#: States of an attachment in which its types can be confirmed.
CONFIRMABLE: Final = frozenset({AttachmentStatus.PREVIEWED, AttachmentStatus.REFUSED})
