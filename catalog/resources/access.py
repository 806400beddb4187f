"""From the code in an address to the resource: dependencies of routes,
for programs and for pages alike.

A code leads to the entry; to what is worked on it leads by ``in_work``: the working copy, if one is
open and the reader may read it, else the entry. So nobody learns from a refusal that one is open.
"""

from collections.abc import Mapping
from typing import Annotated

from sqlmodel import Session

from auth.guard import Authorized, Place, is_allowed, may, may_list
from auth.identify import SubjectDep
from catalog.resources import repository
from catalog.resources.models import DataResource
from policies.actions import Action
from policies.facts import Fact
from shuqiao.db import ReadSessionDep, SessionDep, reading
from shuqiao.errors import NotFound
from shuqiao.subject import Subject


def by_code(code: str, session: SessionDep) -> DataResource:
    """The entry, locked, for a route that changes it."""
    return _entry(session, code, lock=True)


def seen_by_code(code: str, session: ReadSessionDep) -> DataResource:
    """The entry for a route that reads."""
    return _entry(session, code)


def in_work(code: str, session: SessionDep, subject: SubjectDep) -> DataResource:
    """What is worked on, locked, its entry before it, for a route that changes it."""
    return _in_work(session, subject, code, lock=True)


def seen_in_work(code: str, session: ReadSessionDep, subject: SubjectDep) -> DataResource:
    """What is worked on, for a route that reads."""
    return _in_work(session, subject, code)


def unlocked_in_work(code: str, session: SessionDep, subject: SubjectDep) -> DataResource:
    """The same for a route that writes something beside it, such as a draft of one person."""
    return _in_work(session, subject, code)


def glanced_in_work(code: str, subject: SubjectDep) -> DataResource:
    """What is worked on as it is now, without a session kept open: for
    routes that decode before they change.
    """
    with reading() as session:
        found = _in_work(session, subject, code)
        session.expunge(found)
    return found


def _entry(session: Session, code: str, *, lock: bool = False) -> DataResource:
    found = repository.by_code(session, code, lock=lock)
    if found is None:
        raise NotFound
    return found


def _in_work(session: Session, subject: Subject, code: str, *, lock: bool = False) -> DataResource:
    entry = _entry(session, code, lock=lock)
    copy = repository.working_copy(session, entry, lock=lock) if entry.published_version else None
    if copy is None or not is_allowed(subject, Action.RESOURCE_READ, copy):
        return entry
    return copy


def new_entry(subject: Subject) -> Place:
    """What a registration is decided on.

    Nothing hidden is asked for: as of something everybody may see, so a 403.
    """
    facts = {
        "owner": str(subject.department_id or ""),
        "status": "published",
        "share_type": "unconditional",
    }
    nobody: Mapping[str, Fact] = {"writers": frozenset(), "consenter": ""}
    about = {**facts, **nobody, "has_left": True}
    return Place("DataResource", f"auth:{subject.account}", about)


#: Whoever lists resources, or searches what is published.
ResourceReader = Annotated[Subject, may_list(Action.RESOURCE_READ)]
ReadableResource = Annotated[Authorized[DataResource], may(Action.RESOURCE_READ, seen_by_code)]
ReadableInWork = Annotated[Authorized[DataResource], may(Action.RESOURCE_READ, seen_in_work)]
