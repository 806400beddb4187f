"""The pages: one list of routers, in the order of the doors."""

from fastapi import APIRouter, Depends

import auth.account_pages
import auth.department_pages
import auth.pages
import auth.profile_pages
import catalog.publication.file_pages
import catalog.publication.pages
import catalog.publication.returns
import catalog.publication.review_pages
import catalog.publication.search_pages
import catalog.resources.attachment_pages
import catalog.resources.connection_pages
import catalog.resources.pages
import catalog.resources.section_pages
import exchange.approvals.opening
import exchange.approvals.pages
import exchange.deliveries.pages
import exchange.deliveries.usage
import exchange.grants.pages
import exchange.grants.usage
import exchange.requests.pages
import server.desk_pages
import server.help_pages
import server.home_pages
import server.job_pages
import server.reference.pages
import server.trail_pages
from server.badge import count_todos

exchange.grants.usage.read_from(exchange.deliveries.usage.of_grants)

router = APIRouter(include_in_schema=False, dependencies=[Depends(count_todos)])
for stage in (
    server.home_pages,
    server.help_pages,
    auth.pages,
    auth.profile_pages,
    catalog.publication.search_pages,
    catalog.publication.file_pages,  # before /catalog/{code}: "export" is no code
    catalog.publication.pages,
    catalog.publication.review_pages,
    catalog.resources.pages,
    catalog.resources.attachment_pages,
    catalog.resources.connection_pages,
    catalog.resources.section_pages,
    exchange.requests.pages,
    exchange.approvals.pages,
    exchange.grants.pages,
    exchange.deliveries.pages,
    server.desk_pages,
    server.job_pages,
    server.reference.pages,
    server.trail_pages,
    auth.account_pages,
    auth.department_pages,
):
    router.include_router(stage.router)
