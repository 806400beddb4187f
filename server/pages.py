"""The pages: one list of routers, in the order of the doors."""

from fastapi import APIRouter, Depends

import auth.pages
import catalog.publication.pages
import exchange.approvals.pages
import exchange.deliveries.pages
import exchange.grants.pages
import exchange.requests.pages
import server.desk_pages
import server.home_pages
import server.job_pages
import server.trail_pages
from server.badge import count_todos

router = APIRouter(include_in_schema=False, dependencies=[Depends(count_todos)])
for stage in (
    server.home_pages,
    auth.pages,
    catalog.publication.pages,
    exchange.requests.pages,
    exchange.approvals.pages,
    exchange.grants.pages,
    exchange.deliveries.pages,
    server.desk_pages,
    server.job_pages,
    server.trail_pages,
):
    router.include_router(stage.router)
