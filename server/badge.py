"""The number beside "To do" in the top bar, counted for every page
before the route opens its own session.
"""

from typing import Final

from fastapi import Request

from auth.guard import is_allowed
from auth.identify import MaybeSubjectDep
from policies.actions import Action
from server.desk import DESK
from shuqiao.db import reading
from shuqiao.desk import todos

ANONYMOUS: Final = "anonymous"


def count_todos(request: Request, subject: MaybeSubjectDep) -> None:
    """Dependency of all pages: fills ``request.state.todo_count``; its
    short session is closed when it returns.
    """
    if subject.auth == ANONYMOUS or not is_allowed(subject, Action.TODO_READ, DESK):
        return
    with reading() as session:
        request.state.todo_count = todos.count_for(session, subject)
