"""The declared coverage of an entry (范围声明): what may be said of it, and how it reads."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field

from shuqiao.i18n import Message, _
from shuqiao.texts import CodeText, Name, Strict, TextRule
from shuqiao.words import as_list, as_text

_AREA_CODE: Final = re.compile(r"[1-9][0-9]{5}([0-9]{3}){0,2}", re.ASCII)


def _area_code(text: str) -> str:
    if not _AREA_CODE.fullmatch(text):
        raise ValueError(
            _("This is not the code of an area"),
            _("Write the six digits of GB/T 2260, or nine or twelve for what is below: 150203."),
        )
    return text


AreaCode = Annotated[CodeText, AfterValidator(_area_code)]


class AreaCoverage(Strict):
    """Areas by their codes (GB/T 2260 and the streets below); a code stands for all below it.

    ``item``: the name of the item that holds the code of a row's area.
    """

    item: Name | None = None
    codes: Annotated[list[AreaCode], Field(min_length=1, max_length=20)]


class PeriodCoverage(Strict):
    """First and last day, both included. ``item``: the item that holds the date of a row."""

    item: Name | None = None
    from_on: date | None = None
    to_on: date | None = None


class SensitiveCoverage(Strict):
    """Whether the rows are about sensitive groups too (敏感人群), such as children under 14.

    ``item``: the yes-or-no item that marks such a row.
    """

    item: Name | None = None
    is_included: bool = False


class Coverage(Strict):
    """What the rows are about (范围声明). What names an item is compared with every edition."""

    area: AreaCoverage | None = None
    subjects: Annotated[str, TextRule(200, shortest=0)] = ""
    period: PeriodCoverage | None = None
    sensitive: SensitiveCoverage | None = None


#: Its members, those of its parts too, as the form names them.
PARTS: Final[Mapping[str, Message]] = {
    "area.item": _("Areas: item"),
    "area.codes": _("Areas: codes"),
    "subjects": _("Whom or what the rows are about"),
    "period.item": _("Period: item"),
    "period.from_on": _("Period: first day"),
    "period.to_on": _("Period: last day"),
    "sensitive.item": _("Sensitive groups: item"),
    "sensitive.is_included": _("With sensitive groups"),
}


def covered(value: Any) -> str:
    """The words of a kept coverage, as far as it is declared."""
    told = value or {}
    area, period = told.get("area") or {}, told.get("period") or {}
    parts = [
        str(_("Areas: %(codes)s", codes=as_list(area.get("codes")))) if area else "",
        as_text(told.get("subjects")),
        _during(period.get("from_on"), period.get("to_on")) if period else "",
        _sensitive(told.get("sensitive")),
        _compared([area, period, told.get("sensitive") or {}]),
    ]
    return " · ".join(part for part in parts if part)


def _during(first: Any, last: Any) -> str:
    ends = (as_text(first) or "…", as_text(last) or "…")
    return str(_("%(first)s to %(last)s", first=ends[0], last=ends[1]))


def _sensitive(told: Any) -> str:
    if not told:
        return ""
    is_in = told.get("is_included")
    return str(_("with sensitive groups") if is_in else _("without sensitive groups"))


def _compared(parts: Sequence[Mapping[str, Any]]) -> str:
    named = [part["item"] for part in parts if part.get("item")]
    return str(_("compared with: %(items)s", items=as_list(named))) if named else ""
