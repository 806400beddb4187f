"""The page of a sheet that came back: what it says otherwise, and where that is changed."""

from dataclasses import dataclass

from sqlmodel import Session

from catalog.lists.schemas import Scope, SheetRead
from catalog.lists.views.pages import Narrowing, narrowing
from catalog.lists.words import ListKind
from shuqiao.i18n import Message, _
from shuqiao.web.forms import Form
from shuqiao.web.page import Page


@dataclass(frozen=True, slots=True)
class ReturnedPage(Page):
    """The form, and what was found. ``shown``: so many rows at most."""

    template = "lists/returned.html"
    kind: ListKind
    form: Form
    labels: dict[str, Message]
    narrowing: Narrowing
    found: SheetRead | None
    shown: int


def returned_page(
    session: Session, kind: ListKind, form: Form, found: SheetRead | None = None
) -> ReturnedPage:
    told = {name: form.text(name) for name in ("department", "area", "level")}
    return ReturnedPage(
        kind=kind,
        form=form,
        labels={"file": _("Returned sheet")},
        narrowing=narrowing(session, Scope(), told),
        found=found,
        shown=500,
    )
