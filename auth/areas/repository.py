"""Every SQL statement about areas."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, literal, or_, text
from sqlalchemy import select as select_rows
from sqlalchemy.dialects.postgresql import INT4RANGE
from sqlmodel import Session, col, select

from auth.areas.models import Area
from auth.areas.schemas import WantedAreas
from auth.areas.words import NATION, AreaKind, span_of
from shuqiao.db import column
from shuqiao.web.paging import PageRequest


def by_code(session: Session, code: str, *, lock: bool = False) -> Area | None:
    return session.get(Area, code, with_for_update=lock)


def of_codes(session: Session, codes: Collection[str]) -> Mapping[str, Area]:
    """The areas that exist of ``codes``, by code."""
    found = session.exec(select(Area).where(col(Area.code).in_(codes))).all()
    return {area.code: area for area in found}


def everything(session: Session) -> Sequence[Area]:
    """All areas by code; a county table of the whole country has 3,200."""
    return session.exec(select(Area).order_by(col(Area.code))).all()


def page(
    session: Session, wanted: WantedAreas, asked: PageRequest
) -> tuple[list[Area], str | None]:
    """One page of areas by code, and the cursor of the next."""
    fitting: Any = select_rows(Area).where(*_fitting(wanted))
    rows = session.execute(asked.keyset(fitting, column(Area.code))).all()
    kept, following = asked.cut(rows, lambda row: (row[0].code,))
    return [area for (area,) in kept], following


def below(session: Session, parent: str) -> Sequence[Area]:
    """What lies directly below an area, by code."""
    query = select(Area).where(Area.parent_code == parent).order_by(col(Area.code))
    return session.exec(query).all()


def functional(session: Session) -> Sequence[Area]:
    """All functional areas, by code."""
    query = select(Area).where(Area.kind == AreaKind.FUNCTIONAL).order_by(col(Area.code))
    return session.exec(query).all()


def found(session: Session, words: str, limit: int = 50) -> Sequence[Area]:
    """The first areas that bear all ``words``, by code."""
    query = select(Area).where(*_fitting(WantedAreas(words))).order_by(col(Area.code))
    return session.exec(query.limit(limit)).all()


def used(session: Session) -> Sequence[Area]:
    """The provinces and cities in which departments are, by code."""
    inside = "SELECT FROM department JOIN area AS own ON own.code = area_code"
    query = select(Area).where(
        text("right(area.code, 2) = '00' AND EXISTS (" + inside + " WHERE area.span @> own.span)")
    )
    return session.exec(query.order_by(col(Area.code))).all()


def count(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Area)).one()


def within(code: str) -> ColumnElement[bool]:
    """Whether an area lies in the range of another one, itself included."""
    span = span_of(code)
    return column(Area.span).op("<@", is_comparison=True)(
        literal(f"[{span.start},{span.stop})", INT4RANGE)
    )


def _fitting(wanted: WantedAreas) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = [
        or_(
            col(Area.name).icontains(word, autoescape=True),
            col(Area.code).startswith(word, autoescape=True),
        )
        for word in wanted.words.split()[:5]
    ]
    if wanted.within and wanted.within != NATION:
        clauses.append(within(wanted.within))
    if wanted.parent:
        clauses.append(col(Area.parent_code) == wanted.parent)
    if wanted.kind is not None:
        clauses.append(col(Area.kind) == wanted.kind)
    return clauses
