"""Pages of claims: the list, one claim with what the reader may do about it, the form, coverage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Final

from sqlmodel import Session

from auth.cases import possible
from auth.departments import repository as departments
from auth.departments.models import Department
from auth.departments.views import Named, named
from auth.duties import repository as duties
from auth.guard import Authorized, is_allowed
from auth.roles import Role
from auth.steps import Step
from catalog.elements.models import DataElement
from catalog.sources import lifecycle, repository
from catalog.sources.checks import CONFLICTS, OpenConflict
from catalog.sources.models import SourceClaim, SourceCountersign
from catalog.sources.schemas import ClaimRead, ClaimShown, Coverage, CoverageRead
from catalog.sources.service import naming
from catalog.sources.service.countersigning import missing
from catalog.sources.views.reading import coverage, read_model, read_models
from catalog.sources.words import (
    SIGN_TONES,
    TONES,
    Answer,
    ClaimStatus,
    CountersignStatus,
    Decision,
)
from policies.actions import Action
from policies.clocks import Clock
from policies.deadlines import deadlines
from shuqiao.clock import today
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.downloads import FileKind, TitledColumn, table_file
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest

LABELS: Final[Mapping[str, Message]] = {
    "department": _("Department"),
    "scope": _("Object scope"),
    "area_code": _("Area"),
    "duty_no": _("Duty that it rests on"),
    "document": _("Document"),
    "article": _("Article"),
    "collected_by": _("System or business that collects it"),
    "is_upper": _("It is an upper source"),
    "replaces": _("Claim in whose place it comes"),
    "answer": _("What your department says"),
    "outcome": _("Decision"),
    "reason": _("Reason"),
}


@dataclass(frozen=True, slots=True)
class ClaimsPage(Page):
    """Claims, the newest first; ``status``: only those that stand there."""

    template = "sources/claims.html"
    rows: Sequence[ClaimRead]
    status: ClaimStatus | None
    statuses: Sequence[ClaimStatus]
    tones: Mapping[ClaimStatus, str]
    is_first: bool
    next_href: str


@dataclass(frozen=True, slots=True)
class ClaimPage(Page):
    """One claim: what it says, what the others say, and what the reader may do about it."""

    template = "sources/claim.html"
    form: Form
    labels: Mapping[str, Message]
    claim: ClaimShown
    tones: Mapping[ClaimStatus, str]
    sign_tones: Mapping[CountersignStatus, str]
    answers: Sequence[tuple[str, Message]]
    decisions: Sequence[tuple[str, Message]]
    acts: frozenset[str]
    #: The countersigning that the reader gives, if any.
    own_sign: SourceCountersign | None
    named: Named
    #: The conflict that settles the claim, as far as the reader may know it; and what else keeps
    #: it from being confirmed now.
    disputed: OpenConflict | None
    may_read_conflict: bool
    hindrance: Message | None
    #: Departments that came to collect the element and were not asked yet.
    to_ask: Sequence[str]
    done: Message | None


@dataclass(frozen=True, slots=True)
class ClaimNewPage(Page):
    """The form by which a department claims, or the administration opens the naming."""

    template = "sources/claim_new.html"
    form: Form
    labels: Mapping[str, Message]
    element: DataElement
    scopes: Sequence[tuple[str, str]]
    duties: Sequence[tuple[str, str]]
    departments: Sequence[tuple[str, str]]
    named: Named
    own: Department
    is_administration: bool
    days: int


@dataclass(frozen=True, slots=True)
class ClaimEndPage(Page):
    """The question before a source is ended without another one."""

    template = "sources/claim_end.html"
    form: Form
    labels: Mapping[str, Message]
    claim: ClaimShown


@dataclass(frozen=True, slots=True)
class CoveragePage(Page):
    """How many of the elements that need a source and are in use have one."""

    template = "sources/coverage.html"
    coverage: Coverage


def claims_page(
    session: Session, subject: Subject, wanted: PageRequest, status: ClaimStatus | None
) -> ClaimsPage:
    rows, following = repository.page(session, subject, wanted, status)
    return ClaimsPage(
        rows=read_models(session, rows),
        status=status,
        statuses=tuple(ClaimStatus),
        tones=TONES,
        is_first=wanted.after is None,
        next_href=wanted.href(following) if following else "",
    )


def claim_page(
    session: Session, found: Authorized[SourceClaim], form: Form, done: str = ""
) -> ClaimPage:
    claim, subject = found.object, found.subject
    steps = possible(subject, claim, lifecycle.CLAIM)
    signs = repository.countersigns(session, claim.id)
    own = [sign for sign in signs if possible(subject, sign, lifecycle.COUNTERSIGN)]
    said = lifecycle.CLAIM.done(done, claim.status) or lifecycle.COUNTERSIGN.done(done)
    disputed = _disputed(session, claim)
    is_open = lifecycle.CONFIRM in steps and disputed is None
    hindrance = naming.hindrance(session, claim) if is_open else None
    return ClaimPage(
        form=form,
        labels=LABELS,
        claim=read_model(session, claim),
        tones=TONES,
        sign_tones=SIGN_TONES,
        decisions=[
            (each.value, each.label)
            for each in Decision
            if hindrance is None or each is Decision.REFUSED
        ],
        answers=[(each.value, each.label) for each in Answer],
        acts=_acts(session, found, steps, disputed),
        disputed=disputed,
        may_read_conflict=disputed is not None
        and is_allowed(subject, Action.CONFLICT_READ, disputed.case),
        hindrance=hindrance,
        own_sign=own[0] if own else None,
        named=named(session),
        to_ask=[each.name for each in (missing(session, claim) if lifecycle.ASK in steps else ())],
        done=said.title if said else None,
    )


#: What a conflict decides instead.
_SETTLED: Final = (lifecycle.CONFIRM, lifecycle.REFUSE, lifecycle.WITHDRAW, lifecycle.END)


def _acts(
    session: Session,
    found: Authorized[SourceClaim],
    steps: Sequence[Step[ClaimStatus]],
    disputed: OpenConflict | None,
) -> frozenset[str]:
    """What the reader may do, without what would be refused afterwards."""
    taken = set(_SETTLED) if disputed is not None else set()
    if naming.has_spoken(session, found.subject, found.object):
        taken |= {lifecycle.CONFIRM, lifecycle.REFUSE}
    return frozenset(step.name for step in steps if step not in taken)


def _disputed(session: Session, claim: SourceClaim) -> OpenConflict | None:
    for conflict in CONFLICTS.held(session, [claim.element_id]):
        if claim.id in conflict.claim_ids:
            return conflict
    return None


def sign_page(session: Session, found: Authorized[SourceCountersign], form: Form) -> ClaimPage:
    """The page of the claim again, for a countersigning that was refused."""
    claim = repository.by_id(session, found.object.claim_id)
    return claim_page(session, Authorized(found.subject, claim), form)


def claim_new_page(session: Session, found: Authorized[DataElement], form: Form) -> ClaimNewPage:
    subject, element = found.subject, found.object
    assert subject.department_id is not None
    own = departments.by_id(session, subject.department_id)
    is_administration = subject.has(Role.DATA_ADMIN)
    held = [
        each
        for each in duties.of_department(session, own.id)
        if each.valid_until is None or each.valid_until >= today()
    ]
    every = departments.listed(session) if is_administration else []
    return ClaimNewPage(
        form=form,
        labels=LABELS,
        element=element,
        scopes=[(each.name, each.name) for each in repository.scopes(session, element.id)],
        duties=[(each.duty_no, f"{each.duty_no} {each.text[:60]}") for each in held],
        departments=[(each.code, each.name) for each in every if each.ended_on is None],
        named=named(session),
        own=own,
        is_administration=is_administration,
        days=deadlines()[Clock.SOURCE_COUNTERSIGN].working_days,
    )


def end_page(session: Session, found: Authorized[SourceClaim], form: Form) -> ClaimEndPage:
    return ClaimEndPage(form=form, labels=LABELS, claim=read_model(session, found.object))


def coverage_page(session: Session) -> CoveragePage:
    return CoveragePage(coverage=coverage(session))


_COLUMNS: Final = (
    TitledColumn(_("Department"), 30),
    TitledColumn(_("Elements that need a source"), 16),
    TitledColumn(_("With a named source"), 16),
    TitledColumn(_("Coverage (%)"), 12),
    TitledColumn(_("Of these its own"), 16),
)


def coverage_file(session: Session) -> IO[bytes]:
    """The same as a CSV file, the total in its last row."""
    found = coverage(session)
    rows = [*found.departments, found.total]
    return table_file(FileKind.CSV, _("Coverage by sources"), _COLUMNS, map(_cells, rows))


def _cells(row: CoverageRead) -> tuple[str | int | None, ...]:
    share = "n/a" if row.share is None else f"{row.share:.1f}"
    name = row.department or str(_("All together"))
    return (name, row.elements, row.with_source, share, row.as_source)
