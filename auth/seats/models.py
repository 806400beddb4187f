"""Table of changes of seats."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from audit.append import ObjectRef
from auth.seats.errors import SeatChangeDecided, SeatChangeMoved
from auth.seats.words import SeatChangeKind, SeatChangeStatus
from auth.steps import Step
from policies.facts import ResourceFacts
from shuqiao.clock import now
from shuqiao.db import Table, TextArray, Timestamp, choice
from shuqiao.ids import uuid7

_OFFICES = "('system_admin', 'security_admin', 'audit_admin')"


class SeatChange(Table, table=True):
    """Something by which an account or its seat could be taken over (岗位变更): of three people,
    who proposes it, who decides, whose account it is; by two offices.
    """

    __tablename__ = "seat_change"
    __table_args__ = (
        CheckConstraint(f"office IN {_OFFICES}", name="office"),
        CheckConstraint(
            "decider_id IS DISTINCT FROM proposer_id AND decider_id IS DISTINCT FROM user_id"
            " AND proposer_id <> user_id",
            name="three_people",
        ),
        CheckConstraint(
            "CASE WHEN status IN ('confirmed', 'refused') THEN decider_id IS NOT NULL"
            f" AND decided_office IN {_OFFICES} AND decided_office <> office"
            " ELSE decider_id IS NULL AND decided_office = '' END",
            name="two_offices",
        ),
        Index(
            "seat_change_one_open",
            "user_id",
            "kind",
            unique=True,
            postgresql_where=text("status = 'proposed'"),
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    seat_no: str = Field(max_length=40, unique=True)
    kind: SeatChangeKind = Field(sa_type=choice(SeatChangeKind, "kind"))
    user_id: UUID = Field(foreign_key="app_user.id")
    #: All roles that the account is to have, and those it had; empty for the other kinds.
    roles: list[str] = Field(default_factory=list, sa_type=TextArray)
    roles_before: list[str] = Field(default_factory=list, sa_type=TextArray)
    reason: str = Field(max_length=200)
    #: The administrator's role in which it was proposed.
    office: str = Field(max_length=40)
    proposer_id: UUID = Field(foreign_key="app_user.id")
    proposed_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    status: SeatChangeStatus = Field(
        default=SeatChangeStatus.PROPOSED, sa_type=choice(SeatChangeStatus, "status")
    )
    decider_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    decided_office: str = Field(default="", max_length=40)
    decided_at: datetime | None = Field(default=None, sa_type=Timestamp)
    remark: str = Field(default="", max_length=200)
    version: int = 1

    @property
    def state(self) -> SeatChangeStatus:
        return self.status

    def enter(self, state: SeatChangeStatus) -> None:
        self.status, self.version = state, self.version + 1

    def told(self) -> Mapping[str, Any]:
        return {"no": self.seat_no}

    def not_now(self, step: Step[SeatChangeStatus]) -> SeatChangeDecided:
        return SeatChangeDecided()

    def changed(self) -> SeatChangeMoved:
        return SeatChangeMoved()

    def policy_facts(self) -> ResourceFacts:
        return ResourceFacts(
            "SeatChange",
            self.seat_no,
            {
                "office": self.office,
                "proposer": str(self.proposer_id),
                "person": str(self.user_id),
            },
        )

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("SeatChange", self.seat_no, self.version)

    def audit_stream(self) -> str:
        return self.seat_no
