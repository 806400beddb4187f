"""What a review said when it returned an entry (退回意见), for pages
that know nothing of reviews.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from catalog.resources.words import ReviewStep
from shuqiao.web.slots import Slot


@dataclass(frozen=True, slots=True)
class Returned:
    """The last return of an entry.

    ``entry``: the entry as it was looked at (``ResourceRead`` as JSON).
    """

    step: ReviewStep
    remark: str
    reviewer: str
    at: datetime
    entry: Mapping[str, Any] | None


Teller = Callable[[Session, Iterable[UUID]], Mapping[UUID, Returned]]
#: Reviews belong to a higher stage.
RETURNS: Slot[Teller] = Slot(lambda _session, _resource_ids: {})


def returned(session: Session, resource_ids: Iterable[UUID]) -> Mapping[UUID, Returned]:
    """The last return of each of these resources that was ever returned."""
    return RETURNS.held(session, list(resource_ids))
