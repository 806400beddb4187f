"""Pages of the editions of an entry's data, for the registrars of its provider."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from auth.guard import Authorized
from auth.once import OnceDep
from catalog.editions.access import (
    EditionNumber,
    RenewedResource,
    RenewedResourceSeen,
    SettledEdition,
)
from catalog.editions.lifecycle import CHECK, DROP, PAGE
from catalog.editions.schemas import RefreshUpdate
from catalog.editions.service import editions, refreshing
from catalog.editions.views import EditionsPage, editions_page
from catalog.resources import repository as resources
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter

router = PageRouter()


def settled_again(session: SessionDep, found: SettledEdition, form: Form) -> EditionsPage:
    """The list as it is now, with what was refused."""
    resource = resources.by_id(session, found.object.resource_id)
    return editions_page(session, Authorized(found.subject, resource), form)


def renewed_again(session: SessionDep, found: RenewedResource, form: Form) -> EditionsPage:
    return editions_page(session, found, form)


@router.page("/resources/{code}/editions")
def show(
    found: RenewedResourceSeen,
    session: ReadSessionDep,
    done: Annotated[str, Query(max_length=20)] = "",
) -> EditionsPage:
    """The editions of the data, their reports, and the renewal on schedule."""
    return editions_page(session, found, done=done)


@router.form("/resources/{code}/editions/{number}/checks", again=settled_again)
def check_again(
    number: EditionNumber,
    found: SettledEdition,
    session: SessionDep,
    form: FormDep,
    once: OnceDep,
) -> Response:
    editions.check_again(session, found.subject, found.object, form.version)
    return once.go_to(f"{PAGE.format_map(found.object.told())}?done={CHECK.word}")


@router.form("/resources/{code}/editions/{number}/drops", again=settled_again)
def drop(
    number: EditionNumber,
    found: SettledEdition,
    session: SessionDep,
    form: FormDep,
    once: OnceDep,
) -> Response:
    editions.drop(session, found.subject, found.object, form.version)
    return once.go_to(f"{PAGE.format_map(found.object.told())}?done={DROP.word}")


@router.form("/resources/{code}/refresh", again=renewed_again)
def set_refresh(
    found: RenewedResource, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    body = form.parse(RefreshUpdate)
    refreshing.switch(session, found.subject, found.object, is_on=body.is_on, version=form.version)
    return once.go_to(PAGE.format_map(found.object.told()))
