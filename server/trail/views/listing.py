"""The events that a query finds, and the form that writes it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from audit.events import Event
from server.trail.views.rows import Row
from server.trail.words.asked import GROUPS, KINDS, LABELS, READY, RESULTS
from shuqiao.i18n import Message
from shuqiao.web.forms import Form
from shuqiao.web.page import Page


@dataclass(frozen=True, slots=True)
class TrailPage(Page):
    """``form``: the query line ``q`` and the fields that write it. ``ready``: often asked lines."""

    template = "trail/list.html"
    form: Form
    labels: Mapping[str, Message]
    actions: Sequence[tuple[str, str]]
    results: Sequence[tuple[str, Message]]
    ready: Sequence[tuple[Message, str]]
    rows: Sequence[Row]
    next_href: str
    is_first: bool


def trail_page(
    form: Form, rows: Sequence[Row] = (), next_href: str = "", *, is_first: bool = True
) -> TrailPage:
    """The events of the query in ``form``; a query that is refused finds none."""
    return TrailPage(
        form=form,
        labels=LABELS,
        actions=list(_actions(form.text("action"))),
        results=list(RESULTS.items()),
        ready=READY,
        rows=rows,
        next_href=next_href,
        is_first=is_first,
    )


def _actions(chosen: str) -> Iterator[tuple[str, str]]:
    """What the form offers: groups, and the single actions of the kind that is chosen."""
    offered = {key: f"{words}（{key}）" for key, words in GROUPS.items()}
    for kind, words in KINDS.items():
        offered[f"{kind}:*"] = f"{words}（{kind}:*）"
        if chosen.startswith(f"{kind}:"):
            events = [event for event in Event if event.startswith(f"{kind}:")]
            offered |= {event.value: f"{event.label}（{event.value}）" for event in events}
    if chosen and chosen not in offered:
        offered[chosen] = chosen
    yield from offered.items()


def refused_page(form: Form) -> TrailPage:
    return trail_page(form)
