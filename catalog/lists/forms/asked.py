"""What a list is asked with, as addresses say it."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query
from pydantic import BeforeValidator, Field

from auth.departments.words import Level
from catalog.lists.schemas import Scope
from catalog.lists.service.dating import Dated
from shuqiao.texts import INT4_MAX

#: A form sends what is left empty too.
_BLANK = BeforeValidator(lambda value: None if value == "" else value)
#: The limits stand inside: what was left empty is compared with nothing.
_Number = Annotated[
    Annotated[int, Field(ge=1, le=INT4_MAX)] | None,
    _BLANK,
    Query(description="Version of the department's list"),
]


def scoped(
    department: Annotated[str, Query(max_length=18, description="Credit code")] = "",
    area: Annotated[
        str, Query(max_length=6, description="Code of an area; those below it too")
    ] = "",
    level: Annotated[
        Level | None, _BLANK, Query(description="Level of government of the departments")
    ] = None,
    code: Annotated[str, Query(max_length=40, description="Code of one entry")] = "",
) -> Scope:
    """Dependency behind ``ScopeDep``."""
    return Scope(department.strip().upper(), area.strip(), level, code.strip())


def dated(
    on: Annotated[date | None, _BLANK, Query(description="As of its end; today: now")] = None,
    version: _Number = None,
) -> Dated:
    """Dependency behind ``DatedDep``."""
    return Dated(on, version)


def begun(
    since: Annotated[date | None, _BLANK, Query(description="From the end of this day")] = None,
    since_version: _Number = None,
) -> Dated:
    """Dependency behind ``SinceDep``."""
    return Dated(since, since_version, "since", "since_version")


ScopeDep = Annotated[Scope, Depends(scoped)]
DatedDep = Annotated[Dated, Depends(dated)]
SinceDep = Annotated[Dated, Depends(begun)]
