"""The list of requests, and above it the forms that were begun and not sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from auth.roles import Role
from exchange.requests import repository
from exchange.requests.views.form_page import NEW
from exchange.requests.views.lists import Row, choices_of_whose, rows_shown
from exchange.requests.words import WHOSE, RequestStatus, Whose
from shuqiao.desk import drafts
from shuqiao.i18n import Message
from shuqiao.subject import Subject
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest


@dataclass(frozen=True, slots=True)
class Begun:
    """A form that was begun and not sent."""

    title: str
    href: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class RequestsPage(Page):
    """``choices``: the narrower lists that make sense for the reader, and their names."""

    template = "requests/list.html"
    rows: Sequence[Row]
    status: RequestStatus | None
    whose: Whose | None
    statuses: Sequence[RequestStatus]
    choices: Sequence[tuple[Whose, Message]]
    begun: Sequence[Begun]
    next_href: str
    is_first: bool
    may_apply: bool


def requests_page(
    session: Session,
    subject: Subject,
    wanted: PageRequest,
    status: RequestStatus | None,
    whose: Whose | None,
) -> RequestsPage:
    """Requests the reader may see, newest first."""
    rows, following = repository.page(session, subject, wanted, status, whose)
    return RequestsPage(
        rows=rows_shown(session, rows),
        status=status,
        whose=whose,
        statuses=list(RequestStatus),
        choices=[(each, WHOSE[each]) for each in choices_of_whose(subject)],
        begun=_begun(session, subject),
        next_href=wanted.href(following) if following else "",
        is_first=wanted.after is None,
        may_apply=subject.has(Role.APPLICANT),
    )


def _begun(session: Session, subject: Subject) -> list[Begun]:
    """The reader's own forms kept as drafts that are no request yet."""
    if subject.user_id is None:
        return []
    kept = {
        each.case_no: each.saved_at for each in drafts.all_kept(session, subject.user_id, form=NEW)
    }
    found = (
        (repository.resource_by_code(session, code), saved_at) for code, saved_at in kept.items()
    )
    return [
        Begun(resource.title, f"/requests/new?resource={resource.url_code}", saved_at)
        for resource, saved_at in found
        if resource is not None
    ]
