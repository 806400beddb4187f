"""From the address to the demand, and who may file one."""

from typing import Annotated

from fastapi import Path

from auth.guard import Authorized, may, may_at, may_list
from catalog.demand.models import DEMANDS, Demand
from catalog.demand.repository import cases
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound
from shuqiao.subject import Subject

DemandNo = Annotated[
    str, Path(max_length=20, description="Public number, for example DM-2026-000123")
]


def to_read(no: DemandNo, session: ReadSessionDep) -> Demand:
    found = cases.by_no(session, no)
    if found is None:
        raise NotFound
    return found


def to_change(no: DemandNo, session: SessionDep) -> Demand:
    found = cases.by_no(session, no, lock=True)
    if found is None:
        raise NotFound
    return found


def to_merge(no: DemandNo, session: SessionDep) -> Demand:
    """Not locked yet: the two that are merged are locked together, in one order."""
    found = cases.by_no(session, no)
    if found is None:
        raise NotFound
    return found


DemandLister = Annotated[Subject, may_list(Action.DEMAND_READ)]
DemandFiler = Annotated[Subject, may_at(Action.DEMAND_FILE, DEMANDS)]
ReadableDemand = Annotated[Authorized[Demand], may(Action.DEMAND_READ, to_read)]
ClaimableDemand = Annotated[Authorized[Demand], may(Action.DEMAND_CLAIM, to_change)]
AssignableDemand = Annotated[Authorized[Demand], may(Action.DEMAND_ASSIGN, to_change)]
AnswerableDemand = Annotated[Authorized[Demand], may(Action.DEMAND_ANSWER, to_change)]
ContestableDemand = Annotated[Authorized[Demand], may(Action.DEMAND_CONTEST, to_change)]
SettleableDemand = Annotated[Authorized[Demand], may(Action.DEMAND_SETTLE, to_change)]
ClosableDemand = Annotated[Authorized[Demand], may(Action.DEMAND_CLOSE, to_change)]
WithdrawableDemand = Annotated[Authorized[Demand], may(Action.DEMAND_WITHDRAW, to_change)]
MergeableDemand = Annotated[Authorized[Demand], may(Action.DEMAND_MERGE, to_merge)]
