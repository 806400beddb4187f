"""The pages: one list of routers, in the order of the doors."""

from typing import Final

from fastapi import Depends

import auth.administration.pages.accounts
import auth.administration.pages.departments
import auth.organisation.pages.areas
import auth.organisation.pages.departments
import auth.organisation.pages.describing
import auth.organisation.pages.reorganisations
import auth.profile.pages.profile
import auth.profile.pages.tokens
import auth.seats.pages
import auth.sign_in.pages
import auth.succession.pages
import catalog.assignments.pages.assignments
import catalog.assignments.pages.files
import catalog.assignments.pages.templates
import catalog.collection.pages.checks
import catalog.collection.pages.repeats
import catalog.conflicts.pages
import catalog.conformity.pages
import catalog.copies.pages
import catalog.demand.pages.answers
import catalog.demand.pages.cases
import catalog.demand.pages.files
import catalog.domains.pages
import catalog.duplicates.pages.bindings
import catalog.duplicates.pages.files
import catalog.duplicates.pages.suspicions
import catalog.editions.pages
import catalog.elements.pages.elements
import catalog.elements.pages.files
import catalog.elements.pages.imports
import catalog.lists.pages.files
import catalog.lists.pages.reading
import catalog.lists.pages.sheets
import catalog.negative.pages
import catalog.proposals.pages
import catalog.publication.pages.entries
import catalog.publication.pages.files
import catalog.publication.pages.reviews
import catalog.publication.pages.self_reviews
import catalog.publication.pages.takedowns
import catalog.registration.pages.connections
import catalog.registration.pages.data
import catalog.registration.pages.drafts
import catalog.registration.pages.entries
import catalog.registration.pages.sections
import catalog.search.pages.files
import catalog.search.pages.search
import catalog.sources.pages.claims
import catalog.sources.pages.files
import catalog.systems.pages.census
import catalog.systems.pages.coverage
import catalog.systems.pages.files
import catalog.systems.pages.register
import catalog.updates.pages.board
import catalog.updates.pages.causes
import catalog.updates.pages.changes
import catalog.updates.pages.files
import exchange.approvals.pages.decisions
import exchange.consultations.pages
import exchange.deliveries.pages.downloads
import exchange.deliveries.pages.reading
import exchange.grants.pages
import exchange.requests.pages.following
import server.calendars.pages
import server.desk.pages
import server.help.pages
import server.home.pages
import server.jobs.pages
import server.overdue.pages.files
import server.overdue.pages.listed
import server.reference.pages
import server.storage.pages
import server.trail.pages
from server.desk.access import count_todos
from server.wiring import wire

wire()

#: On every page: the number of things to do beside the desk's door.
ON_EVERY_PAGE: Final = (Depends(count_todos),)
STAGES: Final = (
    server.home.pages,
    server.help.pages,
    auth.sign_in.pages,
    auth.profile.pages.profile,
    auth.profile.pages.tokens,
    catalog.domains.pages,
    catalog.elements.pages.files,  # before /elements/{identifier}: "export" is none
    catalog.elements.pages.imports,  # "import" neither
    catalog.proposals.pages,  # "new" neither
    catalog.elements.pages.elements,
    catalog.search.pages.files,
    catalog.search.pages.search,
    catalog.collection.pages.checks,
    catalog.collection.pages.repeats,
    catalog.demand.pages.files,
    catalog.demand.pages.cases,
    catalog.demand.pages.answers,
    catalog.assignments.pages.files,  # before /assignments/{no}: "export" is no number
    catalog.assignments.pages.templates,
    catalog.assignments.pages.assignments,
    catalog.lists.pages.files,
    catalog.lists.pages.sheets,
    catalog.lists.pages.reading,
    catalog.publication.pages.files,  # before /catalog/{code}: "export" is no code
    catalog.publication.pages.entries,
    catalog.publication.pages.reviews,
    catalog.publication.pages.takedowns,
    catalog.copies.pages,
    catalog.sources.pages.claims,
    catalog.sources.pages.files,
    catalog.updates.pages.board,
    catalog.updates.pages.causes,
    catalog.updates.pages.changes,
    catalog.updates.pages.files,
    catalog.publication.pages.self_reviews,
    catalog.systems.pages.census,  # before /systems/{no}: "census" is no number
    catalog.systems.pages.coverage,
    catalog.systems.pages.files,
    catalog.duplicates.pages.bindings,
    catalog.duplicates.pages.files,
    catalog.duplicates.pages.suspicions,
    catalog.systems.pages.register,
    catalog.registration.pages.entries,
    catalog.editions.pages,
    catalog.conformity.pages,
    catalog.conflicts.pages,
    catalog.negative.pages,
    catalog.registration.pages.data,
    catalog.registration.pages.connections,
    catalog.registration.pages.sections,
    exchange.requests.pages.following,
    catalog.registration.pages.drafts,
    exchange.approvals.pages.decisions,
    exchange.grants.pages,
    exchange.consultations.pages,
    exchange.deliveries.pages.downloads,
    exchange.deliveries.pages.reading,
    server.desk.pages,
    server.overdue.pages.files,
    server.overdue.pages.listed,
    server.calendars.pages,
    server.jobs.pages,
    server.storage.pages,
    server.reference.pages,
    server.trail.pages,
    auth.seats.pages,
    auth.administration.pages.accounts,
    auth.administration.pages.departments,
    auth.organisation.pages.departments,
    auth.organisation.pages.describing,
    auth.organisation.pages.reorganisations,
    auth.succession.pages,
    auth.organisation.pages.areas,
)
