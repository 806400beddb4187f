"""Changes of seats as they are proposed, decided and read."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from audit.schemas import EventReceipt
from auth.administration.schemas import RoleList
from auth.roles import Role
from auth.seats.words import SeatChangeKind, SeatChangeStatus
from shuqiao.texts import ShortText, Strict, example


class SeatProposal(Strict):
    """What is to be done with the account, and why. ``roles``: all that it is to have;
    ``roles_before``: those that were shown; both only for an assignment of roles.
    """

    model_config = example(
        kind="roles",
        roles=["applicant", "department_head"],
        roles_before=["applicant"],
        reason="任命文件：内教党发〔2026〕5号",
    )

    kind: SeatChangeKind
    reason: ShortText
    roles: RoleList = Field(default_factory=list)
    roles_before: RoleList = Field(default_factory=list)


class SeatRefusal(Strict):
    """Why the second office does not confirm."""

    model_config = example(remark="未见任命文件")

    remark: ShortText


class SeatChangeRead(BaseModel):
    """A change of a seat."""

    seat_no: str
    kind: SeatChangeKind
    kind_label: str
    account: str
    account_name: str
    department: str
    roles: list[Role]
    roles_before: list[Role]
    reason: str
    office: Role
    proposer: str
    proposed_at: datetime
    due_on: Annotated[date | None, Field(description="After this day it lapses")]
    status: SeatChangeStatus
    status_label: str
    decider: str
    decided_office: str
    decided_at: datetime | None
    remark: str
    version: int


class SeatChangeRecorded(SeatChangeRead, EventReceipt):
    """A change of a seat after a step. ``password_half``: of a one-time password the half of
    whoever took the step, shown now and never again; only both halves open the account.
    """

    password_half: str = ""
