"""The lists as files.

Strict routes: a slip in a filter's name would widen what leaves.
"""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from catalog.lists.access import ListReader, NamedList
from catalog.lists.forms.asked import DatedDep, ScopeDep
from catalog.lists.service import dating, frequent, reading
from catalog.lists.views.exports import list_file
from catalog.lists.views.frequent import frequent_file
from catalog.lists.words import By
from shuqiao.clock import day_of
from shuqiao.db import ReadSessionDep
from shuqiao.i18n import _
from shuqiao.web.downloads import FileKind, download
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(route_class=StrictRoute)

Kind = Annotated[FileKind, Query(alias="format", description="Kind of the file")]


@router.get("/lists/frequent/export")
def shared_most(
    subject: ListReader,
    session: ReadSessionDep,
    scope: ScopeDep,
    month: Annotated[str, Query(max_length=7)] = "",
    file: Kind = FileKind.XLSX,
) -> Response:
    """The data shared most in a month."""
    dating.check_scope(session, scope)
    first = frequent.month_of(month)
    name = _("Data shared most %(month)s", month=f"{first:%Y-%m}")
    return download(frequent_file(session, subject, scope, first, file), file, str(name))


@router.get("/lists/{kind}/export")
def export(
    kind: NamedList,
    subject: ListReader,
    session: ReadSessionDep,
    scope: ScopeDep,
    dated: DatedDep,
    by: Annotated[By, Query()] = By.ITEM,
    file: Kind = FileKind.XLSX,
) -> Response:
    """All lines of what the page shows."""
    wanted = reading.wanted(session, kind, scope, dated)
    name = _("%(list)s as of %(day)s", list=str(kind.label), day=day_of(wanted.at).isoformat())
    return download(list_file(session, subject, wanted, by, file), file, str(name))
