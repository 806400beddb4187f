"""Lines of the demand list."""

from collections.abc import Iterator, Mapping, Sequence

from sqlmodel import Session

from catalog.demand.models import Demand
from catalog.lists.repository import demands
from catalog.lists.repository.demands import DemandRow
from catalog.lists.repository.lines import Wanted
from catalog.lists.schemas import DemandLine
from catalog.resources.words import ShareWay, UpdateCycle
from shuqiao.clock import day_of
from shuqiao.desk import clocks
from shuqiao.desk.due import title_of
from shuqiao.desk.models import CaseClock
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest
from shuqiao.words import as_word


def page(
    session: Session, subject: Subject, wanted: Wanted, asked: PageRequest
) -> tuple[list[DemandLine], str | None]:
    """One page of the list."""
    rows, following = demands.page(session, subject, wanted, asked)
    return list(_read(session, rows)), following


def everything(session: Session, subject: Subject, wanted: Wanted) -> Iterator[DemandLine]:
    """All lines; never capped."""
    for rows in demands.everything(session, subject, wanted):
        yield from _read(session, rows)


def _read(session: Session, rows: Sequence[DemandRow]) -> Iterator[DemandLine]:
    items = demands.items_of(session, [row.demand.id for row in rows])
    running = clocks.clocks_of_all(session, {row.demand.demand_no for row in rows})
    for row in rows:
        yield _line(row, items.get(row.demand.id, []), running)


def _line(
    row: DemandRow, items: list[str], running: Mapping[str, Sequence[CaseClock]]
) -> DemandLine:
    demand = row.demand
    return DemandLine(
        department=row.department.name,
        department_code=row.department.code,
        code=demand.demand_no,
        title=demand.title,
        items=items,
        provider=row.provider or "",
        basis=_basis(demand),
        matter=" ".join(filter(None, (demand.matter, demand.scenario))),
        range=demand.scope,
        share_way=as_word(ShareWay)(demand.share_way),
        until=demand.until,
        update_cycle=as_word(UpdateCycle)(demand.update_cycle),
        resource=row.resource or "",
        state=row.status.value,
        state_label=str(row.status.label),
        tone=row.status.tone,
        limits="；".join(_limit(each) for each in running.get(demand.demand_no, ())),
        person="、".join(filter(None, (row.filer, row.answerer))),
        voices=len(demand.voice_ids),
        filed_on=day_of(demand.filed_at),
    )


def _basis(demand: Demand) -> str:
    told = (str(demand.basis_kind.label), demand.basis_document, demand.basis_article)
    return " ".join(filter(None, (*told, demand.duty_no)))


def _limit(clock: CaseClock) -> str:
    return f"{title_of(clock.kind)} {clock.due_on or '—'}"
