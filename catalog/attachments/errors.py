"""What can go wrong with attached data."""

from collections.abc import Mapping
from typing import Any, ClassVar

from audit.events import Event
from auth.errors import Denial
from auth.guard import Authorized
from catalog.resources.models import DataResource
from shuqiao.disk import StorageFull
from shuqiao.errors import Conflict, Invalid, TooLarge
from shuqiao.i18n import _
from shuqiao.web.formats import size


class AttachmentRunning(Conflict):
    """The file is being stored, or was."""

    code = "attachment_confirmed"
    title = _("The types of this file were confirmed already")


class QuotaReached(StorageFull):
    """The department keeps as much as it may (507): waiting does not help, making room does."""

    code = "quota_reached"
    title = _("The department keeps as much as it may, so nothing was done")
    advice = _(
        "Throw away drafts and files that nobody needs any more, or ask the system administrator "
        "for more room."
    )
    retry_after = None

    def __init__(self, name: str, *, used: int, quota: int, wanted: int) -> None:
        detail = _(
            "“%(name)s” keeps %(used)s of the %(quota)s that it may keep; this needs %(wanted)s.",
            name=name,
            used=size(used),
            quota=size(quota),
            wanted=size(wanted),
        )
        super().__init__(detail, reason=self.code, used=used, quota=quota, wanted=wanted)


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
