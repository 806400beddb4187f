"""Pages of reviews: the queue, one entry with what changed and what was checked, and the decision
in two steps.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, TypeVar

from fastapi import Query
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from auth.guard import Authorized
from auth.identify import SubjectDep
from auth.once import Once, OnceDep
from catalog.publication import service
from catalog.publication.access import ConsentableResource, ReviewableResource
from catalog.publication.schemas import ConsentCreate, ReviewCreate
from catalog.publication.views.review_pages import (
    ReviewPage,
    ReviewsPage,
    confirmation_page,
    review_page,
    reviews_page,
    stale_page,
)
from catalog.publication.views.under_way import may_see_reviews
from catalog.publication.words import ReviewOutcome
from catalog.resources import service as registering
from catalog.resources.access import ReadableInWork
from catalog.resources.models import DataResource
from shuqiao.db import ReadSessionDep, SessionDep, start_over
from shuqiao.subject import Subject
from shuqiao.web.forms import Form, FormDep, FormInvalid, anchor
from shuqiao.web.page import Page
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep

router = PageRouter()

Decision = TypeVar("Decision", ConsentCreate, ReviewCreate)


@router.page("/reviews")
def queue(subject: SubjectDep, session: ReadSessionDep, wanted: PageDep) -> ReviewsPage:
    """What waits for the reader, the longest waiting first, and what the reader decided last."""
    return reviews_page(session, subject, wanted)


@router.page("/resources/{code}/review")
def one(
    found: ReadableInWork,
    session: ReadSessionDep,
    done: Annotated[str, Query(max_length=20)] = "",
) -> ReviewPage | Response:
    """One entry for those who review it and those who registered it;
    everybody else reads the published page.
    """
    if not may_see_reviews(found.subject, found.object):
        return RedirectResponse(registering.href(found.object), 303)
    return review_page(session, found, Form(), done)


@router.form("/catalog/{code}/consents", again=review_page)
def consent(
    found: ConsentableResource, session: SessionDep, form: FormDep, once: OnceDep
) -> Page | Response:
    return _decided(session, found, form, once, ConsentCreate, service.consent)


@router.form("/catalog/{code}/reviews", again=review_page)
def review(
    found: ReviewableResource, session: SessionDep, form: FormDep, once: OnceDep
) -> Page | Response:
    return _decided(session, found, form, once, ReviewCreate, service.review)


def _decided(
    session: Session,
    found: Authorized[DataResource],
    form: Form,
    once: Once,
    model: type[Decision],
    decide: Callable[[Session, Subject, DataResource, Decision], DataResource],
) -> Page | Response:
    """The decision once it is confirmed; before that the question, which takes no key."""
    answer, said = form.text("confirmed"), form.without("confirmed")
    if form.version != found.object.version:
        start_over(session)
        return stale_page(found)
    try:
        body = said.parse(model)
    except FormInvalid as invalid:
        raise FormInvalid(_at_remark(invalid.form)) from None
    if answer != "yes":
        start_over(session)
        again = answer == "no"
        return review_page(session, found, said) if again else confirmation_page(found, said, body)
    decide(session, found.subject, found.object, body)
    outcome = ReviewOutcome(body.outcome)
    return once.go_to(f"{registering.review_href(found.object)}?done={outcome.value}")


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
