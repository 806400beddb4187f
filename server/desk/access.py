"""Who has a desk."""

from typing import Annotated, Final

from fastapi import Request

from auth.guard import Place, is_allowed, may_at
from auth.identify import MaybeSubjectDep
from policies.actions import Action
from shuqiao.db import reading
from shuqiao.desk import todos
from shuqiao.subject import Subject

DESK = Place("Desk", "desk")


Reader = Annotated[Subject, may_at(Action.TODO_READ, DESK)]


ANONYMOUS: Final = "anonymous"


def count_todos(request: Request, subject: MaybeSubjectDep) -> None:
    """Dependency of all pages: fills ``request.state.todo_count``; its
    short session is closed when it returns.
    """
    if subject.auth == ANONYMOUS or not is_allowed(subject, Action.TODO_READ, DESK):
        return
    with reading() as session:
        request.state.todo_count = todos.count_for(session, subject)
