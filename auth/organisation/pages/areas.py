"""Pages of areas: what lies below one, and the forms of functional areas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Query
from sqlmodel import Session
from starlette.responses import Response

from auth.areas import repository as areas
from auth.areas import service as registering
from auth.areas.models import Area
from auth.areas.schemas import AreaEnd, AreaRegister
from auth.areas.words import NATION, codes_above
from auth.departments.forms import with_codes
from auth.departments.views import Named, named
from auth.guard import Authorized, is_allowed
from auth.once import OnceDep
from auth.organisation.access import (
    AREAS,
    AreaBrowser,
    AreaRegistrar,
    EndableArea,
    EndableAreaSeen,
)
from auth.organisation.forms import AREA
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.i18n import Message
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page import Page
from shuqiao.web.page_router import PageRouter

router = PageRouter()


@dataclass(frozen=True, slots=True)
class AreasPage(Page):
    """What lies directly below an area, or what was searched for.

    ``way``: the areas above it and itself, the highest first; empty of a register without areas.
    """

    template = "organisation/areas.html"
    filters: Form
    way: Sequence[Area]
    rows: Sequence[Area]
    functional: Sequence[Area]
    total: int
    may_register: bool
    done: str


@router.page("/areas")
def index(
    subject: AreaBrowser,
    session: ReadSessionDep,
    within: Annotated[str, Query(max_length=6)] = "",
    q: Annotated[str, Query(max_length=100)] = "",
    done: Annotated[str, Query(max_length=12)] = "",
) -> AreasPage:
    here = (areas.by_code(session, within) if within else None) or areas.by_code(session, NATION)
    codes = (*reversed(codes_above(here.code)), here.code) if here is not None else ()
    known = areas.of_codes(session, codes)
    below = areas.below(session, here.code) if here is not None else ()
    return AreasPage(
        filters=Form.of({"q": q}),
        way=[known[code] for code in codes if code in known],
        rows=areas.found(session, q) if q.strip() else below,
        functional=areas.functional(session),
        total=areas.count(session),
        may_register=is_allowed(subject, Action.AREA_REGISTER, AREAS),
        done=done,
    )


@dataclass(frozen=True, slots=True)
class AreaPage(Page):
    """A functional area to be registered."""

    template = "organisation/area.html"
    form: Form
    labels: Mapping[str, Message]
    named: Named


def area_page(session: Session, form: Form) -> AreaPage:
    return AreaPage(form, AREA, named(session))


@router.page("/areas/new")
def ask(
    subject: AreaRegistrar,
    session: ReadSessionDep,
    parent: Annotated[str, Query(max_length=6)] = "",
) -> AreaPage:
    return area_page(session, Form.of({"parent_code": parent}))


@router.form("/areas/new", again=area_page)
def register(subject: AreaRegistrar, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    body = with_codes(session, form, of_areas=["parent_code"]).parse(AreaRegister)
    area = registering.register_functional(session, subject, body)
    return once.go_to(f"/areas?within={area.parent_code}&done=registered")


@dataclass(frozen=True, slots=True)
class AreaEndPage(Page):
    """The question on which day a functional area ended."""

    template = "organisation/area_end.html"
    form: Form
    labels: Mapping[str, Message]
    area: Area


def area_end_page(session: Session, found: Authorized[Area], form: Form) -> AreaEndPage:
    return AreaEndPage(form, AREA, found.object)


@router.page("/areas/{code}/end")
def ask_to_end(found: EndableAreaSeen, session: ReadSessionDep) -> AreaEndPage:
    return area_end_page(session, found, Form())


@router.form("/areas/{code}/end", again=area_end_page)
def end(found: EndableArea, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    area = registering.end_functional(session, found.subject, found.object, form.parse(AreaEnd))
    return once.go_to(f"/areas?within={area.parent_code}&done=ended")
