"""From the number of an act to its succession, and who names successors."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Path
from sqlmodel import Session

from audit.append import ObjectRef
from auth.departments import repository as departments
from auth.departments.models import Reorganisation
from auth.guard import Authorized, may
from auth.succession import repository
from auth.succession.errors import SuccessionSettled
from auth.succession.models import Succession
from policies.actions import Action
from policies.facts import ResourceFacts
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound

ActNo = Annotated[str, Path(max_length=40, description="Number of the act, as RO-2026-000001")]


@dataclass(frozen=True, slots=True)
class ActSuccession:
    """An act with its succession; without one, nothing was held."""

    act: Reorganisation
    succession: Succession | None

    @property
    def open(self) -> Succession:
        """Raises ``SuccessionSettled``."""
        if self.succession is None:
            raise SuccessionSettled
        return self.succession

    def policy_facts(self) -> ResourceFacts:
        return ResourceFacts("Departments", self.act.act_no, {})

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("Succession", self.act.act_no)

    def audit_stream(self) -> str:
        return self.act.act_no


def act_seen(act_no: ActNo, session: ReadSessionDep) -> ActSuccession:
    return _found(session, act_no)


def act_to_settle(act_no: ActNo, session: SessionDep) -> ActSuccession:
    """The act, its succession locked: rulings follow each other."""
    return _found(session, act_no, lock=True)


def _found(session: Session, act_no: str, *, lock: bool = False) -> ActSuccession:
    act = departments.act_by_no(session, act_no)
    if act is None:
        raise NotFound
    return ActSuccession(act, repository.of_act(session, act_no, lock=lock))


ReadableSuccession = Annotated[Authorized[ActSuccession], may(Action.SUCCESSION_READ, act_seen)]
NameableSuccession = Annotated[
    Authorized[ActSuccession], may(Action.SUCCESSION_NAME, act_to_settle)
]
