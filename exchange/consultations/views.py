"""What is shown of consultations: to programs, on a page of its own, on the page of the grant, and
before a grant is terminated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.cases import possible
from auth.departments import repository as departments
from auth.guard import Authorized, is_allowed
from auth.steps import Done, Step
from exchange.consultations import repository
from exchange.consultations.lifecycle import FILE, FILING_LIFECYCLE, LIFECYCLE
from exchange.consultations.models import GrantConsultation, GrantFiling
from exchange.consultations.schemas import (
    ConsultationRead,
    ConsultedItem,
    FilingRead,
    SideStated,
)
from exchange.consultations.words import (
    FILING_TONES,
    TONES,
    ConsultationStatus,
    FilingStatus,
    Outcome,
)
from exchange.grants.lifecycle import TERMINATE
from exchange.grants.models import ShareGrant
from exchange.grants.words import GrantStatus
from policies.actions import Action
from shuqiao.desk import clocks
from shuqiao.desk.due import Due, dues_of
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest

LABELS: Final[Mapping[str, Message]] = {
    "statement": _("Statement"),
    "outcome": _("Outcome of the consultation"),
    "conclusion": _("Conclusion"),
    "reason": _("Reason"),
    "consultation_no": _("Consultation record"),
    "filing_no": _("Filing"),
}


@dataclass(frozen=True, slots=True)
class ConsultationsPage(Page):
    """The consultations the reader may see."""

    template = "consultations/list.html"
    rows: Sequence[ConsultationRead]
    tones: Mapping[ConsultationStatus, str]
    filing_tones: Mapping[FilingStatus, str]
    next_href: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class ConsultationPage(Page):
    """One consultation. ``acts``: the steps the reader can take, by name."""

    template = "consultations/consultation.html"
    form: Form
    labels: Mapping[str, Message]
    shown: ConsultationRead
    tone: str
    filing_tone: str
    dues: Sequence[Due]
    acts: Mapping[str, Step[Any]]
    outcomes: Sequence[tuple[str, Message]]
    is_grant_readable: bool
    may_terminate: bool
    done: Done | None


@dataclass(frozen=True, slots=True)
class TerminationPage(Page):
    """The question before a grant is terminated: what is needed, and which of it is there."""

    template = "consultations/termination.html"
    form: Form
    labels: Mapping[str, Message]
    row: ShareGrant
    step: Step[GrantStatus]
    shown: Sequence[ConsultationRead]
    is_ready: bool


def consultations_page(
    session: Session, subject: Subject, wanted: PageRequest
) -> ConsultationsPage:
    rows, following = repository.page(session, subject, wanted)
    return ConsultationsPage(
        rows=read_models(session, rows),
        tones=TONES,
        filing_tones=FILING_TONES,
        next_href=wanted.href(following) if following else "",
        is_first=wanted.after is None,
    )


def consultation_page(
    session: Session, found: Authorized[GrantConsultation], form: Form, done: str = ""
) -> ConsultationPage:
    record, subject = found.object, found.subject
    filing = repository.filing_of(session, record.id)
    running = clocks.clocks_of_all(session, [record.consultation_no, filing.filing_no])
    grant = repository.grant_of(session, record)
    acts: dict[str, Step[Any]] = {step.name: step for step in possible(subject, record, LIFECYCLE)}
    if filing.status is FilingStatus.DUE and is_allowed(subject, Action.CONSULTATION_FILE, record):
        acts[FILE.name] = FILE
    return ConsultationPage(
        form=form,
        labels=LABELS,
        shown=read_model(session, record),
        tone=TONES[record.status],
        filing_tone=FILING_TONES[filing.status],
        dues=dues_of(session, [each for found_ in running.values() for each in found_]),
        acts=acts,
        outcomes=[(each.value, each.label) for each in Outcome],
        is_grant_readable=is_allowed(subject, Action.GRANT_READ, grant),
        may_terminate=grant.standing is GrantStatus.SUSPENDED
        and is_allowed(subject, Action.GRANT_TERMINATE, grant),
        done=LIFECYCLE.done(done) or FILING_LIFECYCLE.done(done),
    )


def termination_page(
    session: Session, found: Authorized[ShareGrant], form: Form
) -> TerminationPage:
    grant = found.object
    shown = read_models(session, repository.of_grant(session, grant.id))
    is_open = any(each.status is ConsultationStatus.OPEN for each in shown)
    ready = [
        each
        for each in shown
        if each.status is ConsultationStatus.CONCLUDED and each.filing.status is FilingStatus.FILED
    ]
    chosen = ready[0] if ready else None
    if not form.values and chosen is not None:
        numbers = {"consultation_no": chosen.consultation_no, "filing_no": chosen.filing.filing_no}
        form = Form.of(numbers)
    return TerminationPage(
        form=form,
        labels=LABELS,
        row=grant,
        step=TERMINATE,
        shown=shown,
        is_ready=bool(ready) and not is_open and grant.standing is GrantStatus.SUSPENDED,
    )


def panel(session: Session, subject: Subject, grant: ShareGrant) -> Mapping[str, Any] | None:
    """On the page of a grant: what is consulted about its struck items."""
    rows = [
        row
        for row in repository.of_grant(session, grant.id)
        if is_allowed(subject, Action.CONSULTATION_READ, row)
    ]
    if not rows:
        return None
    may_terminate = grant.standing is GrantStatus.SUSPENDED
    return {
        "rows": read_models(session, rows),
        "tones": TONES,
        "filing_tones": FILING_TONES,
        "may_terminate": may_terminate and is_allowed(subject, Action.GRANT_TERMINATE, grant),
        "grant_no": grant.grant_no,
    }


def read_model(session: Session, record: GrantConsultation) -> ConsultationRead:
    (shown,) = read_models(session, [record])
    return shown


def read_models(session: Session, rows: Sequence[GrantConsultation]) -> list[ConsultationRead]:
    """Consultations with all that belongs to them, each thing looked up once for all."""
    ids = {row.id for row in rows}
    filings, items = repository.filings(session, ids), repository.items(session, ids)
    said = repository.statements(session, ids)
    people = {each.stated_by for found in said.values() for each in found}
    people |= {row.concluded_by for row in rows if row.concluded_by}
    people |= {each.filed_by for each in filings.values() if each.filed_by}
    names = accounts.user_names(session, people)
    sides = {side for row in rows for side in (row.consumer_id, row.provider_id)}
    homes = departments.names(
        session, sides | {each.department_id for found in said.values() for each in found}
    )
    numbers = {row.consultation_no for row in rows} | {each.filing_no for each in filings.values()}
    running = clocks.clocks_of_all(session, numbers)
    dues = {
        no: next((c.due_on for c in found if not c.closed_on), None)
        for no, found in running.items()
    }
    return [
        ConsultationRead(
            **row.model_dump(include=_PLAIN),
            consumer=homes[row.consumer_id],
            provider=homes[row.provider_id],
            status_label=str(row.status.label),
            items=[
                ConsultedItem(
                    **each.model_dump(include={"name", "basis", "since"}),
                    negative_entry=each.entry_no,
                )
                for each in items[row.id]
            ],
            statements=[
                SideStated(
                    **each.model_dump(include={"side", "statement", "stated_at"}),
                    side_label=str(each.side.label),
                    department=homes[each.department_id],
                    stated_by=names[each.stated_by],
                )
                for each in said[row.id]
            ],
            outcome_label=str(row.outcome.label) if row.outcome else "",
            concluded_by=names[row.concluded_by] if row.concluded_by else None,
            due_on=dues[row.consultation_no],
            filing=_filing(filings[row.id], names, dues),
        )
        for row in rows
    ]


def _filing(filing: GrantFiling, names: Mapping[Any, str], dues: Mapping[str, Any]) -> FilingRead:
    return FilingRead(
        **filing.model_dump(include={"filing_no", "status", "statement", "filed_at"}),
        status_label=str(filing.status.label),
        filed_by=names[filing.filed_by] if filing.filed_by else None,
        due_on=dues[filing.filing_no],
    )


_PLAIN: Final = {
    *("consultation_no", "grant_no", "resource_title", "status", "outcome", "conclusion"),
    *("concluded_at", "version", "opened_at"),
}
