"""The life of a data resource (数据资源) as one table, from which the
service, buttons, to-dos, pages, documents and tests are drawn.

A published entry stays as it is: ``CHANGE`` opens a working copy (变更稿), a row of its own that
goes the same way from draft to publication, where it takes the place of what it was opened from.
"""

from dataclasses import dataclass, replace
from typing import Final

from audit.events import Event
from auth.roles import Role
from auth.steps import (
    PROVIDER,
    AtWork,
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
from catalog.resources.words import ResourceStatus, ReviewStep
from policies.actions import Action
from policies.clocks import Clock
from shuqiao.i18n import Message, _


@dataclass(frozen=True, slots=True)
class State:
    """A status and, during a review, its step."""

    status: ResourceStatus
    step: ReviewStep | None = None

    @property
    def label(self) -> Message:
        return self.step.label if self.step else self.status.label

    def __str__(self) -> str:
        return self.status.value


DRAFT: Final = State(ResourceStatus.DRAFT)
WAITING_FOR_HEAD: Final = State(ResourceStatus.IN_REVIEW, ReviewStep.HEAD_CONSENT)
WAITING_FOR_ADMINISTRATION: Final = State(ResourceStatus.IN_REVIEW, ReviewStep.ADMINISTRATION)
RETURNED: Final = State(ResourceStatus.RETURNED)
PUBLISHED: Final = State(ResourceStatus.PUBLISHED)
TAKEN_DOWN: Final = State(ResourceStatus.TAKEN_DOWN)

REVIEW_CLOCK: Final = Clock.CATALOGUE_REVIEW.value
CONSENT_CLOCK: Final = Clock.HEAD_CONSENT.value
CORRECTION_CLOCK: Final = Clock.ENTRY_CORRECTION.value
#: The entry in the catalogue · where its registrar works on it · where it is decided upon.
PAGE: Final = "/catalog/{code}"
EDIT_PAGE: Final = "/resources/{code}/edit"
REVIEW_PAGE: Final = "/resources/{code}/review"

#: Whoever registered the entry is told; any registrar of the department may work on it.
WRITER: Final = Person("registrar_id", Role.REGISTRAR)
REGISTRAR: Final = Seat(Role.REGISTRAR, PROVIDER)
HEAD: Final = Seat(Role.DEPARTMENT_HEAD, PROVIDER)
ADMINISTRATION: Final = Seat(Role.DATA_ADMIN)
#: Who worked on the version that is on its way, for the rules ``CAT-EYE``.
WRITERS: Final = "writer_ids"

_CONSENT_TODO: Final = Todo(
    kind="consent_to_resource",
    seat=HEAD,
    what=_("Consent to the catalogue entry “%(title)s”"),
    page=REVIEW_PAGE,
    short=_("Consent to the entry"),
    clock=CONSENT_CLOCK,
)
_REVIEW_TODO: Final = Todo(
    kind="review_resource",
    seat=ADMINISTRATION,
    what=_("Review the catalogue entry “%(title)s”"),
    page=REVIEW_PAGE,
    short=_("Review the entry"),
    clock=REVIEW_CLOCK,
)
_CORRECTION_TODO: Final = Todo(
    kind="correct_resource",
    seat=REGISTRAR,
    what=_("Correct the catalogue entry “%(title)s”"),
    page=EDIT_PAGE,
    short=_("Correct the entry"),
    clock=CORRECTION_CLOCK,
)

REGISTER: Final[Step[State]] = Step(
    name="register",
    to=(DRAFT,),
    action=Action.RESOURCE_REGISTER,
    by=(REGISTRAR,),
    event=Event.RESOURCE_REGISTERED,
    signs=(WRITERS,),
    label=_("Register a data resource"),
    done=Done("created", _("The draft is opened")),
)
EDIT: Final[Step[State]] = Step(
    name="edit",
    at=(DRAFT, RETURNED),
    action=Action.RESOURCE_EDIT,
    by=(REGISTRAR,),
    event=Event.RESOURCE_EDITED,
    signs=(WRITERS,),
    has_change=False,
    tasks=Tasks.KEPT,
    label=_("Edit"),
)
#: A class chosen wrongly leads to another code, as long as nothing was published under the old one.
CHOOSE_CLASS: Final[Step[State]] = replace(
    EDIT,
    name="choose_class",
    at=(DRAFT,),
    event=Event.RESOURCE_CLASS_CHOSEN,
    label=_("Choose the class again"),
    done=Done("class", _("The draft has its new code")),
)
#: The event tells of the attachment, which has states of its own. What is attached to a published
#: entry becomes an edition of its data (``catalog.editions``).
ATTACH: Final[Step[State]] = Step(
    name="attach",
    at=(DRAFT, RETURNED, PUBLISHED),
    action=Action.RESOURCE_ATTACH,
    by=(REGISTRAR,),
    event=Event.RESOURCE_ATTACHED,
    signs=(WRITERS,),
    has_change=False,
    tasks=Tasks.KEPT,
    label=_("Attach data"),
)
SUBMIT: Final[Step[State]] = Step(
    name="submit",
    at=(DRAFT, RETURNED),
    to=(WAITING_FOR_HEAD,),
    action=Action.RESOURCE_SUBMIT,
    by=(REGISTRAR,),
    event=Event.RESOURCE_SUBMITTED,
    signs=(WRITERS, "submitter_id"),
    starts=Start(CONSENT_CLOCK),
    ends=(CORRECTION_CLOCK,),
    opens=_CONSENT_TODO,
    label=_("Submit for review"),
    effect=_(
        "By submitting you state that the entry is true and complete and that the two assessments "
        "were made."
    ),
    done=Done("submitted", _("Submitted for review")),
)
#: The department answers for the entry (Order 809, Art. 13), the first day of the review (Art. 17).
CONSENT: Final[Step[State]] = Step(
    name="consent",
    at=(WAITING_FOR_HEAD,),
    to=(WAITING_FOR_ADMINISTRATION,),
    action=Action.RESOURCE_CONSENT,
    by=(HEAD,),
    event=Event.RESOURCE_CONSENTED,
    signs=("consenter_id",),
    starts=Start(REVIEW_CLOCK, is_due_told=True),
    ends=(CONSENT_CLOCK,),
    opens=_REVIEW_TODO,
    label=_("Consent to the entry"),
    effect=_(
        "Your department answers for the entry (Order 809, Art. 13). It goes to the data "
        "administration, whose time limit begins today."
    ),
    done=Done(
        "consented",
        _("Your consent has been recorded; the data administration reviews next"),
        goes_on=True,
    ),
)
PUBLISH: Final[Step[State]] = Step(
    name="publish",
    at=(WAITING_FOR_ADMINISTRATION,),
    to=(PUBLISHED,),
    action=Action.RESOURCE_REVIEW,
    by=(ADMINISTRATION,),
    event=Event.RESOURCE_PUBLISHED,
    ends=(REVIEW_CLOCK,),
    tells=(Notice((WRITER,), _("“%(title)s” has been published"), PAGE),),
    label=_("Publish"),
    effect=_(
        "Every department sees the entry in the catalogue from now on and may apply for it. "
        "This version is kept as it is and never changed."
    ),
    done=Done("published", _("The entry has been published"), goes_on=True),
    tone="success",
)
#: By whoever's turn it is: the head …
RETURN: Final[Step[State]] = Step(
    name="return",
    at=(WAITING_FOR_HEAD,),
    to=(RETURNED,),
    action=Action.RESOURCE_CONSENT,
    by=(HEAD,),
    event=Event.RESOURCE_RETURNED,
    starts=Start(CORRECTION_CLOCK),
    ends=(CONSENT_CLOCK, REVIEW_CLOCK),
    opens=_CORRECTION_TODO,
    tells=(Notice((WRITER,), _("“%(title)s” was returned: %(remark)s"), EDIT_PAGE),),
    label=_("Return for correction"),
    effect=_(
        "The registrar is told your remark, corrects the entry and submits it again; you will then "
        "see what was changed."
    ),
    done=Done("returned", _("The entry has been returned to its registrar"), goes_on=True),
    tone="warning",
)
#: … or the data administration.
RETURN_FROM_REVIEW: Final[Step[State]] = replace(
    RETURN, at=(WAITING_FOR_ADMINISTRATION,), action=Action.RESOURCE_REVIEW, by=(ADMINISTRATION,)
)

#: As long as nobody published or returned it, the registrar takes a submission back (取回).
RECALL: Final[Step[State]] = Step(
    name="recall",
    at=(WAITING_FOR_HEAD, WAITING_FOR_ADMINISTRATION),
    to=(DRAFT,),
    action=Action.RESOURCE_SUBMIT,
    by=(REGISTRAR,),
    event=Event.RESOURCE_RECALLED,
    ends=(CONSENT_CLOCK, REVIEW_CLOCK),
    tasks=Tasks.DROPPED,
    tells=(Notice((AtWork(),), _("“%(title)s” was taken back by its registrar"), REVIEW_PAGE),),
    label=_("Take back"),
    effect=_(
        "The review ends; those whose turn it is are told. You may correct the entry and submit it "
        "again."
    ),
    done=Done("recalled", _("The submission has been taken back")),
    tone="warning",
)
#: The working copy is a row of its own; the entry is only noted to have one.
CHANGE: Final[Step[State]] = Step(
    name="change",
    at=(PUBLISHED,),
    begins=(DRAFT,),
    action=Action.RESOURCE_EDIT,
    by=(REGISTRAR,),
    event=Event.RESOURCE_CHANGE_OPENED,
    has_change=False,
    is_note=True,
    tasks=Tasks.KEPT,
    label=_("Change the entry"),
    effect=_(
        "A working copy is opened. What is published stays in force until your department head has "
        "consented to the change and the data administration has published it."
    ),
    done=Done("opened", _("The working copy is open")),
)
#: What goes is never an entry that was published: a draft, or a working copy.
DISCARD: Final[Step[State]] = Step(
    name="discard",
    at=(DRAFT, RETURNED),
    action=Action.RESOURCE_EDIT,
    by=(REGISTRAR,),
    event=Event.RESOURCE_DISCARDED,
    has_change=False,
    ends=(CORRECTION_CLOCK,),
    tasks=Tasks.DROPPED,
    label=_("Throw away"),
    effect=_(
        "It goes with the files attached to it and does not come back. What is published, if it "
        "is, stays in force; the code is not given again."
    ),
    done=Done("thrown", _("It has been thrown away")),
    tone="danger",
)
TAKE_DOWN: Final[Step[State]] = Step(
    name="take_down",
    at=(PUBLISHED,),
    to=(TAKEN_DOWN,),
    action=Action.RESOURCE_REVIEW,
    by=(ADMINISTRATION,),
    event=Event.RESOURCE_TAKEN_DOWN,
    ends=(CONSENT_CLOCK, REVIEW_CLOCK, CORRECTION_CLOCK),
    tasks=Tasks.DROPPED,
    tells=(Notice((WRITER,), _("“%(title)s” was taken down: %(reason)s"), PAGE),),
    label=_("Take down"),
    effect=_(
        "The entry is found no more and cannot be applied for. It stays readable as it was, with "
        "your reason; those who hold grants or have applied are told."
    ),
    done=Done("taken_down", _("The entry has been taken down"), goes_on=True),
    tone="danger",
)

_REVIEWED: Final = (SUBMIT, CONSENT, RETURN, PUBLISH, RETURN_FROM_REVIEW, RECALL)
LIFECYCLE: Final[Lifecycle[State]] = Lifecycle(
    _("Data resource"),
    (REGISTER, EDIT, CHOOSE_CLASS, ATTACH, *_REVIEWED, CHANGE, DISCARD, TAKE_DOWN),
    steady=(DRAFT, PUBLISHED),
)
