"""Pages of the catalogue: search, one resource, and the two steps of its review."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from auth.guard import Authorized, is_allowed, may
from auth.identify import SubjectDep
from auth.once import OnceDep
from auth.roles import Role
from catalog.publication import service
from catalog.publication.display import TONES, Asked, assessments, marked, nine_fields
from catalog.publication.models import ReviewOutcome
from catalog.publication.schemas import CatalogPage, ConsentCreate, ReviewCreate
from catalog.resources import service as registering
from catalog.resources.endpoints import by_code, seen_by_code
from catalog.resources.lifecycle import ReviewStep
from catalog.resources.models import DataResource, ShareType
from policies.actions import Action
from policies.deadlines import Clock, deadlines
from shuqiao.db import ReadSessionDep, SessionDep, start_over
from shuqiao.desk import clocks
from shuqiao.desk.due import due_of
from shuqiao.errors import PreconditionFailed, ShuqiaoError
from shuqiao.i18n import Message, _
from shuqiao.ids import uuid7
from shuqiao.settings import settings
from shuqiao.subject import Subject
from shuqiao.texts import INT4_MAX
from shuqiao.web.engine import page
from shuqiao.web.examples import Example, example
from shuqiao.web.forms import Form, FormDep, FormInvalid, anchor
from shuqiao.web.paging import LIMIT_DEFAULT, PageDep

router = APIRouter()

#: Hits a page for people; programs say how many they want.
HITS: Final = 20
_CODE: Final = {"code": lambda world: world.resource_code}
_DONE: Final = {
    "consented": _("Your consent has been recorded; the data administration reviews next"),
    "published": _("The entry has been published"),
    "returned": _("The entry has been returned to its registrar"),
}
#: Who takes which step: the action, the words that let the entry pass, and the outcome they stand for.
_STEPS: Final[dict[ReviewStep, tuple[Action, str, Message, ReviewOutcome]]] = {
    ReviewStep.HEAD_CONSENT: (Action.RESOURCE_CONSENT, "consents", _("Consent to the entry"), ReviewOutcome.CONSENTED),
    ReviewStep.ADMINISTRATION: (Action.RESOURCE_REVIEW, "reviews", _("Publish"), ReviewOutcome.PUBLISHED),
}


@router.get("/catalog")
@example(Example(world="published_resource", who="applicant", success=200, visibility="all_departments",
                 query={"q": "学校"}))  # fmt: skip
def search_page(
    request: Request, subject: SubjectDep, session: ReadSessionDep, wanted: PageDep,
    q: Annotated[str, Query(max_length=200)] = "",
    share_type: Annotated[list[ShareType] | None, Query()] = None,
    provider: Annotated[list[str] | None, Query()] = None,
) -> Response:  # fmt: skip
    """Search box, filters with counts, hits with the words found; the address says it all, so it can be passed on."""
    asked = Asked(q.strip(), tuple(share_type or ()), tuple(code for code in provider or () if code))
    search = service.wanted(session, asked.words, asked.share_types, asked.providers)
    limit = HITS if wanted.limit == LIMIT_DEFAULT else wanted.limit
    found = service.search(session, subject, search, replace(wanted, limit=limit))
    words = search.words or ()
    values = {
        "asked": asked, "found": found, "is_first": wanted.after is None, "tones": TONES,
        "next_href": wanted.href(found.next) if found.next else "", "marked": lambda text: marked(text, words),
        "applicable": service.applicable(session, subject, [hit.code for hit in found.items]),
        "share_types": _share_types(found, asked), "providers": _providers(session, found, asked),
        "chips": _chips(session, asked),
    }  # fmt: skip
    return page(request, "publication/search.html", values, block="found")


@router.get("/catalog/{code}")
@example(Example(world="published_resource", who="applicant", success=200, visibility="all_departments", path=_CODE))
def resource_page(
    request: Request, found: Annotated[Authorized[DataResource], may(Action.RESOURCE_READ, seen_by_code)],
    session: ReadSessionDep, version: Annotated[int | None, Query(ge=1, le=INT4_MAX)] = None, done: str = "",
) -> Response:  # fmt: skip
    """A published version as it was; an entry on its way, for those who may see it, with the step that is theirs."""
    return _show(request, session, found, Form.of(), version=version, done=done)


@router.post("/catalog/{code}/consents", status_code=303)
@example(Example(
    world="submitted_resource", who="head", success=303, visibility="owner", forbidden="registrar",
    stranger="applicant", path=_CODE, if_match=True, body={"outcome": "consented"},
    event="catalog:resource:consented",
))  # fmt: skip
def consent(
    request: Request, found: Annotated[Authorized[DataResource], may(Action.RESOURCE_CONSENT, by_code)],
    session: SessionDep, form: FormDep, once: OnceDep,
) -> Response:  # fmt: skip
    try:
        body = form.parse(ConsentCreate)
        _check_seen(found.object, form)
        service.consent(session, found.subject, found.object, body)
    except (FormInvalid, ShuqiaoError) as error:
        return _failed(request, session, found, form, error)
    return RedirectResponse(once.keep_redirect(_done(found.object, body.outcome)), 303)


@router.post("/catalog/{code}/reviews", status_code=303)
@example(Example(
    world="consented_resource", who="data_admin", success=303, visibility="owner", forbidden="registrar",
    stranger="applicant", path=_CODE, if_match=True, body={"outcome": "published"},
    event="catalog:resource:published",
))  # fmt: skip
def review(
    request: Request, found: Annotated[Authorized[DataResource], may(Action.RESOURCE_REVIEW, by_code)],
    session: SessionDep, form: FormDep, once: OnceDep,
) -> Response:  # fmt: skip
    try:
        body = form.parse(ReviewCreate)
        _check_seen(found.object, form)
        service.review(session, found.subject, found.object, body)
    except (FormInvalid, ShuqiaoError) as error:
        return _failed(request, session, found, form, error)
    return RedirectResponse(once.keep_redirect(_done(found.object, body.outcome)), 303)


def _check_seen(resource: DataResource, form: Form) -> None:
    """Nobody decides on a version other than the one the page showed."""
    if form.version != resource.version:
        raise PreconditionFailed


def _done(resource: DataResource, outcome: ReviewOutcome) -> str:
    return f"{registering.href(resource)}?done={ReviewOutcome(outcome).value}"


def _failed(
    request: Request, session: Session, found: Authorized[DataResource], form: Form, error: FormInvalid | ShuqiaoError
) -> Response:
    """The page again with what was typed, when it is about what was typed; everything else goes its usual way."""
    if isinstance(error, ShuqiaoError) and error.status != 422:
        raise error
    start_over(session)
    again = _at_remark(error.form) if isinstance(error, FormInvalid) else form.refused(error)
    return _show(request, session, found, again, status=422)


def _at_remark(form: Form) -> Form:
    """What is wrong with the decision as a whole is a missing remark: the words belong to that field."""
    name = "remark"
    errors = [error if error.name else replace(error, name=name, anchor=anchor(name)) for error in form.errors]
    return replace(form, errors=tuple(errors))


def _show(
    request: Request, session: Session, found: Authorized[DataResource], form: Form, *, version: int | None = None,
    done: str = "", status: int = 200,
) -> Response:  # fmt: skip
    resource, subject = found.object, found.subject
    is_published = resource.published_version > 0
    is_kept = is_published or version is not None
    entry = service.entry(session, resource, version) if is_kept else registering.read(session, resource)
    url_code = resource.url_code
    values = {
        "form": form, "entry": entry, "resource": resource, "url_code": url_code, "is_published": is_published,
        "tone": TONES[entry.share_type], "nine": nine_fields(entry), "assessments": assessments(entry),
        "versions": service.versions(session, resource), "done": _DONE.get(done),
        "may_apply": resource.code in service.applicable(session, subject, [resource.code]),
        "reply_days": _reply_days(entry.share_type),
        "api_url": f"{settings().control_origin}/api/v1/catalog/{url_code}",
        **_under_way(session, subject, resource),
    }  # fmt: skip
    return page(request, "publication/resource.html", values, status=status)


def _reply_days(share_type: ShareType) -> int:
    """Working days the provider has to reply (Order 809, Art. 21)."""
    is_free = share_type is ShareType.UNCONDITIONAL
    clock = Clock.REQUEST_REPLY_UNCONDITIONAL if is_free else Clock.REQUEST_REPLY_CONDITIONAL
    return deadlines()[clock].working_days


def _under_way(session: Session, subject: Subject, resource: DataResource) -> dict[str, Any]:
    """What the page adds while an entry is not settled: whose turn it is, the clock, the steps, the reader's own."""
    shown = registering.shown(session, subject, resource)
    step = _STEPS.get(resource.review_step) if resource.review_step else None
    is_mine = step is not None and is_allowed(subject, step[0], resource)
    return {
        "waiting_for": Role(shown.waiting_for).label if shown.waiting_for else None, "files": shown.attachments,
        "step": step if is_mine else None, "once_key": uuid7().hex,
        "reviews": service.reviewed(session, resource) if _may_see_reviews(subject, resource) else [],
        "dues": [due_of(session, clock) for clock in clocks.clocks_of(session, resource.code) if not clock.closed_on],
    }  # fmt: skip


def _may_see_reviews(subject: Subject, resource: DataResource) -> bool:
    """The remarks of a review are for the owner department and the data administration."""
    return subject.department_id == resource.provider_id or subject.has(Role.DATA_ADMIN)


def _share_types(found: CatalogPage, asked: Asked) -> list[tuple[str, str, int]]:
    """All share types that have hits or are chosen, in their own order."""
    counts = {facet.value: facet.count for facet in found.share_types}
    return [
        (kind.value, str(kind.label), counts.get(kind.value, 0))
        for kind in ShareType
        if kind.value in counts or kind in asked.share_types
    ]


def _providers(session: Session, found: CatalogPage, asked: Asked) -> Sequence[tuple[str, str, int]]:
    listed = [(facet.value, facet.label, facet.count) for facet in found.providers]
    unlisted = set(asked.providers) - {code for code, _name, _count in listed}
    return listed + [(code, name, 0) for code, name in service.provider_labels(session, unlisted).items()]


def _chips(session: Session, asked: Asked) -> list[tuple[Message, str]]:
    """The chosen filters in words, each with the address of the search without it."""
    names = service.provider_labels(session, asked.providers)
    kinds = [(_("Share type: %(value)s", value=kind.label), kind.value) for kind in asked.share_types]
    providers = [(_("Provider: %(value)s", value=names.get(code, code)), code) for code in asked.providers]
    return [(words, asked.without(value).href) for words, value in kinds + providers]
