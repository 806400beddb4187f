"""The drawing of a source: bands below each other, texts that fit into their boxes."""

import re
from collections.abc import Callable

import pytest
from fixtures.callers import client
from fixtures.page_forms import shown
from fixtures.worlds import World

from catalog.sources.views.drawing import LABEL, WIDTH, Box, cut, drawn
from shuqiao.i18n import _


def test_bands_stand_below_each_other_and_empty_ones_are_left_out() -> None:
    found = drawn(
        ((_("Source"), [Box("甲", "乙")]), (_("Items"), []), (_("All"), [Box("丙", "")] * 2))
    )
    assert [len(band.boxes) for band in found.bands] == [1, 2]
    (first,), (second, third) = (band.boxes for band in found.bands)
    assert first.y + found.box < second.y < second.y + found.box <= third.y
    assert third.y + found.box <= found.height
    upper, lower = found.bands
    assert first.y + found.box == upper.arrow_from < upper.arrow_to <= second.y
    assert (lower.arrow_from, lower.arrow_to) == (0, 0)


@pytest.mark.parametrize(
    ("text", "fits", "shown_as"),
    [("教育厅", 3, "教育厅"), ("内蒙古自治区教育厅", 4, "内蒙古…"), ("DE-000001", 5, "DE-000001")],
)
def test_a_text_that_does_not_fit_is_cut(text: str, fits: int, shown_as: str) -> None:
    assert cut(text, fits) == shown_as
    assert WIDTH - LABEL > 15 * 15, "as many characters as a box is said to take"


def test_the_page_draws_what_its_tables_say(world_at: Callable[[str], World]) -> None:
    world = world_at("named_source")
    page = shown(client(world, "applicant"), f"/elements/{world.element_identifier}/source")
    (drawing,) = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert "教育厅" in drawing and "全部对象" in drawing
    assert "教育厅" in page.replace(drawing, "") and world.claim_no in page
