"""What each stage above holds for departments: auth knows it by kind, number and title only.

The stages fill :data:`HOLDERS` in ``server/wiring.py``; each lists and moves its own objects.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol
from uuid import UUID

from sqlmodel import Session

from auth.departments.models import Department
from shuqiao.i18n import Message
from shuqiao.subject import Subject
from shuqiao.web.slots import Slot


@dataclass(frozen=True, slots=True)
class Held:
    """One object that a department holds. ``is_sensitive``: with personal or important data, which
    never moves with others (NDSR 14, 32).
    """

    number: str
    title: str
    href: str = ""
    is_sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Ruling:
    """Who takes over, by which document. ``passes_on``: of what is used, whether duty and matter
    pass; else it is suspended for disposal.
    """

    act_no: str
    before: Department
    after: Department
    document_no: str
    article: str
    effective_on: date
    passes_on: bool

    def why(self) -> dict[str, object]:
        """What the event of a moved object says of it."""
        return {
            "act_no": self.act_no,
            "from": self.before.code,
            "to": self.after.code,
            "document_no": self.document_no,
            "article": self.article,
        }


class Move(Protocol):
    def __call__(
        self, session: Session, subject: Subject, number: str, ruling: Ruling, /
    ) -> None: ...


class List(Protocol):
    def __call__(self, session: Session, department_id: UUID, /) -> Sequence[Held]: ...


@dataclass(frozen=True, slots=True)
class Holder:
    """One kind of objects. ``move`` may be followed by what depends on it in other stages.
    ``asks_passing``: whether it is asked if duty and matter pass.
    """

    kind: str
    label: Message
    held: List
    move: Move
    follow: Sequence[Move] = ()
    asks_passing: bool = False


HOLDERS: Final[Slot[Sequence[Holder]]] = Slot(())
