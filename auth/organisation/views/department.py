"""One department: what is said of it, who heads it, its duties, what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.administration import views as administration
from auth.areas import repository as areas
from auth.areas.models import Area
from auth.areas.words import NATION, Rank, codes_above
from auth.departments import repository as register
from auth.departments.models import Department, Reorganisation
from auth.departments.words import Level, Side
from auth.duties import repository as duties
from auth.duties.schemas import DutyRead
from auth.guard import is_allowed
from auth.organisation.schemas import (
    DepartmentRead,
    DepartmentShown,
    HeadRead,
    PartyRead,
    ReorganisationRead,
)
from auth.roles import Role
from policies.actions import Action
from shuqiao.subject import Subject
from shuqiao.web.slots import PageSlot

#: What higher stages show on a department's page.
PAGE: PageSlot[Department] = PageSlot()
_LEVELS = {level.rank: level for level in (Level.NATIONAL, Level.PROVINCE, Level.CITY)}


@dataclass(frozen=True, slots=True)
class Proposal:
    """Area and level that the digits of a credit code point to; somebody has to say so."""

    area: Area
    level: Level


def list_rows(
    session: Session, subject: Subject, rows: Sequence[Department]
) -> list[DepartmentRead]:
    """Departments as programs read them; with staffing for who may read that."""
    parents = {row.parent_id for row in rows if row.parent_id}
    codes = {row.id: row.code for row in register.of_ids(session, parents)}
    known = areas.of_codes(session, {row.area_code for row in rows if row.area_code})
    formerly = register.former_names(session)
    staffed = {}
    if rows and is_allowed(subject, Action.DEPARTMENT_READ, rows[0]):
        staffed = {each.code: each for each in administration.departments(session)}
    return [
        DepartmentRead(
            code=row.code,
            name=row.name,
            former_names=list(formerly.get(row.id, ())),
            parent_code=codes[row.parent_id] if row.parent_id else None,
            level=row.level,
            area_code=row.area_code,
            area_name=known[row.area_code].name if row.area_code else None,
            line=row.line,
            regime=row.regime,
            ended_on=row.ended_on,
            accounts=staffed[row.code].accounts if staffed else None,
            vacant=list(staffed[row.code].vacant) if staffed else None,
        )
        for row in rows
    ]


def shown(session: Session, subject: Subject, found: Department) -> DepartmentShown:
    """All that is known of a department."""
    [row] = list_rows(session, subject, [found])
    return DepartmentShown(
        **dict(row),
        sharing_unit=found.sharing_unit,
        sharing_contact=found.sharing_contact,
        quota_mb=found.quota_mb,
        heads=[
            HeadRead(role=role, name=holder.name)
            for role in (Role.DEPARTMENT_HEAD, Role.SHARING_HEAD)
            for holder in accounts.holders(session, role, found.id)
        ],
        duties=[DutyRead.of(duty) for duty in duties.of_department(session, found.id)],
        history=history(session, register.acts_of(session, found.id)),
    )


def history(session: Session, acts: Sequence[Reorganisation]) -> list[ReorganisationRead]:
    """Acts with who took part in them, under the names of then."""
    sides: dict[tuple[object, Side], list[PartyRead]] = {}
    for party, department in register.parties(session, [act.id for act in acts]):
        stood = PartyRead(code=department.code, name=party.name)
        sides.setdefault((party.reorganisation_id, party.side), []).append(stood)
    return [
        ReorganisationRead(
            act_no=act.act_no,
            kind=act.kind,
            document_no=act.document_no,
            effective_on=act.effective_on,
            before=sides[(act.id, Side.BEFORE)],
            after=sides[(act.id, Side.AFTER)],
        )
        for act in acts
    ]


def proposal(session: Session, found: Department) -> Proposal | None:
    """What the division digits of the credit code point to (GB 32100), as far as registered."""
    digits = found.code[2:8]
    known = areas.of_codes(session, (digits, *codes_above(digits)))
    area = next((known[each] for each in (digits, *codes_above(digits)) if each in known), None)
    if area is None or (area.code == NATION and digits != NATION):
        return None
    return Proposal(area, _LEVELS.get(area.rank, Level.COUNTY))


def areas_near(session: Session, found: Department) -> list[Area]:
    """The areas to choose from: the nation, the provinces, and those of the province whose digits
    the credit code carries.
    """
    near = f"{found.code[2:4]}0000"
    return [
        area
        for area in areas.everything(session)
        if area.valid_until is None
        and (area.rank in (Rank.NATIONAL, Rank.PROVINCE) or area.code[:2] == near[:2])
    ]
