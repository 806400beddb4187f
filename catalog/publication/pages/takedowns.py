"""The page on which an entry is taken out of the catalogue, with its reason."""

from starlette.responses import Response

from auth.cases import check
from auth.once import OnceDep
from catalog.publication import service
from catalog.publication.access import PublishedEntry, PublishedEntrySeen
from catalog.publication.schemas import TakedownCreate
from catalog.publication.views.takedown_page import TakedownPage, takedown_page
from catalog.resources import service as registering
from catalog.resources.lifecycle import TAKE_DOWN
from shuqiao.db import SessionDep
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter

router = PageRouter()


@router.page("/catalog/{code}/takedown")
def ask(found: PublishedEntrySeen) -> TakedownPage:
    check(found.object, TAKE_DOWN)
    return takedown_page(found, Form())


@router.form("/catalog/{code}/takedown", again=takedown_page)
def take_down(found: PublishedEntry, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    reason = form.parse(TakedownCreate).reason
    service.take_down(session, found.subject, found.object, reason, form.version)
    return once.go_to(f"{registering.href(found.object)}?done={TAKE_DOWN.word}")
