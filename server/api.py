"""The HTTP API: one list of routers in the order of the way of the data."""

from fastapi import APIRouter

import auth.account_endpoints
import auth.endpoints
import auth.profile_endpoints
import catalog.elements.endpoints
import catalog.publication.endpoints
import catalog.resources.connection_endpoints
import catalog.resources.endpoints
import exchange.approvals.endpoints
import exchange.deliveries.endpoints
import exchange.grants.endpoints
import exchange.requests.endpoints
import server.desk
import server.jobs
import server.trail

router = APIRouter()
for stage in (
    auth.endpoints,
    auth.profile_endpoints,
    auth.account_endpoints,
    catalog.elements.endpoints,
    catalog.resources.connection_endpoints,
    catalog.resources.endpoints,
    catalog.publication.endpoints,
    exchange.requests.endpoints,
    exchange.approvals.endpoints,
    exchange.grants.endpoints,
    exchange.deliveries.endpoints,
    server.desk,
    server.jobs,
    server.trail,
):
    router.include_router(stage.router)
