"""The page of one resource: its tabs, its versions as they were; its
items as a file are in ``files``.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from auth.cases import possible
from catalog.publication import service
from catalog.publication.views import tabs
from catalog.publication.views.entry import TONES
from catalog.publication.views.tabs import Tab
from catalog.publication.views.under_way import done_words, under_way
from catalog.resources import service as registering
from catalog.resources.access import ReadableResource
from catalog.resources.lifecycle import EDIT, LIFECYCLE
from catalog.resources.models import DataResource
from catalog.resources.schemas import ResourceRead
from shuqiao.db import ReadSessionDep
from shuqiao.subject import Subject
from shuqiao.texts import INT4_MAX
from shuqiao.web.engine import page
from shuqiao.web.slots import PageSlot

router = APIRouter()
#: Buttons beside the name, added by higher stages, such as the way to a
#: grant that the reader's department holds.
ACTIONS: PageSlot[DataResource] = PageSlot()
#: Cards beside the overview, added by higher stages.
PAGE: PageSlot[DataResource] = PageSlot()

Version = Annotated[
    int | None, Query(ge=1, le=INT4_MAX, description="A published version; without it the latest")
]


@router.get("/catalog/{code}")
def resource_page(
    request: Request,
    found: ReadableResource,
    session: ReadSessionDep,
    version: Version = None,
    tab: Tab = Tab.OVERVIEW,
    q: Annotated[str, Query(max_length=100, description="Words in an item")] = "",
    before: Annotated[
        int | None, Query(ge=1, le=INT4_MAX, description="Version to compare from")
    ] = None,
    after: Annotated[
        int | None, Query(ge=1, le=INT4_MAX, description="Version to compare with")
    ] = None,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """A published version as it was; an entry on its way, for those who may see it.

    Tabs are links.
    """
    resource, subject = found.object, found.subject
    entry = service.entry_shown(session, resource, version)
    values = {
        "tab": tab,
        "tabs": tabs.tabs(entry, version),
        "done": done_words(done),
        "version": version,
        **_header(session, subject, resource, entry),
    }
    if tab is Tab.OVERVIEW:
        values |= tabs.overview(session, resource, entry) | under_way(session, subject, resource)
        values["panels"] = PAGE.shown(session, subject, resource)
    elif tab is Tab.ITEMS:
        values |= tabs.items(entry, q, version)
    elif tab is Tab.STANDARDS:
        values |= tabs.standards(session, entry)
    elif tab is Tab.VERSIONS:
        values |= tabs.versions(session, resource, before, after)
    else:
        values |= tabs.programs(resource, entry)
    return page(request, "publication/resource.html", values)


def _header(
    session: Session, subject: Subject, resource: DataResource, entry: ResourceRead
) -> dict[str, Any]:
    """What stands above every tab: name, state, and what the reader may do."""
    may_edit = EDIT in possible(subject, resource, LIFECYCLE)
    return {
        "entry": entry,
        "resource": resource,
        "url_code": resource.url_code,
        "tone": TONES[entry.share_type],
        "is_published": resource.published_version > 0,
        "latest": resource.published_version,
        "edit_href": registering.edit_href(resource) if may_edit else "",
        "may_apply": resource.code in registering.applicable(session, subject, [resource.code]),
        "actions": ACTIONS.shown(session, subject, resource),
    }
