"""Whether a refusal states what its reason asks for: ``needs`` of ``policies/refusals.toml``.

Each need has fields of its own in ``ItemReply``; a remark stands for none of them.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final

from exchange.approvals.schemas import ItemReply
from policies.refusals import Refusal
from shuqiao.clock import today
from shuqiao.errors import FieldError
from shuqiao.i18n import Message, _

#: So many letters and digits has the shortest sentence that says something.
_ENOUGH: Final = 4
_NUMBER: Final = re.compile(r"[0-9零〇一二三四五六七八九十百千]")

#: What is wrong with the answer; ``sources``: codes of the departments that may hold the data.
Look = Callable[[ItemReply, Collection[str]], Iterator[FieldError]]


def grounds(
    answer: ItemReply, reason: Refusal, sources: Collection[str], pointer: str
) -> Iterator[FieldError]:
    """Everything that ``reason`` needs and the answer does not state, below ``pointer``."""
    for need, look in NEEDS.items():
        if need in reason.needs:
            for error in look(answer, sources):
                yield FieldError(f"{pointer}{error.pointer}", error.code, error.detail, error.fix)


def _says_enough(text: str) -> bool:
    return sum(char.isalnum() for char in text) >= _ENOUGH


def _remark(answer: ItemReply, _sources: Collection[str]) -> Iterator[FieldError]:
    if not answer.remark.strip():
        fix = _("State the facts that the reason rests on.")
        yield FieldError("/remark", "required", _("This reason needs an explanation"), fix)
    elif not _says_enough(answer.remark):
        yield _too_short("/remark")


def _legal_text(answer: ItemReply, _sources: Collection[str]) -> Iterator[FieldError]:
    stated = answer.provision
    if stated is None:
        fix = _(
            "Name the law, administrative regulation or State Council decision, its article, and "
            "what it says."
        )
        yield FieldError("/provision", "required", _("This reason needs the provision"), fix)
        return
    if not _says_enough(stated.name):
        yield _too_short("/provision/name")
    if not _NUMBER.search(stated.article):
        fix = _("Write it as: Article 13.")
        yield FieldError("/provision/article", "no_number", _("No article is named"), fix)
    if not _says_enough(stated.wording):
        yield _too_short("/provision/wording")


def _department(answer: ItemReply, sources: Collection[str]) -> Iterator[FieldError]:
    fix = _("Name another registered department by its unified social credit code.")
    if not answer.department:
        detail = _("This reason needs the department to ask")
        yield FieldError("/department", "required", detail, fix)
    elif answer.department not in sources:
        yield FieldError("/department", "unknown", _("No such department"), fix)


def _suspension(answer: ItemReply, _sources: Collection[str]) -> Iterator[FieldError]:
    stated = answer.suspension
    if stated is None:
        fix = _("State number and day of the decision that suspended the access.")
        yield FieldError("/suspension", "required", _("This reason needs the decision"), fix)
        return
    if not _NUMBER.search(stated.number):
        fix = _("Write the number as it stands on the decision.")
        yield FieldError("/suspension/number", "no_number", _("No number is named"), fix)
    if stated.decided_on > today():
        fix = _("Give the day on which it was decided.")
        yield FieldError("/suspension/decided_on", "in_future", _("This day has not come yet"), fix)


def _items(_answer: ItemReply, _sources: Collection[str]) -> Iterator[FieldError]:
    """Which items: each is answered by itself."""
    yield from ()


def _too_short(pointer: str) -> FieldError:
    detail: Message = _("This says nothing that could be checked")
    return FieldError(pointer, "too_short", detail, _("Write it out in words."))


#: By the words of the table; a test holds them against each other.
NEEDS: Final[Mapping[str, Look]] = {
    "items": _items,
    "legal_text": _legal_text,
    "department": _department,
    "suspension": _suspension,
    "remark": _remark,
}
