"""Numbers, sizes and times as people read them; times are Beijing time,
the exact instant stays in the markup.

All times of a page are those of the business clock. What the database's own clock has noted
(sessions, tokens, jobs) goes through ``|business`` first, so that one page never tells two days.
"""

from datetime import date, datetime
from functools import cache

from babel.core import Locale
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup

from shuqiao import clock, context


def moment(value: datetime | None) -> Markup:
    """``2026-11-21 09:05`` in ``<time datetime=…>``; an em dash for none.

    Babel's long form puts the zone first.
    """
    if value is None:
        return Markup("—")
    local = value.astimezone(clock.BEIJING)
    return Markup('<time datetime="{}">{}</time>').format(
        local.isoformat(timespec="seconds"), f"{local:%Y-%m-%d %H:%M}"
    )


def business(value: datetime | None) -> datetime | None:
    """What the business clock showed when the database's own clock noted ``value``."""
    return None if value is None else clock.business_time(value)


def exact_moment(value: datetime | None) -> Markup:
    """As :func:`moment`, to the millisecond and with the zone: for the trail."""
    if value is None:
        return Markup("—")
    local = value.astimezone(clock.BEIJING)
    words = f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 1000:03d} +08:00"
    return Markup('<time datetime="{}">{}</time>').format(
        local.isoformat(timespec="milliseconds"), words
    )


def day(value: date | None) -> Markup:
    """``2026-11-21`` in ``<time>``; of a moment, its day in Beijing."""
    if value is None:
        return Markup("—")
    plain = clock.day_of(value) if isinstance(value, datetime) else value
    return Markup('<time datetime="{0}">{0}</time>').format(plain.isoformat())


def clock_time(value: datetime) -> str:
    """``10:05`` of a moment today, ``2026-11-21 10:05`` of an earlier
    one: for words such as "saved at".
    """
    local = value.astimezone(clock.BEIJING)
    return f"{local:%H:%M}" if local.date() == clock.today() else f"{local:%Y-%m-%d %H:%M}"


def number(value: int | float | None) -> str:
    """``1,234,567``; missing is a dash, never 0."""
    if isinstance(
        value, int
    ):  # both languages group by thousands; a page of the catalogue has a hundred counts
        return f"{value:,}"
    return "—" if value is None else str(format_decimal(value, locale=_locale(context.locale())))


def percent(value: float | None) -> str:
    """0.83 as ``83%``."""
    return "—" if value is None else str(format_percent(value, locale=_locale(context.locale())))


def size(value: int | None) -> str:
    """Bytes in the largest fitting binary unit, one decimal: ``1.5 MB``."""
    if value is None:
        return "—"
    amount = float(value)
    for unit in ("B", "KB", "MB", "GB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} TB"


@cache
def _locale(name: str) -> Locale:
    """Parsed once: by its name Babel looks for the locale's file again at every number, which takes
    a third of a millisecond.
    """
    return Locale.parse(name)
