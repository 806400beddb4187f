"""All bad neighbours at once, against the running roles: dripping heads, slow readers, uploads that
fill a disk, fetches without end, wrong passwords. What normal users notice is measured by
``make bench ARGS=neighbours``; here it is what must never be.
"""

from collections.abc import Iterator

import pytest
from fixtures.counts import LONG
from fixtures.small_disk import NO_MOUNT

from bench.neighbours import BACK_SECONDS, SURROUNDINGS, Found, aim_of, small_disk, trial
from bench.service import running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

CROWDED_SECONDS = 300.0 if LONG else 40.0


@pytest.fixture(scope="module")
def found() -> Iterator[Found]:
    with (
        running(20_000, SURROUNDINGS) as service,
        small_disk(service.home / "uploads") as is_mounted,
    ):
        if not is_mounted:
            pytest.skip(NO_MOUNT)
        yield trial(aim_of(service), quiet_seconds=10.0, crowded_seconds=CROWDED_SECONDS)
        assert list((service.home / "uploads").iterdir()) == [], "nothing is left of the files"


def test_nobody_meets_a_fault_of_ours(found: Found) -> None:
    """No 500; 503 and 507 say when to come again."""
    assert found.faults() == []


def test_who_drips_is_cut(found: Found) -> None:
    assert set(found.answers["dripping heads"]) <= {0, 408}
    assert found.answers["dripping heads"][408] > 100


def test_files_find_no_room_and_say_so(found: Found) -> None:
    """422 or 413 those that arrived, which are no tables; 507 the others, or 429 to one person's
    ninth at once.
    """
    assert set(found.answers["uploads"]) <= {0, 413, 422, 429, 503, 507}
    assert found.answers["uploads"][507] > 0


def test_all_is_as_before_soon(found: Found) -> None:
    assert found.back_seconds is not None
    assert found.back_seconds < BACK_SECONDS
