"""What must fit when a department is described: level and area, parent, contact."""

import re
from typing import Final

from auth.areas.models import Area
from auth.departments.models import Department
from auth.departments.schemas import DepartmentDescribe
from auth.departments.words import Level
from shuqiao.errors import FieldError
from shuqiao.i18n import _

#: Seven digits in a row, whatever stands between them: a telephone number.
_PHONE: Final = re.compile(r"(?:[0-9０-９][\s()（）+·\-－—]*){7,}")


def problems(
    body: DepartmentDescribe, parent: Department | None, area: Area | None
) -> list[FieldError]:
    """What does not fit by itself; the tree is the service's."""
    found = [*_level_and_area(body.level, area), *_parent(body.level, parent)]
    if _PHONE.search(body.sharing_contact):
        found.append(
            FieldError(
                "/sharing_contact",
                "telephone_number",
                _("The contact contains a telephone number"),
                _("Name office, room or post, not the number of a person: everybody reads this"),
            )
        )
    return found


def _level_and_area(level: Level | None, area: Area | None) -> list[FieldError]:
    if level is None or area is None or level.rank is area.rank:
        return []
    detail = _(
        "%(area)s is of the rank “%(rank)s”, which does not fit the level “%(level)s”",
        area=area.name,
        rank=area.rank.label,
        level=level.label,
    )
    fix = _("Choose an area of the rank “%(rank)s”, or another level", rank=level.rank.label)
    return [FieldError("/area_code", "level_and_area", detail, fix)]


def _parent(level: Level | None, parent: Department | None) -> list[FieldError]:
    if level is Level.USING_POINT and (parent is None or parent.level is not Level.TOWNSHIP):
        detail = _("A using point needs the street or township that answers for it")
        fix = _("Choose a department of the township level as the one above")
        return [FieldError("/parent_code", "no_street", detail, fix)]
    if parent is None or parent.level is None or level is None:
        return []
    if level.depth < parent.level.depth:
        detail = _(
            "%(name)s is of the level “%(level)s”: a department is not above the one it is under",
            name=parent.name,
            level=parent.level.label,
        )
        fix = _("Choose a lower level, or another department above")
        return [FieldError("/level", "above_its_parent", detail, fix)]
    return []
