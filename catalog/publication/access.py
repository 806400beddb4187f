"""Entries that somebody decides on, locked; the list of what was decided in the own department."""

from typing import Annotated, Final

from auth.guard import Authorized, Place, may, may_at, may_list
from catalog.resources.access import by_code, in_work, seen_by_code
from catalog.resources.models import DataResource
from policies.actions import Action
from shuqiao.subject import Subject

ConsentableResource = Annotated[Authorized[DataResource], may(Action.RESOURCE_CONSENT, in_work)]
ReviewableResource = Annotated[Authorized[DataResource], may(Action.RESOURCE_REVIEW, in_work)]

#: Whoever asks what waits for them; in a token that is the data administration's step.
ReviewsReader = Annotated[Subject, may_list(Action.RESOURCE_REVIEW)]

SELF_REVIEWS: Final = Place("SelfReviews", "catalog")
SelfReviewsReader = Annotated[Subject, may_at(Action.SELF_REVIEW_READ, SELF_REVIEWS)]
#: What is taken down is the entry, whatever is worked on beside it.
PublishedEntry = Annotated[Authorized[DataResource], may(Action.RESOURCE_REVIEW, by_code)]
PublishedEntrySeen = Annotated[Authorized[DataResource], may(Action.RESOURCE_REVIEW, seen_by_code)]
