"""The register of areas: load the divisions, register and end functional areas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from audit.append import ObjectRef, append
from audit.events import Event
from auth.areas import repository
from auth.areas.errors import AreaEnded, CodeTaken, TableRefused
from auth.areas.models import DIVISIONS, Area
from auth.areas.schemas import AreaEnd, AreaRegister, Line
from auth.areas.words import NATION, AreaKind, Rank, codes_above, rank_of, span_of
from shuqiao.codes.divisions import fault_of
from shuqiao.db import insert_once
from shuqiao.errors import FieldError, Invalid, NotFound
from shuqiao.i18n import _
from shuqiao.subject import Subject

_NATION_NAME: Final = "全国"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a table of divisions changed."""

    added: int
    renamed: int
    ended: int


def load_divisions(
    session: Session, subject: Subject, lines: Sequence[Line], *, source: str
) -> Loaded:
    """Take in a table of GB/T 2260: new codes are added, names and last days brought up to date.

    Nothing is deleted: a code that is no longer in the table stays as it is.

    Raises ``TableRefused`` naming the line.
    """
    wanted = {line.code: line for line in (Line(NATION, _NATION_NAME), *lines)}
    known = {area.code: area for area in repository.everything(session)}
    _check(wanted, known, lines)
    added = renamed = ended = 0
    for code, line in sorted(wanted.items(), key=lambda each: (len(span_of(each[0])) * -1, each)):
        area = known.get(code)
        if area is None:
            added += 1
            parent = next((up for up in codes_above(code) if up in wanted or up in known), None)
            area = Area(
                code=code, name=line.name, kind=AreaKind.DIVISION, parent_code=parent, basis=source
            )
        renamed += area.name != line.name
        ended += line.valid_until is not None and area.valid_until != line.valid_until
        area.name = line.name
        area.valid_from = line.valid_from or area.valid_from
        area.valid_until = line.valid_until or area.valid_until
        session.add(area)
    loaded = Loaded(added, renamed, ended)
    session.flush()
    append(
        session,
        subject,
        Event.AREAS_LOADED,
        stream=f"auth:area:{DIVISIONS}",
        obj=ObjectRef("Area", DIVISIONS),
        why={"added": added, "renamed": renamed, "ended": ended, "source": source},
    )
    return loaded


def register_functional(session: Session, subject: Subject, body: AreaRegister) -> Area:
    """Register a functional area inside its parent's range.

    Raises ``Invalid`` naming the field, ``CodeTaken``.
    """
    if rank_of(body.code) is not Rank.COUNTY:
        raise _wrong(
            FieldError(
                "/code",
                "code_of_division",
                _("Codes that end with 00 belong to provinces and cities"),
                _("Take a code such as 150271, whose last two digits are not 00"),
            )
        )
    parent = repository.by_code(session, body.parent_code)
    if parent is None:
        raise _wrong(unknown_area("/parent_code"))
    near = repository.of_codes(session, codes_above(body.code))
    nearest = next((near[code] for code in codes_above(body.code) if code in near), None)
    if nearest is None or nearest.code != parent.code:
        raise _wrong(_outside(parent, nearest))
    if repository.by_code(session, body.code) is not None:
        raise CodeTaken
    area = Area(
        code=body.code,
        name=body.name,
        kind=AreaKind.FUNCTIONAL,
        parent_code=parent.code,
        valid_from=body.valid_from,
        basis=body.basis,
    )
    insert_once(session, area, CodeTaken())
    append(
        session,
        subject,
        Event.AREA_REGISTERED,
        stream=area.audit_stream(),
        obj=area.audit_ref(),
        why={"parent": parent.code, "basis": body.basis},
    )
    session.refresh(area)
    return area


def end_functional(session: Session, subject: Subject, area: Area, body: AreaEnd) -> Area:
    """Say on which day a functional area ended. Raises ``AreaEnded`` or ``Invalid``."""
    if area.kind is not AreaKind.FUNCTIONAL:
        raise _wrong(
            FieldError(
                "/valid_until",
                "not_functional",
                _("Divisions end by the table of GB/T 2260, not by hand"),
                _("Let the operator load the present table"),
            )
        )
    if area.valid_until is not None:
        raise AreaEnded
    if area.valid_from is not None and body.valid_until < area.valid_from:
        raise _wrong(
            FieldError(
                "/valid_until",
                "before_beginning",
                _("The last day lies before the first"),
                _("Give a day from %(day)s on", day=area.valid_from.isoformat()),
            )
        )
    area.valid_until = body.valid_until
    append(
        session,
        subject,
        Event.AREA_ENDED,
        stream=area.audit_stream(),
        obj=area.audit_ref(),
        why={"valid_until": body.valid_until.isoformat()},
    )
    return area


def area_by_code(session: Session, code: str, *, lock: bool = False) -> Area:
    """The area of this code. Raises ``NotFound``."""
    found = repository.by_code(session, code, lock=lock)
    if found is None:
        raise NotFound(_("No area has the code %(code)s", code=code))
    return found


def unknown_area(pointer: str) -> FieldError:
    """No registered area has the code given at ``pointer``."""
    return FieldError(
        pointer,
        "unknown_area",
        _("No area has this code"),
        _("Choose one of the areas of the register, or let a functional area be registered first"),
    )


def _outside(parent: Area, nearest: Area | None) -> FieldError:
    fix = (
        _("The code lies in the range of %(name)s (%(code)s)", name=nearest.name, code=nearest.code)
        if nearest is not None
        else _("Take a code that begins like the one of the area above")
    )
    detail = _("The code does not lie directly in the range of %(name)s", name=parent.name)
    return FieldError("/code", "outside_parent", detail, fix)


def _check(wanted: Mapping[str, Line], known: Mapping[str, Area], lines: Sequence[Line]) -> None:
    errors = []
    for place, line in enumerate(lines):
        fault = fault_of(line.code)
        if fault is not None:
            errors.append(FieldError(f"/{place}/code", fault.code, fault.detail, fault.fix))
            continue
        area = known.get(line.code)
        if area is not None and area.kind is AreaKind.FUNCTIONAL:
            detail = _("The functional area %(name)s has this code", name=area.name)
            fix = _("Leave the line out: codes of functional areas are not of GB/T 2260")
            errors.append(FieldError(f"/{place}/code", "functional_area", detail, fix))
        if not line.name:
            detail, fix = _("The area has no name"), _("Fill in the name")
            errors.append(FieldError(f"/{place}/name", "missing", detail, fix))
    if errors:
        raise TableRefused(errors=errors[:20])
    if not lines:
        raise TableRefused(_("The table has no lines"))


def _wrong(error: FieldError) -> Invalid:
    return Invalid(errors=[error])
