"""Reports of repeated forms: the list, the form, one report with its answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.cases import possible
from auth.departments import repository as departments
from auth.guard import Authorized, is_allowed
from catalog.collection import repository
from catalog.collection.lifecycle.repeats import ANSWER, LIFECYCLE
from catalog.collection.models import REPEATS, RepeatedForm
from catalog.collection.schemas import RepeatRead
from catalog.collection.service.repeats import is_grass_roots
from catalog.collection.words import RepeatOutcome
from policies.actions import Action
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest

LABELS: Final[Mapping[str, Message]] = {
    "asked_by": _("Who asks for it"),
    "form_name": _("Name of the form"),
    "fields": _("Fields, one a line"),
    "remark": _("What else is to be known"),
    "outcome": _("What becomes of the form"),
    "answer": _("Answer"),
}


@dataclass(frozen=True, slots=True)
class RepeatsPage(Page):
    template = "collection/repeats.html"
    rows: Sequence[RepeatRead]
    is_first: bool
    next_href: str
    may_report: bool


@dataclass(frozen=True, slots=True)
class NewRepeatPage(Page):
    """``is_open``: whether the reader's department is a unit at the grass roots."""

    template = "collection/report.html"
    form: Form
    labels: Mapping[str, Message]
    is_open: bool


@dataclass(frozen=True, slots=True)
class RepeatPage(Page):
    template = "collection/repeat.html"
    form: Form
    labels: Mapping[str, Message]
    shown: RepeatRead
    reporter: str
    answerer: str
    outcomes: Sequence[tuple[str, Message]]
    may_answer: bool
    done: Message | None


def read_models(session: Session, rows: Sequence[RepeatedForm]) -> list[RepeatRead]:
    names = departments.names(session, {row.owner_id for row in rows})
    return [RepeatRead.told(row, names[row.owner_id]) for row in rows]


def repeats_page(session: Session, subject: Subject, wanted: PageRequest) -> RepeatsPage:
    rows, following = repository.repeats(session, subject, wanted)
    return RepeatsPage(
        rows=read_models(session, rows),
        is_first=wanted.after is None,
        next_href=wanted.href(following) if following else "",
        may_report=is_allowed(subject, Action.REPEAT_REPORT, REPEATS)
        and is_grass_roots(session, subject),
    )


def new_page(session: Session, subject: Subject, form: Form) -> NewRepeatPage:
    return NewRepeatPage(form, LABELS, is_grass_roots(session, subject))


def repeat_page(
    session: Session, found: Authorized[RepeatedForm], form: Form, done: str = ""
) -> RepeatPage:
    made = found.object
    (shown,) = read_models(session, [made])
    confirmed = LIFECYCLE.done(done, made.status)
    return RepeatPage(
        form=form,
        labels=LABELS,
        shown=shown,
        reporter=accounts.user_name(session, made.reporter_id),
        answerer=accounts.user_name(session, made.answerer_id) if made.answerer_id else "",
        outcomes=[(each.value, each.label) for each in RepeatOutcome],
        may_answer=ANSWER in possible(found.subject, made, LIFECYCLE),
        done=confirmed.title if confirmed else None,
    )
