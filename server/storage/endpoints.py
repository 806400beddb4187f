"""HTTP of what departments keep on the disk."""

from typing import Annotated

from fastapi import APIRouter, Query

from server.storage.access import Reader
from server.storage.schemas import StorageUsage
from server.storage.views import usage
from shuqiao.db import ReadSessionDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["storage"], route_class=StrictRoute)


@router.get("/storage", operation_id="storage_show", summary="What departments keep on the disk")
def storage_show(
    subject: Reader,
    session: ReadSessionDep,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> StorageUsage:
    return usage(session, limit)
