"""Pages of the lists: what there is, one list, its versions, what differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from sqlmodel import Session

from auth.areas import repository as areas
from auth.departments import repository as departments
from auth.departments.words import Level
from catalog.lists.repository import versions
from catalog.lists.repository.lines import Wanted
from catalog.lists.schemas import Comparison, Scope, Summary, VersionRead
from catalog.lists.service import every, reading
from catalog.lists.service.dating import Dated
from catalog.lists.service.every import ListLine
from catalog.lists.views.exports import scope_words, version_words
from catalog.lists.words import By, ListKind
from catalog.resources.words import WithheldKind
from shuqiao.clock import day_of, today
from shuqiao.i18n import Message
from shuqiao.subject import Subject
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest

Options = Sequence[tuple[str, str | Message]]
#: So many differences are shown on a page; the counts are exact.
SHOWN: Final = 200
#: Lines say much: a page of them stays light.
ROWS: Final = 40


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The form above a list: what it can be narrowed to, and what it is."""

    form: Form
    departments: Options
    areas: Options
    levels: Options
    is_narrowed: bool


@dataclass(frozen=True, slots=True)
class ListsPage(Page):
    """The three lists with their lengths, and their last changes."""

    template = "lists/index.html"
    summary: Summary
    narrowing: Narrowing
    scope_words: str
    latest: Sequence[VersionRead]
    query: str


@dataclass(frozen=True, slots=True)
class ListPage(Page):
    """One of the three lists."""

    template = "lists/list.html"
    kind: ListKind
    bys: Options
    kinds_of_basis: Mapping[str, Message]
    lines: Sequence[ListLine]
    total: int
    as_of: datetime
    is_past: bool
    scope_words: str
    version_words: str
    narrowing: Narrowing
    query: str
    query_of_scope: str
    next_href: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class VersionsPage(Page):
    """The versions of the lists with their causes."""

    template = "lists/versions.html"
    versions: Sequence[VersionRead]
    kinds: Sequence[ListKind]
    kind: ListKind | None
    scope_words: str
    next_href: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class ComparisonPage(Page):
    """What differs between two states of a list."""

    template = "lists/comparison.html"
    kind: ListKind
    comparison: Comparison
    scope_words: str
    narrowing: Narrowing
    causes: Sequence[VersionRead]
    shown: int


def lists_page(session: Session, subject: Subject, scope: Scope, at: datetime) -> ListsPage:
    found, _end = versions.page(session, subject, PageRequest(limit=10), scope)
    return ListsPage(
        summary=reading.summary(session, subject, scope, at),
        narrowing=narrowing(session, scope, {}),
        scope_words=scope_words(session, scope),
        latest=reading.version_reads(found),
        query=urlencode(scope.query),
    )


def list_page(
    session: Session,
    subject: Subject,
    wanted: Wanted,
    asked: PageRequest,
    by: By,
    dated: Dated,
) -> ListPage:
    asked = replace(asked, limit=min(asked.limit, ROWS))
    found, following = every.page(session, subject, wanted, asked, by)
    return ListPage(
        kind=wanted.kind,
        bys=[(each.value, each.label) for each in By],
        kinds_of_basis={each.value: each.label for each in WithheldKind},
        lines=found,
        total=every.count(session, subject, wanted, by),
        as_of=wanted.at,
        is_past=bool(dated.version or (dated.on and dated.on != today())),
        scope_words=scope_words(session, wanted.scope),
        version_words=version_words(session, wanted),
        narrowing=narrowing(session, wanted.scope, told_day(dated) | {"by": by.value}),
        query=urlencode(wanted.scope.query | told_day(dated) | {"by": by.value}),
        query_of_scope=urlencode(wanted.scope.query),
        next_href=asked.href(following) if following else "",
        is_first=asked.after is None,
    )


def versions_page(
    session: Session,
    subject: Subject,
    scope: Scope,
    kind: ListKind | None,
    asked: PageRequest,
) -> VersionsPage:
    found, following = versions.page(session, subject, asked, scope, kind)
    return VersionsPage(
        versions=reading.version_reads(found),
        kinds=list(ListKind),
        kind=kind,
        scope_words=scope_words(session, scope),
        next_href=asked.href(following) if following else "",
        is_first=asked.after is None,
    )


def comparison_page(
    session: Session, subject: Subject, kind: ListKind, scope: Scope, since: Dated, until: Dated
) -> ComparisonPage:
    found = reading.compared(session, subject, kind, scope, since, until)
    causes = versions.between(session, subject, kind, scope, found.before, found.after, SHOWN)
    told = told_day(until) | told_since(since)
    return ComparisonPage(
        kind=kind,
        comparison=found,
        scope_words=scope_words(session, scope),
        narrowing=narrowing(
            session,
            scope,
            {"since": day_of(found.before).isoformat(), "on": day_of(found.after).isoformat()}
            | told,
        ),
        causes=reading.version_reads(causes),
        shown=SHOWN,
    )


def narrowing(session: Session, scope: Scope, told: Mapping[str, str]) -> Narrowing:
    """The form with what can be chosen in it."""
    places = {area.code: area.name for area in areas.used(session)}
    if scope.area and scope.area not in places:
        found = areas.by_code(session, scope.area)
        places[scope.area] = found.name if found else scope.area
    return Narrowing(
        form=Form.of({**scope.query, **told}),
        departments=[(each.code, each.name) for each in departments.listed(session)],
        areas=sorted(places.items()),
        levels=[(each.value, each.label) for each in Level],
        is_narrowed=bool(scope.query),
    )


def told_day(dated: Dated) -> dict[str, str]:
    """As parameters of an address."""
    told = {"on": dated.on.isoformat() if dated.on else "", "version": str(dated.version or "")}
    return {name: value for name, value in told.items() if value}


def told_since(dated: Dated) -> dict[str, str]:
    """The same of a beginning."""
    told = {
        "since": dated.on.isoformat() if dated.on else "",
        "since_version": str(dated.version or ""),
    }
    return {name: value for name, value in told.items() if value}
