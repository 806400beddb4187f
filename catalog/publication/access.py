"""Entries that somebody decides on, locked; the list of what was decided in the own department."""

from typing import Annotated, Final

from auth.guard import Authorized, Place, may, may_at
from catalog.resources.access import by_code
from catalog.resources.models import DataResource
from policies.actions import Action
from shuqiao.subject import Subject

ConsentableResource = Annotated[Authorized[DataResource], may(Action.RESOURCE_CONSENT, by_code)]
ReviewableResource = Annotated[Authorized[DataResource], may(Action.RESOURCE_REVIEW, by_code)]

SELF_REVIEWS: Final = Place("SelfReviews", "catalog")
SelfReviewsReader = Annotated[Subject, may_at(Action.SELF_REVIEW_READ, SELF_REVIEWS)]
