"""The data page where a file is read as somebody states it: before it is refused, and after."""

import re
from collections.abc import Callable
from pathlib import Path

from fixtures.callers import client
from fixtures.page_forms import PAGE, actions, hidden, shown
from fixtures.registering import edit, fields_of, grid, upload
from fixtures.worlds import World
from starlette.testclient import TestClient

from catalog.attachments import repository as attachments
from shuqiao.db import reading
from tests.shuqiao.arrow.made_files import workbook

At = Callable[[str], World]
ROWS = [["代码", "名称", "县"], ["01", "一小", "甲"], ["02", "二小", None], ["合计", "2", None]]


def rows_of(world: World) -> list[list[str | None]]:
    with reading() as session:
        (row,) = attachments.attachments_of(session, world.resource_id)
        rows: list[list[str | None]] = row.preview["rows"]
        return rows


def read_as(registrar: TestClient, page: str, **stated: str | list[str]) -> str:
    html = shown(registrar, page)
    (action,) = [action for action in actions(html) if action.endswith("/readings")]
    answer = registrar.post(action, data={**fields_of(html, action), **stated}, headers=PAGE)
    assert answer.status_code == 303, answer.text
    return shown(registrar, answer.headers["location"])


def test_a_cover_sheet_is_asked_about_and_nothing_is_uploaded_again(
    world_at: At, tmp_path: Path
) -> None:
    world = world_at("draft_resource")
    registrar = client(world, "registrar")
    book = workbook(tmp_path / "t.xlsx", {"封面": [["某区学校名录"]], "名录": ROWS}).read_bytes()
    answer = upload(world, registrar, book, "名录.xlsx")
    assert answer.status_code == 303, answer.text
    page = answer.headers["location"]
    html = shown(registrar, page)
    assert "按此方式读不出数据表" in html
    assert 'id="preview"' not in html and 'id="confirm-title"' not in html
    html = read_as(registrar, page, sheet="名录")
    assert "按此方式读不出数据表" not in html
    assert "像是合计" in html
    html = read_as(registrar, page, skip_last="1", fill_down=["县"], drop_columns=["名称"])
    assert rows_of(world) == [["01", "甲"], ["02", "甲"]]
    assert re.search(r'value="名称"[^>]* checked', html)
    html = read_as(registrar, page, skip_last="", fill_down=[], drop_columns=[])
    assert len(rows_of(world)) == 3


def test_how_it_is_read_can_be_stated_with_the_file(world_at: At) -> None:
    world = world_at("draft_resource")
    registrar = client(world, "registrar")
    action = f"/resources/{world.resource_code}/attachments"
    sent = hidden(shown(registrar, f"{edit(world)}/data"), action)
    content = "说明;x;y\n代码;名称;县\n01;一小;甲\n合计;1;\n".encode("gb18030")
    stated = {"first_delimiter": "semicolon", "first_header_row": "2", "first_skip_last": "1"}
    files = {"file": ("t.csv", content)}
    wrong = registrar.post(
        action, data={**sent, "first_header_row": "x"}, files=files, headers=PAGE
    )
    assert wrong.status_code == 422
    assert 'href="#f-first_header_row"' in wrong.text
    answer = registrar.post(action, data={**sent, **stated}, files=files, headers=PAGE)
    assert answer.status_code == 303, answer.text
    assert rows_of(world) == [["01", "一小", "甲"]]
    html = shown(registrar, answer.headers["location"])
    identifiers = re.findall(r'\bid="([^"]+)"', html)
    assert len(identifiers) == len(set(identifiers))


def test_columns_of_persons_are_adopted_as_personal_information(world_at: At) -> None:
    world = world_at("draft_resource")
    registrar, path = client(world, "registrar"), f"{edit(world)}/items"
    content = "编号,名称\n11010519491231002X,甲\n440524188001010014,乙\n".encode()
    assert upload(world, registrar, content, "人员.csv").status_code == 303
    mine = {**hidden(shown(registrar, path), path), **grid(("", "", "")), "intent": "columns"}
    answer = registrar.post(path, data=mine, headers=PAGE)
    fields = fields_of(shown(registrar, answer.headers["location"].split("#")[0]), path)
    assert fields["items.0.column_name"] == "编号"
    assert fields.get("items.0.is_personal") == "true"
    assert "items.1.is_personal" not in fields
