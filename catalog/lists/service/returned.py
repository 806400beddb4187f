"""What a returned sheet says otherwise than the list; it is looked at, and changes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sqlmodel import Session

from catalog.lists.fields import COLUMNS, ListColumn
from catalog.lists.repository.lines import Wanted
from catalog.lists.schemas import FieldChange, LineChange, Place, RowRead, Scope, SheetRead
from catalog.lists.service import every
from catalog.lists.service.every import ListLine
from catalog.lists.words import By, ListKind
from shuqiao.changes import Kind
from shuqiao.clock import now
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject

#: Worked out here; typing another value changes nothing anywhere.
_WORKED_OUT: Final = frozenset(
    {"promise", "mounting", "version", "effective_on", "review", "reviewed_by", "reviewed_on"}
    | {"department", "limits", "voices", "state_label", "filed_on", "person", "ground"}
)
_OF_SOURCES: Final = frozenset({"sourced", "source", "duty"})


def compare(
    session: Session,
    subject: Subject,
    kind: ListKind,
    scope: Scope,
    rows: Sequence[tuple[int, Mapping[str, str]]],
) -> SheetRead:
    """Row by row against the list as it is now."""
    wanted = Wanted(kind, now(), scope)
    lines = {_key(_texts(line, kind)): line for line in every.lines(session, subject, wanted)}
    if kind is not ListKind.DEMAND and not any(_key(said) in lines for _row, said in rows):
        by_entry = every.lines(session, subject, wanted, By.ENTRY)
        lines = {_key(_texts(line, kind)): line for line in by_entry}
    differing, unknown, met = [], [], set()
    for number, said in rows:
        key = _key(said)
        line = lines.get(key)
        if line is None:
            unknown.append(number)
            continue
        met.add(key)
        if fields := list(_differing(kind, line, said)):
            differing.append(_row(number, kind, line, fields))
    return SheetRead(
        kind=kind,
        rows=len(rows),
        same=len(rows) - len(unknown) - len(differing),
        unknown=unknown,
        absent=len(lines.keys() - met),
        differing=differing,
    )


def _texts(line: ListLine, kind: ListKind) -> dict[str, str]:
    return {each.name: _text(each, line) for each in COLUMNS[kind]}


def _text(shown: ListColumn, line: ListLine) -> str:
    return str(shown.words(getattr(line, shown.name)))


def _key(said: Mapping[str, str]) -> tuple[str, str]:
    code = said.get("code", "").replace("-", "/")
    return (code, "" if code.startswith("DM/") else said.get("items", ""))


def _differing(kind: ListKind, line: ListLine, said: Mapping[str, str]) -> Iterator[FieldChange]:
    for each in COLUMNS[kind]:
        before = _text(each, line)
        if each.name in said and _plain(said[each.name]) != _plain(before):
            yield FieldChange(
                field=each.name, label=str(each.label), before=before, after=said[each.name]
            )


def _plain(text: str) -> str:
    """Without what a spreadsheet adds: other blanks, the apostrophe before a sign."""
    return " ".join(text.removeprefix("'").split())


def _row(number: int, kind: ListKind, line: ListLine, fields: list[FieldChange]) -> RowRead:
    change = LineChange(
        kind=Kind.CHANGED.value,
        kind_label=str(Kind.CHANGED.label),
        department=line.department,
        code=line.code,
        title=line.title,
        item=line.told,
        item_id=line.identity,
        fields=fields,
    )
    places = [_place(each.field, kind, line) for each in fields]
    return RowRead(row=number, change=change, places=places)


def _place(field: str, kind: ListKind, line: ListLine) -> Place:
    words, href = _where(field, kind, line)
    return Place(field=field, words=str(words), href=href)


def _where(field: str, kind: ListKind, line: ListLine) -> tuple[Message, str]:
    entry = f"/catalog/{line.code.replace('/', '-')}"
    if field in _WORKED_OUT:
        return _("Worked out, not to be typed"), ""
    if kind is ListKind.DEMAND:
        return _("What was asked stays as it was said: file a demand anew"), f"/demands/{line.code}"
    if field in ("contact", "department_code"):
        return _("In the description of the department"), f"/departments/{line.department_code}"
    if field in _OF_SOURCES:
        return _("By a source claim"), "/source-claims"
    if kind is ListKind.NEGATIVE and field not in ("title", "items", "code"):
        number = getattr(line, "entry_no", "").partition("、")[0]
        if number:
            return _("By a negative entry in its place"), f"/negative-entries/{number}"
    return _("In a working copy of the entry"), entry
