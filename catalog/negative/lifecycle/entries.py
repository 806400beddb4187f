"""The life of an entry of the negative list as one table (Order 809, Arts. 13 to 17).

One that an entry of the catalogue proposes goes the way of that: it waits for nobody itself and
comes into force with the publication. One that is proposed by itself has the consent of the head
and is reviewed by the data administration. A passed day of review changes nothing but what is
shown; no step changes a share attribute.
"""

from dataclasses import dataclass
from typing import Final

from audit.events import Event
from auth.roles import Role
from auth.steps import CONCERNED, Done, Lifecycle, Notice, Person, Seat, Start, Step, Tasks, Todo
from catalog.negative.words import EntryStatus
from catalog.resources.words import ReviewStep
from policies.actions import Action
from policies.clocks import Clock
from shuqiao.i18n import Message, _, pgettext


@dataclass(frozen=True, slots=True)
class EntryState:
    """A status and, while the entry is decided upon by itself, whose turn it is."""

    status: EntryStatus
    step: ReviewStep | None = None

    @property
    def label(self) -> Message:
        return self.step.label if self.step else self.status.label

    def __str__(self) -> str:
        return self.status.value


_S = EntryStatus

PROPOSED: Final = EntryState(_S.PROPOSED)
FOR_HEAD: Final = EntryState(_S.PROPOSED, ReviewStep.HEAD_CONSENT)
FOR_ADMINISTRATION: Final = EntryState(_S.PROPOSED, ReviewStep.ADMINISTRATION)
IN_FORCE: Final = EntryState(_S.IN_FORCE)
REVIEW_DUE: Final = EntryState(_S.REVIEW_DUE)
LAPSED: Final = EntryState(_S.LAPSED)
SUPERSEDED: Final = EntryState(_S.SUPERSEDED)
WITHDRAWN: Final = EntryState(_S.WITHDRAWN)

CONSENTING: Final = Clock.HEAD_CONSENT.value
PUBLISHING: Final = Clock.CATALOGUE_REVIEW.value
REVIEWING: Final = Clock.NEGATIVE_REVIEW.value
PAGE: Final = "/negative-entries/{no}"

REGISTRAR: Final = Seat(Role.REGISTRAR, CONCERNED)
HEAD: Final = Seat(Role.DEPARTMENT_HEAD, CONCERNED)
ADMINISTRATION: Final = Seat(Role.DATA_ADMIN)
_PROPOSER: Final = Person("proposer_id", Role.REGISTRAR)
_OWNERS: Final = (REGISTRAR, HEAD)

_CONSENT_TODO: Final = Todo(
    kind="consent_to_negative",
    seat=HEAD,
    what=_("Consent to the negative entry %(no)s by “%(basis)s”"),
    page=PAGE,
    short=_("Consent to the negative entry"),
    clock=CONSENTING,
)
_PUBLISH_TODO: Final = Todo(
    kind="review_negative",
    seat=ADMINISTRATION,
    what=_("Review the negative entry %(no)s by “%(basis)s”"),
    page=PAGE,
    short=_("Review the negative entry"),
    clock=PUBLISHING,
)
_REVIEW_TODO: Final = Todo(
    kind="keep_negative",
    seat=REGISTRAR,
    what=_("Look at the basis of the negative entry %(no)s again: “%(basis)s”"),
    page=PAGE,
    short=_("Look at the basis again"),
    clock=REVIEWING,
)

#: With an entry of the catalogue, which is consented to and reviewed itself, or alone.
PROPOSE: Final[Step[EntryState]] = Step(
    name="propose",
    to=(PROPOSED,),
    action=Action.NEGATIVE_PROPOSE,
    by=(Seat(Role.REGISTRAR), ADMINISTRATION),
    event=Event.NEGATIVE_PROPOSED,
    label=_("Propose a negative entry"),
    effect=_(
        "It acts from its publication: the head of the department consents, then the data "
        "administration reviews it."
    ),
)
#: What is proposed alone is before the head at once.
ASK_HEAD: Final[Step[EntryState]] = Step(
    name="ask_head",
    at=(PROPOSED,),
    to=(FOR_HEAD,),
    event=Event.NEGATIVE_ASKED,
    starts=Start(CONSENTING),
    opens=_CONSENT_TODO,
    label=_("Ask the head for consent"),
    done=Done("proposed", _("The negative entry is proposed")),
)
CONSENT: Final[Step[EntryState]] = Step(
    name="consent",
    at=(FOR_HEAD,),
    to=(FOR_ADMINISTRATION,),
    action=Action.NEGATIVE_CONSENT,
    by=(HEAD,),
    event=Event.NEGATIVE_CONSENTED,
    signs=("consenter_id",),
    starts=Start(PUBLISHING, is_due_told=True),
    ends=(CONSENTING,),
    opens=_PUBLISH_TODO,
    label=pgettext("negative entry", "Consent"),
    effect=_("Your department answers for the basis; the time of the data administration begins."),
    done=Done("consented", _("The entry is with the data administration"), goes_on=True),
)
NOT_CONSENT: Final[Step[EntryState]] = Step(
    name="not_consent",
    at=(FOR_HEAD,),
    to=(WITHDRAWN,),
    action=Action.NEGATIVE_CONSENT,
    by=(HEAD,),
    event=Event.NEGATIVE_REFUSED,
    ends=(CONSENTING,),
    tells=(Notice((_PROPOSER,), _("Not consented to: %(no)s – %(remark)s"), PAGE),),
    label=pgettext("negative entry", "Do not consent"),
    done=Done("not_consented", _("The entry is not consented to"), goes_on=True),
    tone="warning",
)
PUBLISH: Final[Step[EntryState]] = Step(
    name="publish",
    at=(FOR_ADMINISTRATION,),
    to=(IN_FORCE,),
    action=Action.NEGATIVE_REVIEW,
    by=(ADMINISTRATION,),
    event=Event.NEGATIVE_IN_FORCE,
    signs=("approver_id",),
    ends=(PUBLISHING,),
    tells=(
        Notice(
            (*_OWNERS, _PROPOSER), _("The negative entry %(no)s is in force: “%(basis)s”"), PAGE
        ),
    ),
    label=pgettext("negative entry", "Put in force"),
    effect=_(
        "From this moment nothing within its reach can be requested; the share attributes stay as "
        "their departments stated them."
    ),
    done=Done("in_force", _("The negative entry is in force"), goes_on=True),
    tone="success",
)
#: In the transaction in which the entry of the catalogue is published.
ENTER: Final[Step[EntryState]] = Step(
    name="enter",
    at=(PROPOSED,),
    to=(IN_FORCE,),
    event=Event.NEGATIVE_IN_FORCE,
    signs=("approver_id",),
    label=_("In force with the publication"),
    tone="success",
)
REFUSE: Final[Step[EntryState]] = Step(
    name="refuse",
    at=(FOR_ADMINISTRATION,),
    to=(WITHDRAWN,),
    action=Action.NEGATIVE_REVIEW,
    by=(ADMINISTRATION,),
    event=Event.NEGATIVE_REFUSED,
    ends=(PUBLISHING,),
    tells=(Notice((HEAD, _PROPOSER), _("Not put in force: %(no)s – %(remark)s"), PAGE),),
    label=pgettext("negative entry", "Do not put in force"),
    done=Done("refused", _("The entry is not put in force"), goes_on=True),
    tone="warning",
)
WITHDRAW: Final[Step[EntryState]] = Step(
    name="withdraw",
    at=(FOR_HEAD, FOR_ADMINISTRATION),
    to=(WITHDRAWN,),
    action=Action.NEGATIVE_WITHDRAW,
    by=(_PROPOSER, REGISTRAR),
    event=Event.NEGATIVE_WITHDRAWN,
    ends=(CONSENTING, PUBLISHING),
    tasks=Tasks.DROPPED,
    label=pgettext("negative entry", "Withdraw"),
    done=Done("withdrawn", _("The negative entry is withdrawn")),
    tone="warning",
)
#: What proposed it proposes it no longer, or is no more.
DROP: Final[Step[EntryState]] = Step(
    name="drop",
    at=(PROPOSED,),
    to=(WITHDRAWN,),
    event=Event.NEGATIVE_WITHDRAWN,
    label=_("No longer proposed"),
    tone="warning",
)
FALL_DUE: Final[Step[EntryState]] = Step(
    name="fall_due",
    at=(IN_FORCE,),
    to=(REVIEW_DUE,),
    event=Event.NEGATIVE_REVIEW_DUE,
    starts=Start(REVIEWING, is_due_told=True),
    opens=_REVIEW_TODO,
    label=_("The day of its review has come"),
    tone="warning",
)
KEEP: Final[Step[EntryState]] = Step(
    name="keep",
    at=(IN_FORCE, REVIEW_DUE),
    to=(IN_FORCE,),
    action=Action.NEGATIVE_KEEP,
    by=(REGISTRAR,),
    event=Event.NEGATIVE_KEPT,
    ends=(REVIEWING,),
    label=_("Reviewed: keep it"),
    effect=_("It stays in force; on the new day it is looked at again."),
    done=Done("kept", _("The negative entry is kept")),
)
LAPSE: Final[Step[EntryState]] = Step(
    name="lapse",
    at=(IN_FORCE, REVIEW_DUE),
    to=(LAPSED,),
    action=Action.NEGATIVE_END,
    by=(ADMINISTRATION,),
    event=Event.NEGATIVE_LAPSED,
    ends=(REVIEWING,),
    tasks=Tasks.DROPPED,
    tells=(
        Notice(_OWNERS, _("The basis of %(no)s has ended: classify anew what it struck"), PAGE),
    ),
    label=_("Record that the basis ended"),
    effect=_(
        "What it struck is shown as “basis ended, to be updated” and is not to be requested until "
        "its department classified it anew; the limit of Order 809, Art. 17 begins."
    ),
    done=Done("lapsed", _("It is recorded that the basis ended"), goes_on=True),
    tone="warning",
)
SUPERSEDE: Final[Step[EntryState]] = Step(
    name="supersede",
    at=(IN_FORCE, REVIEW_DUE, LAPSED),
    to=(SUPERSEDED,),
    event=Event.NEGATIVE_SUPERSEDED,
    ends=(REVIEWING,),
    tasks=Tasks.DROPPED,
    label=_("Superseded by another entry"),
)
#: A later version of the entry of the catalogue shares what it struck.
RECLASSIFY: Final[Step[EntryState]] = Step(
    name="reclassify",
    at=(IN_FORCE, REVIEW_DUE),
    to=(WITHDRAWN,),
    event=Event.NEGATIVE_WITHDRAWN,
    ends=(REVIEWING,),
    tasks=Tasks.DROPPED,
    label=_("The department shares it again"),
)
#: A publication adds to what it strikes, or takes from it.
COVER: Final[Step[EntryState]] = Step(
    name="cover",
    at=(IN_FORCE, REVIEW_DUE, LAPSED),
    event=Event.NEGATIVE_COVERED,
    has_change=False,
    is_note=True,
    tasks=Tasks.KEPT,
    label=_("What it strikes has changed"),
)
ENTRIES: Final[Lifecycle[EntryState]] = Lifecycle(
    _("Negative entry"),
    (
        *(PROPOSE, ASK_HEAD, CONSENT, NOT_CONSENT, PUBLISH, ENTER, REFUSE, WITHDRAW, DROP),
        *(FALL_DUE, KEEP, LAPSE, SUPERSEDE, RECLASSIFY, COVER),
    ),
    steady=(PROPOSED, IN_FORCE, LAPSED),
)
