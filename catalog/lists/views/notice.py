"""The draft of the notice (通告稿) by which the lists are made known (Order 809, Art. 16)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from sqlmodel import Session

from catalog.lists.repository.lines import Wanted
from catalog.lists.schemas import Comparison, Scope
from catalog.lists.service import every, reading
from catalog.lists.service.dating import Dated
from catalog.lists.service.reading import summary
from catalog.lists.views.exports import scope_words
from catalog.lists.views.pages import Narrowing, narrowing, told_day, told_since
from catalog.lists.words import ListKind, MadeKnown
from shuqiao.clock import day_of
from shuqiao.i18n import Message
from shuqiao.subject import Subject
from shuqiao.web.page import Page

#: So many changed lines of a list stand in the notice; more are in its annex.
SHOWN: Final = 300


@dataclass(frozen=True, slots=True)
class NoticePart:
    """One list: how long it is, what came, went and changed."""

    kind: ListKind
    length: int
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class NoticePage(Page):
    """What is made known of the lists of a scope, over a period."""

    template = "lists/notice.html"
    scope_words: str
    since: date
    until: date
    entries: int
    parts: Sequence[NoticePart]
    narrowing: Narrowing
    choices: Sequence[tuple[str, Message]]
    query: str
    shown: int


def notice_page(
    session: Session, subject: Subject, scope: Scope, since: Dated, until: Dated, known: MadeKnown
) -> NoticePage:
    found = {
        kind: reading.compared(session, subject, kind, scope, since, until) for kind in known.lists
    }
    first = found[ListKind.RESPONSIBILITY]
    counted = summary(session, subject, scope, first.after)
    lengths = {
        ListKind.RESPONSIBILITY: counted.responsibility,
        ListKind.NEGATIVE: counted.negative,
    }
    if ListKind.DEMAND in found:
        wanted = Wanted(ListKind.DEMAND, first.after, scope)
        lengths[ListKind.DEMAND] = every.count(session, subject, wanted)
    days = {"since": day_of(first.before).isoformat(), "on": day_of(first.after).isoformat()}
    said = days | told_day(until) | told_since(since) | {"lists": known.value}
    return NoticePage(
        scope_words=scope_words(session, scope),
        since=day_of(first.before),
        until=day_of(first.after),
        entries=counted.entries,
        parts=[NoticePart(kind, lengths[kind], found[kind]) for kind in known.lists],
        narrowing=narrowing(session, scope, said),
        choices=[(each.value, each.label) for each in MadeKnown],
        query=urlencode(scope.query | told_day(until)),
        shown=SHOWN,
    )
