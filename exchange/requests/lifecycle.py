"""Life cycle of a share request (共享申请): one table, from which the
service, buttons, to-dos, pages, documents and tests are drawn.
"""

from typing import Final

from audit.events import Event
from auth.roles import Role
from auth.steps import (
    CONSUMER,
    PROVIDER,
    AtWork,
    DidWork,
    Done,
    Lifecycle,
    Notice,
    Person,
    Seat,
    Start,
    Step,
    Tasks,
    Todo,
)
from exchange.requests.words import TONES, RequestStatus
from policies.actions import Action
from policies.clocks import Clock
from shuqiao.i18n import _

_S = RequestStatus

#: The clock of the reply (Order 809, Art. 21); how long it runs depends on the resource.
REPLY: Final = "reply"
OWN_CONSENT: Final = Clock.OWN_CONSENT.value
CORRECTION: Final = Clock.REQUEST_CORRECTION.value
PAGE: Final = "/requests/{no}"
DECISION: Final = "/requests/{no}/decision"

APPLICANT: Final = Person("applicant_id", Role.APPLICANT)
CONSUMER_HEAD: Final = Seat(Role.SHARING_HEAD, CONSUMER)
PROVIDER_HEAD: Final = Seat(Role.SHARING_HEAD, PROVIDER)
APPROVER: Final = Seat(Role.APPROVER, PROVIDER)

_CONSENT_TODO: Final = Todo(
    kind="own_consent_sharing_head",
    seat=CONSUMER_HEAD,
    what=_("Consent to your department's request %(no)s"),
    page=PAGE,
    short=_("Consent of the own department"),
    clock=OWN_CONSENT,
)
_CORRECTION_TODO: Final = Todo(
    kind="returned_applicant",
    seat=APPLICANT,
    what=_("Correct your request %(no)s, or withdraw it"),
    page=PAGE,
    short=_("Correct the request"),
    clock=CORRECTION,
)
_REPLY_TODO: Final = Todo(
    kind="submitted_approver",
    seat=APPROVER,
    what=_("Prepare the reply to request %(no)s"),
    page=DECISION,
    short=_("Prepare the reply"),
    clock=REPLY,
)
_RELEASE_TODO: Final = Todo(
    kind="reply_prepared_sharing_head",
    seat=PROVIDER_HEAD,
    what=_("Release the reply to request %(no)s"),
    page=DECISION,
    short=_("Release the reply"),
    clock=REPLY,
)

CREATE: Final = Step(
    name="create",
    to=(_S.DRAFT,),
    action=Action.REQUEST_CREATE,
    by=(APPLICANT,),
    event=Event.REQUEST_CREATED,
    label=_("Draft a share request"),
    done=Done(
        "created", _("The draft is saved"), _("Check it, then ask your sharing head for consent.")
    ),
    inside=CONSUMER,
)
EDIT: Final = Step(
    name="edit",
    at=(_S.DRAFT,),
    action=Action.REQUEST_EDIT,
    by=(APPLICANT,),
    event=Event.REQUEST_EDITED,
    tasks=Tasks.KEPT,
    label=_("Change the draft"),
    inside=CONSUMER,
)
#: The applicant is done; the own sharing head is asked (Art. 20).
ASK_CONSENT: Final = Step(
    name="ask_consent",
    at=(_S.DRAFT,),
    to=(_S.OWN_CONSENT,),
    action=Action.REQUEST_SUBMIT,
    by=(APPLICANT,),
    event=Event.REQUEST_CONSENT_ASKED,
    starts=Start(OWN_CONSENT),
    ends=(CORRECTION,),
    opens=_CONSENT_TODO,
    label=_("Ask the sharing head for consent"),
    done=Done(
        "asked",
        _("Handed to your sharing head"),
        _("With their consent the request goes to the unified intake."),
    ),
    inside=CONSUMER,
)
#: With it the request leaves its department and reaches the unified intake: the first day of the
#: reply clock (Art. 21).
CONSENT: Final = Step(
    name="consent",
    at=(_S.OWN_CONSENT,),
    to=(_S.SUBMITTED,),
    action=Action.REQUEST_CONSENT,
    by=(CONSUMER_HEAD,),
    event=Event.REQUEST_SUBMITTED,
    starts=Start(REPLY),
    ends=(OWN_CONSENT,),
    opens=_REPLY_TODO,
    tells=(Notice((APPLICANT,), _("Your request %(no)s is at the unified intake"), PAGE),),
    label=_("Consent"),
    effect=_(
        "By consenting you answer for the request's truth, legality and need (Order 809, Art. 20)."
    ),
    done=Done(
        "consented",
        _("The request is at the unified intake"),
        _("The reply clock has started."),
        goes_on=True,
    ),
)
RETURN: Final = Step(
    name="return",
    at=(_S.OWN_CONSENT,),
    to=(_S.DRAFT,),
    action=Action.REQUEST_CONSENT,
    by=(CONSUMER_HEAD,),
    event=Event.REQUEST_RETURNED,
    starts=Start(CORRECTION),
    ends=(OWN_CONSENT,),
    opens=_CORRECTION_TODO,
    tells=(Notice((APPLICANT,), _("Your request %(no)s was returned: %(remark)s"), PAGE),),
    label=_("Return to the applicant"),
    done=Done(
        "returned",
        _("Returned to the applicant"),
        _("The applicant has been told why."),
        goes_on=True,
    ),
    tone="warning",
    inside=CONSUMER,
)
PREPARE_REPLY: Final = Step(
    name="prepare_reply",
    at=(_S.SUBMITTED,),
    to=(_S.REPLY_PREPARED,),
    action=Action.REQUEST_PREPARE_REPLY,
    by=(APPROVER,),
    event=Event.REPLY_PREPARED,
    opens=_RELEASE_TODO,
    label=_("Prepare the reply"),
    effect=_(
        "Nothing leaves the department yet: your sharing head reads the reply and releases it."
    ),
    done=Done(
        "prepared",
        _("The reply is prepared"),
        _("It goes out when your sharing head releases it."),
        goes_on=True,
    ),
    inside=PROVIDER,
)
SEND_BACK: Final = Step(
    name="send_back",
    at=(_S.REPLY_PREPARED,),
    to=(_S.SUBMITTED,),
    action=Action.REQUEST_RELEASE,
    by=(PROVIDER_HEAD,),
    event=Event.REPLY_SENT_BACK,
    opens=_REPLY_TODO,
    label=_("Send the reply back"),
    done=Done(
        "sent_back",
        _("The reply is sent back to the approver"),
        _("The reply clock runs on."),
        goes_on=True,
    ),
    tone="warning",
    inside=PROVIDER,
)
#: The request is decided; a yes becomes a grant (Art. 20).
RELEASE: Final = Step(
    name="release",
    at=(_S.REPLY_PREPARED,),
    to=(_S.APPROVED, _S.PARTLY_APPROVED, _S.REFUSED),
    action=Action.REQUEST_RELEASE,
    by=(PROVIDER_HEAD,),
    event={
        _S.APPROVED: Event.REQUEST_APPROVED,
        _S.PARTLY_APPROVED: Event.REQUEST_PARTLY_APPROVED,
        _S.REFUSED: Event.REQUEST_REFUSED,
    },
    ends=(REPLY,),
    tells=(
        Notice(
            (APPLICANT, CONSUMER_HEAD),
            _("Your request %(no)s was answered: %(outcome)s"),
            PAGE,
        ),
    ),
    label=_("Release the reply"),
    done=Done(
        "released", _("The reply is released"), _("The consumer has been told."), goes_on=True
    ),
    tone=TONES,
)
WITHDRAW: Final = Step(
    name="withdraw",
    at=(_S.DRAFT, _S.OWN_CONSENT, _S.SUBMITTED, _S.REPLY_PREPARED),
    to=(_S.WITHDRAWN,),
    action=Action.REQUEST_WITHDRAW,
    by=(APPLICANT,),
    event=Event.REQUEST_WITHDRAWN,
    ends=(OWN_CONSENT, CORRECTION, REPLY),
    tasks=Tasks.DROPPED,
    tells=(
        Notice(
            (AtWork(), DidWork()),
            _("Request %(no)s was withdrawn: nothing is left to do about it"),
            PAGE,
        ),
    ),
    label=_("Withdraw the request"),
    effect=_(
        "A withdrawn request cannot be taken up again; it can be copied into a new one. "
        "Whoever is working on it is told to stop."
    ),
    done=Done("withdrawn", _("The request is withdrawn"), _("It can be copied into a new one.")),
    tone="neutral",
)

LIFECYCLE: Final[Lifecycle[RequestStatus]] = Lifecycle(
    _("Share request"),
    (
        CREATE,
        EDIT,
        ASK_CONSENT,
        CONSENT,
        RETURN,
        PREPARE_REPLY,
        SEND_BACK,
        RELEASE,
        WITHDRAW,
    ),
    steady=(_S.DRAFT,),
)
