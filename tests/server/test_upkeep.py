"""How long each kind of what is over stays: by its setting, and by no other."""

from datetime import timedelta
from typing import Final

import pytest

from server.upkeep import PARTS
from shuqiao.desk.drafts import DRAFT_DAYS
from shuqiao.settings import settings

#: Part → the setting that says how long it stays, its unit, and how long that is by itself.
SET: Final = {
    "answers": ("SHUQIAO_IDEMPOTENCY_HOURS", "hours", 24),
    "sessions": ("SHUQIAO_SESSION_KEPT_DAYS", "days", 30),
    "outbox": ("SHUQIAO_OUTBOX_DAYS", "days", 30),
    "jobs": ("SHUQIAO_JOB_DAYS", "days", 30),
    "shown_cells": ("SHUQIAO_UPLOAD_DAYS", "days", 30),
    "uploads": ("SHUQIAO_UPLOAD_DAYS", "days", 30),
}
#: Over by what holds them, or by rules of their own.
UNAGED: Final = {
    "download_tickets",
    "failed_sign_ins",
    "decoding",
    "snapshots",
    "half_snapshots",
    "half_uploads",
    "scratch",
}
#: Their times are the database's own; a business clock that is set tells nothing of them.
BY_DATABASE: Final = {"sessions", "download_tickets", "failed_sign_ins", "jobs"}


def ages() -> dict[str, timedelta]:
    return {each.name: each.age() for each in PARTS}


def test_each_stays_as_long_as_its_own_setting_says(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {part: timedelta(**{unit: usual}) for part, (_, unit, usual) in SET.items()}
    own |= dict.fromkeys(UNAGED, timedelta(0)) | {"drafts": timedelta(days=DRAFT_DAYS)}
    for name in {setting for setting, _, _ in SET.values()}:
        monkeypatch.delenv(name, raising=False)
    settings.cache_clear()
    assert ages() == own
    for setting in {setting for setting, _, _ in SET.values()}:
        with monkeypatch.context() as patched:
            patched.setenv(setting, "3")
            settings.cache_clear()
            changed = {part: unit for part, (named, unit, _) in SET.items() if named == setting}
            assert ages() == own | {part: timedelta(**{unit: 3}) for part, unit in changed.items()}
        settings.cache_clear()


def test_each_goes_by_the_clock_that_wrote_its_times() -> None:
    assert {each.name for each in PARTS if each.by_database} == BY_DATABASE
