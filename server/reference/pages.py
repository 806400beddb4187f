"""The reference of the interface as pages: plain, searchable, readable
without scripts; and one to try calls on.
"""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from server.reference import calls, data_role, reading, samples
from server.reference.document import document
from shuqiao import context
from shuqiao.errors import NotFound
from shuqiao.i18n import _
from shuqiao.settings import settings
from shuqiao.web.engine import page

router = APIRouter()


@router.get("/docs")
def reference_page(request: Request, q: Annotated[str, Query(max_length=100)] = "") -> Response:
    """Every operation by the job it serves, and what holds for all of them."""
    groups = reading.groups(document(request.app, context.locale()), q)
    values = {"groups": groups, "q": q, "count": sum(len(group.lines) for group in groups)}
    return page(request, "reference/index.html", values, block="found")


@router.get("/docs/operations/{operation_id}")
def operation_page(request: Request, operation_id: Annotated[str, Path(max_length=60)]) -> Response:
    """One operation: who may, what is sent, what comes back, what can go wrong."""
    shown = reading.operation(document(request.app, context.locale()), operation_id)
    if shown is None:
        raise NotFound(_("There is no operation of this name."))
    curl = calls.as_curl(shown, settings().control_origin)
    values = {"shown": shown, "curl": curl, "is_data": operation_id == data_role.OPERATION_ID}
    return page(request, "reference/operation.html", values)


@router.get("/docs/try")
def try_page(request: Request) -> Response:
    """The document in Swagger UI, whose files come from here: call the
    interface as whoever is signed in.
    """
    return page(
        request, "reference/try.html", {"example_key": samples.PARAMETERS["idempotency-key"]}
    )
