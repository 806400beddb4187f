"""Why something is not shared (Order 809, Art. 15): what is stated of it."""

from datetime import date
from typing import Annotated, Any, Self

import sqlmodel
from pydantic import Field

from catalog.resources.words import WithheldKind
from shuqiao.texts import Strict, TextRule


class Withholding(Strict):
    """Why a resource or an item is not shared: by which article of what, why, for data of which
    business, and when that is looked at again. Until it is submitted parts may be missing.
    """

    kind: WithheldKind
    basis: Annotated[str, TextRule(500), Field(description="Name of the legal basis")]
    number: Annotated[str, TextRule(100, shortest=0), Field(description="Document number")] = ""
    article: Annotated[str, TextRule(100, shortest=0)] = ""
    text: Annotated[
        str,
        TextRule(4_000, shortest=0, multiline=True),
        Field(description="The article as it reads"),
    ] = ""
    reason: Annotated[str, TextRule(500, multiline=True)]
    business: Annotated[
        str,
        TextRule(100, shortest=0),
        Field(description="Business in which it is collected; empty: all of the department's"),
    ] = ""
    review_on: Annotated[date | None, Field(description="Day of the next review")] = None

    @classmethod
    def of(cls, row: Any) -> Self | None:
        """What the row of a resource or an item keeps of it."""
        if row.withheld_kind is None:
            return None
        return cls(**{part: getattr(row, f"withheld_{part}") for part in cls.model_fields})

    @classmethod
    def columns(cls, stated: Self | None) -> dict[str, Any]:
        """The same as a row keeps it."""
        kept: dict[str, Any] = {f"withheld_{part}": "" for part in cls.model_fields}
        kept |= {"withheld_kind": None, "withheld_review_on": None}
        if stated is not None:
            kept |= {f"withheld_{part}": getattr(stated, part) for part in cls.model_fields}
        return kept


class StatedBasis(sqlmodel.SQLModel):
    """The columns of a basis beside its kind, its name and the reason, of resources and items."""

    withheld_number: str = sqlmodel.Field(default="", max_length=100)
    withheld_article: str = sqlmodel.Field(default="", max_length=100)
    withheld_text: str = sqlmodel.Field(default="", max_length=4_000)
    withheld_business: str = sqlmodel.Field(default="", max_length=100)
    withheld_review_on: date | None = None
