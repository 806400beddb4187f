"""The page to decide on, and the question before it is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlmodel import Session

from auth.cases import possible
from auth.guard import Authorized, authorize
from exchange.approvals import repository, service
from exchange.approvals.forms import batch
from exchange.approvals.forms.choices import Choices, choices, labels
from exchange.approvals.forms.reply import FIXED, FOLLOW, reply_of, values_of
from exchange.approvals.models import ApprovalStep
from exchange.approvals.schemas import Release, Reply
from exchange.approvals.views.decision import Facts, asked, facts
from exchange.approvals.views.reply import ReplyShown, reply_shown
from exchange.requests import repository as requests
from exchange.requests.errors import RequestChanged
from exchange.requests.lifecycle import LIFECYCLE, PREPARE_REPLY, RELEASE
from exchange.requests.models import ShareRequest
from exchange.requests.words import RequestStatus
from policies.actions import Action
from policies.clocks import Clock
from policies.deadlines import deadlines
from shuqiao.checks import Result, Weight
from shuqiao.clock import today
from shuqiao.desk.calendar import CalendarMissing, add_working_days
from shuqiao.i18n import Message
from shuqiao.subject import Subject
from shuqiao.web.forms import Form
from shuqiao.web.page import Page

#: What the right side shows: a form to prepare or to release, or only words.
Mode = Literal["prepare", "release", "same_person", "read"]


@dataclass(frozen=True, slots=True)
class DecisionPage(Page):
    template = "approvals/decision.html"
    form: Form
    mode: Mode
    labels: Mapping[str, Message]
    choices: Choices
    facts: Facts


def decision_page(session: Session, found: Authorized[ShareRequest], form: Form) -> DecisionPage:
    """Facts at the left, the form at the right."""
    row, subject = found.object, found.subject
    wanted = asked(session, row)
    known = facts(session, subject, row, wanted)
    return DecisionPage(
        form=form,
        mode=_mode(subject, row, known.prepared.step),
        labels=labels(wanted),
        choices=choices(wanted),
        facts=known,
    )


def _mode(subject: Subject, row: ShareRequest, prepared: ApprovalStep | None) -> Mode:
    acts = possible(subject, row, LIFECYCLE)
    if PREPARE_REPLY in acts:
        return "prepare"
    if RELEASE in acts:
        is_same = prepared is not None and prepared.actor_id == subject.user_id
        return "same_person" if is_same else "release"
    return "read"


def first_form(session: Session, row: ShareRequest) -> Form:
    """Empty but for the term that the entry suggests, or after a reply was sent back what had been
    prepared.
    """
    prepared = (
        repository.prepared(session, row.id) if row.status is RequestStatus.SUBMITTED else None
    )
    if prepared is None or prepared.reply is None:
        resource = requests.resource(session, row.resource_id)
        return Form.of({"editions": FOLLOW if service.follows(None, resource) else FIXED})
    return Form.of({**values_of(prepared.reply), "remark": prepared.remark})


@dataclass(frozen=True, slots=True)
class QuestionPage(Page):
    """``word``: of the head who releases or sends back; None: the reply is being prepared.
    ``sent``: the form once more, hidden. ``failed``: checks that are not passed.
    """

    template = "approvals/question.html"
    facts: Facts
    word: Release | None
    effect: Message | None
    action: str
    sent: Sequence[tuple[str, str]]
    outcome: RequestStatus
    reply: ReplyShown
    reply_remark: str
    failed: Sequence[Result]
    delivery_due: date | None


def question_page(session: Session, found: Authorized[ShareRequest], form: Form) -> QuestionPage:
    """The effect in words.

    Raises what the step itself would refuse: ``FormInvalid``, ``Invalid``, ``RequestChanged``.
    """
    row, subject = found.object, found.subject
    if form.version != row.version:
        raise RequestChanged
    wanted = asked(session, row)
    word = None
    if row.status is RequestStatus.REPLY_PREPARED:
        word, reply = _released(session, found, form)
    else:
        authorize(subject, Action.REQUEST_PREPARE_REPLY, row)
        reply = reply_of(form, wanted)
        service.check_prepared(session, row, form.version, reply)
    known = facts(session, subject, row, wanted)
    return QuestionPage(
        facts=known,
        word=word,
        effect=None if word else PREPARE_REPLY.effect,
        action=f"/requests/{row.request_no}/{'releases' if word else 'decisions'}",
        sent=[
            (name, text)
            for name, texts in form.without(batch.CHOSEN).typed.items()
            for text in texts
        ],
        outcome=service.outcome_of(reply),
        reply=reply_shown(session, row, reply.model_dump(mode="json")),
        reply_remark=_remark(reply, known),
        failed=[check for check in known.checks if check.verdict is Weight.BLOCKS],
        delivery_due=_delivery_due(session),
    )


def _released(
    session: Session, found: Authorized[ShareRequest], form: Form
) -> tuple[Release, Reply]:
    row = found.object
    authorize(found.subject, Action.REQUEST_RELEASE, row)
    word = form.parse(Release)
    if word.outcome == "sent_back":
        service.check_sent_back(row, form.version, word.remark)
    return word, service.check_released(session, found.subject, row, form.version)


def _remark(reply: Reply, known: Facts) -> str:
    """The remark to the consumer: just typed, or stored with the prepared reply."""
    prepared = known.prepared
    is_stored = prepared.step is not None and prepared.reply is not None
    return reply.remark or (prepared.step.remark if is_stored and prepared.step else "")


def _delivery_due(session: Session) -> date | None:
    """Until when the data has to be there if the reply goes out today (Order 809, Art. 22)."""
    try:
        return add_working_days(session, today(), deadlines()[Clock.DELIVERY].working_days)
    except CalendarMissing:
        return None
