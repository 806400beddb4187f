"""Pages of download (文件下载): choose the kind of file, be given a ticket for it."""

from typing import Annotated

from fastapi import Query, Response

from auth.once import OnceDep
from exchange.deliveries.schemas import FileWanted
from exchange.deliveries.service import downloads, tickets
from exchange.deliveries.views.downloads import (
    DownloadsPage,
    TicketPage,
    downloads_page,
    ticket_page,
)
from exchange.grants.access import FetchableGrant, GrantToFetch
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.settings import settings
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter
from shuqiao.web.security_headers import POLICY, policy_with_forms_to

router = PageRouter()


@router.page("/grants/{no}/downloads")
def choose(
    found: FetchableGrant,
    session: ReadSessionDep,
    refused: Annotated[
        str, Query(max_length=40, description="Why the address of the data gave no file")
    ] = "",
) -> DownloadsPage:
    return downloads_page(session, found, Form(), refused)


@router.form("/grants/{no}/downloads", again=downloads_page, status_code=201)
def begin(
    found: GrantToFetch, session: SessionDep, form: FormDep, once: OnceDep, response: Response
) -> TicketPage:
    """The answer carries the ticket; sent twice, the second leads back to the choice."""
    face = form.parse(FileWanted).face
    downloads.check_open(session, found.object, face)
    ticket = tickets.issue(session, found.subject, found.object, face)
    once.keep_redirect(f"/grants/{found.object.grant_no}/downloads")
    response.headers[POLICY] = policy_with_forms_to(settings().data_origin)
    return ticket_page(session, found.object, ticket, face)
