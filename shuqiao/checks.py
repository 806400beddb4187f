"""What the service looks at by itself before a person decides (自动核验): advice, never a decision.

A check is declared once: its number, what it asks, on what that rests, what a finding means, and
the function that looks. It is handed the facts it needs and asks nobody. All checks of a list are
always answered, in its order; pages, the API and ``docs/checks.md`` read the same list.

Errors of input are another thing and stay apart. A ``FieldError`` speaks to the one who typed,
points into what was sent and refuses the step; a finding speaks to somebody else about a case that
stands, tells also what is in order, and refuses nothing. Where it foretells a refusal, the check
is handed the errors that the step itself would raise.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from shuqiao.i18n import Message, _
from shuqiao.limits import Named, numeral
from shuqiao.words import Word

Facts = TypeVar("Facts")


class Weight(Word):
    """What a finding means for the decision, the lightest first, and what a check is called of
    which it is the heaviest.
    """

    INFORMS = "informs", _("Passed")
    ASKS = "asks", _("Attention")
    BLOCKS = "blocks", _("Not passed")

    @property
    def tone(self) -> str:
        return {Weight.INFORMS: "success", Weight.ASKS: "warning"}.get(self, "danger")


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence. ``weight``: None: the check's own. ``pointer``: the field it speaks of (RFC
    6901). ``cases``: numbers of the cases it rests on.
    """

    words: Message
    weight: Weight | None = None
    pointer: str = ""
    cases: Sequence[str] = ()


def order_809(*articles: int) -> Message:
    """Articles of the Regulation on Government Data Sharing as they are cited."""
    zh = "、".join(f"第{numeral(str(each))}条" for each in articles)
    art = "Art." if len(articles) == 1 else "Arts."
    en = " and ".join(map(str, articles))
    return Named.of(zh=f"《政务数据共享条例》{zh}", en=f"Order 809, {art} {en}")


def fine(words: Message) -> Finding:
    """What is in order, or needs nothing."""
    return Finding(words, Weight.INFORMS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Generic[Facts]):
    """``basis``: the article or standard; None: set by the platform. ``look`` gives what it found;
    nothing at all is in order too.
    """

    id: str
    asks: Message
    weight: Weight
    look: Callable[[Facts], Iterable[Finding]]
    basis: Message | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A check with what it found in one case."""

    check: Check[Any]
    found: tuple[Finding, ...]

    @property
    def verdict(self) -> Weight:
        weights = [each.weight or self.check.weight for each in self.found]
        return max(weights, key=list(Weight).index, default=Weight.INFORMS)


def results(checks: Iterable[Check[Facts]], facts: Facts) -> list[Result]:
    """Every check of the list, in its order."""
    return [Result(check, tuple(check.look(facts))) for check in checks]
