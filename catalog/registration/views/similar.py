"""Resources whose titles are nearly the same (疑似重复): shown to
whoever registers, never in the way.

One datum has one source; whoever is about to register what is there already should know it in time.
"""

from collections.abc import Sequence
from typing import Final

from sqlmodel import Session

from catalog.resources import repository as resources
from catalog.resources import service as registering
from catalog.resources.schemas import ResourceSummary
from shuqiao.skeletons import skeleton
from shuqiao.subject import Subject

#: Endings that say only that it is data.
_ENDINGS: Final = (
    "信息资源",
    "数据资源",
    "基本信息",
    "信息",
    "数据",
    "名录",
    "清单",
    "名单",
    "目录",
    "列表",
    "表",
)
#: How many letter pairs two titles share, of all they have, to count as nearly the same.
NEAR: Final = 0.6
SHOWN: Final = 5


def similar(
    session: Session, subject: Subject, title: str, *, but: str = "", near: float = NEAR
) -> Sequence[ResourceSummary]:
    """Resources ``subject`` may see whose titles are nearly ``title``,
    the nearest first; ``but``: not this code.
    """
    if len(title.strip()) < 2:
        return []
    rows = [row for row in resources.sharing_words(session, subject, title) if row.code != but]
    rated = sorted(
        ((likeness(title, row.title), row) for row in rows),
        key=lambda pair: (-pair[0], pair[1].code),
    )
    return registering.summaries(session, [row for rate, row in rated if rate >= near][:SHOWN])


def likeness(one: str, other: str) -> float:
    """How alike two titles are, 0 … 1: shared letter pairs of the normalised titles (Dice)."""
    left, right = normalised(one), normalised(other)
    if left == right:
        return 1.0
    if min(len(left), len(right)) >= 3 and (left in right or right in left):
        return max(NEAR, _dice(left, right))
    return _dice(left, right)


def normalised(title: str) -> str:
    """What the title looks like (``shuqiao.skeletons``), without an ending that says nothing."""
    folded = skeleton(title)
    for ending in _ENDINGS:
        if folded.endswith(ending) and len(folded) > len(ending) + 1:
            return folded[: -len(ending)]
    return folded


def _dice(left: str, right: str) -> float:
    pairs = [[text[place : place + 2] for place in range(len(text) - 1)] for text in (left, right)]
    if not pairs[0] or not pairs[1]:
        return 0.0
    rest, shared = list(pairs[1]), 0
    for pair in pairs[0]:
        if pair in rest:
            rest.remove(pair)
            shared += 1
    return 2 * shared / (len(pairs[0]) + len(pairs[1]))
