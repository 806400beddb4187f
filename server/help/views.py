"""The help as it is shown: all topics, and one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.help.words.topic import Section, Topic
from server.help.words.topics import TOPICS
from shuqiao.errors import NotFound
from shuqiao.i18n import _
from shuqiao.web.page import Page


@dataclass(frozen=True, slots=True)
class OverviewPage(Page):
    """``found``: where every word of ``q`` stands, each with its topic's name in the address."""

    template = "help/overview.html"
    topics: Mapping[str, Topic]
    q: str
    found: Sequence[tuple[str, Topic, Section]]


@dataclass(frozen=True, slots=True)
class TopicPage(Page):
    """``slug``: the topic's name in the address."""

    template = "help/topic.html"
    topics: Mapping[str, Topic]
    slug: str
    topic: Topic


def overview_page(q: str) -> OverviewPage:
    words = q.casefold().split()
    found = [
        (slug, topic, section)
        for slug, topic in TOPICS.items()
        for section in topic.sections
        if words and all(word in _text(topic, section) for word in words)
    ]
    return OverviewPage(TOPICS, q, found)


def topic_page(slug: str) -> TopicPage:
    """Raises ``NotFound``."""
    topic = TOPICS.get(slug)
    if topic is None:
        raise NotFound(_("The help has no page of this name."))
    return TopicPage(TOPICS, slug, topic)


def _text(topic: Topic, section: Section) -> str:
    return "\n".join(map(str, (topic.title, section.title, *section.lines))).casefold()
