"""Pages of reviews: the queue, one entry with what changed and what was checked, and the decision
in two steps.
"""

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from auth.guard import Authorized
from auth.identify import SubjectDep
from auth.once import Once, OnceDep
from catalog.publication import service
from catalog.publication.access import ConsentableResource, ReviewableResource
from catalog.publication.schemas import ConsentCreate, ReviewCreate
from catalog.publication.views import reviews
from catalog.publication.views.entry import TONES, assessments, nine_fields
from catalog.publication.views.under_way import (
    PATHS,
    done_words,
    may_see_reviews,
    step_of,
    under_way,
)
from catalog.publication.words import ReviewOutcome
from catalog.resources import service as registering
from catalog.resources.access import ReadableResource
from catalog.resources.errors import NotPossibleNow
from catalog.resources.lifecycle import RETURN
from catalog.resources.models import DataResource
from shuqiao.db import ReadSessionDep, SessionDep, start_over
from shuqiao.errors import PreconditionFailed, ShuqiaoError
from shuqiao.subject import Subject
from shuqiao.web.engine import page
from shuqiao.web.forms import Form, FormDep, FormInvalid, anchor
from shuqiao.web.paging import LIMIT_DEFAULT, PageDep

router = APIRouter()

#: Entries a page of the queue.
QUEUED: Final = 20
Decision = ConsentCreate | ReviewCreate


@router.get("/reviews")
def queue_page(
    request: Request, subject: SubjectDep, session: ReadSessionDep, wanted: PageDep
) -> Response:
    """What waits for the reader, the longest waiting first, and what the reader decided last."""
    limited = replace(wanted, limit=QUEUED) if wanted.limit == LIMIT_DEFAULT else wanted
    rows, following = reviews.waiting(session, subject, limited)
    values = {
        "rows": rows,
        "next_href": wanted.href(following) if following else "",
        "is_first": wanted.after is None,
        "done": reviews.done(session, subject),
        "tones": TONES,
    }
    return page(request, "publication/reviews.html", values)


@router.get("/resources/{code}/review")
def review_page(
    request: Request,
    found: ReadableResource,
    session: ReadSessionDep,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """One entry for those who review it and those who registered it;
    everybody else reads the published page.
    """
    if not may_see_reviews(found.subject, found.object):
        return RedirectResponse(registering.href(found.object), 303)
    return _show(request, session, found, Form.of(), done=done)


@router.post("/catalog/{code}/consents", status_code=303)
def consent(
    request: Request, found: ConsentableResource, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    def decide(said: Form) -> ReviewOutcome:
        body = said.parse(ConsentCreate)
        service.consent(session, found.subject, found.object, body)
        return ReviewOutcome(body.outcome)

    return _decided(request, session, found, form, once, ConsentCreate, decide)


@router.post("/catalog/{code}/reviews", status_code=303)
def review(
    request: Request, found: ReviewableResource, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    def decide(said: Form) -> ReviewOutcome:
        body = said.parse(ReviewCreate)
        service.review(session, found.subject, found.object, body)
        return ReviewOutcome(body.outcome)

    return _decided(request, session, found, form, once, ReviewCreate, decide)


def _decided(
    request: Request,
    session: Session,
    found: Authorized[DataResource],
    form: Form,
    once: Once,
    model: type[Decision],
    decide: Callable[[Form], ReviewOutcome],
) -> Response:
    """The decision once it is confirmed; before that the question, and
    with faults the page again.
    """
    answer, said = form.text("confirmed"), _without(form, "confirmed")
    try:
        if form.version != found.object.version:
            return _stale(request, session, found)
        body = said.parse(model)
        if answer != "yes":
            start_over(session)
            again = answer == "no"
            return (
                _show(request, session, found, said)
                if again
                else _ask(request, session, found, said, body)
            )
        outcome = decide(said)
    except FormInvalid as invalid:
        start_over(session)
        return _show(request, session, found, _at_remark(invalid.form), status=422)
    except ShuqiaoError as error:
        if error.status != 422:
            raise
        start_over(session)
        return _show(request, session, found, said.refused(error), status=422)
    href = f"{registering.review_href(found.object)}?done={outcome.value}"
    return RedirectResponse(once.keep_redirect(href), 303)


def _ask(
    request: Request, session: Session, found: Authorized[DataResource], form: Form, body: Decision
) -> Response:
    """The question before a decision, with its effect in words."""
    step = step_of(found.subject, found.object)
    if step is None:
        raise NotPossibleNow
    outcome = ReviewOutcome(body.outcome)
    is_return = outcome is ReviewOutcome.RETURNED
    values = {
        "form": form,
        "resource": found.object,
        "outcome": outcome,
        "is_return": is_return,
        "remark": body.remark,
        "href": registering.review_href(found.object),
        "path": PATHS[step],
        "effect": (RETURN if is_return else step).effect,
    }
    return page(request, "publication/confirmation.html", values)


def _stale(request: Request, session: Session, found: Authorized[DataResource]) -> Response:
    """Somebody changed the entry after the reader loaded it: nothing is
    decided; the way to look again.
    """
    start_over(session)
    error = PreconditionFailed()
    values = {
        "title": error.title,
        "resource": found.object,
        "href": registering.review_href(found.object),
    }
    return page(request, "publication/stale.html", values, status=error.status)


def _without(form: Form, name: str) -> Form:
    kept = {key: texts for key, texts in form.values.items() if key != name}
    return replace(form, values=MappingProxyType(kept))


def _at_remark(form: Form) -> Form:
    """What is wrong with the decision as a whole is a missing remark:
    the words belong to that field.
    """
    name = "remark"
    errors = [
        error if error.name else replace(error, name=name, anchor=anchor(name))
        for error in form.errors
    ]
    return replace(form, errors=tuple(errors))


def _show(
    request: Request,
    session: Session,
    found: Authorized[DataResource],
    form: Form,
    *,
    done: str = "",
    status: int = 200,
) -> Response:
    resource, subject = found.object, found.subject
    values: dict[str, Any] = {
        **under_way(session, subject, resource),
        **reviews.values(session, subject, resource),
        "form": form,
        "resource": resource,
        "url_code": resource.url_code,
        "done": done_words(done),
        "following": _following(session, subject) if done else None,
    }
    values |= {"nine": nine_fields(values["entry"]), "assessments": assessments(values["entry"])}
    return page(request, "publication/review.html", values, status=status)


def _following(session: Session, subject: Subject) -> str:
    """Where to go on after a decision: the next entry, or the empty queue."""
    row = reviews.following(session, subject)
    return registering.review_href(row) if row else "/reviews"
