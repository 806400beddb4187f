"""Pages of the negative list: the list, one entry, the form of a proposal, one contest."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from auth.departments.forms import with_codes
from auth.guard import is_allowed
from auth.once import OnceDep
from catalog.negative import service
from catalog.negative.access import (
    AnswerableContest,
    ConsentableEntry,
    ContestableEntry,
    DecidableContest,
    EndableEntry,
    EntryReader,
    KeepableEntry,
    Proposer,
    ReadableContest,
    ReadableEntry,
    ReviewableEntry,
    WithdrawableEntry,
)
from catalog.negative.forms import proposal_of
from catalog.negative.lifecycle import contests, entries
from catalog.negative.models import NegativeEntry
from catalog.negative.repository import entries as repository
from catalog.negative.schemas import (
    ContestAnswer,
    ContestCreate,
    ContestDecision,
    EntryConsent,
    EntryEnd,
    EntryKeep,
    EntryReview,
)
from catalog.negative.service.alone import LIST
from catalog.negative.views.screens import (
    ContestPage,
    EntriesPage,
    EntryPage,
    ProposePage,
    contest_page,
    entries_page,
    entry_page,
    propose_page,
)
from catalog.negative.words import ConsentOutcome, ContestOutcome, EntryStatus, ReviewOutcome
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep

router = PageRouter()

Done = Annotated[str, Query(max_length=20)]


@router.page("/negative-entries")
def listed(
    subject: EntryReader,
    session: ReadSessionDep,
    wanted: PageDep,
    status: Annotated[EntryStatus | None, Query()] = None,
    department: Annotated[str, Query(max_length=18)] = "",
    element: Annotated[str, Query(max_length=20)] = "",
) -> EntriesPage:
    sought = repository.sought(session, status, department, element)
    rows, following = repository.page(session, subject, wanted, sought)
    chosen = {"status": status or "", "department": department, "element": element}
    may_propose = is_allowed(subject, Action.NEGATIVE_PROPOSE, LIST)
    return entries_page(session, rows, wanted, following, chosen, may_propose=may_propose)


@router.page("/negative-entries/new")
def new(subject: Proposer, session: ReadSessionDep) -> ProposePage:
    return propose_page(session, subject, Form())


@router.form("/negative-entries", again=propose_page)
def propose(subject: Proposer, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    entry = service.propose_alone(
        session, subject, proposal_of(with_codes(session, form, of_departments=["department"]))
    )
    return once.go_to(_page(entry, entries.ASK_HEAD.word))


@router.page("/negative-entries/{no}")
def one(found: ReadableEntry, session: ReadSessionDep, done: Done = "") -> EntryPage:
    """The basis, the reach, what is struck, what was said, and what the reader may do."""
    return entry_page(session, found, Form(), done)


@router.form("/negative-entries/{no}/consents", again=entry_page)
def consent(found: ConsentableEntry, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    body = form.parse(EntryConsent)
    service.consent(session, found.subject, found.object, body)
    agreed = body.outcome is ConsentOutcome.CONSENTED
    step = entries.CONSENT if agreed else entries.NOT_CONSENT
    return once.go_to(_page(found.object, step.word))


@router.form("/negative-entries/{no}/reviews", again=entry_page)
def review(found: ReviewableEntry, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    body = form.parse(EntryReview)
    service.review(session, found.subject, found.object, body)
    published = body.outcome is ReviewOutcome.PUBLISHED
    return once.go_to(_page(found.object, (entries.PUBLISH if published else entries.REFUSE).word))


@router.form("/negative-entries/{no}/withdrawals", again=entry_page)
def withdraw(found: WithdrawableEntry, session: SessionDep, once: OnceDep) -> Response:
    service.withdraw(session, found.subject, found.object)
    return once.go_to(_page(found.object, entries.WITHDRAW.word))


@router.form("/negative-entries/{no}/renewals", again=entry_page)
def keep(found: KeepableEntry, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    service.keep(session, found.subject, found.object, form.parse(EntryKeep))
    return once.go_to(_page(found.object, entries.KEEP.word))


@router.form("/negative-entries/{no}/endings", again=entry_page)
def end(found: EndableEntry, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    service.end(session, found.subject, found.object, form.parse(EntryEnd))
    return once.go_to(_page(found.object, entries.LAPSE.word))


@router.form("/negative-entries/{no}/contests", again=entry_page)
def contest(found: ContestableEntry, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    body = form.parse(ContestCreate)
    made = service.contest(session, found.subject, found.object, body)
    return once.go_to(f"/negative-contests/{made.contest_no}?done={contests.RAISE.word}")


@router.page("/negative-contests/{no}")
def one_contest(found: ReadableContest, session: ReadSessionDep, done: Done = "") -> ContestPage:
    """What both sides say, and what was decided."""
    return contest_page(session, found, Form(), done)


@router.form("/negative-contests/{no}/answers", again=contest_page)
def answer(found: AnswerableContest, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    service.answer(session, found.subject, found.object, form.parse(ContestAnswer))
    no = found.object.contest_no
    return once.go_to(f"/negative-contests/{no}?done={contests.ANSWER.word}")


@router.form("/negative-contests/{no}/decisions", again=contest_page)
def decide(found: DecidableContest, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    body = form.parse(ContestDecision)
    service.decide(session, found.subject, found.object, body)
    upheld = body.outcome is ContestOutcome.UPHELD
    step = contests.UPHOLD if upheld else contests.HAVE_CHANGED
    return once.go_to(f"/negative-contests/{found.object.contest_no}?done={step.word}")


def _page(entry: NegativeEntry, done: str) -> str:
    return f"{entries.PAGE.format_map(entry.told())}?done={done}"
