"""Pure judgements: whether an answer is whole, whether a demand may end, what fits it how well."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from catalog.demand.schemas import AnswerCreate
from catalog.demand.words import AnswerKind, DemandStatus, UnmetReason
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import Message, _

#: Points of a candidate: the whole title said again, every wanted item there, a confirmed source,
#: a duty that speaks of it.
_TITLE: Final = 40
_ITEMS: Final = 50
_SOURCE: Final = 10
_DUTY: Final = 30
#: Demands at least so alike are proposed for a merger.
ALIKE: Final = 40


def check_answer(body: AnswerCreate, on: date) -> None:
    """Raises ``Invalid`` naming each field that the kind of answer needs."""
    errors = list(_gaps(body, on))
    if errors:
        raise Invalid(errors=errors)


def _gaps(body: AnswerCreate, on: date) -> Iterator[FieldError]:
    if body.kind is AnswerKind.SHARE and body.entry is None:
        yield _gap("entry", _("The answer names no entry"), _("Name the code of a published entry"))
    if body.kind is AnswerKind.COLLECT and (body.collect_by is None or body.collect_by <= on):
        yield _gap("collect_by", _("The answer names no coming day"), _("Name a day after today"))
    if body.kind in (AnswerKind.NOT_OURS, AnswerKind.REFUSE) and not body.reason:
        yield _gap("reason", _("The answer gives no reason"), _("Say why"))
    if body.kind is AnswerKind.REFUSE and not body.negative_no:
        yield from _legal_gaps(body)


def _legal_gaps(body: AnswerCreate) -> Iterator[FieldError]:
    """Only an express prohibition by one of three kinds refuses (Order 809, Art. 15)."""
    fix = _(
        "Name a law, an administrative regulation or a decision of the State Council with its "
        "article, or the number of an entry of the negative list"
    )
    detail = _("A refusal rests on one of the three legal bases")
    for name in ("legal_kind", "legal_document", "legal_article"):
        if not getattr(body, name):
            yield _gap(name, detail, fix)


def _gap(name: str, detail: Message, fix: Message) -> FieldError:
    return FieldError(f"/{name}", "missing", detail, fix)


def refused_reason(status: DemandStatus, reason: UnmetReason, *, is_aimed: bool) -> Message | None:
    """Why a demand may not end for ``reason``; None where it may. ``is_aimed``: at an item of the
    catalogue, which is answered with its basis, never dropped.
    """
    if reason is UnmetReason.WITHHELD_BY_LAW and status is not DemandStatus.REFUSED:
        return _("No department has refused it on a legal basis")
    if status is not DemandStatus.FILED:
        return None
    if is_aimed:
        return _("It is aimed at an item of the catalogue: its department answers, with the basis")
    if reason is not UnmetReason.NOBODY_HAS:
        return _("Nobody has answered yet; only that no department has it can be said now")
    return None


@dataclass(frozen=True, slots=True)
class Fit:
    """What speaks for an entry: how many words of the title, which wanted items."""

    said: int
    words: int
    items: Collection[str]
    wanted: int
    is_source: bool

    @property
    def score(self) -> int:
        title = _TITLE * self.said // max(self.words, 1)
        items = _ITEMS * len(self.items) // max(self.wanted, 1)
        return title + items + (_SOURCE if self.is_source else 0)

    @property
    def why(self) -> list[Message]:
        told = []
        if self.said:
            told.append(
                _("Its title says %(said)s of %(words)s words", said=self.said, words=self.words)
            )
        if self.items:
            names = "、".join(sorted(self.items))
            told.append(
                _(
                    "It has %(count)s of %(wanted)s wanted items: %(names)s",
                    count=len(self.items),
                    wanted=self.wanted,
                    names=names,
                )
            )
        if self.is_source:
            told.append(_("Its department is a confirmed source of them"))
        return told


def duty_score(said: Collection[str], asked: Collection[str]) -> int:
    """Points of a department whose duties say some of the words that are asked."""
    return _DUTY * len(said) // max(len(asked), 1)


def alike(own: Sequence[str], other: Sequence[str], same_items: Collection[str], items: int) -> int:
    """0 … 100: how far two demands want the same, by the words of their titles and their items."""
    words = len({*own, *other})
    shared = len({*own} & {*other})
    by_words = 100 * shared // words if words else 0
    by_items = 100 * len(same_items) // items if items else 0
    return max(by_words, by_items)


def spoken(words: Sequence[str]) -> list[str]:
    """The words that tell something: two characters or more."""
    return [word for word in words if len(word) > 1]


def percent(part: int, whole: int) -> float | None:
    """None where there is nothing to count: never 0 or 100."""
    return round(100 * part / whole, 1) if whole else None


def met_of(met: int, unmet: Mapping[UnmetReason, int]) -> tuple[int, int]:
    """Numerator and denominator of the rate of demands met: refusals by law are counted apart."""
    lawful = unmet.get(UnmetReason.WITHHELD_BY_LAW, 0)
    return met, met + sum(unmet.values()) - lawful
