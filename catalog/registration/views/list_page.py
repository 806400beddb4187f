"""The registrations of a department, and the form of a new one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from auth.guard import Authorized, Place
from catalog.registration.views.entries import SHARE_TYPES, Row, ShareTypeChoice, rows_shown
from catalog.registration.views.similar import similar
from catalog.registration.words import LABELS
from catalog.resources import repository as resources
from catalog.resources.lifecycle import DISCARD
from catalog.resources.schemas import ResourceSummary
from catalog.resources.words import ResourceStatus
from shuqiao.i18n import Message
from shuqiao.subject import Subject
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest


@dataclass(frozen=True, slots=True)
class RegistrationsPage(Page):
    """``counts``: of each status how many; ``status``: the one that is shown alone."""

    template = "registration/list.html"
    rows: Sequence[Row]
    status: ResourceStatus | None
    statuses: Sequence[ResourceStatus]
    counts: Mapping[ResourceStatus, int]
    is_first: bool
    next_href: str
    may_register: bool
    done: Message | None = None


def registrations_page(
    session: Session,
    subject: Subject,
    wanted: PageRequest,
    status: ResourceStatus | None,
    *,
    may_register: bool,
    done: str = "",
) -> RegistrationsPage:
    """The registrations of the reader's department, last changed first; none without one."""
    home = subject.department_id
    if home is None:
        return RegistrationsPage([], None, list(ResourceStatus), {}, True, "", may_register)
    rows, following = resources.page(session, subject, wanted, status=status, provider_id=home)
    return RegistrationsPage(
        rows=rows_shown(session, subject, rows),
        status=status,
        statuses=list(ResourceStatus),
        counts=resources.counts_by_status(session, subject, home),
        is_first=wanted.after is None,
        next_href=wanted.href(following) if following else "",
        may_register=may_register,
        done=DISCARD.done.title if DISCARD.done and done == DISCARD.word else None,
    )


@dataclass(frozen=True, slots=True)
class NewRegistrationPage(Page):
    """``similar``: resources that are called nearly as the title typed so far."""

    template = "registration/new.html"
    block = "similar"
    form: Form
    labels: Mapping[str, Message]
    class_codes: Sequence[str]
    share_types: Sequence[ShareTypeChoice]
    similar: Sequence[ResourceSummary]


def new_page(session: Session, found: Authorized[Place], form: Form) -> NewRegistrationPage:
    home = found.subject.department_id
    return NewRegistrationPage(
        form=form,
        labels=LABELS,
        class_codes=resources.class_codes(session, home) if home else [],
        share_types=SHARE_TYPES,
        similar=similar(session, found.subject, form.text("title")),
    )
