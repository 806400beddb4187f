"""Grants (共享授权) as pages show them: the list, one of them, the question before revoking."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from auth.departments import repository as departments
from auth.guard import Authorized, is_allowed
from auth.steps import Done, Step
from exchange.grants import repository
from exchange.grants.lifecycle import LIFECYCLE, REVOKE
from exchange.grants.models import ShareGrant
from exchange.grants.schemas import GrantRead
from exchange.grants.service import granting
from exchange.grants.views.grant import read_model
from exchange.grants.views.snippets import Snippet, install, snippets
from exchange.grants.words import TONES, GrantStatus, edition_term
from policies.actions import Action
from shuqiao.desk import clocks
from shuqiao.desk.due import Due, dues_of
from shuqiao.i18n import Message
from shuqiao.settings import settings
from shuqiao.subject import Subject
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest
from shuqiao.web.slots import PageSlot, ShownPanel, Slot

#: What higher stages add to a grant's page: the transfers under it.
PAGE: PageSlot[ShareGrant] = PageSlot()
#: What the reply said of it in its approver's and its releaser's own words; approvals stand above.
REMARKS: Slot[Callable[[Session, ShareGrant], Sequence[str]]] = Slot(lambda _session, _grant: ())
#: Ways to fetch for people, shown before the code for programs.
FETCH: PageSlot[ShareGrant] = PageSlot()


@dataclass(frozen=True, slots=True)
class Row:
    """One grant in a list."""

    grant: ShareGrant
    tone: str
    consumer: str
    provider: str


@dataclass(frozen=True, slots=True)
class GrantsPage(Page):
    template = "grants/list.html"
    rows: Sequence[Row]
    next_href: str
    is_first: bool


def grants_page(session: Session, subject: Subject, wanted: PageRequest) -> GrantsPage:
    """Grants the reader may see, newest first."""
    rows, following = repository.page(session, subject, wanted)
    return GrantsPage(
        rows=_rows(session, rows),
        next_href=wanted.href(following) if following else "",
        is_first=wanted.after is None,
    )


def _rows(session: Session, rows: Sequence[ShareGrant]) -> list[Row]:
    homes = departments.names(
        session, {side for row in rows for side in (row.consumer_id, row.provider_id)}
    )
    return [
        Row(row, TONES[row.standing], homes[row.consumer_id], homes[row.provider_id])
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class GrantPage(Page):
    """``fault``: what is in the way of a delivery that is being made ready. ``acts``: the steps the
    reader can take, by name. ``chosen``: the tool whose code is shown.
    """

    template = "grants/show.html"
    block = "code"
    form: Form
    editions: Message
    shown: GrantRead
    remarks: Sequence[str]
    tone: str
    done: Done | None
    fault: Message | None
    dues: Sequence[Due]
    acts: Mapping[str, Step[GrantStatus]]
    may_fetch: bool
    is_live: bool
    snippets: Sequence[Snippet]
    chosen: Snippet
    install: str
    files: Sequence[ShownPanel]
    panels: Sequence[ShownPanel]


def grant_page(
    session: Session, found: Authorized[ShareGrant], form: Form, done: str = "", code: str = ""
) -> GrantPage:
    """What is granted, until when, how to fetch it, what was fetched; for the provider what is in
    the way of it. ``done``: what was just confirmed; ``code``: the tool whose code is shown.
    """
    row, subject = found.object, found.subject
    shown = read_model(session, row)
    known = snippets(shown.grant_no, shown.data_url)
    is_pending = row.standing is GrantStatus.PENDING_DELIVERY
    return GrantPage(
        form=form,
        editions=edition_term(follows=row.follows_editions),
        shown=shown,
        remarks=REMARKS.held(session, row),
        tone=TONES[row.standing],
        done=LIFECYCLE.done(done, row.standing),
        fault=granting.why_not_ready(session, row) if is_pending else None,
        dues=dues_of(session, clocks.clocks_of(session, row.grant_no)),
        acts={step.name: step for step in granting.possible_now(subject, row)},
        may_fetch=is_allowed(subject, Action.GRANT_FETCH, row),
        is_live=granting.is_live(row),
        snippets=known,
        chosen=next((each for each in known if each.id == code), known[0]),
        install=install(settings().control_origin),
        files=FETCH.shown(session, subject, row),
        panels=PAGE.shown(session, subject, row),
    )


@dataclass(frozen=True, slots=True)
class RevocationPage(Page):
    """The question before a grant is taken back: running transfers stop and it does not come
    back.
    """

    template = "grants/revocation.html"
    form: Form
    row: ShareGrant
    step: Step[GrantStatus]
    effect: Message | None


def revocation_page(session: Session, found: Authorized[ShareGrant], form: Form) -> RevocationPage:
    row = found.object
    consumer = departments.by_id(session, row.consumer_id).name
    effect = REVOKE.effect.filled({"consumer": consumer}) if REVOKE.effect else None
    return RevocationPage(form, row, REVOKE, effect)
