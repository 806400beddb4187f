"""A request as it is shown to programs: with what became of its subject since."""

from collections.abc import Sequence

from sqlmodel import Session

from catalog.editions import repository as editions
from exchange.requests import repository
from exchange.requests.models import ShareRequest
from exchange.requests.schemas import DifferenceRead, RequestShown
from exchange.requests.views.changes import of_entry, since_last_asked
from exchange.requests.views.request import read_model
from exchange.requests.words import INSIDE
from shuqiao.changes import Change
from shuqiao.subject import Subject


def shown(session: Session, subject: Subject, request: ShareRequest) -> RequestShown:
    """The request; what changed in its answers is for the department that asks."""
    is_ours = subject.department_id == request.consumer_id
    edition = editions.current(session, request.resource_id)
    asked = since_last_asked(session, request) if is_ours and request.status in INSIDE else None
    return RequestShown(
        **dict(read_model(session, request)),
        latest_version=repository.resource(session, request.resource_id).published_version,
        edition_no=edition.number if edition else None,
        entry_changes=_differences(of_entry(session, request)),
        changes=_differences(asked),
    )


def _differences(changes: Sequence[Change] | None) -> list[DifferenceRead] | None:
    if changes is None:
        return None
    return [
        DifferenceRead(
            field=str(each.where),
            kind=str(each.kind.label),
            before=str(each.before),
            after=str(each.after),
        )
        for each in changes
    ]
