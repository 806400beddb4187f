"""Table of how often somebody was refused of late."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from shuqiao.clock import now
from shuqiao.db import Table, Timestamp


class DenialTally(Table, table=True):
    """Refusals of one account from one address since ``since``; see ``auth.denials.service``."""

    __tablename__ = "denial_tally"
    __unaudited__: ClassVar[bool] = True

    user_id: UUID = Field(foreign_key="app_user.id", primary_key=True)
    address: str = Field(primary_key=True, max_length=45)
    #: Whether they were about what the account may not know of.
    is_strange: bool = Field(primary_key=True)
    since: datetime = Field(default_factory=now, sa_type=Timestamp)
    last_at: datetime = Field(default_factory=now, sa_type=Timestamp, index=True)
    tries: int = 1
