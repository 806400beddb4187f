"""From the address to the delivery."""

from typing import Annotated

from fastapi import Path

from exchange.deliveries import repository
from exchange.deliveries.models import Delivery
from shuqiao.db import ReadSessionDep
from shuqiao.errors import NotFound

DeliveryNo = Annotated[
    str, Path(max_length=20, description="Public number, for example DL-2026-000123")
]


def _delivery(no: DeliveryNo, session: ReadSessionDep) -> Delivery:
    found = repository.by_no(session, no)
    if found is None:
        raise NotFound
    return found
