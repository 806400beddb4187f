"""Areas as they are written and read."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from auth.areas.models import Area
from auth.areas.words import AreaKind, Rank
from shuqiao.texts import CodeText, Name, ShortText, Strict, example

AreaCode = Annotated[CodeText, Field(max_length=6, pattern=r"^[1-9][0-9]{5}$")]


class AreaRegister(Strict):
    """A functional area (功能区), whose code no division of GB/T 2260 has."""

    model_config = example(
        code="150271",
        name="包头稀土高新技术产业开发区",
        parent_code="150200",
        valid_from="1992-11-09",
        basis="国函〔1992〕169号",
    )

    code: AreaCode
    name: Name
    parent_code: AreaCode
    valid_from: date | None = None
    basis: ShortText


class AreaEnd(Strict):
    """The last day of a functional area. Its code is never used again."""

    model_config = example(valid_until="2026-02-10")

    valid_until: date


class AreaRead(BaseModel):
    """An area; ``span_from`` to below ``span_to`` is the range of codes that it takes in."""

    code: str
    name: str
    kind: AreaKind
    rank: Rank
    parent_code: str | None
    valid_from: date | None
    valid_until: date | None
    basis: str
    span_from: int
    span_to: int

    @classmethod
    def of(cls, area: Area) -> "AreaRead":
        own = {name: getattr(area, name) for name in ("code", "name", "kind", "rank", "basis")}
        return cls(
            **own,
            parent_code=area.parent_code,
            valid_from=area.valid_from,
            valid_until=area.valid_until,
            span_from=area.span.lower,
            span_to=area.span.upper,
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One division of a table that is loaded."""

    code: str
    name: str
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class WantedAreas:
    """What is looked for: by words, below an area (itself included), directly below it, by kind."""

    words: str = ""
    within: str = ""
    parent: str = ""
    kind: AreaKind | None = None
