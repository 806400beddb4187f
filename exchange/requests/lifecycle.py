"""Life cycle of a share request (共享申请): one table, from which the
service, pages, documents and tests are drawn.
"""

from types import MappingProxyType

from exchange.requests.words import _S, RequestStatus, RequestStep

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


def next_statuses(status: RequestStatus, step: RequestStep) -> tuple[RequestStatus, ...]:
    """Where ``step`` may lead from ``status``; empty when it is not possible."""
    return TRANSITIONS.get((status, step), ())
