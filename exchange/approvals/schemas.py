"""What goes in and out of the decision routes."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from audit.schemas import EventReceipt
from catalog.resources.words import WithheldKind
from exchange.requests.schemas import SAMPLE_ITEMS, RequestRead
from shuqiao.texts import Strict, TextRule, example


class Provision(Strict):
    """The provision that forbids sharing: kind and name of the instrument, article, wording."""

    kind: WithheldKind
    name: Annotated[str, TextRule(200)]
    article: Annotated[str, TextRule(100)]
    wording: Annotated[str, TextRule(1000, multiline=True)]


class Suspension(Strict):
    """The decision that suspended the consumer's access (Order 809, Art. 27)."""

    number: Annotated[str, TextRule(100)]
    decided_on: date


class ItemReply(Strict):
    """The answer about one item. A refusal names a coded reason of ``policies/refusals.toml``."""

    item_id: UUID
    outcome: Literal["granted", "refused"]
    #: ``{"kind": "keep_prefix", …}`` of ``docs/protocol.md``; nothing: the value as it is.
    mask: dict[str, Any] | None = None
    reason: Annotated[str, Field(max_length=60)] = ""
    remark: Annotated[str, TextRule(500, shortest=0, multiline=True)] = ""
    #: What single reasons ask for beside it (``checks.grounds``). The department by its code.
    provision: Provision | None = None
    department: Annotated[str, TextRule(18, shortest=0, code=True)] = ""
    suspension: Suspension | None = None


class Reply(Strict):
    """A prepared reply: every requested item answered once, rows perhaps limited, the term perhaps
    shortened.
    """

    model_config = example(
        items=[{"item_id": each, "outcome": "granted"} for each in SAMPLE_ITEMS], remark="同意"
    )

    items: Annotated[list[ItemReply], Field(min_length=1, max_length=500)]
    #: Typed filter tree of ``docs/protocol.md``; nothing: all rows.
    row_filter: dict[str, Any] | None = None
    valid_until: date | None = None
    #: Later editions of the data too, or only the current one; nothing: by the entry's cycle.
    follows_editions: bool | None = None
    remark: Annotated[str, TextRule(1000, shortest=0, multiline=True)] = ""


class Release(Strict):
    """The word of the provider's sharing head: let the reply out, or
    send it back to the approver.
    """

    model_config = example(outcome="released")

    outcome: Literal["released", "sent_back"]
    remark: Annotated[str, TextRule(1000, shortest=0, multiline=True)] = ""


class StepRead(BaseModel):
    """One step of the decision."""

    kind: str
    actor: str
    at: datetime
    remark: str
    reply: dict[str, Any] | None


class Decided(RequestRead, EventReceipt):
    """A request after a step of its decision; ``grant_no`` when a grant was issued."""

    steps: list[StepRead]
    grant_no: str | None
