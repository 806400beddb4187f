"""The update of the catalogue that an owner owes for what an entry does (Order 809, Art. 17)."""

from enum import Enum
from typing import Final

from sqlmodel import Session

from catalog.negative.checks import basis_of
from catalog.negative.models import NegativeEntry
from catalog.resources.models import DataResource
from catalog.updates import service as updates
from catalog.updates.words import ChangeKind
from shuqiao.clock import today
from shuqiao.subject import Subject


class Owed(Enum):
    """Why: an entry came into force over items that are not marked, or its basis ended."""

    STRUCK = "负面清单条目生效"
    LAPSED = "不予共享依据失效"


_KINDS: Final = {Owed.STRUCK: ChangeKind.NEGATIVE_ENTRY, Owed.LAPSED: ChangeKind.BASIS_LAPSED}

#: So much of the basis an update says; the entry has it in full.
_LONGEST: Final = 500


def owe(
    session: Session, subject: Subject, entry: NegativeEntry, resource: DataResource, why: Owed
) -> None:
    """Open it for one published entry of the catalogue; its limit runs from today."""
    basis = f"{why.value}：{entry.entry_no} {basis_of(entry)}"
    updates.open_for(
        session,
        subject,
        resource,
        _KINDS[why],
        on=today(),
        cause=entry.audit_ref(),
        basis=basis[:_LONGEST],
    )
