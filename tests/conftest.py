"""What every test may ask for: one real PostgreSQL a run, built by the
migrations; each test rolls back.
"""

import gc
import os
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

# What is imported and collected stays: looking it through again and again takes half of the time.
gc.disable()
CHECKOUT = Path(__file__).resolve().parent.parent
os.environ.setdefault("SHUQIAO_ENVIRONMENT", "test")
os.environ.setdefault("SHUQIAO_CLOCK", "2026-02-11T09:00:00+08:00")
# Many workers share the processors; what a request may wait is tried where that is the question.
os.environ.setdefault("SHUQIAO_REQUEST_SECONDS", "15")
sys.path.insert(0, str(CHECKOUT / "tests"))

pytest_plugins = [
    "fixtures.costs",
    "fixtures.scheduling",
    "fixtures.skips",
    "fixtures.database",
    "fixtures.processes",
    "fixtures.streaming",
    "fixtures.service",
    "fixtures.world",
    "fixtures.browser",
    "fixtures.keyed",
]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
        gc.set_threshold(20_000, 20, 20)  # a twentieth of the time otherwise


@pytest.fixture(scope="session")
def checkout() -> Path:
    return CHECKOUT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real files beside the checkout; tests that need it
    are skipped in a clone alone.
    """
    found = CHECKOUT.parent / "shared" / "data"
    if not found.is_dir():
        pytest.skip("the folder of real files is not beside this checkout")
    return found


@pytest.fixture(autouse=True)
def _keep_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Settings read from a test's own environment do not leak into the next test."""
    before = _surroundings()
    yield
    if _surroundings() != before:
        from shuqiao.settings import settings

        settings.cache_clear()


def _surroundings() -> dict[str, str]:
    """The environment without the name of the running test, which pytest changes at every step."""
    return {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}


@pytest.fixture(autouse=True)
def _keep_language() -> Iterator[None]:
    """A test that leaves its language behind is named here, not by
    whichever test comes after it.
    """
    from shuqiao import context

    yield
    assert context.locale() == "zh_CN", "this test ended inside a request of its own"
