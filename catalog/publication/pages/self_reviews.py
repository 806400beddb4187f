"""The list of what the data administration decided about itself, for its superior."""

from catalog.publication.access import SelfReviewsReader
from catalog.publication.views.self_reviews_page import SelfReviewsPage, self_reviews_page
from shuqiao.db import ReadSessionDep
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep

router = PageRouter()


@router.page("/self-reviews")
def listed(
    _subject: SelfReviewsReader, session: ReadSessionDep, wanted: PageDep
) -> SelfReviewsPage:
    """Decisions of the data administration about entries of its own, the latest first."""
    return self_reviews_page(session, wanted)
