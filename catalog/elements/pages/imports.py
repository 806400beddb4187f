"""The page that takes in a list of elements."""

from fastapi import Request
from starlette.responses import Response

from auth.once import OnceDep
from catalog.elements.access import Adopter
from catalog.elements.forms import read_elements
from catalog.elements.schemas import ElementImport
from catalog.elements.service import lists
from catalog.elements.views.imports import ElementImportPage, import_page
from shuqiao.db import SessionDep
from shuqiao.errors import Invalid
from shuqiao.i18n import _
from shuqiao.web.bodies import NO_FILE
from shuqiao.web.engine import show
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter

router = PageRouter()


@router.page("/elements/import")
def form_of_import(_subject: Adopter) -> ElementImportPage:
    """The form that takes in a list of elements."""
    return import_page(Form())


@router.form("/elements/files", again=import_page)
def take_in(
    request: Request, subject: Adopter, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    """Take the list in, or show what is wrong with it."""
    body = form.parse(ElementImport)
    sent = form.files.get("file")
    if sent is None:
        raise Invalid(errors=[NO_FILE])
    read = read_elements(sent)  # decoding holds no connection
    once.take(lists.fingerprint(body.status, read.sha256))
    if found := lists.judge(session, read):  # nothing was written
        words = _("The list is defective: see the report, and choose the file again")
        return show(request, import_page(form.flawed("file", words), found), status=422)
    made = lists.take_in(session, subject, read.rows, body.status)
    return once.go_to(f"/elements?status={body.status.value}&imported={len(made)}")
