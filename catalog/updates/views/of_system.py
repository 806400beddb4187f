"""New data of a system without an entry so far, on the system's page, and the way to declare it."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from auth.guard import is_allowed
from auth.roles import Role
from catalog.systems.models import InformationSystem
from catalog.updates.models import CAUSES
from catalog.updates.repository import owed as repository
from policies.actions import Action
from shuqiao.subject import Subject


def panel(
    session: Session, subject: Subject, system: InformationSystem
) -> Mapping[str, Any] | None:
    """Nothing for whoever may neither read nor declare it."""
    owed = [
        each
        for each in repository.data_in(session, system.id)
        if is_allowed(subject, Action.UPDATE_READ, each)
    ]
    is_own = subject.department_id == system.owner_id or subject.has(Role.DATA_ADMIN)
    may_declare = is_own and is_allowed(subject, Action.CAUSE_RECORD, CAUSES)
    if not owed and not may_declare:
        return None
    return {"owed": owed, "may_declare": may_declare, "system_no": system.system_no}
