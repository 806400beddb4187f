"""What is said of a department, and how departments are looked for."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from auth.areas.schemas import AreaCode
from auth.departments.words import Level, Line, Regime
from shuqiao.texts import CodeText, Strict, TextRule, example

DepartmentCode = Annotated[CodeText, Field(max_length=18)]
OptionalName = Annotated[str, TextRule(100, shortest=0)]
OptionalLine = Annotated[str, TextRule(200, shortest=0)]


class DepartmentDescribe(Strict):
    """All that is said of a department beside code and name; what is left out is not stated."""

    model_config = example(
        parent_code="11150000009900013G",
        level="province",
        area_code="150000",
        line="territorial",
        regime="applies",
        sharing_unit="数据共享工作专班",
        sharing_contact="办公楼 3 层 312 室，内网邮箱 gx@jyt.example",
    )

    parent_code: DepartmentCode | None = None
    level: Level | None = None
    area_code: AreaCode | None = None
    line: Line | None = None
    regime: Regime | None = None
    sharing_unit: OptionalName = ""
    sharing_contact: OptionalLine = ""


class DepartmentQuota(Strict):
    """What a department may keep on the disk; null: what holds for the whole installation."""

    model_config = example(quota_mb=51_200)

    quota_mb: Annotated[int, Field(ge=1, le=1_000_000_000)] | None = None


@dataclass(frozen=True, slots=True)
class WantedDepartments:
    """What is looked for: words of names now or formerly, or codes; within an area; directly below
    a department; of one level; ``is_unstated``: only those of which something is not stated yet.
    """

    words: str = ""
    area: str = ""
    parent: str = ""
    level: Level | None = None
    is_unstated: bool = False


@dataclass(frozen=True, slots=True)
class ActRecord:
    """What an act says of itself."""

    document_no: str = ""
    effective_on: date | None = None
