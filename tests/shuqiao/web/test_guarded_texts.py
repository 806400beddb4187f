"""Only what a spreadsheet would run gets an apostrophe, in files of the service and of the SDK."""

import pyarrow as pa
import pytest

from shuqiao.web.downloads import guarded
from shuqiao_client.saving import _neutral

HARMLESS = ("-5.2", "-", "--", "+86-471-1234567", "+3", "- 12%", "-1,234.50", "－5", "(+1)", "a=b")
RUN = ("=1+1", "@SUM(A1)", "+A1", "-1+cmd|' /C calc'!A0", "-SUM(A1)", " =1", "\t1", "\r1", "＝1")


@pytest.mark.parametrize("text", HARMLESS)
def test_numbers_and_dashes_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text
    assert _neutral(pa.array([text])).to_pylist() == [text]


@pytest.mark.parametrize("text", [*RUN, "+1\n=2"])
def test_formulas_get_an_apostrophe(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert _neutral(pa.array([text])).to_pylist() == [f"'{text}"]
