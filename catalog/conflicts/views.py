"""What is shown of source conflicts: a list, one page each, the form that opens one, the panel of
an element; and to programs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.cases import possible
from auth.departments import repository as departments
from auth.guard import Authorized, is_allowed
from auth.steps import Step
from catalog.conflicts import lifecycle, repository, service
from catalog.conflicts.lifecycle import LIFECYCLE
from catalog.conflicts.models import SourceConflict
from catalog.conflicts.schemas import ConflictRead, ConflictShown, StatementRead
from catalog.conflicts.words import ConflictStatus, ReviewOutcome
from catalog.elements import repository as elements
from catalog.elements.models import DataElement
from catalog.sources import repository as sources
from catalog.sources.models import SourceClaim
from catalog.sources.service import judging
from catalog.sources.words import ClaimStatus
from policies.actions import Action
from shuqiao.desk import clocks
from shuqiao.desk.due import Due, dues_of
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest

LABELS: Final[Mapping[str, Message]] = {
    "against": _("Disputed claim"),
    "statement": _("Statement"),
    "document": _("Document"),
    "article": _("Article"),
    "duty_no": _("Number of the duty"),
    "collected_by": _("System or business that collects it"),
    "entries": _("Entries that show it"),
    "opinion": _("Opinion of the establishment office"),
    "named": _("Source department"),
    "reasons": _("Reasons"),
    "basis": _("Basis"),
    "to": _("Administration that decides"),
    "plea": _("Why the decision should be reviewed"),
    "outcome": _("Decision"),
}
TONES: Final[Mapping[ConflictStatus, str]] = {
    ConflictStatus.OPENED: "warning",
    ConflictStatus.HEARD: "warning",
    ConflictStatus.REFERRED: "warning",
    ConflictStatus.DECIDED: "success",
    ConflictStatus.REVIEWING: "warning",
    ConflictStatus.UPHELD: "success",
    ConflictStatus.CHANGED: "success",
    ConflictStatus.WITHDRAWN: "neutral",
}


@dataclass(frozen=True, slots=True)
class ConflictsPage(Page):
    """The conflicts that the reader may see."""

    template = "conflicts/list.html"
    rows: Sequence[ConflictRead]
    tones: Mapping[ConflictStatus, str]
    statuses: Sequence[tuple[str, Message]]
    status: str
    is_first: bool
    next_href: str


@dataclass(frozen=True, slots=True)
class ConflictPage(Page):
    """One conflict: both sides, and what the reader may do about it."""

    template = "conflicts/conflict.html"
    form: Form
    labels: Mapping[str, Message]
    conflict: ConflictShown
    tones: Mapping[ConflictStatus, str]
    due: Due | None
    acts: frozenset[str]
    sides: Sequence[tuple[str, str]]
    outcomes: Sequence[tuple[str, Message]]
    done: Message | None


@dataclass(frozen=True, slots=True)
class OpenPage(Page):
    """The form that opens one. ``claims``: what of the element can be disputed."""

    template = "conflicts/open.html"
    form: Form
    labels: Mapping[str, Message]
    element: DataElement
    claims: Sequence[tuple[str, str]]
    effect: Message | None


def conflicts_page(
    rows: Sequence[ConflictRead],
    status: ConflictStatus | None,
    wanted: PageRequest,
    following: str | None,
) -> ConflictsPage:
    return ConflictsPage(
        rows=rows,
        tones=TONES,
        statuses=[(each.value, each.label) for each in ConflictStatus],
        status=status.value if status else "",
        is_first=wanted.after is None,
        next_href=wanted.href(following) if following else "",
    )


def conflict_page(
    session: Session, found: Authorized[SourceConflict], form: Form, done: str = ""
) -> ConflictPage:
    conflict, shown = found.object, read_model(session, found.object)
    confirmed = LIFECYCLE.done(done, conflict.status)
    running = [
        clock for clock in clocks.clocks_of(session, conflict.conflict_no) if not clock.closed_on
    ]
    return ConflictPage(
        form=form,
        labels=LABELS,
        conflict=shown,
        tones=TONES,
        due=next(iter(dues_of(session, running)), None),
        acts=frozenset(
            step.name
            for step in possible(found.subject, conflict, LIFECYCLE)
            if _is_offered(session, found, step)
        ),
        sides=[(shown.claim, shown.rival), (shown.own_claim, shown.opener)],
        outcomes=[(each.value, each.label) for each in ReviewOutcome],
        done=confirmed.title if confirmed else None,
    )


def _is_offered(
    session: Session, found: Authorized[SourceConflict], step: Step[ConflictStatus]
) -> bool:
    """Without what would be refused afterwards."""
    if step is lifecycle.ASK_REVIEW:
        return not found.object.referred_document and _lost(session, found)
    if step in (lifecycle.DECIDE, lifecycle.REVIEW):
        return not service.has_acted(session, found.subject, found.object)
    return True


def open_page(session: Session, found: Authorized[DataElement], form: Form) -> OpenPage:
    element = found.object
    claims = [
        claim
        for claim in _disputable(session, element)
        if claim.department_id != found.subject.department_id
    ]
    names = departments.names(session, {claim.department_id for claim in claims})
    return OpenPage(
        form=form,
        labels=LABELS,
        element=element,
        claims=[
            (claim.claim_no, f"{names[claim.department_id]} · {claim.status.label}")
            for claim in claims
        ],
        effect=lifecycle.OPEN.effect,
    )


def first_values(session: Session, found: Authorized[DataElement], statement: str) -> Form:
    """A new form with what was said before; of one claim alone it is that one."""
    against = [
        claim.claim_no
        for claim in _disputable(session, found.object)
        if claim.department_id != found.subject.department_id
    ]
    named = against[0] if len(against) == 1 else None
    return Form.of({"statement": statement or None, "against": named})


def panel(session: Session, subject: Subject, element: DataElement) -> Mapping[str, Any] | None:
    """On the page of an element: that its source is disputed, which anybody may know, and the way
    to dispute it.
    """
    open_ones = repository.open_about(session, [element.id])
    may_open = is_allowed(subject, Action.CONFLICT_OPEN, element) and any(
        claim.department_id != subject.department_id for claim in _disputable(session, element)
    )
    if not open_ones and not may_open:
        return None
    shown = [
        (each.conflict_no, is_allowed(subject, Action.CONFLICT_READ, each)) for each in open_ones
    ]
    return {"open": shown, "may_open": may_open, "identifier": element.identifier}


def read_models(session: Session, rows: Sequence[SourceConflict]) -> list[ConflictRead]:
    """Conflicts without what the sides state."""
    sides = {side for row in rows for side in (row.opener_id, row.rival_id)}
    names = departments.names(session, sides)
    identifiers = elements.identifiers_by_id(session, {row.element_id for row in rows})
    claims = {claim_id for row in rows for claim_id in (row.claim_id, row.own_claim_id)}
    numbers = sources.numbers(session, claims)
    running = clocks.clocks_of_all(session, {row.conflict_no for row in rows})
    return [
        ConflictRead(
            **row.model_dump(include=_PLAIN),
            element=identifiers[row.element_id],
            claim=numbers[row.claim_id],
            own_claim=numbers[row.own_claim_id],
            opener=names[row.opener_id],
            rival=names[row.rival_id],
            status_label=str(row.status.label),
            source=_source(row, names),
            due_on=next(
                (c.due_on for c in running.get(row.conflict_no, ()) if c.closed_on is None), None
            ),
        )
        for row in rows
    ]


_PLAIN: Final = {"conflict_no", "element_name", "status", "version", "opened_at"}
_DETAILS: Final = {
    *("opinion", "opinion_document", "reasons", "basis", "decided_at", "is_self_reviewed"),
    *("review_until", "review_plea", "review_asked_at", "review_reasons", "reviewed_at"),
    *("lapse_reason", "is_elsewhere", "referred_to", "referred_document", "referred_at"),
}


def read_model(session: Session, conflict: SourceConflict) -> ConflictShown:
    """A conflict with all that was said and decided."""
    (shown,) = read_models(session, [conflict])
    said = sorted(
        repository.statements(session, conflict.id),
        key=lambda each: each.department_id != conflict.opener_id,
    )
    people = {each.stated_by for each in said} | {conflict.decider_id, conflict.reviewer_id}
    named = accounts.user_names(session, {each for each in people if each is not None})
    homes = departments.names(session, {each.department_id for each in said})
    return ConflictShown(
        **dict(shown),
        **{name: getattr(conflict, name) for name in _DETAILS},
        decides=judging.decides(session, conflict),
        decided_by=named[conflict.decider_id] if conflict.decider_id else None,
        reviewed_by=named[conflict.reviewer_id] if conflict.reviewer_id else None,
        statements=[
            StatementRead(
                **each.model_dump(exclude={"conflict_id", "department_id", "stated_by"}),
                department=homes[each.department_id],
                stated_by=named[each.stated_by],
            )
            for each in said
        ],
    )


def _source(row: SourceConflict, names: Mapping[Any, str]) -> str | None:
    """The department that is the source by the last decision."""
    if row.named_claim_id is None:
        return None
    is_openers = row.named_claim_id == row.own_claim_id
    if row.status is ConflictStatus.CHANGED:
        is_openers = not is_openers
    return names[row.opener_id if is_openers else row.rival_id]


def _lost(session: Session, found: Authorized[SourceConflict]) -> bool:
    """Whether the reader's department was not named."""
    named = found.object.named_claim_id
    if named is None:
        return False
    return sources.by_id(session, named).department_id != found.subject.department_id


def _disputable(session: Session, element: DataElement) -> list[SourceClaim]:
    """The sources that stand, and the claims that wait."""
    found = [*sources.confirmed(session, [element.id]), *sources.open_claims(session, [element.id])]
    return [claim for claim in found if not claim.is_rival or claim.status is ClaimStatus.CONFIRMED]
