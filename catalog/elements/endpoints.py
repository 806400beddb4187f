"""HTTP of data elements."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from audit.receipts import receipt
from auth.once import OnceDep
from catalog.elements import repository
from catalog.elements.access import (
    Adopter,
    ElementReader,
    ReadableElement,
    SoughtDep,
    VersionNumber,
)
from catalog.elements.errors import DefectiveElements
from catalog.elements.forms import read_elements
from catalog.elements.schemas import (
    ElementAdopted,
    ElementCreate,
    ElementDifferences,
    ElementRead,
    ElementsImported,
    ElementVersionRead,
    ElementVersions,
)
from catalog.elements.service import adopting, lists, reading, versions
from catalog.elements.views.imports import NAMED
from catalog.elements.views.versions import differences, read
from catalog.elements.words import ElementStatus
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.texts import INT4_MAX
from shuqiao.web.bodies import FILE_BODY, FileDep
from shuqiao.web.etags import etag
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["elements"], route_class=StrictRoute)


@router.post(
    "/elements", status_code=201, operation_id="elements_adopt", summary="Adopt a data element"
)
def adopt(
    subject: Adopter, body: ElementCreate, session: SessionDep, once: OnceDep, response: Response
) -> ElementAdopted:
    element = adopting.adopt(session, subject, body)
    response.headers["Location"] = f"/api/v1/elements/{element.identifier}"
    response.headers["ETag"] = etag(element.version)
    shown = reading.read_model(session, element)
    return once.keep(ElementAdopted(**shown.model_dump(), **receipt(session)))


@router.post(
    "/elements/files",
    status_code=201,
    operation_id="elements_import",
    summary="Import a list of data elements from a file",
    openapi_extra=FILE_BODY,
)
def import_list(
    subject: Adopter,
    file: FileDep,
    once: OnceDep,
    session: SessionDep,
    status: Annotated[
        Literal[ElementStatus.DRAFT, ElementStatus.STANDARD],
        Query(description="Adopted at once, as an issued standard, or drafts to be proposed"),
    ] = ElementStatus.DRAFT,
) -> ElementsImported:
    read = read_elements(file)  # decoding holds no connection
    once.take(lists.fingerprint(status, read.sha256))
    if found := lists.judge(session, read):
        raise DefectiveElements([each.told() for each in found[:NAMED]], len(found))
    made = lists.take_in(session, subject, read.rows, status)
    identifiers = [each.identifier for each in made]
    return once.keep(
        ElementsImported(
            status=status, count=len(made), identifiers=identifiers, **receipt(session)
        )
    )


@router.get("/elements", operation_id="elements_list", summary="List data elements")
def list_elements(
    subject: ElementReader, session: ReadSessionDep, wanted: PageDep, sought: SoughtDep
) -> Page[ElementRead]:
    rows, following = repository.page(session, subject, wanted, sought)
    return Page(items=reading.read_models(session, rows), next=following)


@router.get(
    "/elements/{identifier}",
    operation_id="elements_show",
    summary="Show a data element with its value domain",
)
def show(found: ReadableElement, session: ReadSessionDep, response: Response) -> ElementRead:
    response.headers["ETag"] = etag(found.object.version)
    return reading.read_model(session, found.object, with_entries=True)


@router.get(
    "/elements/{identifier}/versions",
    operation_id="elements_versions",
    summary="List the published versions of a data element",
)
def list_versions(found: ReadableElement, session: ReadSessionDep) -> ElementVersions:
    rows = repository.versions(session, found.object.id)
    return ElementVersions(items=[read(found.object, row) for row in rows])


@router.get(
    "/elements/{identifier}/versions/{number}",
    operation_id="elements_version",
    summary="Show a version as it was published",
)
def show_version(
    found: ReadableElement, number: VersionNumber, session: ReadSessionDep
) -> ElementVersionRead:
    return read(found.object, versions.version_of(session, found.object, number))


@router.get(
    "/elements/{identifier}/differences",
    operation_id="elements_differences",
    summary="What two versions say otherwise",
)
def compare(
    found: ReadableElement,
    session: ReadSessionDep,
    before: Annotated[int, Query(ge=1, le=INT4_MAX, examples=[1])],
    after: Annotated[int, Query(ge=1, le=INT4_MAX, examples=[2])],
) -> ElementDifferences:
    return ElementDifferences(items=differences(session, found.object, before, after))
