"""Somebody presses the button and has the file: pages and data at two addresses, as they run."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fixtures.browser import OpenPage, served
from fixtures.callers import control_app
from fixtures.worlds import World
from python_calamine import load_workbook

from auth.identify import cookie_name
from server.process import data
from shuqiao.settings import settings

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(120)]
At = Callable[[str], World]


@pytest.fixture
def world(committed_world: At) -> World:
    """A grant whose way is file download."""
    return committed_world("file_grant")


@pytest.fixture
def origin(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the pages, which know that of the data."""
    with served(data.create_app()) as data_origin, served(control_app()) as found:
        monkeypatch.setenv("SHUQIAO_DATA_URL", data_origin)
        monkeypatch.setenv("SHUQIAO_PUBLIC_URL", found)
        settings.cache_clear()
        yield found


@pytest.mark.parametrize("scripts", [True, False])
def test_who_cannot_program_has_the_file(
    scripts: bool,
    world: World,
    open_page: OpenPage,
    origin: str,
    tmp_path: Path,
) -> None:
    cookies = {cookie_name(): world.cookies["applicant"]}
    window = open_page(origin, f"/grants/{world.grant_no}", scripts=scripts, cookies=cookies)
    got: dict[str, bytes] = {}
    for kind in ("CSV", "Excel"):
        page = window.page
        with page.expect_download() as download:
            page.get_by_role("button", name=f"下载 {kind}").click()
            if not scripts:  # there the second page does not start it by itself
                page.get_by_role("button", name=f"下载 {kind}").click()
        kept = tmp_path / download.value.suggested_filename
        download.value.save_as(kept)
        got[kept.suffix] = kept.read_bytes()
        if scripts:
            assert page.get_by_text("浏览器正在保存文件").is_visible()
            assert not page.get_by_role("button", name=f"下载 {kind}").is_visible()
        window.go(f"/grants/{world.grant_no}")
    names, *rows = csv.reader(io.StringIO(got[".csv"].decode("utf-8-sig")))
    sheet = load_workbook(io.BytesIO(got[".xlsx"])).get_sheet_by_index(0).to_python()
    assert sheet[0] == names and "学校代码" in names
    place = names.index("学校代码")
    assert rows and [row[place] for row in rows] == [str(row[place]) for row in sheet[1:]]
    assert "已完成" in window.page.inner_text("main")
    assert window.complaints == []
