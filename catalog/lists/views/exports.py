"""The lists as files: every line, with a cover that says what it is a list of."""

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Final

from sqlmodel import Session

from auth.areas import repository as areas
from auth.departments import repository as departments
from catalog.lists.fields import COLUMNS, ListColumn
from catalog.lists.repository import versions
from catalog.lists.repository.lines import Wanted
from catalog.lists.schemas import Scope
from catalog.lists.service import every
from catalog.lists.service.every import ListLine
from catalog.lists.words import By
from shuqiao.clock import now
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.downloads import Cell, FileKind, TitledColumn, jsonl_file, table_file

_PLACE: Final = TitledColumn(_("No."), 6)


def list_file(
    session: Session, subject: Subject, wanted: Wanted, by: By, kind: FileKind
) -> IO[bytes]:
    """Everything the list has; JSON lines have the shape of the API's. Never capped."""
    found = every.lines(session, subject, wanted, by)
    if kind is FileKind.JSONL:
        return jsonl_file(line.model_dump(mode="json") for line in found)
    columns = COLUMNS[wanted.kind]
    heads = [_PLACE, *(TitledColumn(each.label, each.width) for each in columns)]
    cover = _cover(session, subject, wanted, by)
    return table_file(kind, wanted.kind.label, heads, _rows(columns, found), cover)


def scope_words(session: Session, scope: Scope) -> str:
    """What a list is of, in words."""
    parts = []
    if scope.department:
        names = departments.names_by_code(session, [scope.department])
        parts.append(names.get(scope.department, scope.department))
    if scope.area:
        found = areas.by_code(session, scope.area)
        name = found.name if found else scope.area
        parts.append(str(_("%(area)s and what lies below it", area=name)))
    if scope.level is not None:
        parts.append(str(scope.level.label))
    if scope.code:
        parts.append(scope.code)
    return "，".join(parts) or str(_("All departments"))


def version_words(session: Session, wanted: Wanted) -> str:
    """Which version it is: of one department its number, of several how many changes there were."""
    scope = wanted.scope
    if scope.department:
        found = versions.latest(session, wanted.kind, scope.department, wanted.at)
        return str(_("Version %(number)s", number=found.number)) if found else "—"
    changes = versions.count(session, wanted.kind, scope, wanted.at)
    return str(_("after %(count)s changes", count=changes))


def _cover(
    session: Session, subject: Subject, wanted: Wanted, by: By
) -> Sequence[tuple[Message, Cell]]:
    return (
        (_("List"), str(wanted.kind.label)),
        (_("Scope"), scope_words(session, wanted.scope)),
        (_("As of"), wanted.at),
        (_("Version"), version_words(session, wanted)),
        (_("One line for each"), str(by.label)),
        (_("Number of lines"), every.count(session, subject, wanted, by)),
        (_("Made at"), now()),
    )


def _rows(columns: Sequence[ListColumn], found: Iterable[ListLine]) -> Iterator[Sequence[Cell]]:
    for place, line in enumerate(found, start=1):
        yield (place, *(_cell(each, getattr(line, each.name)) for each in columns))


def _cell(shown: ListColumn, value: object) -> Cell:
    if shown.name in _NATIVE and value is not None:
        return value  # type: ignore[return-value]
    return shown.words(value)


_NATIVE: Final = frozenset(
    {"version", "effective_on", "reviewed_on", "review_on", "until", "voices", "filed_on"}
)
