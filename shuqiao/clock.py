"""The one clock of the business: the database's time, and in development an offset to it.

``SHUQIAO_CLOCK`` moves it in development; nothing else reads the date.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from shuqiao import real_time
from shuqiao.settings import settings

#: Statutory days are days of Beijing time.
BEIJING = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment, aware, UTC, microseconds."""
    return business_time(datetime.fromtimestamp(real_time.now_ns() / 1e9, UTC))


def business_time(real: datetime) -> datetime:
    """What the clock of the business shows when the database has ``real``."""
    setting = settings().clock
    if setting is None:
        return real
    fixed, anchor = _parse(setting)
    return fixed if anchor is None else fixed + timedelta(seconds=real.timestamp() - anchor)


def today() -> date:
    """The present day in Beijing."""
    return now().astimezone(BEIJING).date()


def day_of(moment: datetime) -> date:
    """The Beijing day of an aware ``moment``."""
    return moment.astimezone(BEIJING).date()


@lru_cache(maxsize=4)
def _parse(setting: str) -> tuple[datetime, float | None]:
    text, _, anchor = setting.partition("@")
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("SHUQIAO_CLOCK needs a time zone, for example 2026-02-11T09:00:00+08:00")
    return moment.astimezone(UTC), float(anchor) if anchor else None
