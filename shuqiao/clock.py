"""The one clock of the business.

``SHUQIAO_CLOCK`` moves it in development; nothing else reads the date.
"""

import time
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from shuqiao.settings import settings

#: Statutory days are days of Beijing time.
BEIJING = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment, aware, UTC, microseconds."""
    setting = settings().clock
    if setting is None:
        return datetime.now(UTC)
    fixed, anchor = _parse(setting)
    return fixed if anchor is None else fixed + timedelta(seconds=time.time() - anchor)


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
