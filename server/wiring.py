"""Every slot in which a lower stage shows something of a higher one,
filled here and nowhere else.
"""

import re
from pathlib import Path

from auth.departments import service as departments
from auth.identify import is_known
from auth.organisation.views import department as department_page
from auth.succession.service.holdings import HOLDERS
from catalog.assignments.schemas.templates import LINE_PATHS
from catalog.assignments.service import filling
from catalog.attachments.schemas import UPLOAD_PATHS
from catalog.collection.schemas import FIELD_PATHS
from catalog.collection.views.opening import opening as collecting
from catalog.conflicts import service as conflicts
from catalog.conflicts.views import panel as disputed
from catalog.conformity.views.lines import lines_of_editions
from catalog.demand.views.searching import unfound
from catalog.domains.schemas import LIST_PATHS
from catalog.editions import views as editions
from catalog.elements.schemas import LIST_PATHS as ELEMENT_PATHS
from catalog.elements.views import element as element_page
from catalog.elements.views import listing as element_list
from catalog.lists.schemas import SHEET_PATHS
from catalog.lists.service import frequent as most_shared
from catalog.negative.views.screens import panel as struck
from catalog.proposals import checks as proposed
from catalog.proposals.views import of_element as proposals
from catalog.publication.repository import followers as publications
from catalog.publication.views import resource_page
from catalog.publication.views.effects import effect
from catalog.publication.views.followers import followers
from catalog.publication.views.returns import last_returns
from catalog.registration import repository as registrations
from catalog.registration.checks.origins import RECEIVED
from catalog.registration.checks.overlap import DELIVERED
from catalog.registration.views import of_system
from catalog.registration.views.returns import RETURNS
from catalog.resources import service as registering
from catalog.search.views import search_page
from catalog.search.views.of_department import published
from catalog.sources import checks as sources
from catalog.sources import repository as claims_of
from catalog.sources.views import source_page
from catalog.sources.views.reading import names_of_sources
from catalog.systems.views import coverage as systems
from catalog.systems.views import register as system_page
from catalog.updates import service as updating
from catalog.updates.views.changes import panel as updates
from catalog.updates.views.of_system import panel as updates_of_system
from exchange.approvals.views.answers import answers, remarks
from exchange.approvals.views.opening import opening
from exchange.consultations.views import panel as consultations
from exchange.deliveries.views.delivery_page import transfers
from exchange.deliveries.views.downloads import downloads
from exchange.deliveries.views.received import delivered, received
from exchange.deliveries.views.usage import of_entries, of_grants
from exchange.grants import repository as grants
from exchange.grants.views import grant_page
from exchange.grants.views.usage import USAGE
from exchange.requests.checks import GRANTED
from exchange.requests.views import request_page
from server.calendars.schemas import NOTICE_PATHS
from server.doors import DOORS
from server.holders import holders
from server.storage import pages as storage
from shuqiao.web import bodies, body_limit, floors, nav

#: The floors above the ground, the highest first.
_FLOORS = ("server", "exchange", "catalog", "auth")


def wire() -> None:
    """Fill every slot; doing it again changes nothing."""
    house = Path(__file__).parents[1]
    floors.FLOORS.fill(tuple(house / name for name in _FLOORS))
    paths = (
        *(UPLOAD_PATHS, NOTICE_PATHS, LIST_PATHS, ELEMENT_PATHS),
        *(FIELD_PATHS, LINE_PATHS, SHEET_PATHS),
    )
    bodies.UPLOADS.fill(re.compile("|".join(each.pattern for each in paths)))
    body_limit.KNOWN.fill(is_known)
    nav.DOORS.fill(DOORS)
    RETURNS.fill(last_returns)
    RECEIVED.fill(received)
    DELIVERED.fill(delivered)
    department_page.PAGE.fill("search/of_department.html", published)
    department_page.PAGE.fill("storage/of_department.html", storage.of_department)
    search_page.UNFOUND.fill("demand/unfound.html", unfound)
    search_page.ACTIONS.fill("collection/opening.html", collecting)
    USAGE.fill(of_grants)
    most_shared.USE.fill(of_entries)
    element_page.PAGE.fill("proposals/panel.html", proposals)
    element_list.SOURCES.fill(names_of_sources)
    sources.CONFLICTS.fill(conflicts.open_conflicts)
    element_page.PAGE.fill("conflicts/panel.html", disputed)
    sources.SOURCE_CHANGED.fill(updating.source_changed)
    editions.STANDINGS.fill(lines_of_editions)
    element_page.PAGE.fill("sources/card.html", source_page.card)
    source_page.RECEIVERS.fill(grants.receivers_of)
    element_page.PAGE.fill("publication/followers.html", followers)
    system_page.PAGE.fill("registration/of_system.html", of_system.panel)
    system_page.PAGE.fill("updates/of_system.html", updates_of_system)
    systems.ENTRIES.fill(of_system.entries)
    systems.COVERED.fill(registrations.covered)
    proposed.FOLLOWED_BY.fill(publications.followed_by)
    proposed.EFFECT.fill(effect)
    proposed.SOURCED.fill(claims_of.undecided_or_standing)
    proposed.QUEUED.fill(claims_of.queue_all)
    proposed.ENDED.fill(conflicts.element_ended)
    resource_page.PAGE.fill("negative/panel.html", struck)
    resource_page.PAGE.fill("updates/panel.html", updates)
    resource_page.ACTIONS.fill("approvals/opening.html", opening)
    registering.UPPER_CODE.fill(filling.upper_code)
    GRANTED.fill(grants.live_of)
    HOLDERS.fill(holders())
    departments.RENAMED.fill(updating.renamed)
    request_page.PAGE.fill("approvals/answers.html", answers)
    grant_page.REMARKS.fill(remarks)
    grant_page.FETCH.fill("deliveries/download.html", downloads)
    grant_page.PAGE.fill("consultations/panel.html", consultations)
    grant_page.PAGE.fill("deliveries/transfers.html", transfers)
