"""HTTP of list templates."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlmodel import Session

from audit.receipts import receipt
from auth.once import OnceDep
from catalog.assignments.access import (
    Position,
    ReadableTemplate,
    TemplateLister,
    TemplateWriter,
    WritableTemplate,
    WritableTemplateGlanced,
)
from catalog.assignments.errors import DefectiveLines
from catalog.assignments.forms import lines_in
from catalog.assignments.models import ListTemplate
from catalog.assignments.repository import templates as repository
from catalog.assignments.schemas.templates import (
    Assigning,
    TemplateRead,
    TemplateRecorded,
    TemplateSummary,
    TemplateWrite,
)
from catalog.assignments.service import assigning
from catalog.assignments.service import templates as drawing_up
from catalog.assignments.views.templates import NAMED, read_model, summaries
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound
from shuqiao.subject import Subject
from shuqiao.web.bodies import FILE_BODY, FileDep
from shuqiao.web.etags import IfMatchDep, etag
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["assignments"], route_class=StrictRoute)


@router.get(
    "/list-templates", operation_id="list_templates_list", summary="List templates I may see"
)
def index(
    subject: TemplateLister, session: ReadSessionDep, wanted: PageDep
) -> Page[TemplateSummary]:
    rows, following = repository.page(session, subject, wanted)
    return Page(items=summaries(session, rows), next=following)


@router.post(
    "/list-templates",
    status_code=201,
    operation_id="list_templates_write",
    summary="Draw up a list template",
)
def write(
    body: TemplateWrite,
    subject: TemplateWriter,
    session: SessionDep,
    once: OnceDep,
    response: Response,
) -> TemplateRecorded:
    template = drawing_up.write(session, subject, body)
    response.headers["Location"] = f"/api/v1/list-templates/{template.template_no}"
    return once.keep(_recorded(session, subject, template, response))


@router.get(
    "/list-templates/{no}", operation_id="list_templates_show", summary="Show a list template"
)
def show(found: ReadableTemplate, session: ReadSessionDep, response: Response) -> TemplateRead:
    response.headers["ETag"] = etag(found.object.version)
    return read_model(session, found.subject, found.object)


@router.put(
    "/list-templates/{no}",
    operation_id="list_templates_edit",
    summary="Change the draft of a list template",
)
def edit(
    body: TemplateWrite,
    found: WritableTemplate,
    version: IfMatchDep,
    session: SessionDep,
    response: Response,
) -> TemplateRecorded:
    """Without lines, those there are stay."""
    template = drawing_up.edit(session, found.subject, found.object, body, version=version)
    return _recorded(session, found.subject, template, response)


@router.post(
    "/list-templates/{no}/files",
    status_code=201,
    operation_id="list_templates_import",
    summary="Import the lines of a list template from a file",
    openapi_extra=FILE_BODY,
)
def take_in(
    found: WritableTemplateGlanced,
    file: FileDep,
    version: IfMatchDep,
    session: SessionDep,
    once: OnceDep,
    response: Response,
    replace: Annotated[bool, Query(description="Whether the lines there are go")] = False,
) -> TemplateRecorded:
    """Every row, or nothing: each fault is named with its row and column."""
    read = lines_in(file)  # decoding holds no connection
    once.take(f"{version}{replace}{read.sha256}".encode())
    template = repository.by_no(session, found.object.template_no, lock=True)
    if template is None:
        raise NotFound
    if faults := drawing_up.judge(session, template, read, replace=replace):
        raise DefectiveLines([each.told() for each in faults[:NAMED]], len(faults))
    drawing_up.take_in(session, found.subject, template, read, replace=replace, version=version)
    return once.keep(_recorded(session, found.subject, template, response))


@router.post(
    "/list-templates/{no}/issues",
    status_code=201,
    operation_id="list_templates_issue",
    summary="Issue a list template",
)
def issue(
    found: WritableTemplate,
    version: IfMatchDep,
    session: SessionDep,
    once: OnceDep,
    response: Response,
) -> TemplateRecorded:
    template = drawing_up.issue(session, found.subject, found.object, version=version)
    return once.keep(_recorded(session, found.subject, template, response))


@router.post(
    "/list-templates/{no}/lines/{position}/assignments",
    status_code=201,
    operation_id="list_templates_assign",
    summary="Assign a line to departments",
)
def assign(
    body: Assigning,
    position: Position,
    found: WritableTemplate,
    session: SessionDep,
    once: OnceDep,
    response: Response,
) -> TemplateRecorded:
    line = repository.line(session, found.object.id, position)
    if line is None:
        raise NotFound
    assigning.assign_line(session, found.subject, found.object, line, body.departments)
    return once.keep(_recorded(session, found.subject, found.object, response))


@router.post(
    "/list-templates/{no}/closings",
    status_code=201,
    operation_id="list_templates_close",
    summary="Close a list template",
)
def close(
    found: WritableTemplate,
    version: IfMatchDep,
    session: SessionDep,
    once: OnceDep,
    response: Response,
) -> TemplateRecorded:
    template = drawing_up.close(session, found.subject, found.object, version=version)
    return once.keep(_recorded(session, found.subject, template, response))


def _recorded(
    session: Session, subject: Subject, template: ListTemplate, response: Response
) -> TemplateRecorded:
    response.headers["ETag"] = etag(template.version)
    return TemplateRecorded(**dict(read_model(session, subject, template)), **receipt(session))
