"""What a department has published, on its page: the newest first, and the way to all of it."""

from collections.abc import Mapping
from typing import Any, Final

from sqlmodel import Session

from auth.departments.models import Department
from catalog.search.repository import hits
from catalog.search.repository.hits import Search
from catalog.search.words import PROVIDER
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

_SHOWN: Final = 8


def published(session: Session, subject: Subject, department: Department) -> Mapping[str, Any]:
    """The newest entries that the reader may see."""
    search = Search.of("", {PROVIDER: [department.id]})
    rows, following = hits.page(session, subject, search, PageRequest(limit=_SHOWN))
    return {"rows": rows, "has_more": following is not None, "code": department.code}
