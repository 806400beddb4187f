"""On the page of a data element: the published items that follow it."""

from collections.abc import Mapping
from typing import Any, Final

from sqlmodel import Session

from catalog.elements.models import DataElement
from catalog.publication.repository import followers as repository
from shuqiao.subject import Subject

#: So many items are listed; more are counted.
LISTED: Final = 100


def followers(session: Session, subject: Subject, element: DataElement) -> Mapping[str, Any]:
    """Items that follow the element, of the entries that the reader may see, by department."""
    rows = repository.following(session, element.id, subject, limit=LISTED)
    return {"rows": rows, "count": repository.count_following(session, element.id, subject)}
