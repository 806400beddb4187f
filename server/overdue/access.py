"""Who reads what is overdue."""

from typing import Annotated

from auth.guard import may_at
from policies.actions import Action
from server.desk.access import DESK
from shuqiao.subject import Subject

Reader = Annotated[Subject, may_at(Action.OVERDUE_READ, DESK)]
