"""What is looked at before a claim is taken in, and what rooms above answer for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlmodel import Session

from audit.append import ObjectRef
from auth.departments.models import Department
from auth.departments.service import may_have_source_named
from auth.departments.words import Line
from auth.guard import Place
from catalog.elements.models import DataElement
from catalog.elements.words import ElementStatus, Sourcing
from catalog.resources.models import DataResource
from catalog.sources.checks.instances import Reach, reach
from catalog.sources.errors import ConflictOpen, NoSourceNeeded, NotInForce
from catalog.sources.models import SourceClaim
from shuqiao.errors import FieldError
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.slots import Slot


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """A source conflict that is not decided yet: its number, page, the claims at issue, and what
    the rules ask of it. That there is one anybody may know, which one only its readers.
    """

    number: str
    href: str
    claim_ids: frozenset[UUID]
    case: Place

    def is_side(self, department_id: UUID) -> bool:
        sides = (self.case.attributes["opener"], self.case.attributes["rival"])
        return str(department_id) in sides


#: The open conflicts about elements; conflicts stand above claims.
CONFLICTS: Slot[Callable[[Session, Sequence[UUID]], Sequence[OpenConflict]]] = Slot(
    lambda _session, _element_ids: ()
)
#: Records that the source of an element that a published entry holds is another since a day, by a
#: claim (Arts. 17 and 19); updates stand above.
SOURCE_CHANGED: Slot[Callable[[Session, Subject, DataResource, date, ObjectRef, str], None]] = Slot(
    lambda _session, _subject, _resource, _on, _claim, _basis: None
)

_OTHER_LEVEL: Final = _(
    "The data administration names departments of its own level and area; those above it, or led "
    "from above, are recorded as upper sources"
)


def may_have_source(element: DataElement) -> None:
    """Raises ``NotInForce``, ``NoSourceNeeded``."""
    if element.status not in (ElementStatus.RECORDED, ElementStatus.STANDARD):
        raise NotInForce
    if element.sourcing is Sourcing.DERIVED:
        raise NoSourceNeeded(_("It is derived: %(rule)s", rule=element.derivation))
    if element.sourcing is Sourcing.NONE:
        raise NoSourceNeeded


def undisputed(session: Session, claim: SourceClaim) -> None:
    """Raises ``ConflictOpen`` while a conflict is to settle this claim."""
    for conflict in CONFLICTS.held(session, [claim.element_id]):
        if claim.id in conflict.claim_ids:
            raise ConflictOpen(
                _("%(no)s is open: it decides which department it is.", no=conflict.number)
            )


def nameable(
    department: Department, administration: Department | None, *, is_upper: bool, whose: str
) -> list[FieldError]:
    """Whether a source can be named over ``department`` by this administration (Arts. 19, 43);
    without one, whether the department may claim for itself. ``whose``: the one that decides.

    What is not stated of a department stands in nobody's way.
    """
    if not may_have_source_named(department):
        detail = _("No source is named over this department: it has ended, or follows by reference")
        return [_wrong(detail, _("Choose a department to which the Regulations apply."))]
    if administration is None:
        if department.line is not Line.VERTICAL:
            return []
        return [_wrong(_OTHER_LEVEL, _("Let the data administration record it, with a document."))]
    found = reach(administration, department)
    if found in (None, Reach.RECORDS if is_upper else Reach.NAMES):
        return []
    if found is Reach.NAMES:
        fix = _("Leave “upper source” out: this department is of your own level and area.")
    elif found is Reach.RECORDS:
        fix = _("Record it as an upper source with the document that says so.")
    else:
        fix = _("Choose one of your own level and area; this one is for: %(whose)s", whose=whose)
    return [_wrong(_OTHER_LEVEL, fix)]


def _wrong(detail: Message, fix: Message) -> FieldError:
    return FieldError("/department", "not_nameable", detail, fix)
