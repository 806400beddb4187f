"""What can go wrong with attached data."""

from collections.abc import Mapping
from typing import Any, ClassVar

from audit.events import Event
from auth.errors import Denial
from auth.guard import Authorized
from catalog.resources.models import DataResource
from shuqiao.errors import Conflict, Invalid, TooLarge
from shuqiao.i18n import _


class AttachmentRunning(Conflict):
    """The file is being stored, or was."""

    code = "attachment_confirmed"
    title = _("The types of this file were confirmed already")


class UploadRefused(Denial):
    """That a file was refused at the door, for the trail; nothing of what is in it.

    ``known``: size and digest, as far as it was read.
    """

    event: ClassVar[Event] = Event.ATTACHMENT_REFUSED

    def __init__(
        self,
        found: Authorized[DataResource],
        error: Invalid | TooLarge,
        known: Mapping[str, Any],
    ) -> None:
        self.subject = found.subject
        self.obj, self.stream = found.object.audit_ref(), found.object.audit_stream()
        self.error, self.known = error, known

    def why(self) -> Mapping[str, Any]:
        first = self.error.errors[0].code if self.error.errors else self.error.code
        return {"reason": self.error.facts.get("reason", first), **self.known}
