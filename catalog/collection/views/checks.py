"""A check as programs read it, the list of checks, one check with the opinion to print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.cases import possible
from auth.departments import repository as departments
from auth.guard import Authorized, is_allowed
from catalog.collection import repository
from catalog.collection.lifecycle.checks import CONCLUDE, CORRECT, LIFECYCLE
from catalog.collection.models import CHECKS, CollectedField, CollectionCheck
from catalog.collection.schemas import CheckRead, CheckSummary, FieldRead
from catalog.collection.words import Answer, FormKind
from policies.actions import Action
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest

LABELS: Final[Mapping[str, Message]] = {
    "title": _("Name of the form, report or system"),
    "kind": _("Collected by"),
    "fields": _("Fields, one a line"),
    "file": _("File with the fields"),
    "resource_code": _("Code of the entry"),
    "item": _("Name of the information item"),
    "is_collected": _("Collect it all the same"),
    "reason": _("Why it is collected again"),
}


@dataclass(frozen=True, slots=True)
class ChecksPage(Page):
    template = "collection/checks.html"
    rows: Sequence[CheckSummary]
    is_first: bool
    next_href: str
    may_make: bool


@dataclass(frozen=True, slots=True)
class NewCheckPage(Page):
    template = "collection/new.html"
    form: Form
    labels: Mapping[str, Message]
    kinds: Sequence[tuple[str, Message]]


@dataclass(frozen=True, slots=True)
class CheckPage(Page):
    """One check. ``requests``: of each entry whose items are to be had, its title and the way to
    the form that asks for them.
    """

    template = "collection/check.html"
    form: Form
    shown: CheckRead
    concluder: str
    counts: Mapping[Answer, int]
    rows: Sequence[CollectedField]
    requests: Sequence[tuple[str, str]]
    may_correct: bool
    may_conclude: bool
    effect: Message | None
    done: Message | None


@dataclass(frozen=True, slots=True)
class FieldPage(Page):
    """The form that corrects one answer."""

    template = "collection/field.html"
    form: Form
    labels: Mapping[str, Message]
    check: CollectionCheck
    row: CollectedField


def read_model(session: Session, made: CollectionCheck) -> CheckRead:
    owner = departments.names(session, {made.owner_id})[made.owner_id]
    return CheckRead(
        **dict(CheckSummary.summed(made, owner)),
        maker=accounts.user_name(session, made.maker_id),
        fields=[FieldRead.of(row) for row in repository.fields_of(session, made.id)],
    )


def summaries(session: Session, rows: Sequence[CollectionCheck]) -> list[CheckSummary]:
    names = departments.names(session, {row.owner_id for row in rows})
    return [CheckSummary.summed(row, names[row.owner_id]) for row in rows]


def checks_page(session: Session, subject: Subject, wanted: PageRequest) -> ChecksPage:
    rows, following = repository.page(session, subject, wanted)
    return ChecksPage(
        rows=summaries(session, rows),
        is_first=wanted.after is None,
        next_href=wanted.href(following) if following else "",
        may_make=is_allowed(subject, Action.COLLECTION_MAKE, CHECKS),
    )


def new_page(form: Form) -> NewCheckPage:
    return NewCheckPage(form, LABELS, [(each.value, each.label) for each in FormKind])


def check_page(
    session: Session, found: Authorized[CollectionCheck], form: Form, done: str = ""
) -> CheckPage:
    made, acts = found.object, possible(found.subject, found.object, LIFECYCLE)
    rows = repository.fields_of(session, made.id)
    confirmed = LIFECYCLE.done(done, made.status)
    return CheckPage(
        form=form,
        shown=read_model(session, made),
        concluder=accounts.user_name(session, made.concluder_id) if made.concluder_id else "",
        counts={each: sum(row.answer is each for row in rows) for each in Answer},
        rows=rows,
        requests=_requests(rows),
        may_correct=CORRECT in acts,
        may_conclude=CONCLUDE in acts,
        effect=CONCLUDE.effect,
        done=confirmed.title if confirmed else None,
    )


def field_page(
    found: Authorized[CollectionCheck], row: CollectedField, form: Form | None = None
) -> FieldPage:
    said: dict[str, Any] = {
        "resource_code": row.resource_code,
        "item": row.item_name,
        "is_collected": row.is_collected and row.answer is not Answer.COLLECTABLE,
        "reason": row.reason,
    }
    return FieldPage(form or Form.of(said), LABELS, found.object, row)


def _requests(rows: Sequence[CollectedField]) -> list[tuple[str, str]]:
    """The entries to apply for, each with the form in which its items are chosen already."""
    items: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row.answer is Answer.SHAREABLE and not row.is_collected:
            items.setdefault((row.resource_code, row.resource_title), []).append(str(row.item_id))
    return [
        (title, f"/requests/new?{urlencode(_asked(code, ids))}")
        for (code, title), ids in items.items()
    ]


def _asked(code: str, ids: Sequence[str]) -> list[tuple[str, str]]:
    return [("resource", code.replace("/", "-")), *(("item", each) for each in ids)]
