"""What is wrong with an answer, and with the lines of a list; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from catalog.assignments.fields import LABELS
from catalog.assignments.schemas.assignments import AnswerWrite
from catalog.assignments.schemas.templates import LineWrite
from catalog.assignments.words import Answer, Refusal
from shuqiao.errors import FieldError
from shuqiao.i18n import Message, _

#: The refusals that are told in words beside their code.
_REASONED: Final = frozenset(
    {Refusal.NO_SUCH_DUTY, Refusal.NO_INFORMATION_SYSTEM, Refusal.OUT_OF_USE}
)
_OF_PART: Final = ("part", "rest", "rest_department")
_OF_REFUSAL: Final = ("refusal", "reason", "belongs_to", "duplicate_of")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a row of the file, numbered as its spreadsheet does, with a column."""

    row: int
    field: str
    detail: Message
    fix: Message

    @property
    def column(self) -> Message:
        """What the column is called."""
        return LABELS.get(self.field, _("Row of the file"))

    def told(self) -> FieldError:
        """The same as an error of the row."""
        return FieldError(f"/rows/{self.row}/{self.field}", "defective_row", self.detail, self.fix)


@dataclass(frozen=True, slots=True)
class LineList:
    """The rows that say something, with their numbers, and all that is wrong with them."""

    rows: Sequence[tuple[int, LineWrite]]
    faults: Sequence[Fault]
    sha256: str


def answer_faults(said: AnswerWrite) -> list[FieldError]:
    """What an answer lacks, and what it says that does not belong to it."""
    found = [*_missing(said)]
    wanted = {Answer.PARTLY: _OF_PART, Answer.REFUSED: _OF_REFUSAL}.get(said.answer, ())
    for name in (*_OF_PART, *_OF_REFUSAL):
        if name not in wanted and getattr(said, name):
            detail = _("This does not belong to that answer")
            fix = _("Leave it empty, or choose the answer that it belongs to.")
            found.append(FieldError(f"/{name}", "not_asked", detail, fix))
    return found or [*_of_refusal(said)]


def _missing(said: AnswerWrite) -> Iterator[FieldError]:
    if said.answer is Answer.PARTLY:
        if not said.part:
            yield _required("part", _("Say which part your department claims."))
        if not said.rest:
            yield _required("rest", _("Say what remains."))
    if said.answer is Answer.REFUSED and said.refusal is None:
        yield _required("refusal", _("Choose why it is not claimed."))
    if said.refusal in _REASONED and not said.reason:
        yield _required("reason", _("Say in a sentence on what that rests."))
    if said.refusal is Refusal.DUPLICATE and not said.duplicate_of:
        yield _required("duplicate_of", _("Give the code of the entry that there is already."))


def _of_refusal(said: AnswerWrite) -> Iterator[FieldError]:
    if said.refusal is Refusal.STATE_SECRET and said.reason:
        detail = _("Nothing of a secret is written here")
        fix = _("Leave it empty; settle it on the way for secrets.")
        yield FieldError("/reason", "secret", detail, fix)
    if said.belongs_to and said.refusal is not Refusal.NO_SUCH_DUTY:
        detail = _("This belongs to another reason")
        yield FieldError("/belongs_to", "not_asked", detail, _("Leave it empty."))
    if said.duplicate_of and said.refusal is not Refusal.DUPLICATE:
        detail = _("This belongs to another reason")
        yield FieldError("/duplicate_of", "not_asked", detail, _("Leave it empty."))


def repeated(rows: Sequence[tuple[int, LineWrite]]) -> Iterator[Fault]:
    """Upper codes that stand in the list twice."""
    first: dict[str, int] = {}
    for number, row in rows:
        if not row.upper_code:
            continue
        there = first.setdefault(row.upper_code, number)
        if there != number:
            detail = _("Row %(row)s has this upper code", row=there)
            fix = _("Keep one of them, or correct the code.")
            yield Fault(number, "upper_code", detail, fix)


def _required(name: str, fix: Message) -> FieldError:
    return FieldError(f"/{name}", "required", _("This is missing"), fix)
