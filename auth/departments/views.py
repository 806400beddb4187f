"""Areas and departments to choose from, in any form that asks for one (``ui.place``)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from auth.areas import repository as areas
from auth.areas.models import Area
from auth.areas.words import codes_above
from auth.departments import repository

#: So many of each are offered; any other is found by its name when it is typed.
OFFERED: Final = 200


@dataclass(frozen=True, slots=True)
class Named:
    """(what is filled in, what is beside it): the name, or the code of what shares its name."""

    areas: Sequence[tuple[str, str]] = ()
    departments: Sequence[tuple[str, str]] = ()


def named(session: Session, near: Sequence[Area] = ()) -> Named:
    """The areas that departments are of and those above them first, then the others by code, or
    only those ``near``; open departments by code.
    """
    rows = [each for each in repository.listed(session) if each.ended_on is None]
    used = {each.area_code for each in rows if each.area_code}
    used |= {above for code in used for above in codes_above(code)}
    every = near or areas.everything(session)
    ordered = sorted(every, key=lambda each: (each.code not in used, each.code))
    return Named(
        _options([(each.code, each.name) for each in ordered]),
        _options([(each.code, each.name) for each in rows]),
    )


def _options(rows: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    names = [name for _code, name in rows]
    return [
        (name, code) if names.count(name) == 1 else (code, name) for code, name in rows[:OFFERED]
    ]
