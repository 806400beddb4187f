"""Life cycle of a share grant (共享授权): one table, from which the service,
buttons, to-dos, pages, documents and tests are drawn.
"""

from dataclasses import replace
from typing import Final

from audit.events import Event
from auth.roles import Role
from auth.steps import (
    CONSUMER,
    PROVIDER,
    Done,
    Lifecycle,
    Notice,
    Seat,
    Start,
    Step,
    Tasks,
    Todo,
)
from exchange.grants.words import GrantStatus
from policies.actions import Action
from policies.clocks import Clock
from shuqiao.i18n import _

_S = GrantStatus

DELIVERY: Final = Clock.DELIVERY.value
SUSPENDED: Final = Clock.SUSPENDED_ITEM.value
PAGE: Final = "/grants/{no}"

APPROVER: Final = Seat(Role.APPROVER, PROVIDER)
SHARING_HEAD: Final = Seat(Role.SHARING_HEAD, PROVIDER)
APPLICANTS: Final = Seat(Role.APPLICANT, CONSUMER)

#: Until the plan has been run and works (Order 809, Art. 22).
READY: Final = Todo(
    kind="ready_grant",
    seat=APPROVER,
    what=_("See to it that the data granted under %(no)s can be fetched"),
    page=PAGE,
    short=_("Make the delivery ready"),
    clock=DELIVERY,
)
#: After a trial run failed, or the provider's database could not be read.
MEND: Final = Todo(
    kind="mend_grant",
    seat=APPROVER,
    what=_("Delivery under %(no)s is not ready: %(why)s"),
    page=PAGE,
    short=_("Mend the delivery"),
    clock=DELIVERY,
)

#: The same task when the stored data has become something else.
DRIFTED: Final = replace(
    MEND, what=_("The stored data is no longer what was granted under %(no)s"), clock=""
)

#: What the entry no longer allows has been stopped; whether it comes back is for the approver.
SETTLE: Final = Todo(
    kind="settle_grant_items",
    seat=APPROVER,
    what=_("Suspended under %(no)s: %(items)s"),
    page=PAGE,
    short=_("Settle the suspended items"),
    clock=SUSPENDED,
)

#: An agreeing reply becomes a grant; the first day of the delivery clock (Order 809, Art. 22).
ISSUE: Final = Step(
    name="issue",
    to=(_S.PENDING_DELIVERY,),
    action=Action.REQUEST_RELEASE,
    by=(SHARING_HEAD,),
    event=Event.GRANT_ISSUED,
    starts=Start(DELIVERY),
    opens=READY,
    label=_("Issue the grant"),
)
#: The plan was run and works.
ACTIVATE: Final = Step(
    name="activate",
    at=(_S.PENDING_DELIVERY,),
    to=(_S.ACTIVE,),
    event=Event.GRANT_ACTIVATED,
    ends=(DELIVERY,),
    tells=(Notice((APPLICANTS,), _("%(title)s can be fetched now: %(no)s"), PAGE),),
    keeps=(SETTLE,),
    label=_("Activate the grant"),
    tone="success",
)
#: The trial run failed.
NOT_READY: Final = Step(
    name="not_ready",
    at=(_S.PENDING_DELIVERY,),
    event=Event.GRANT_NOT_READY,
    result="error",
    has_change=False,
    is_note=True,
    tasks=Tasks.DROPPED,
    opens=MEND,
    keeps=(SETTLE,),
    label=_("Note a failed trial run"),
    tone="warning",
)
PROVE: Final = Step(
    name="prove",
    at=(_S.PENDING_DELIVERY,),
    action=Action.GRANT_PROVE,
    by=(APPROVER,),
    event=Event.GRANT_PROOF_ASKED,
    has_change=False,
    opens=READY,
    keeps=(SETTLE,),
    label=_("Try the plan again"),
    effect=_(
        "Mend the stored data or the connection first, then have the plan tried again. "
        "The delivery clock runs on."
    ),
    done=Done(
        "proof_asked",
        _("The plan is being tried again"),
        _("Load this page again in a moment; the grant turns active by itself."),
    ),
)
#: A later version of the entry took the items out, withheld them or gave them another type.
#: Nothing of them leaves from its publication on; this is where it is written down.
SUSPEND_ITEM: Final = Step(
    name="suspend_item",
    at=(_S.PENDING_DELIVERY, _S.ACTIVE),
    event=Event.GRANT_ITEM_SUSPENDED,
    has_change=False,
    starts=Start(SUSPENDED, goes_on=True),
    tasks=Tasks.KEPT,
    opens=SETTLE,
    tells=(
        Notice(
            (APPLICANTS,),
            _("Under %(no)s these items no longer leave: %(items)s; the others do"),
            PAGE,
        ),
    ),
    label=_("Suspend granted items"),
    tone="warning",
)
RESUME_ITEM: Final = Step(
    name="resume_item",
    at=(_S.PENDING_DELIVERY, _S.ACTIVE, _S.SUSPENDED),
    action=Action.GRANT_SETTLE_ITEM,
    by=(APPROVER,),
    event=Event.GRANT_ITEM_RESUMED,
    has_change=False,
    tasks=Tasks.KEPT,
    tells=(Notice((APPLICANTS,), _("Under %(no)s the item %(items)s leaves again"), PAGE),),
    label=_("Resume the item"),
    done=Done("resumed", _("The item leaves again"), _("The consumer has been told.")),
    tone="success",
)
#: The task is done; the item stays where it is until the entry allows it and somebody resumes it.
LEAVE_ITEM: Final = Step(
    name="leave_item",
    at=(_S.PENDING_DELIVERY, _S.ACTIVE),
    action=Action.GRANT_SETTLE_ITEM,
    by=(APPROVER,),
    event=Event.GRANT_ITEM_LEFT,
    has_change=False,
    tasks=Tasks.KEPT,
    label=_("Leave it suspended"),
    done=Done("left", _("The item stays suspended"), _("The other items leave as before.")),
    tone="neutral",
)
#: Negative entries left nothing of it (依据变化). It waits for the provider: resumed with its first
#: item, or terminated after the consultation (Order 809, Art. 27).
SUSPEND: Final = Step(
    name="suspend",
    at=(_S.PENDING_DELIVERY, _S.ACTIVE),
    to=(_S.SUSPENDED,),
    event=Event.GRANT_SUSPENDED,
    starts=Start(SUSPENDED, goes_on=True),
    ends=(DELIVERY,),
    tasks=Tasks.DROPPED,
    keeps=(SETTLE,),
    opens=SETTLE,
    tells=(Notice((APPLICANTS,), _("The grant %(no)s is suspended: %(ground)s"), PAGE),),
    label=_("Suspend the grant"),
    tone="warning",
)
#: An item leaves again, and with it the grant is as it was before.
RESUME: Final = Step(
    name="resume",
    at=(_S.SUSPENDED,),
    to=(_S.ACTIVE,),
    event=Event.GRANT_RESUMED,
    tasks=Tasks.KEPT,
    label=_("Resume the grant"),
    tone="success",
)
#: The same of a grant whose plan never was run: its delivery is made ready, in a time of its own.
READY_AGAIN: Final = Step(
    name="ready_again",
    at=(_S.SUSPENDED,),
    to=(_S.PENDING_DELIVERY,),
    event=Event.GRANT_READIED_AGAIN,
    starts=Start(DELIVERY),
    tasks=Tasks.KEPT,
    opens=READY,
    label=_("Make the delivery ready again"),
    tone="warning",
)
#: A person's decision, after consultation and filing (Order 809, Art. 27).
TERMINATE: Final = Step(
    name="terminate",
    at=(_S.SUSPENDED,),
    to=(_S.TERMINATED,),
    action=Action.GRANT_TERMINATE,
    by=(SHARING_HEAD,),
    event=Event.GRANT_TERMINATED,
    ends=(SUSPENDED,),
    tasks=Tasks.DROPPED,
    tells=(
        Notice(
            (APPLICANTS,),
            _("The grant %(no)s was terminated after the consultation: %(reason)s"),
            PAGE,
        ),
    ),
    label=_("Terminate the grant"),
    effect=_(
        "The grant ends for good. The consumer is told the reason, with the numbers of the "
        "consultation record and of the filing."
    ),
    done=Done("terminated", _("The grant is terminated"), _("The consumer has been told.")),
    tone="danger",
)
#: At once: running transfers stop within a second of the commit.
REVOKE: Final = Step(
    name="revoke",
    at=(_S.PENDING_DELIVERY, _S.ACTIVE, _S.SUSPENDED),
    to=(_S.REVOKED,),
    action=Action.GRANT_REVOKE,
    by=(APPROVER, SHARING_HEAD, Seat(Role.DATA_ADMIN)),
    event=Event.GRANT_REVOKED,
    ends=(DELIVERY, SUSPENDED),
    tasks=Tasks.DROPPED,
    tells=(Notice((APPLICANTS,), _("The grant %(no)s was revoked: %(reason)s"), PAGE),),
    label=_("Revoke the grant"),
    effect=_(
        "%(consumer)s can fetch nothing more from now on; transfers that are running stop within "
        "a second. What was delivered before cannot be called back. A revoked grant does not come "
        "back: a new request is needed."
    ),
    done=Done(
        "revoked",
        _("The grant is revoked"),
        _("Running transfers have been stopped; the consumer has been told."),
    ),
    tone="danger",
)
#: The term is over.
EXPIRE: Final = Step(
    name="expire",
    at=(_S.PENDING_DELIVERY, _S.ACTIVE, _S.SUSPENDED),
    to=(_S.EXPIRED,),
    event=Event.GRANT_EXPIRED,
    ends=(DELIVERY, SUSPENDED),
    tasks=Tasks.DROPPED,
    tells=(Notice((APPLICANTS,), _("The grant %(no)s has expired"), PAGE),),
    label=_("End the grant with its term"),
    tone="neutral",
)

LIFECYCLE: Final[Lifecycle[GrantStatus]] = Lifecycle(
    _("Grant"),
    (
        *(ISSUE, ACTIVATE, NOT_READY, PROVE, SUSPEND_ITEM, RESUME_ITEM, LEAVE_ITEM),
        *(SUSPEND, RESUME, READY_AGAIN, TERMINATE, REVOKE, EXPIRE),
    ),
    steady=(_S.ACTIVE,),
)
