"""How far the reach of each reader goes."""

from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.roles import Role
from shuqiao.desk.late import Reach
from shuqiao.subject import Subject


def reach_of(session: Session, subject: Subject) -> Reach:
    """The tasks of the own department; for the data administration every limit of law beside them.
    What the platform has set for itself stays inside the department.
    """
    people = accounts.of_department(session, subject.department_id)
    return Reach(
        department_id=subject.department_id,
        user_ids=[each.id for each in people],
        roles={role for each in people for role in each.roles},
        is_law_everywhere=subject.has(Role.DATA_ADMIN),
    )
