"""The words of a share request: states, steps, fields, and what each is called."""

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


class RequestStep(StrEnum):
    """What can be done to a request."""

    EDIT = "edit"
    ASK_CONSENT = "ask_consent"
    CONSENT = "consent"
    RETURN = "return"
    WITHDRAW = "withdraw"
    PREPARE_REPLY = "prepare_reply"
    RELEASE = "release"
    SEND_BACK = "send_back"


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


#: What whoever acts next is asked to do.
TODO: Final[Mapping[RequestStatus, Message]] = {
    RequestStatus.OWN_CONSENT: _("Consent to your department's request %(no)s"),
    RequestStatus.SUBMITTED: _("Prepare the reply to request %(no)s"),
    RequestStatus.REPLY_PREPARED: _("Release the reply to request %(no)s"),
}


#: What a step just taken is confirmed with, by the ``done`` of the address.
DONE: Final[Mapping[str, tuple[Message, Message]]] = {
    "created": (_("The draft is saved"), _("Check it, then ask your sharing head for consent.")),
    "asked": (
        _("Handed to your sharing head"),
        _("With their consent the request goes to the unified intake."),
    ),
    "consented": (_("The request is at the unified intake"), _("The reply clock has started.")),
    "returned": (_("Returned to the applicant"), _("The applicant has been told why.")),
    "withdrawn": (_("The request is withdrawn"), _("It can be copied into a new one.")),
    "prepared": (_("The reply is prepared"), _("It goes out when your sharing head releases it.")),
    "released": (_("The reply is released"), _("The consumer has been told.")),
    "sent_back": (_("The reply is sent back to the approver"), _("The reply clock runs on.")),
}


#: After these the reader's own queue goes on.
DEALT_WITH: Final = frozenset({"consented", "returned", "prepared", "released", "sent_back"})


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
