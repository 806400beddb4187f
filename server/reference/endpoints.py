"""The OpenAPI document at its address: public, like the reference pages made from it."""

from fastapi import APIRouter, Request, Response

from server.reference.once import DocumentDep, rendered
from shuqiao import context
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(include_in_schema=False, route_class=StrictRoute)


@router.get("/openapi.json")
def openapi(request: Request, _made: DocumentDep) -> Response:
    """The document in the reader's language (cookie, else ``Accept-Language``, else Chinese)."""
    language = context.locale()
    headers = {"content-language": language.replace("_", "-"), "vary": "Accept-Language, Cookie"}
    return Response(rendered(request.app, language), 200, headers, "application/json")
