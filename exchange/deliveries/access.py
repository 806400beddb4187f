"""From the address to the delivery."""

from typing import Annotated

from fastapi import Path

from auth.guard import Authorized, may, may_list
from exchange.deliveries import repository
from exchange.deliveries.models import Delivery
from policies.actions import Action
from shuqiao.db import ReadSessionDep
from shuqiao.errors import NotFound
from shuqiao.subject import Subject

DeliveryNo = Annotated[
    str, Path(max_length=20, description="Public number, for example DL-2026-000123")
]


def to_read(no: DeliveryNo, session: ReadSessionDep) -> Delivery:
    found = repository.by_no(session, no)
    if found is None:
        raise NotFound
    return found


#: Whoever lists deliveries.
DeliveryReader = Annotated[Subject, may_list(Action.DELIVERY_READ)]
ReadableDelivery = Annotated[Authorized[Delivery], may(Action.DELIVERY_READ, to_read)]
