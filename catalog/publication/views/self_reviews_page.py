"""The page of what the data administration decided about itself (本部门自审)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from catalog.publication import service
from catalog.publication.schemas import SelfReviewRead
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest


@dataclass(frozen=True, slots=True)
class SelfReviewsPage(Page):
    """One page of the list, the latest first."""

    template = "publication/self_reviews.html"
    rows: Sequence[SelfReviewRead]
    next_href: str
    is_first: bool


def self_reviews_page(session: Session, wanted: PageRequest) -> SelfReviewsPage:
    rows, following = service.self_reviews(session, wanted)
    return SelfReviewsPage(
        rows=rows,
        next_href=wanted.href(following) if following else "",
        is_first=wanted.after is None,
    )
