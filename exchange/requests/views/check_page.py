"""Check answers: everything once more before the own sharing head is asked, with the way to change
it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from auth.guard import Authorized
from auth.steps import Step
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.words import ShareWay
from exchange.requests import repository
from exchange.requests.lifecycle import ASK_CONSENT
from exchange.requests.models import ShareRequest
from exchange.requests.schemas import RequestRead
from exchange.requests.views.ahead import Ahead, ahead
from exchange.requests.views.changes import last_return, since_last_asked
from exchange.requests.views.form_page import draft_of, first_like
from exchange.requests.views.request import read_model
from exchange.requests.words import FIELDS, RequestStatus
from shuqiao.changes import Change
from shuqiao.desk.drafts import Kept
from shuqiao.i18n import Message
from shuqiao.web.forms import Form
from shuqiao.web.page import Page


@dataclass(frozen=True, slots=True)
class CheckPage(Page):
    """``kept``: changes that were typed and are not part of what would be handed over. ``first``:
    the request that stands in the way, for the same purpose.
    """

    template = "requests/check.html"
    form: Form
    step: Step[RequestStatus]
    items: Sequence[ResourceItem]
    resource: DataResource
    shown: RequestRead
    labels: Mapping[str, Message]
    answers: Sequence[Mapping[str, Any]]
    ahead: Sequence[Ahead]
    returned: str
    changes: Sequence[Change] | None
    kept: Kept | None
    first: ShareRequest | None


def check_page(session: Session, found: Authorized[ShareRequest], form: Form) -> CheckPage:
    row = found.object
    return CheckPage(
        form=form.gathered("item_ids"),
        step=ASK_CONSENT,
        items=repository.items(session, row),
        resource=repository.resource(session, row.resource_id),
        shown=read_model(session, row),
        labels=FIELDS,
        answers=_answers(row),
        ahead=ahead(session, row),
        returned=last_return(session, row),
        changes=since_last_asked(session, row),
        kept=draft_of(session, found).kept(),
        first=first_like(session, row),
    )


def _answers(row: ShareRequest) -> Sequence[Mapping[str, Any]]:
    """Every answer with the link to the field that changes it; the
    items follow as a table of their own.
    """
    edit_href = f"/requests/{row.request_no}/edit#f-"
    said: Mapping[str, Any] = {
        "basis": row.basis,
        "scenario": row.scenario,
        "scope": row.scope,
        "share_way": ShareWay(row.share_way).label,
        "until": row.until.isoformat(),
    }
    return [
        {"key": FIELDS[name], "value": value, "href": edit_href + name}
        for name, value in said.items()
    ]
