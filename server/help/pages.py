"""The help (帮助): an overview, and one short page a task. For everybody, signed in or not."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from auth.identify import MaybeSubjectDep
from server.help.words.topic import Section, Topic
from server.help.words.topics import TOPICS
from shuqiao.errors import NotFound
from shuqiao.i18n import _
from shuqiao.web.engine import page

router = APIRouter(prefix="/help")


@router.get("")
def help_page(
    request: Request,
    subject: MaybeSubjectDep,
    q: Annotated[str, Query(max_length=100, description="Words")] = "",
) -> Response:
    """All topics; with ``q`` the tasks in which every word stands, in the reader's language."""
    words = q.casefold().split()
    found = [
        (slug, topic, section)
        for slug, topic in TOPICS.items()
        for section in topic.sections
        if words and all(word in _text(topic, section) for word in words)
    ]
    return page(request, "help/overview.html", {"topics": TOPICS, "q": q, "found": found})


@router.get("/{topic}")
def topic_page(
    request: Request, subject: MaybeSubjectDep, topic: Annotated[str, Path(max_length=40)]
) -> Response:
    found = TOPICS.get(topic)
    if found is None:
        raise NotFound(_("The help has no page of this name."))
    return page(request, "help/topic.html", {"topic": found, "topics": TOPICS, "slug": topic})


def _text(topic: Topic, section: Section) -> str:
    return "\n".join(map(str, (topic.title, section.title, *section.lines))).casefold()
