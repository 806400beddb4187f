"""What is done again and again by itself: which of it is for good, and by which time it goes."""

from collections.abc import Callable, Mapping
from typing import Final

import pytest
from fixtures.database import run_sql
from fixtures.worlds import World
from sqlalchemy import text

import server.tasks  # noqa: F401
from shuqiao.db import reading
from shuqiao.jobs.sweeps import SWEEPS
from shuqiao.settings import settings

At = Callable[[str], World]

#: Ends, removes or passes on for good, by ``shuqiao.observed``: the states in which it does.
FOR_GOOD: Final[Mapping[str, tuple[str, ...]]] = {
    "exchange.grants.expire": ("active_grant",),
    "catalog.negative.look_again": ("negative_in_force", "contested_negative"),
    "catalog.conflicts.close_hearings": ("opened_conflict",),
    "catalog.demand.fall_due": (),  # tests/catalog/demand/test_life_of_a_demand.py
    "catalog.assignments.miss": ("issued_template",),
    "exchange.deliveries.clear_editions": (),  # tests/exchange/deliveries/test_retention.py
    "server.process.escalate": ("submitted_request",),
    "server.process.upkeep": ("accounts", "published_resource"),
}
#: What a wrong clock cannot spoil.
HARMLESS: Final = {
    "exchange.deliveries.close_lost": "the database's own seconds; a transfer that lives is cut"
    " visibly and fetched again",
    "catalog.editions.refresh": "a copy too early is a copy",
    "catalog.editions.look_after_rows": "asks no clock",
    "catalog.conflicts.find_judges": "who decides is found anew by the next run",
    "catalog.conformity.catch_up": "asks no clock",
    "catalog.duplicates.sweep": "asks no clock",
    "catalog.assignments.advance": "asks no clock",
    "server.process.remind": "a notice too early is a notice, and a seat is asked for anew",
}


def test_each_is_of_one_kind() -> None:
    assert sorted(SWEEPS) == sorted([*FOR_GOOD, *HARMLESS])


@pytest.mark.parametrize(
    ("task", "state"), [(task, state) for task, states in FOR_GOOD.items() for state in states]
)
def test_a_clock_ten_years_ahead_ends_nothing_before_it_is_sure(
    world_at: At, monkeypatch: pytest.MonkeyPatch, task: str, state: str
) -> None:
    world_at(state)
    # What is overdue is counted in working days, which nobody knows ten years ahead.
    day = "2026-12-15" if task == "server.process.escalate" else "2036-02-11"
    monkeypatch.setenv("SHUQIAO_CLOCK", f"{day}T09:00:00+08:00")
    settings.cache_clear()
    run_sql(
        "INSERT INTO idempotency_key (owner, key, fingerprint, created_at)"
        " VALUES ('x', 'x', '\\x00', '2026-02-11')"
    )
    run_sql("DELETE FROM clock_reading")
    before = done_so_far()
    for ago in ("0", "5 hours 59 minutes"):
        run_sql("INSERT INTO clock_reading VALUES (now() - CAST(:ago AS interval))", ago=ago)
        SWEEPS[task].run()
        assert done_so_far() == before, ago
    run_sql("INSERT INTO clock_reading VALUES (now() - interval '6 hours 1 minute')")
    SWEEPS[task].run()
    assert done_so_far() != before, "the state is one in which there is something to end"


def done_so_far() -> tuple[int, int]:
    """How many events are written and how many keys are remembered."""
    counted = "SELECT (SELECT count(*) FROM audit_event), (SELECT count(*) FROM idempotency_key)"
    with reading() as session:
        events, keys = session.connection().execute(text(counted)).one()
    return events, keys
