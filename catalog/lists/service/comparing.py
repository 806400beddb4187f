"""What differs between two states of a list, line by line."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from catalog.lists.fields import COLUMNS, ListColumn
from catalog.lists.repository.lines import Wanted
from catalog.lists.repository.touched import touched
from catalog.lists.schemas import Comparison, FieldChange, LineChange, Scope
from catalog.lists.service import every
from catalog.lists.service.every import ListLine
from catalog.lists.words import OF_ITEMS, ListKind
from shuqiao.changes import Kind, compare
from shuqiao.subject import Subject

#: What says that the entry was published again, and nothing of what it says.
_DATES: Final = frozenset({"version", "effective_on", "review", "reviewed_on"})


def between(
    session: Session,
    subject: Subject,
    kind: ListKind,
    scope: Scope,
    before: datetime,
    after: datetime,
) -> Comparison:
    """A list at two moments; a line is an item, found again by its identity."""
    only = touched(session, before, after) if kind in OF_ITEMS else None
    was = _states(every.lines(session, subject, Wanted(kind, before, scope, only)))
    now = _states(every.lines(session, subject, Wanted(kind, after, scope, only)))
    changes = list(_changes(COLUMNS[kind], was, now))
    counted = Counter(each.kind for each in changes)
    return Comparison(
        kind=kind,
        before=before,
        after=after,
        added=counted[Kind.ADDED.value],
        removed=counted[Kind.REMOVED.value],
        changed=counted[Kind.CHANGED.value],
        changes=changes,
    )


def _states(found: Iterable[ListLine]) -> dict[str, ListLine]:
    return {line.identity: line for line in found}


def _changes(
    columns: Sequence[ListColumn], was: Mapping[str, ListLine], now: Mapping[str, ListLine]
) -> Iterator[LineChange]:
    for identity, line in now.items():
        if identity not in was:
            yield _change(Kind.ADDED, line, [])
            continue
        differing = [
            FieldChange(
                field=each.name,
                label=str(each.field.label),
                before=str(each.before),
                after=str(each.after),
            )
            for each in compare(columns, _state(was[identity]), _state(line))
        ]
        if any(each.field not in _DATES for each in differing):
            yield _change(Kind.CHANGED, line, differing)
    for identity, line in was.items():
        if identity not in now:
            yield _change(Kind.REMOVED, line, [])


def _state(line: ListLine) -> dict[str, Any]:
    return line.model_dump(mode="json")


def _change(kind: Kind, line: ListLine, fields: list[FieldChange]) -> LineChange:
    return LineChange(
        kind=kind.value,
        kind_label=str(kind.label),
        department=line.department,
        code=line.code,
        title=line.title,
        item=line.told,
        item_id=line.identity,
        fields=fields,
    )
