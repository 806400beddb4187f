"""The pages of the negative list: the list, one entry, one contest, the form of a proposal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from auth.cases import possible
from auth.departments.views import Named, named
from auth.guard import Authorized, is_allowed
from catalog.negative.lifecycle import CONTESTS, ENTRIES
from catalog.negative.lifecycle import entries as steps
from catalog.negative.models import NegativeContest, NegativeEntry
from catalog.negative.repository import covers
from catalog.negative.repository import entries as repository
from catalog.negative.schemas import (
    ContestRead,
    EntryRead,
    EntryShown,
)
from catalog.negative.views.reading import contest_model, due_of, read_model, read_models
from catalog.negative.words import (
    LIVE,
    ConsentOutcome,
    ContestOutcome,
    ContestStatus,
    EntryStatus,
    ReviewOutcome,
)
from catalog.resources.models import DataResource
from catalog.resources.words import WithheldKind
from policies.actions import Action
from shuqiao.desk.due import Due
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest

LABELS: Final[Mapping[str, Message]] = {
    "department": _("Department"),
    "basis_kind": _("Kind of the legal basis"),
    "basis_name": _("Name of the legal basis"),
    "basis_number": _("Document number"),
    "basis_article": _("Article"),
    "basis_text": _("Text of the article"),
    "reason": _("Reason for not sharing"),
    "business": _("Collecting business"),
    "reach_clause": _("Clause that reaches all departments"),
    "review_on": _("Day of the next review"),
    "basis_ends_on": _("Last day of the basis"),
    "elements": _("Data elements"),
    "items": _("Information items"),
    "supersedes": _("In the place of"),
    "outcome": _("Decision"),
    "reaches_all": _("The quoted clause reaches all departments"),
    "remark": _("Remark"),
    "ended_on": _("Day from which the basis holds no more"),
    "document": _("Document"),
    "reasons": _("Reasons"),
    "answer": _("Answer"),
    "decision": _("Decision and its reasons"),
}
TONES: Final[Mapping[EntryStatus, str]] = {
    EntryStatus.PROPOSED: "info",
    EntryStatus.IN_FORCE: "danger",
    EntryStatus.REVIEW_DUE: "warning",
    EntryStatus.LAPSED: "warning",
    EntryStatus.SUPERSEDED: "neutral",
    EntryStatus.WITHDRAWN: "neutral",
}
CONTEST_TONES: Final[Mapping[ContestStatus, str]] = {
    ContestStatus.RAISED: "warning",
    ContestStatus.ANSWERED: "warning",
    ContestStatus.UPHELD: "neutral",
    ContestStatus.TO_CHANGE: "warning",
    ContestStatus.CHANGED: "success",
    ContestStatus.LAPSED: "neutral",
}


@dataclass(frozen=True, slots=True)
class EntriesPage(Page):
    """The entries that the reader may see."""

    template = "negative/list.html"
    rows: Sequence[EntryRead]
    tones: Mapping[EntryStatus, str]
    statuses: Sequence[tuple[str, Message]]
    status: str
    department: str
    element: str
    may_propose: bool
    is_first: bool
    next_href: str


@dataclass(frozen=True, slots=True)
class EntryPage(Page):
    """One entry, and what the reader may do about it."""

    template = "negative/entry.html"
    form: Form
    labels: Mapping[str, Message]
    entry: EntryShown
    tones: Mapping[EntryStatus, str]
    contest_tones: Mapping[ContestStatus, str]
    due: Due | None
    acts: frozenset[str]
    may_contest: bool
    consents: Sequence[tuple[str, Message]]
    outcomes: Sequence[tuple[str, Message]]
    done: Message | None


@dataclass(frozen=True, slots=True)
class ProposePage(Page):
    """The form that proposes an entry by itself."""

    template = "negative/new.html"
    form: Form
    labels: Mapping[str, Message]
    named: Named
    kinds: Sequence[tuple[str, Message]]
    effect: Message | None


@dataclass(frozen=True, slots=True)
class ContestPage(Page):
    """One contest, and what the reader may do about it."""

    template = "negative/contest.html"
    form: Form
    labels: Mapping[str, Message]
    contest: ContestRead
    tones: Mapping[ContestStatus, str]
    due: Due | None
    acts: frozenset[str]
    outcomes: Sequence[tuple[str, Message]]
    done: Message | None


def entries_page(
    session: Session,
    rows: Sequence[NegativeEntry],
    wanted: PageRequest,
    following: str | None,
    chosen: Mapping[str, str],
    *,
    may_propose: bool,
) -> EntriesPage:
    return EntriesPage(
        rows=read_models(session, rows),
        tones=TONES,
        statuses=[(each.value, each.label) for each in EntryStatus],
        status=chosen["status"],
        department=chosen["department"],
        element=chosen["element"],
        may_propose=may_propose,
        is_first=wanted.after is None,
        next_href=wanted.href(following) if following else "",
    )


def entry_page(
    session: Session, found: Authorized[NegativeEntry], form: Form, done: str = ""
) -> EntryPage:
    entry, subject = found.object, found.subject
    confirmed = ENTRIES.done(done, entry.state)
    return EntryPage(
        form=form,
        labels=LABELS,
        entry=read_model(session, subject, entry),
        tones=TONES,
        contest_tones=CONTEST_TONES,
        due=due_of(session, entry.entry_no),
        acts=frozenset(step.name for step in possible(subject, entry, ENTRIES)),
        may_contest=entry.status in LIVE and is_allowed(subject, Action.NEGATIVE_CONTEST, entry),
        consents=[(each.value, each.label) for each in ConsentOutcome],
        outcomes=[(each.value, each.label) for each in ReviewOutcome],
        done=confirmed.title if confirmed else None,
    )


def propose_page(session: Session, subject: Subject, form: Form) -> ProposePage:
    return ProposePage(
        form=form,
        named=named(session),
        labels=LABELS,
        kinds=[(each.value, each.label) for each in WithheldKind],
        effect=steps.PROPOSE.effect,
    )


def contest_page(
    session: Session, found: Authorized[NegativeContest], form: Form, done: str = ""
) -> ContestPage:
    contest = found.object
    confirmed = CONTESTS.done(done, contest.status)
    return ContestPage(
        form=form,
        labels=LABELS,
        contest=contest_model(session, contest),
        tones=CONTEST_TONES,
        due=due_of(session, contest.contest_no),
        acts=frozenset(step.name for step in possible(found.subject, contest, CONTESTS)),
        outcomes=[(each.value, each.label) for each in ContestOutcome],
        done=confirmed.title if confirmed else None,
    )


def panel(session: Session, _subject: Subject, resource: DataResource) -> Mapping[str, Any] | None:
    """On the page of an entry of the catalogue: how many of its items are struck, and by what."""
    there = covers.open_covers(session, resource_id=resource.id)
    if not there:
        return None
    found = repository.by_ids(session, {each.entry_id for each in there})
    ordered = sorted(found.values(), key=lambda each: each.entry_no)
    return {"entries": ordered, "struck": len({each.item_id for each in there})}
