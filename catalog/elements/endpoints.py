"""HTTP of data elements."""

from typing import Annotated

from fastapi import APIRouter, Response

from audit.receipts import receipt
from auth.guard import Authorized, Place, authorize, may
from auth.identify import SubjectDep
from auth.once import OnceDep
from catalog.elements import repository, service
from catalog.elements.models import DataElement
from catalog.elements.schemas import ElementAdopted, ElementCreate, ElementRead
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound
from shuqiao.web.etags import etag
from shuqiao.web.examples import Example, example
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["elements"], route_class=StrictRoute)


def _element(identifier: str, session: ReadSessionDep) -> DataElement:
    found = repository.by_identifier(session, identifier)
    if found is None:
        raise NotFound
    return found


@router.post(
    "/elements", status_code=201, operation_id="elements_adopt", summary="Adopt a data element"
)
@example(
    Example(
        world="accounts",
        who="data_admin",
        success=201,
        visibility="all_departments",
        forbidden="registrar",
        event="catalog:element:adopted",
        body={
            "name": "学校代码",
            "name_en": "school code",
            "definition": "学校的唯一标识代码",
            "data_type": "C",
            "value_domain": {
                "name": "办学类型代码",
                "edition": "2026",
                "source": "示例",
                "entries": [{"code": "1", "label": "小学"}, {"code": "2", "label": "初级中学"}],
            },
        },
    )
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
@example(
    Example(world="adopted_element", who="applicant", success=200, visibility="all_departments")
)
def list_elements(
    subject: SubjectDep, session: ReadSessionDep, wanted: PageDep
) -> Page[ElementRead]:
    rows, following = repository.page(session, subject, wanted)
    return Page(items=service.read_models(session, rows), next=following)


@router.get(
    "/elements/{identifier}",
    operation_id="elements_show",
    summary="Show a data element with its value domain",
)
@example(
    Example(
        world="adopted_element",
        who="applicant",
        success=200,
        visibility="all_departments",
        path={"identifier": lambda world: world.element_identifier},
    )
)
def show(
    found: Annotated[Authorized[DataElement], may(Action.ELEMENT_READ, _element)],
    session: ReadSessionDep,
    response: Response,
) -> ElementRead:
    response.headers["ETag"] = etag(found.object.version)
    return service.read_model(session, found.object, with_entries=True)
