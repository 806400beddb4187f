"""What is overdue, as programs read it."""

from datetime import date

from pydantic import BaseModel

from shuqiao.limits import Basis


class OverdueRead(BaseModel):
    """One limit that is over, and whose turn it is. ``is_breach``: false where a stopped limit of
    law has only passed its uninterrupted date.
    """

    case_no: str
    clock: str
    clock_label: str
    what: str
    turn: str
    department: str
    overdue_since: date
    working_days_late: int | None
    is_breach: bool
    basis: Basis
    basis_label: str
    href: str
