"""What goes in and out of the trail's routes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Final

from pydantic import BaseModel, Field

from audit.queries import TrailFilter
from exchange.deliveries.words import DeliveryStatus, EndReason
from shuqiao.texts import Strict, example

LONGEST: Final = 500
#: Words of a query of which it has to be looked up what they name.
NAMES: Final = frozenset({"actor", "resource", "grant", "org"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a line says: ``chosen`` as far as it needs no looking up, ``names`` for the rest, by
    key; what fits one of ``without`` is left out.
    """

    chosen: TrailFilter = field(default_factory=TrailFilter)
    names: Mapping[str, str] = field(default_factory=dict)
    without: Sequence["Asked"] = ()


class AuditExportCreate(Strict):
    """Which events to take out; nothing: the whole trail, which alone
    can be checked for gaps at the ends.
    """

    model_config = example()

    action: Annotated[str, Field(max_length=120)] = ""
    actor: Annotated[str, Field(max_length=120)] = ""
    result: Annotated[str, Field(max_length=120)] = ""
    stream: Annotated[str, Field(max_length=120)] = ""
    object: Annotated[str, Field(max_length=120)] = ""
    resource: Annotated[str, Field(max_length=120)] = ""
    grant: Annotated[str, Field(max_length=120)] = ""
    org: Annotated[str, Field(max_length=120)] = ""
    ip: Annotated[str, Field(max_length=120)] = ""
    columns: Annotated[str, Field(max_length=120)] = ""
    since: Annotated[str, Field(max_length=120, alias="from")] = ""
    until: Annotated[str, Field(max_length=120, alias="to")] = ""
    without: Annotated[str, Field(max_length=LONGEST)] = ""


class ReceivedRead(BaseModel):
    """Who received which columns of a data resource, when, and how many rows: ``rows`` were handed
    over at most, None where nobody knows. ``status`` and ``end_reason`` say how it ended.
    """

    delivery_no: str
    grant_no: str
    account: str
    person: str
    consumer: str
    columns: list[str]
    rows: int | None
    bytes: int | None
    face: str
    edition: int | None
    status: DeliveryStatus
    end_reason: EndReason | None
    started_at: datetime
