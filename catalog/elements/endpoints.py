"""HTTP of data elements."""

from fastapi import APIRouter, Response

from audit.receipts import receipt
from auth.guard import Place, authorize
from auth.identify import SubjectDep
from auth.once import OnceDep
from catalog.elements import repository, service
from catalog.elements.access import ElementReader, ReadableElement, SoughtDep
from catalog.elements.schemas import ElementAdopted, ElementCreate, ElementRead
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.etags import etag
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["elements"], route_class=StrictRoute)


@router.post(
    "/elements", status_code=201, operation_id="elements_adopt", summary="Adopt a data element"
)
def adopt(
    body: ElementCreate, subject: SubjectDep, session: SessionDep, once: OnceDep, response: Response
) -> ElementAdopted:
    # What the element will be: open to every department, so that a refusal is a 403.
    own = Place("DataElement", f"auth:{subject.account}", {"status": "standard"})
    subject = authorize(subject, Action.ELEMENT_ADOPT, own)
    element = service.adopt(session, subject, body)
    response.headers["Location"] = f"/api/v1/elements/{element.identifier}"
    response.headers["ETag"] = etag(element.version)
    shown = service.read_model(session, element)
    return once.keep(ElementAdopted(**shown.model_dump(), **receipt(session)))


@router.get("/elements", operation_id="elements_list", summary="List data elements")
def list_elements(
    subject: ElementReader, session: ReadSessionDep, wanted: PageDep, sought: SoughtDep
) -> Page[ElementRead]:
    rows, following = repository.page(session, subject, wanted, sought)
    return Page(items=service.read_models(session, rows), next=following)


@router.get(
    "/elements/{identifier}",
    operation_id="elements_show",
    summary="Show a data element with its value domain",
)
def show(found: ReadableElement, session: ReadSessionDep, response: Response) -> ElementRead:
    response.headers["ETag"] = etag(found.object.version)
    return service.read_model(session, found.object, with_entries=True)
