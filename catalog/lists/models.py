"""Tables of the versions of the lists, and of where demands stood when."""

from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from auth.guard import Place
from catalog.demand.words import DemandStatus
from catalog.lists.words import Cause, ListKind
from shuqiao.db import Table, Timestamp, choice

LISTS: Final = Place("Lists", "lists")


class ListVersion(Table, table=True):
    """A version of one list of one department: that it changed, when and why.

    The database writes it in the transaction of the change (a publication, a taking-down, a step of
    a negative entry or of a demand, a source named or ended, data that came or ended), and nobody
    else can. What the list said is not kept here: it
    is read from what was published then.
    """

    __tablename__ = "list_version"
    # never without its cause, and that has its event
    __unaudited__: ClassVar[bool] = True
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        UniqueConstraint("kind", "department_id", "transaction"),
        Index("list_version_at_idx", "at"),
    )

    kind: ListKind = Field(sa_type=choice(ListKind, "kind"), primary_key=True)
    department_id: UUID = Field(foreign_key="department.id", primary_key=True)
    #: 1, 2 … of this list of this department.
    number: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Timestamp)
    cause: Cause = Field(sa_type=choice(Cause, "cause"))
    #: What caused it: a resource code, the number of a negative entry or of a demand.
    reference: str = Field(max_length=40)
    #: Of a publication: which version of the entry.
    published_version: int | None = None
    #: The event of the cause in the trail; None of what was published before versions were kept.
    event_id: UUID | None = None
    #: One transaction makes one version of a list.
    transaction: int = Field(sa_type=BigInteger)


class DemandState(Table, table=True):
    """Where a demand stood from a moment on, as the database wrote it down beside the step."""

    __tablename__ = "demand_state"
    # never without a step of the demand, and that has its event
    __unaudited__: ClassVar[bool] = True

    demand_id: UUID = Field(foreign_key="demand.id", primary_key=True)
    #: One transaction leaves one state.
    transaction: int = Field(sa_type=BigInteger, primary_key=True)
    at: datetime = Field(sa_type=Timestamp)
    status: DemandStatus = Field(sa_type=choice(DemandStatus, "status"))
    provider_id: UUID | None = Field(default=None, foreign_key="department.id")
    resource_id: UUID | None = Field(default=None, foreign_key="data_resource.id")
