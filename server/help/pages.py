"""The help (帮助): an overview, and one short page a task. For everybody, signed in or not."""

from typing import Annotated

from fastapi import Path, Query

from auth.identify import MaybeSubjectDep
from server.help.views import OverviewPage, TopicPage, overview_page, topic_page
from shuqiao.web.page_router import PageRouter

router = PageRouter(prefix="/help")


@router.page("")
def overview(
    subject: MaybeSubjectDep,
    q: Annotated[str, Query(max_length=100, description="Words")] = "",
) -> OverviewPage:
    """All topics; with ``q`` the tasks in which every word stands, in the reader's language."""
    return overview_page(q)


@router.page("/{topic}")
def one(subject: MaybeSubjectDep, topic: Annotated[str, Path(max_length=40)]) -> TopicPage:
    return topic_page(topic)
