"""Who may read the trail, who may take it out."""

from typing import Annotated, Any

from fastapi import Depends

from auth.guard import Place, authorize
from auth.identify import SubjectDep
from policies.actions import Action
from shuqiao.subject import Subject


def trail_of(subject: Subject) -> Place:
    """The trail as a governed place; what is done to it is recorded in the reader's own stream."""
    return Place("Trail", f"trail:{subject.account}")


def may_of_trail(action: Action) -> Any:
    """Dependency for the trail's routes: gives the subject who may do ``action`` on it."""

    def guard(subject: SubjectDep) -> Subject:
        return authorize(subject, action, trail_of(subject))

    # Read by the test that every route is guarded.
    guard.__guards__ = action  # type: ignore[attr-defined]
    return Depends(guard)


Reader = Annotated[Subject, may_of_trail(Action.TRAIL_READ)]


Exporter = Annotated[Subject, may_of_trail(Action.TRAIL_EXPORT)]
