"""Fixtures of the data plane's tests."""

import csv
from collections.abc import Iterator

import pyarrow as pa
import pytest


@pytest.fixture(autouse=True)
def _keep_libraries_as_they_were() -> Iterator[None]:
    """The child limits its libraries to one thread; a test that calls
    its functions here must not leave that behind.
    """
    before = pa.cpu_count(), pa.io_thread_count(), csv.field_size_limit()
    yield
    pa.set_cpu_count(before[0])
    pa.set_io_thread_count(before[1])
    csv.field_size_limit(before[2])
