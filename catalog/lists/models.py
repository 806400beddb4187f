"""The table of the versions of the lists."""

from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from auth.guard import Place
from catalog.lists.words import Cause, ListKind
from shuqiao.db import Table, Timestamp, choice

LISTS: Final = Place("Lists", "lists")


class ListVersion(Table, table=True):
    """A version of one list of one department: that it changed, when and why.

    The database writes it in the transaction of the change (a publication, a taking-down, a step of
    a negative entry or of a demand), and nobody else can. What the list said is not kept here: it
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
    #: One transaction makes one version of a list.
    transaction: int = Field(sa_type=BigInteger)
