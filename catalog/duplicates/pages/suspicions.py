"""Pages of suspected duplicates: the list, and one of them with its evidence."""

from typing import Annotated, Literal

from fastapi import Query
from starlette.responses import Response

from auth.once import OnceDep
from catalog.duplicates.access import DismissableSuspicion, DuplicatesReader, ReadableSuspicion
from catalog.duplicates.schemas import DismissalCreate
from catalog.duplicates.service import ruling
from catalog.duplicates.views.listing import (
    DuplicatePage,
    DuplicatesPage,
    duplicate_page,
    duplicates_page,
)
from catalog.duplicates.words import Suspicion
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep

router = PageRouter()


@router.page("/duplicates")
def index(
    subject: DuplicatesReader,
    session: ReadSessionDep,
    wanted: PageDep,
    state: Suspicion | Literal["all"] = Suspicion.OPEN,
) -> DuplicatesPage:
    """What the last sweep found in the reader's reach, the likeliest first."""
    narrowed = state if isinstance(state, Suspicion) else None
    return duplicates_page(session, subject, wanted, narrowed)


@router.page("/duplicates/{suspicion}")
def one(
    found: ReadableSuspicion,
    session: ReadSessionDep,
    done: Annotated[Literal["", "dismissed"], Query()] = "",
) -> DuplicatePage:
    """The item beside the element, with all that speaks for it and against it."""
    return duplicate_page(session, found, Form(), done == "dismissed")


@router.form("/duplicates/{suspicion}/dismissals", again=duplicate_page)
def dismiss(
    found: DismissableSuspicion, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    ruling.dismiss(session, found.subject, found.object, form.parse(DismissalCreate))
    return once.go_to(f"/duplicates/{found.object.suspicion.id}?done=dismissed")
