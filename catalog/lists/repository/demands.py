"""Demands as the demand list has them, as of a moment."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sql
from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from auth.accounts.models import AppUser
from auth.departments.models import Department
from catalog.demand.models import Demand, DemandItem
from catalog.demand.repository.cases import visible_to
from catalog.demand.words import DemandStatus
from catalog.lists.models import DemandState
from catalog.lists.repository.lines import CHUNK, Wanted, of_department
from catalog.resources.models import DataResource
from catalog.resources.repository import read_code
from shuqiao.db import column
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

#: These wait for nobody under their own number.
_GONE: Final = (DemandStatus.MERGED, DemandStatus.WITHDRAWN)
_PROVIDER: Final = aliased(Department)
_ANSWERER: Final = aliased(AppUser)


class DemandRow(NamedTuple):
    """A demand with where it stood then."""

    demand: Demand
    department: Department
    status: DemandStatus
    provider: str | None
    resource: str | None
    filer: str
    answerer: str | None


def page(
    session: Session, subject: Subject, wanted: Wanted, asked: PageRequest
) -> tuple[list[DemandRow], str | None]:
    """One page of the list, by number."""
    query = asked.keyset(_statement(subject, wanted), column(Demand.demand_no))
    rows = [DemandRow(*row) for row in session.execute(query)]
    kept, following = asked.cut(rows, lambda row: (row.demand.demand_no,))
    return list(kept), following


def everything(session: Session, subject: Subject, wanted: Wanted) -> Iterator[list[DemandRow]]:
    """All lines in the order of the list, a thousand at a time."""
    asked = PageRequest(limit=CHUNK)
    while True:
        query = asked.keyset(_statement(subject, wanted), column(Demand.demand_no))
        rows = [DemandRow(*row) for row in session.execute(query)]
        yield rows[:CHUNK]
        if len(rows) <= CHUNK:
            return
        asked = PageRequest(limit=CHUNK, after=(rows[CHUNK - 1].demand.demand_no,))


def count(session: Session, subject: Subject, wanted: Wanted) -> int:
    """How many lines the list has."""
    lines = _statement(subject, wanted).with_only_columns(col(Demand.id)).subquery()
    return int(session.execute(sql.select(func.count()).select_from(lines)).scalar_one())


def items_of(session: Session, demand_ids: Collection[UUID]) -> Mapping[UUID, list[str]]:
    """What each asks for, in its order."""
    query = (
        sql.select(col(DemandItem.demand_id), col(DemandItem.name))
        .where(col(DemandItem.demand_id).in_(demand_ids))
        .order_by(col(DemandItem.position))
    )
    found: dict[UUID, list[str]] = {}
    for demand_id, name in session.execute(query):
        found.setdefault(demand_id, []).append(name)
    return found


def _statement(subject: Subject, wanted: Wanted) -> Any:
    of_demand = sql.select(DemandState).where(
        col(DemandState.demand_id) == col(Demand.id), col(DemandState.at) <= wanted.at
    )
    latest = of_demand.order_by(
        col(DemandState.at).desc(), col(DemandState.transaction).desc()
    ).limit(1)
    state = aliased(DemandState, latest.lateral("state"))
    query = (
        sql.select(
            Demand,
            Department,
            column(state.status),
            column(_PROVIDER.name),
            col(DataResource.code),
            col(AppUser.name),
            column(_ANSWERER.name),
        )
        .select_from(Demand)
        .join(state, sql.true())
        .join(Department, col(Department.id) == col(Demand.consumer_id))
        .join(AppUser, col(AppUser.id) == col(Demand.filer_id))
        .outerjoin(_ANSWERER, column(_ANSWERER.id) == col(Demand.answerer_id))
        .outerjoin(_PROVIDER, column(_PROVIDER.id) == column(state.provider_id))
        .outerjoin(DataResource, col(DataResource.id) == column(state.resource_id))
        .where(
            visible_to(subject),
            col(Demand.filed_at) <= wanted.at,
            column(state.status).not_in(_GONE),
            *of_department(wanted.scope),
        )
    )
    if wanted.scope.code:
        query = query.where(col(DataResource.code) == (read_code(wanted.scope.code) or ""))
    return query
