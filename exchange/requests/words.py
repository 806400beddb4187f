"""The words of a share request: states and fields, and what each is called."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from shuqiao.i18n import Message, _


class RequestStatus(StrEnum):
    DRAFT = "draft"
    OWN_CONSENT = "own_consent"
    SUBMITTED = "submitted"
    REPLY_PREPARED = "reply_prepared"
    APPROVED = "approved"
    PARTLY_APPROVED = "partly_approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Message:
        return _LABELS[self]

    @property
    def is_decided(self) -> bool:
        return self in (self.APPROVED, self.PARTLY_APPROVED, self.REFUSED)

    @property
    def gave(self) -> bool:
        """Answered with a grant, of all or of a part."""
        return self in (self.APPROVED, self.PARTLY_APPROVED)

    @property
    def is_open(self) -> bool:
        """Asked, and neither answered nor taken back."""
        return self in (self.OWN_CONSENT, self.SUBMITTED, self.REPLY_PREPARED)


_S = RequestStatus


_LABELS: dict[RequestStatus, Message] = {
    _S.DRAFT: _("Draft"),
    _S.OWN_CONSENT: _("Waiting for own consent"),
    _S.SUBMITTED: _("At the unified intake"),
    _S.REPLY_PREPARED: _("Reply prepared"),
    _S.APPROVED: _("Approved"),
    _S.PARTLY_APPROVED: _("Partly approved"),
    _S.REFUSED: _("Refused"),
    _S.WITHDRAWN: _("Withdrawn"),
}


class Whose(StrEnum):
    """Which of the requests that a reader may see."""

    MINE = "mine"
    ASKED_BY_US = "asked_by_us"
    ASKED_OF_US = "asked_of_us"


TONES: Final[Mapping[RequestStatus, str]] = {
    RequestStatus.DRAFT: "neutral",
    RequestStatus.OWN_CONSENT: "warning",
    RequestStatus.SUBMITTED: "info",
    RequestStatus.REPLY_PREPARED: "info",
    RequestStatus.APPROVED: "success",
    RequestStatus.PARTLY_APPROVED: "success",
    RequestStatus.REFUSED: "danger",
    RequestStatus.WITHDRAWN: "neutral",
}


#: What each state means for the people involved.
MEANINGS: Final[Mapping[RequestStatus, Message]] = {
    RequestStatus.DRAFT: _("Not sent. A draft waits for nobody and is not deleted."),
    RequestStatus.OWN_CONSENT: _(
        "With the sharing head of the asking department; it has not left the department."
    ),
    RequestStatus.SUBMITTED: _("Accepted at the unified intake; the provider prepares its reply."),
    RequestStatus.REPLY_PREPARED: _("The provider's sharing head is about to release the reply."),
    RequestStatus.APPROVED: _(
        "Every item was granted. Data can be fetched once the grant is active."
    ),
    RequestStatus.PARTLY_APPROVED: _(
        "A part was granted. Data can be fetched once the grant is active."
    ),
    RequestStatus.REFUSED: _("Nothing was granted; the reasons stand with each item."),
    RequestStatus.WITHDRAWN: _("The applicant took it back. It can be copied into a new request."),
}


#: Labels of the form's fields, for the form, the error summary and the page of a request.
FIELDS: Final[Mapping[str, Message]] = {
    "item_ids": _("Items asked for"),
    "basis": _("Basis of use"),
    "scenario": _("Scenario of use"),
    "scope": _("Scope of use"),
    "share_way": _("Way of sharing"),
    "until": _("Term of use until"),
}


WHOSE: Final[Mapping[Whose, Message]] = {
    Whose.MINE: _("Drafted by me"),
    Whose.ASKED_BY_US: _("Asked by my department"),
    Whose.ASKED_OF_US: _("Asked of my department"),
}

#: While nobody outside the own department has seen it.
INSIDE: Final = frozenset({RequestStatus.DRAFT, RequestStatus.OWN_CONSENT})
