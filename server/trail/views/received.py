"""Who received which columns of a data resource, how many rows, when: the reviewer's first question
as a table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from server.trail.repository import Received
from server.trail.schemas import ReceivedRead
from server.trail.words.asked import LABELS
from shuqiao.i18n import Message
from shuqiao.web.forms import Form
from shuqiao.web.page import Page


@dataclass(frozen=True, slots=True)
class ReceivedPage(Page):
    """``form``: the data resource and, if wanted, one column. ``rows`` None: nothing is asked."""

    template = "trail/received.html"
    form: Form
    rows: Sequence[ReceivedRead] | None = None
    next_href: str = ""
    is_first: bool = True
    labels: Mapping[str, Message] = field(default_factory=lambda: LABELS)


def received_page(form: Form) -> ReceivedPage:
    """The question, nothing asked yet or refused."""
    return ReceivedPage(form)


def read(found: Received) -> ReceivedRead:
    delivery = found.delivery
    return ReceivedRead(
        delivery_no=delivery.delivery_no,
        grant_no=delivery.grant_no,
        account=found.account,
        person=found.person,
        consumer=found.consumer,
        columns=delivery.columns,
        rows=delivery.rows,
        bytes=delivery.bytes,
        face=delivery.face,
        edition=delivery.edition_no,
        status=delivery.status,
        end_reason=delivery.end_reason,
        started_at=delivery.started_at,
    )
