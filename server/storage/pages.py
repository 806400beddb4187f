"""The page of what departments keep on the disk."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from auth.departments.models import Department
from auth.guard import is_allowed
from catalog.attachments.service import rooms
from policies.actions import Action
from server.storage.access import STORAGE, Reader
from server.storage.schemas import StorageUsage
from server.storage.views import usage
from shuqiao.db import ReadSessionDep
from shuqiao.subject import Subject
from shuqiao.web.page import Page
from shuqiao.web.page_router import PageRouter

router = PageRouter()

#: So many are shown, those that keep the most; the command tells all of them.
SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class StoragePage(Page):
    """Departments, those that keep the most first."""

    template = "storage/list.html"
    usage: StorageUsage


@router.page("/storage")
def index(subject: Reader, session: ReadSessionDep) -> StoragePage:
    """What each department keeps, of what it may, and what is left of the disk."""
    return StoragePage(usage(session, SHOWN))


def of_department(
    session: Session, subject: Subject, department: Department
) -> Mapping[str, Any] | None:
    """A card on the page of a department, for whoever may read it."""
    if not is_allowed(subject, Action.STORAGE_READ, STORAGE):
        return None
    may_set = is_allowed(subject, Action.DEPARTMENT_SET_QUOTA, department)
    return {
        "held": rooms.of_department(session, department),
        "may_set": may_set and department.ended_on is None,
    }
