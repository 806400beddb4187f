"""Life cycle of a share request (共享申请): one table, from which the
service, pages, documents and tests are drawn.
"""

from enum import StrEnum
from types import MappingProxyType

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
#: (status, step) → statuses it can lead to; whatever is not here is a 409.
TRANSITIONS = MappingProxyType(
    {
        (_S.DRAFT, RequestStep.EDIT): (_S.DRAFT,),
        (_S.DRAFT, RequestStep.ASK_CONSENT): (_S.OWN_CONSENT,),
        (_S.OWN_CONSENT, RequestStep.CONSENT): (_S.SUBMITTED,),
        (_S.OWN_CONSENT, RequestStep.RETURN): (_S.DRAFT,),
        (_S.SUBMITTED, RequestStep.PREPARE_REPLY): (_S.REPLY_PREPARED,),
        (_S.REPLY_PREPARED, RequestStep.SEND_BACK): (_S.SUBMITTED,),
        (_S.REPLY_PREPARED, RequestStep.RELEASE): (_S.APPROVED, _S.PARTLY_APPROVED, _S.REFUSED),
        (_S.DRAFT, RequestStep.WITHDRAW): (_S.WITHDRAWN,),
        (_S.OWN_CONSENT, RequestStep.WITHDRAW): (_S.WITHDRAWN,),
        (_S.SUBMITTED, RequestStep.WITHDRAW): (_S.WITHDRAWN,),
        (_S.REPLY_PREPARED, RequestStep.WITHDRAW): (_S.WITHDRAWN,),
    }
)

#: Who must act in a waiting status: role and whose (``consumer`` or
#: ``provider``). Drafts wait for nobody.
WAITING_FOR = MappingProxyType(
    {
        _S.OWN_CONSENT: ("sharing_head", "consumer"),
        _S.SUBMITTED: ("approver", "provider"),
        _S.REPLY_PREPARED: ("sharing_head", "provider"),
    }
)

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


def next_statuses(status: RequestStatus, step: RequestStep) -> tuple[RequestStatus, ...]:
    """Where ``step`` may lead from ``status``; empty when it is not possible."""
    return TRANSITIONS.get((status, step), ())
