"""The page of one resource: its tabs, its versions as they were; its
items as a file are in ``files``.
"""

from typing import Annotated

from fastapi import Query

from catalog.publication import service
from catalog.publication.views.resource_page import Asked, ResourcePage, resource_page
from catalog.publication.views.tabs import Tab
from catalog.resources.access import ReadableResource
from shuqiao.db import ReadSessionDep
from shuqiao.texts import INT4_MAX
from shuqiao.web.page_router import PageRouter

router = PageRouter()

Version = Annotated[
    int | None, Query(ge=1, le=INT4_MAX, description="A published version; without it the latest")
]


@router.page("/catalog/{code}")
def one(
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
) -> ResourcePage:
    """A published version as it was; an entry on its way, for those who may see it.

    Tabs are links.
    """
    entry = service.entry_shown(session, found.object, version)
    asked = Asked(version, tab, q, before, after, done)
    return resource_page(session, found, entry, asked)
