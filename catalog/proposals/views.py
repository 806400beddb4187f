"""What programs and people see of proposals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from auth.cases import possible
from auth.departments import repository as departments
from auth.guard import Authorized, is_allowed
from catalog.elements import repository as elements
from catalog.elements.fields import FIELDS, ElementField
from catalog.elements.models import DataElement
from catalog.elements.schemas import ElementContent
from catalog.elements.service import versions
from catalog.elements.views.listing import own_element
from catalog.elements.words import ElementStatus, Group
from catalog.proposals import checks, lifecycle, repository
from catalog.proposals.models import ElementProposal
from catalog.proposals.schemas import Effect, OpinionRead, ProposalRead, ProposalShown
from catalog.proposals.service import deciding, filing
from catalog.proposals.words import ProposalKind, ProposalOutcome, ProposalStatus, Verdict
from policies.actions import Action
from shuqiao.changes import Change
from shuqiao.desk import clocks
from shuqiao.desk.due import Due, due_of
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest

LABELS: Final[Mapping[str, Message]] = {
    **{each.name: each.label for each in FIELDS},
    "reason": _("Reason for the proposal"),
    "successor": _("Element to use instead"),
    "carries_sources": _("Its sources go over to that element"),
    "verdict": _("Opinion"),
    "remark": _("Remark"),
    "outcome": _("Decision"),
}


@dataclass(frozen=True, slots=True)
class ProposalsPage(Page):
    """Proposals, the newest first; ``status``: of those in one state."""

    template = "proposals/list.html"
    rows: Sequence[ProposalRead]
    filters: Form
    states: Sequence[tuple[str, Message]]
    is_narrowed: bool
    may_propose: bool
    next_href: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class ProposalPage(Page):
    """One proposal: what it says or changes, what it means, what was said, what can be done."""

    template = "proposals/proposal.html"
    form: Form
    labels: Mapping[str, Message]
    shown: ProposalShown
    tone: str
    groups: Sequence[tuple[Message, Sequence[tuple[Message, str]]]]
    differences: Sequence[Change]
    dues: Sequence[Due]
    unanswered: Sequence[str]
    is_over: bool
    acts: Sequence[str]
    verdicts: Sequence[tuple[str, Message]]
    outcomes: Sequence[tuple[str, Message]]
    done: Message | None
    back: str


@dataclass(frozen=True, slots=True)
class ContentPage(Page):
    """The form of what an element is to say. ``action``: where it goes; ``element``: the identifier
    of what is changed, empty for a new one; ``back``: where the reader came from.
    """

    template = "proposals/content.html"
    form: Form
    labels: Mapping[str, Message]
    groups: Sequence[tuple[Message, Sequence[ElementField]]]
    action: str
    version: int | None
    element: str
    back: str


@dataclass(frozen=True, slots=True)
class EndingPage(Page):
    """The form that proposes the end of an element."""

    template = "proposals/ending.html"
    form: Form
    labels: Mapping[str, Message]
    element: str
    name: str
    action: str
    version: int | None
    effect: Effect | None


def read_models(session: Session, rows: Sequence[ElementProposal]) -> list[ProposalRead]:
    """Proposals as lists and programs show them."""
    named = repository.identifiers(
        session, [each for row in rows for each in (row.element_id, row.successor_id)]
    )
    homes = departments.names(
        session, {each for row in rows for each in (row.proposer_id, *row.asked_ids)}
    )
    return [
        ProposalRead(
            **row.model_dump(include=set(ProposalRead.model_fields)),
            kind_label=str(row.kind.label),
            status_label=str(row.status.label),
            element=named[row.element_id],
            successor=named[row.successor_id] if row.successor_id else None,
            proposer=homes[row.proposer_id],
            asked=sorted(homes[each] for each in row.asked_ids),
        )
        for row in rows
    ]


def read_model(session: Session, proposal: ElementProposal) -> ProposalShown:
    """One proposal with opinions and effect."""
    (read,) = read_models(session, [proposal])
    opinions = [
        OpinionRead(
            **given.model_dump(include=set(OpinionRead.model_fields)),
            department=department,
            verdict_label=str(given.verdict.label),
        )
        for given, department in repository.opinions(session, proposal.id)
    ]
    effect = None
    if proposal.kind is not ProposalKind.ADOPT and proposal.status in repository.OPEN:
        element = repository.element_of(session, proposal)
        effect = checks.EFFECT.held(session, element, _said(proposal))
    return ProposalShown(**dict(read), opinions=opinions, effect=effect)


def proposals_page(
    session: Session, subject: Subject, wanted: PageRequest, status: ProposalStatus | None
) -> ProposalsPage:
    rows, following = repository.page(session, subject, wanted, status)
    return ProposalsPage(
        rows=read_models(session, rows),
        filters=Form.of({"status": status.value if status else None}),
        states=[(each.value, each.label) for each in ProposalStatus],
        is_narrowed=status is not None,
        may_propose=proposes(subject),
        next_href=wanted.href(following) if following else "",
        is_first=wanted.after is None,
    )


def proposal_page(
    session: Session,
    found: Authorized[ElementProposal],
    form: Form,
    done: str = "",
    back: str = "",
) -> ProposalPage:
    proposal = found.object
    acts = possible(found.subject, proposal, lifecycle.LIFECYCLE)
    confirmed = lifecycle.LIFECYCLE.done(done, proposal.status)
    missing = deciding.unanswered(session, proposal)
    names = departments.names(session, set(missing))
    is_new = proposal.kind is ProposalKind.ADOPT
    running = clocks.clocks_of(session, proposal.proposal_no)
    has_answered = found.subject.department_id in repository.answered(session, proposal)
    return ProposalPage(
        form=form,
        labels=LABELS,
        shown=read_model(session, proposal),
        tone=proposal.status.tone,
        groups=told(proposal.content) if is_new and proposal.content else [],
        differences=[] if is_new else _differences(session, proposal),
        dues=[due_of(session, clock) for clock in running if clock.closed_on is None],
        unanswered=sorted(names[each] for each in missing),
        is_over=deciding.is_over(proposal, missing),
        acts=[
            each.name
            for each in acts
            if not (each is lifecycle.ANSWER and has_answered)
            and not (each is lifecycle.MEND and filing.is_anothers(found.subject, proposal))
        ],
        verdicts=[(each.value, each.label) for each in Verdict],
        outcomes=[(each.value, each.label) for each in ProposalOutcome],
        done=confirmed.title if confirmed else None,
        back=back,
    )


def content_page(
    form: Form, action: str, *, version: int | None = None, element: str = "", back: str = ""
) -> ContentPage:
    groups = [(group.label, [each for each in FIELDS if each.group is group]) for group in Group]
    return ContentPage(
        form=form,
        labels=LABELS,
        groups=groups,
        action=action,
        version=version,
        element=element,
        back=back,
    )


def ending_page(
    session: Session, element: DataElement, form: Form, action: str, *, version: int | None = None
) -> EndingPage:
    return EndingPage(
        form=form,
        labels=LABELS,
        element=element.identifier,
        name=element.name,
        action=action,
        version=version,
        effect=checks.EFFECT.held(session, element, None),
    )


def told(content: Mapping[str, Any]) -> Sequence[tuple[Message, Sequence[tuple[Message, str]]]]:
    """What is proposed, group by group; only what is said."""
    lines = {
        group: [
            (each.label, str(each.words(content.get(each.name))))
            for each in FIELDS
            if each.group is group and content.get(each.name) not in (None, "", [])
        ]
        for group in Group
    }
    return [(group.label, found) for group, found in lines.items() if found]


def proposes(subject: Subject) -> bool:
    """Whether a new element can be proposed: a button of a page."""
    return is_allowed(subject, Action.ELEMENT_PROPOSE, own_element(subject, "draft"))


def of_element(
    session: Session, subject: Subject, element: DataElement
) -> Mapping[str, Any] | None:
    """On the page of an element: the proposals about it, and the way to make one."""
    rows = repository.about(session, subject, element.id)
    is_open = repository.open_about(session, element.id) is not None
    may_propose = not is_open and is_allowed(subject, Action.ELEMENT_PROPOSE, element)
    if not rows and not may_propose:
        return None
    return {
        "rows": read_models(session, rows),
        "may_propose": may_propose,
        "is_draft": element.status is ElementStatus.DRAFT,
        "identifier": element.identifier,
    }


def form_of(content: ElementContent, reason: str = "") -> Form:
    """The form filled with what an element says."""
    values = content.model_dump(mode="json")
    return Form.of(values | {"synonyms": "、".join(content.synonyms), "reason": reason})


def _said(proposal: ElementProposal) -> ElementContent | None:
    return ElementContent.model_validate(proposal.content) if proposal.content else None


def _differences(session: Session, proposal: ElementProposal) -> Sequence[Change]:
    """Against the version it is a change of, whatever was published since."""
    if proposal.content is None:
        return []
    kept = elements.version(session, proposal.element_id, proposal.base_version)
    return versions.differences(kept.content if kept else None, proposal.content)
