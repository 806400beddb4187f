"""Changes of seats as pages and programs show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.accounts.models import AppUser
from auth.administration import views as administration
from auth.administration.views import AccountRow
from auth.departments import repository as departments
from auth.guard import Authorized, is_allowed
from auth.roles import ADMINISTRATORS, Role
from auth.seats import lifecycle, repository
from auth.seats.models import SeatChange
from auth.seats.schemas import SeatChangeRead
from auth.seats.service import ACTIONS
from auth.seats.words import SeatChangeKind
from policies.actions import Action
from shuqiao.i18n import Message, _
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest

LABELS: Final[Mapping[str, Message]] = {
    "kind": _("What is to be done"),
    "roles": _("Roles"),
    "roles_before": _("Roles"),
    "reason": _("Reason"),
    "remark": _("Why it is not confirmed"),
}


def read_model(session: Session, case: SeatChange) -> SeatChangeRead:
    """A change of a seat with the names of its people."""
    user = accounts.by_id(session, case.user_id)
    ids: set[UUID] = {each for each in (case.proposer_id, case.decider_id) if each is not None}
    names = accounts.user_names(session, ids)
    return SeatChangeRead(
        seat_no=case.seat_no,
        kind=case.kind,
        kind_label=str(case.kind.label),
        account=user.account,
        account_name=user.name,
        department=departments.by_id(session, user.department_id).name,
        roles=[Role(role) for role in case.roles],
        roles_before=[Role(role) for role in case.roles_before],
        reason=case.reason,
        office=Role(case.office),
        proposer=names[case.proposer_id],
        proposed_at=case.proposed_at,
        due_on=repository.due_on(session, case.seat_no, lifecycle.WAITING),
        status=case.status,
        status_label=str(case.status.label),
        decider=names[case.decider_id] if case.decider_id else "",
        decided_office=case.decided_office,
        decided_at=case.decided_at,
        remark=case.remark,
        version=case.version,
    )


def page(session: Session, asked: PageRequest) -> tuple[list[SeatChangeRead], str | None]:
    """One page, the newest first, and the cursor of the next."""
    rows, following = repository.page(session, asked)
    return [read_model(session, row) for row in rows], following


@dataclass(frozen=True, slots=True)
class SeatChangesPage(Page):
    """Changes of seats, the newest first."""

    template = "seats/changes.html"
    rows: Sequence[SeatChangeRead]
    tones: Mapping[str, str]
    next_href: str
    is_first: bool


#: How the states are tagged.
TONES: Final[Mapping[str, str]] = {
    "proposed": "warning",
    "confirmed": "success",
    "refused": "danger",
    "expired": "neutral",
}


def changes_page(session: Session, asked: PageRequest) -> SeatChangesPage:
    rows, following = page(session, asked)
    next_href = asked.href(following) if following else ""
    return SeatChangesPage(rows, TONES, next_href, asked.after is None)


@dataclass(frozen=True, slots=True)
class SeatChangePage(Page):
    """One change. ``done``: what was just done; ``half``: the reader's half of a one-time password,
    in its only showing.
    """

    template = "seats/change.html"
    form: Form
    labels: Mapping[str, Message]
    shown: SeatChangeRead
    roles: Sequence[Message]
    tone: str
    office: Message
    effect: Message | None
    may_decide: bool
    done: Message | None
    half: str


def change_page(
    session: Session, found: Authorized[SeatChange], form: Form, done: str = "", half: str = ""
) -> SeatChangePage:
    case = found.object
    confirmed = lifecycle.LIFECYCLE.done(done, case.status)
    return SeatChangePage(
        form=form,
        labels=LABELS,
        shown=read_model(session, case),
        roles=[Role(role).label for role in case.roles],
        tone=TONES[case.status],
        office=Role(case.office).label,
        effect=lifecycle.CONFIRM.effect,
        may_decide=case.status in lifecycle.CONFIRM.at
        and is_allowed(found.subject, Action.SEAT_CONFIRM, case),
        done=confirmed.title if confirmed else None,
        half=half,
    )


@dataclass(frozen=True, slots=True)
class SeatHalfPage(SeatChangePage):
    """The same after a step that made half of a password."""

    http_status = 201


def half_page(session: Session, found: Authorized[SeatChange], half: str) -> SeatHalfPage:
    shown: Any = change_page(session, found, Form(), half=half)
    values = {name: getattr(shown, name) for name in SeatChangePage.__dataclass_fields__}
    return SeatHalfPage(**values)


@dataclass(frozen=True, slots=True)
class ProposalPage(Page):
    """The form of a proposal for one account. ``open``: what waits for it already."""

    template = "seats/proposal.html"
    form: Form
    labels: Mapping[str, Message]
    row: AccountRow
    kinds: Sequence[tuple[str, Message]]
    business: Sequence[tuple[str, Message]]
    administrators: Sequence[tuple[str, Message]]
    waiting: Sequence[str]


def proposal_page(session: Session, found: Authorized[AppUser], form: Form) -> ProposalPage:
    user = found.object
    return ProposalPage(
        form=form,
        labels=LABELS,
        row=administration.account_row(session, user),
        kinds=[
            (kind.value, kind.label)
            for kind in SeatChangeKind
            if is_allowed(found.subject, ACTIONS[kind], user)
        ],
        business=[(role.value, role.label) for role in Role if role not in ADMINISTRATORS],
        administrators=[(role.value, role.label) for role in Role if role in ADMINISTRATORS],
        waiting=[each.seat_no for each in repository.open_of(session, user.id)],
    )
