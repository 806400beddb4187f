"""Who is behind: answers and the way of what is claimed, by department; as a drawing that says what
the table beside it says, and as a file.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Final
from uuid import UUID

from sqlmodel import Session

from auth.departments import repository as departments
from auth.departments.service import may_be_reprimanded
from auth.departments.words import Level
from catalog.assignments.models import Assignment
from catalog.assignments.repository import assignments as repository
from catalog.assignments.repository import templates
from catalog.assignments.schemas.assignments import (
    BoardRead,
    BoardRow,
    Share,
    WantedAssignments,
)
from catalog.assignments.words import HELD, STAGES, AssignmentStatus
from shuqiao.clock import today
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.downloads import Cell, FileKind, TitledColumn, table_file
from shuqiao.web.page import Page

_S: Final = AssignmentStatus
_NAMED: Final = 200
_COLUMNS: Final[Sequence[TitledColumn]] = (
    TitledColumn(_("Department"), 28),
    TitledColumn(_("Credit code"), 22),
    TitledColumn(_("Assigned"), 10),
    TitledColumn(_("Claimed"), 10),
    TitledColumn(_("Claimed in part"), 10),
    TitledColumn(_("Not claimed"), 10),
    TitledColumn(_("To be claimed"), 10),
    TitledColumn(_("Not answered in time"), 10),
    TitledColumn(_("Entry registered"), 10),
    TitledColumn(_("Entry published"), 10),
    TitledColumn(_("Data attached"), 10),
    TitledColumn(_("Overdue"), 10),
)
#: In units of the drawing, which is as wide as a small screen.
_WIDTH: Final = 332
_ROW: Final = 46


@dataclass(frozen=True, slots=True)
class Bar:
    """A department in the drawing: pieces (x, width, strength of the ink, whether hatched)."""

    name: str
    hint: str
    y: int
    pieces: Sequence[tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class BoardPage(Page):
    """The board. ``bars``: the same figures as a drawing."""

    template = "assignments/board.html"
    board: BoardRead
    bars: Sequence[Bar]
    height: int
    width: int
    wanted: WantedAssignments
    templates: Sequence[tuple[str, str]]
    levels: Sequence[tuple[str, Message]]


def board_page(session: Session, subject: Subject, like: WantedAssignments) -> BoardPage:
    board = read_board(session, subject, like)
    bars = drawn(board.items[:40])
    return BoardPage(
        board=board,
        bars=bars,
        height=len(bars) * _ROW + 4,
        width=_WIDTH,
        wanted=like,
        templates=[(each.template_no, each.title) for each in templates.choices(session, subject)],
        levels=[(each.value, each.label) for each in Level],
    )


def read_board(session: Session, subject: Subject, like: WantedAssignments) -> BoardRead:
    """Of the assignments that ``subject`` may read and that are like that; what was taken back or
    passed on after a refusal is counted with whoever has it now.
    """
    found = [
        (row, _S(fact))
        for row, fact in repository.everything(session, subject, like)
        if row.status not in (_S.WITHDRAWN, _S.REASSIGNED)
    ]
    late = repository.late_counts(session, [row.assignment_no for row, _fact in found], today())
    homes = {
        each.id: each
        for each in departments.of_ids(session, {row.department_id for row, _f in found})
    }
    by_home: dict[UUID, list[tuple[Assignment, AssignmentStatus]]] = {}
    for row, fact in found:
        by_home.setdefault(row.department_id, []).append((row, fact))
    items = [_row(homes[home].name, homes[home].code, rows, late) for home, rows in by_home.items()]
    items.sort(key=lambda each: (-each.silent, -each.overdue, each.code))
    named = {each.code for each in homes.values() if may_be_reprimanded(each)}
    gaps = _gaps(session, subject, like)
    return BoardRead(
        items=items,
        compiled=Share(
            numerator=sum(each.registered for each in items),
            denominator=sum(each.claimed + each.partly for each in items),
        ),
        attached=Share(
            numerator=sum(each.with_data for each in items),
            denominator=sum(each.published for each in items),
        ),
        silent=[each.department for each in items if each.silent and each.code in named],
        gaps=gaps[:_NAMED],
        gap_count=len(gaps),
    )


def board_file(board: BoardRead, kind: FileKind) -> IO[bytes]:
    """The same as a file."""
    rows: list[Sequence[Cell]] = [tuple(each.model_dump().values()) for each in board.items]
    return table_file(kind, _("Claim and fill"), _COLUMNS, rows)


def drawn(items: Sequence[BoardRow]) -> list[Bar]:
    """One bar a department: with data, published, registered, claimed, answered otherwise, open."""
    most = max((each.assigned for each in items), default=0)
    return [_bar(each, place, most) for place, each in enumerate(items)]


def _bar(row: BoardRow, place: int, most: int) -> Bar:
    held = row.claimed + row.partly
    parts = (
        (row.with_data, "1"),
        (row.published - row.with_data, "0.75"),
        (row.registered - row.published, "0.5"),
        (held - row.registered, "0.3"),
        (row.refused, "0.12"),
        (row.open + row.silent, "0"),
    )
    pieces, x = [], 0
    for count, ink in parts:
        width = round(count * (_WIDTH - 4) / most) if most else 0
        if width:
            pieces.append((x + 2, width, ink))
            x += width
    hint = f"{row.with_data} / {row.published} / {row.registered} / {held} / {row.assigned}"
    return Bar(row.department[:20], hint, place * _ROW, pieces)


def _row(
    name: str,
    code: str,
    rows: Sequence[tuple[Assignment, AssignmentStatus]],
    late: Mapping[str, int],
) -> BoardRow:
    facts = Counter(fact for _row, fact in rows)
    partly = sum(row.part != "" for row, fact in rows if fact in HELD)
    held = sum(facts[each] for each in HELD)
    reached = [sum(facts[each] for each in STAGES[place:]) for place in range(len(STAGES))]
    return BoardRow(
        department=name,
        code=code,
        assigned=len(rows),
        claimed=held - partly,
        partly=partly,
        refused=facts[_S.REFUSED] + facts[_S.ACCEPTED],
        open=facts[_S.OPEN],
        silent=facts[_S.UNANSWERED] + facts[_S.LAPSED],
        registered=reached[1],
        published=reached[2],
        with_data=reached[3],
        overdue=sum(bool(late.get(row.assignment_no)) for row, _fact in rows),
    )


def _gaps(session: Session, subject: Subject, like: WantedAssignments) -> list[str]:
    """The lines that nobody holds, of the templates that are looked at."""
    known = templates.choices(session, subject)
    ids = {each.id for each in known if like.template.upper() in ("", each.template_no)}
    return [
        f"{template.template_no}#{line.position} {line.title}"
        for template, line in templates.gaps(session, ids)
    ]
