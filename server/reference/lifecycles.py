"""The life cycles as a document: ``docs/lifecycles.md``, made from the tables of steps.

``python -m server.reference.lifecycles`` writes it anew; a test compares it with the tables.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from auth.steps import Lifecycle, Step, Tasks
from server.lifecycles import LIFECYCLES
from shuqiao.i18n import Message, _

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "lifecycles.md"
_HEAD: Final = """# Life cycles (生命周期)

Made from the tables of steps by `python -m server.reference.lifecycles`; never edited by hand.
What is not in a table is not possible and answered with 409. What stands in ‹…› is filled in for
each case; → = stays where it is.
"""
_COLUMNS: Final = (
    "step 步骤",
    "from → to 状态",
    "who 办理人",
    "action · event 操作·事件",
    "effects 效果",
)
_HOLE: Final = re.compile(r"%\((\w+)\)s")
_TASKS: Final = {
    Tasks.DONE: _("Open tasks are done"),
    Tasks.DROPPED: _("Open tasks fall away"),
}


def document() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *(line for each in LIFECYCLES for line in _chapter(each))])


def _chapter(lifecycle: Lifecycle[Any]) -> Iterator[str]:
    yield f"## {both(lifecycle.of)}"
    yield ""
    yield f"| {' | '.join(_COLUMNS)} |"
    yield f"|{'---|' * len(_COLUMNS)}"
    for step in lifecycle.steps:
        yield f"| {' | '.join(_row(step))} |"
    yield ""


def _row(step: Step[Any]) -> Iterator[str]:
    yield f"{both(step.label)} `{step.name}`"
    came = _several(both(state.label) for state in step.at) or "—"
    leads = _several(both(state.label) for state in step.to) or "="
    yield f"{came} → {leads}"
    yield _several(both(each.label) for each in step.by) or both(_("System"))
    events = dict.fromkeys(step.event_at(state) for state in step.to or step.at)
    named = [step.action] if step.action else []
    yield _several(f"`{each.value}`" for each in [*named, *events])
    yield "<br>".join(_effects(step)) or "—"


def _effects(step: Step[Any]) -> Iterator[str]:
    if step.starts is not None:
        yield _effect(_("Clock starts"), f"`{step.starts.clock}`")
    for kind in step.ends:
        yield _effect(_("Clock ends"), f"`{kind}`")
    if step.at and step.tasks in _TASKS:
        yield both(_TASKS[step.tasks])
    if step.opens is not None:
        yield _effect(_("Task"), both(step.opens.what), both(step.opens.seat.label))
    for notice in step.tells:
        told = _several(both(each.label) for each in notice.to)
        yield _effect(_("Message"), both(notice.what), told)
    if step.done is not None:
        yield _effect(_("Confirmed with"), both(step.done.title))


def _effect(kind: Message, what: str, whom: str = "") -> str:
    return f"{both(kind)} – {whom}: {what}" if whom else f"{both(kind)}: {what}"


def both(text: Message) -> str:
    """Chinese first, then English."""
    chinese, english = (_HOLE.sub(r"‹\1›", text.render(each)) for each in ("zh_CN", "en"))
    return f"{chinese} ({english})"


def _several(texts: Iterable[str]) -> str:
    return "<br>".join(texts)


if __name__ == "__main__":
    PAGE.write_text(document(), encoding="utf-8")
