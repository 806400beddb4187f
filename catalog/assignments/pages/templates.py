"""Pages of list templates."""

from typing import Annotated

from fastapi import Query, Request
from sqlmodel import Session
from starlette.responses import Response

from auth.departments.forms import with_codes
from auth.guard import Authorized, is_allowed
from auth.once import OnceDep
from catalog.assignments.access import (
    TEMPLATES,
    Position,
    ReadableTemplate,
    TemplateLister,
    TemplateWriter,
    WritableTemplate,
    WritableTemplateGlanced,
    WritableTemplateSeen,
)
from catalog.assignments.forms import lines_in, lines_pasted
from catalog.assignments.lifecycle.assignments import ASSIGN
from catalog.assignments.lifecycle.templates import CLOSE, EDIT, ISSUE, WRITE
from catalog.assignments.models import ListTemplate
from catalog.assignments.repository import templates as repository
from catalog.assignments.schemas.templates import AssigningForm, Pasted, TemplateHead, TemplateWrite
from catalog.assignments.service import assigning
from catalog.assignments.service import templates as drawing_up
from catalog.assignments.views.templates import (
    TemplateFormPage,
    TemplatePage,
    TemplatesPage,
    form_page,
    template_page,
    templates_page,
)
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound
from shuqiao.i18n import _
from shuqiao.web.engine import show
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep

router = PageRouter()
Done = Annotated[str, Query(max_length=20)]


@router.page("/list-templates")
def index(subject: TemplateLister, session: ReadSessionDep, wanted: PageDep) -> TemplatesPage:
    """The templates that the reader may see."""
    may_write = is_allowed(subject, Action.TEMPLATE_WRITE, TEMPLATES)
    return templates_page(session, subject, wanted, may_write=may_write)


def new_page(session: Session, form: Form) -> TemplateFormPage:
    return form_page(session, form)


@router.page("/list-templates/new")
def ask(_subject: TemplateWriter, session: ReadSessionDep) -> TemplateFormPage:
    """The form of a new template; its lines come afterwards."""
    return new_page(session, Form())


@router.form("/list-templates/new", again=new_page)
def write(subject: TemplateWriter, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    form = with_codes(session, form, of_areas=["area_code"])
    body = TemplateWrite(**dict(form.parse(TemplateHead)))
    template = drawing_up.write(session, subject, body)
    return once.go_to(f"/list-templates/{template.template_no}?done={WRITE.word}")


def one_page(session: Session, found: Authorized[ListTemplate], form: Form) -> TemplatePage:
    return template_page(session, found.subject, found.object, form)


@router.page("/list-templates/{no}")
def one(found: ReadableTemplate, session: ReadSessionDep, done: Done = "") -> TemplatePage:
    """One template: its lines, whom each went to, what is missing."""
    return template_page(session, found.subject, found.object, Form(), done)


def edit_page(session: Session, found: Authorized[ListTemplate], form: Form) -> TemplateFormPage:
    return form_page(session, form, found.object)


@router.page("/list-templates/{no}/edit")
def describe(found: WritableTemplateSeen, session: ReadSessionDep) -> TemplateFormPage:
    """The form with what the template says of itself."""
    said = found.object.model_dump(include=set(TemplateHead.model_fields))
    return edit_page(session, found, Form.of(said))


@router.form("/list-templates/{no}/edit", again=edit_page)
def edit(found: WritableTemplate, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    form = with_codes(session, form, of_areas=["area_code"])
    body = TemplateWrite(**dict(form.parse(TemplateHead)))
    drawing_up.edit(session, found.subject, found.object, body, version=form.version)
    return once.go_to(f"/list-templates/{found.object.template_no}?done={EDIT.word}")


@router.form("/list-templates/{no}/files", again=one_page)
def take_in(
    request: Request,
    found: WritableTemplateGlanced,
    session: SessionDep,
    form: FormDep,
    once: OnceDep,
) -> Response:
    """Lines of a file, or pasted: all of them, or what is wrong with them."""
    body, sent = form.parse(Pasted), form.files.get("file")
    read = lines_in(sent) if sent is not None else lines_pasted(body.text)
    once.take(f"{form.version}{body.replace}{read.sha256}".encode())
    template = repository.by_no(session, found.object.template_no, lock=True)
    if template is None:
        raise NotFound
    if faults := drawing_up.judge(session, template, read, replace=body.replace):
        name = "file" if sent is not None else "text"
        shown = form.flawed(name, _("The list is defective: see the report, and send it again"))
        page = template_page(session, found.subject, template, shown, faults=faults)
        return show(request, page, status=422)
    drawing_up.take_in(
        session, found.subject, template, read, replace=body.replace, version=form.version
    )
    return once.go_to(f"/list-templates/{template.template_no}?done={EDIT.word}")


@router.form("/list-templates/{no}/issues", again=one_page)
def issue(found: WritableTemplate, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    drawing_up.issue(session, found.subject, found.object, version=form.version)
    return once.go_to(f"/list-templates/{found.object.template_no}?done={ISSUE.word}")


@router.form("/list-templates/{no}/lines/{position}/assignments", again=one_page)
def assign(
    found: WritableTemplate, position: Position, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    line = repository.line(session, found.object.id, position)
    if line is None:
        raise NotFound
    codes = form.parse(AssigningForm).codes
    assigning.assign_line(session, found.subject, found.object, line, codes)
    address = f"/list-templates/{found.object.template_no}"
    return once.go_to(f"{address}?done={ASSIGN.word}#line-{position}")


@router.form("/list-templates/{no}/closings", again=one_page)
def close(found: WritableTemplate, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    drawing_up.close(session, found.subject, found.object, version=form.version)
    return once.go_to(f"/list-templates/{found.object.template_no}?done={CLOSE.word}")
