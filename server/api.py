"""The HTTP API: one list of routers in the order of the way of the data.

Each is the application's own: in a router of routers every address is looked up once a floor.
"""

from typing import Final

import auth.administration.endpoints.accounts
import auth.organisation.endpoints.areas
import auth.organisation.endpoints.departments
import auth.organisation.endpoints.duties
import auth.organisation.endpoints.reorganisations
import auth.profile.endpoints.profile
import auth.profile.endpoints.tokens
import auth.seats.endpoints
import auth.sign_in.endpoints
import auth.succession.endpoints
import catalog.assignments.endpoints.assignments
import catalog.assignments.endpoints.templates
import catalog.attachments.endpoints.files
import catalog.attachments.endpoints.tables
import catalog.collection.endpoints.checks
import catalog.collection.endpoints.repeats
import catalog.conflicts.endpoints
import catalog.conformity.endpoints
import catalog.connections.endpoints
import catalog.copies.endpoints
import catalog.demand.endpoints.answers
import catalog.demand.endpoints.cases
import catalog.domains.endpoints
import catalog.duplicates.endpoints.bindings
import catalog.duplicates.endpoints.suspicions
import catalog.editions.endpoints
import catalog.elements.endpoints
import catalog.lists.endpoints.reading
import catalog.lists.endpoints.sheets
import catalog.negative.endpoints
import catalog.proposals.endpoints
import catalog.publication.endpoints
import catalog.registration.endpoints
import catalog.search.endpoints
import catalog.sources.endpoints
import catalog.systems.endpoints.census
import catalog.systems.endpoints.register
import catalog.updates.endpoints.board
import catalog.updates.endpoints.causes
import catalog.updates.endpoints.changes
import exchange.approvals.endpoints
import exchange.consultations.endpoints
import exchange.deliveries.endpoints.deliveries
import exchange.grants.endpoints
import exchange.requests.endpoints
import server.calendars.endpoints
import server.desk.endpoints
import server.jobs.endpoints
import server.overdue.endpoints
import server.storage.endpoints
import server.trail.endpoints

STAGES: Final = (
    auth.sign_in.endpoints,
    auth.profile.endpoints.tokens,
    auth.profile.endpoints.profile,
    auth.organisation.endpoints.departments,
    auth.organisation.endpoints.duties,
    auth.organisation.endpoints.reorganisations,
    auth.succession.endpoints,
    auth.organisation.endpoints.areas,
    auth.administration.endpoints.accounts,
    auth.seats.endpoints,
    catalog.domains.endpoints,
    catalog.elements.endpoints,
    catalog.proposals.endpoints,
    catalog.systems.endpoints.census,  # before /systems/{no}: "census" is no number
    catalog.duplicates.endpoints.bindings,
    catalog.duplicates.endpoints.suspicions,
    catalog.systems.endpoints.register,
    catalog.connections.endpoints,
    catalog.registration.endpoints,
    catalog.attachments.endpoints.files,
    catalog.attachments.endpoints.tables,
    catalog.copies.endpoints,
    catalog.editions.endpoints,
    catalog.conformity.endpoints,
    catalog.publication.endpoints,
    catalog.sources.endpoints,
    catalog.conflicts.endpoints,
    catalog.negative.endpoints,
    catalog.updates.endpoints.board,
    catalog.updates.endpoints.causes,
    catalog.updates.endpoints.changes,
    catalog.search.endpoints,
    catalog.collection.endpoints.checks,
    catalog.collection.endpoints.repeats,
    catalog.demand.endpoints.cases,
    catalog.demand.endpoints.answers,
    catalog.assignments.endpoints.templates,
    catalog.assignments.endpoints.assignments,
    catalog.lists.endpoints.sheets,
    catalog.lists.endpoints.reading,
    exchange.requests.endpoints,
    exchange.approvals.endpoints,
    exchange.grants.endpoints,
    exchange.consultations.endpoints,
    exchange.deliveries.endpoints.deliveries,
    server.desk.endpoints,
    server.calendars.endpoints,
    server.overdue.endpoints,
    server.jobs.endpoints,
    server.storage.endpoints,
    server.trail.endpoints,
)
