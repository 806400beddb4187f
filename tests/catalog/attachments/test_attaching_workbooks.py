"""Workbooks and editions through the API: a sheet is chosen, the old
edition stays, a refused file leaves nothing.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from catalog.attachments.tasks import make_snapshot
from shuqiao.arrow.snapshots.reader import open_snapshot
from shuqiao.home import folder
from tests.catalog.conftest import SCHOOLS, Story
from tests.shuqiao.arrow.made_files import packed, workbook

TITLED = [
    ["某区中小学名录"],
    [],
    ["代码", "名称", "经度", None],
    ["0101", "一小", 120.21, None],
    ["0102", "二小", 120.0, None],
]


@pytest.fixture
def book(tmp_path: Path) -> bytes:
    """A workbook whose table is on the second sheet, below a title."""
    return workbook(
        tmp_path / "b.xlsx", {"填表说明": [["请填写第二张表"], ["谢谢"]], "名录": TITLED}
    ).read_bytes()


def uploaded() -> list[str]:
    return sorted(path.name for path in folder("uploads").iterdir())


def test_a_sheet_is_chosen_and_becomes_a_snapshot(
    api: Callable[[str], Any], story: Story, book: bytes
) -> None:
    code = story.register()
    attachment_id = story.attach(code, book, "名录.xlsx")
    path = f"/resources/{code}/attachments/{attachment_id}"
    shown = api("registrar")("GET", path).json()
    assert (shown["kind"], shown["reading_options"]["sheet"]) == ("xlsx", "填表说明")
    assert shown["sheets"] == [
        {"name": "填表说明", "rows": 2, "columns": 1, "is_hidden": False},
        {"name": "名录", "rows": 5, "columns": 3, "is_hidden": False},
    ]
    answer = api("registrar")("POST", f"{path}/snapshots", json={"sheet": "没有这张"})
    assert (answer.status_code, answer.json()["code"]) == (422, "table_refused")
    story.confirm(code, attachment_id, {"sheet": "名录"})
    shown = api("registrar")("GET", path).json()
    assert shown["head"][0] == ["某区中小学名录", None, None]
    assert (shown["reading_options"]["header_row"], shown["reading_options"]["sheet"]) == (
        3,
        "名录",
    )
    make_snapshot(attachment_id)
    stored = api("registrar")("GET", path).json()
    assert (stored["status"], stored["rows"]) == ("stored", 2)
    (batch,) = open_snapshot(folder("snapshots") / stored["snapshot_id"]).group(
        0, ["代码", "名称", "经度"]
    )
    assert batch.to_pydict() == {
        "代码": ["0101", "0102"],
        "名称": ["一小", "二小"],
        "经度": [120.21, 120.0],
    }


def test_a_chosen_header_row_names_the_columns(api: Callable[[str], Any], story: Story) -> None:
    code = story.register()
    content = "名录,旧,x\n代码,名称,经度\n0101,一小,1.5\n".encode()
    attachment_id = story.attach(code, content)
    shown = api("registrar")("GET", f"/resources/{code}/attachments/{attachment_id}").json()
    assert shown["head"][:2] == [["名录", "旧", "x"], ["代码", "名称", "经度"]]
    story.confirm(code, attachment_id, {"header_row": 2})
    make_snapshot(attachment_id)
    assert (
        api("registrar")("GET", f"/resources/{code}/attachments/{attachment_id}").json()["rows"]
        == 1
    )


def test_nameless_empty_columns_stay_out_of_the_snapshot(
    api: Callable[[str], Any], story: Story
) -> None:
    code = story.register()
    attachment_id = story.attach(code, "代码,名称,经度,\n0101,一小,1.5,\n".encode())
    story.confirm(code, attachment_id)
    make_snapshot(attachment_id)
    stored = api("registrar")("GET", f"/resources/{code}/attachments/{attachment_id}").json()
    snapshot = open_snapshot(folder("snapshots") / stored["snapshot_id"])
    assert [column.name for column in snapshot.manifest.columns] == ["代码", "名称", "经度"]


def test_a_new_edition_leaves_the_old_file_row_and_snapshot(
    api: Callable[[str], Any], story: Story, session: Session
) -> None:
    code = story.register()
    editions = []
    newer = json.dumps([{"代码": "0109", "名称": "九小", "经度": 121.5}]).encode()
    for content, name in ((SCHOOLS, "2025.csv"), (newer, "2026.json")):
        attachment_id = story.attach(code, content, name)
        story.confirm(code, attachment_id)
        make_snapshot(attachment_id)
        editions.append(
            api("registrar")("GET", f"/resources/{code}/attachments/{attachment_id}").json()
        )
    first, second = editions
    assert first["snapshot_id"] != second["snapshot_id"]
    again = api("registrar")("GET", f"/resources/{code}/attachments/{first['id']}").json()
    assert (again["status"], again["snapshot_id"], again["sha256"]) == (
        "stored",
        first["snapshot_id"],
        first["sha256"],
    )
    for edition, rows in ((first, 3), (second, 1)):
        snapshot = open_snapshot(folder("snapshots") / edition["snapshot_id"])
        snapshot.verify()
        assert snapshot.manifest.rows == rows
        assert edition["id"].replace("-", "") in uploaded()
    listed = api("registrar")("GET", f"/resources/{code}").json()["attachments"]
    assert {row["file_name"] for row in listed} == {"2025.csv", "2026.json"}
    assert session.connection().execute(text("SELECT count(*) FROM attachment")).scalar_one() == 2


@pytest.mark.parametrize(
    ("name", "status"),
    [("bomb.xlsx", 413), ("cut.xlsx", 422), ("page.xls", 422), ("nested.json", 422)],
)
def test_a_refused_file_leaves_nothing_half_made(
    api: Callable[[str], Any],
    story: Story,
    session: Session,
    tmp_path: Path,
    book: bytes,
    name: str,
    status: int,
) -> None:
    contents = {
        "bomb.xlsx": lambda: packed(
            tmp_path / "x", {"xl/sharedStrings.xml": b" " * (8 << 20)}
        ).read_bytes(),
        "cut.xlsx": lambda: book[: len(book) // 2],
        "page.xls": lambda: b"<html><table><tr><td>1</td></tr></table></html>",
        "nested.json": lambda: b'[{"a": {"b": 1}}]',
    }
    code = story.register()
    before = uploaded()
    path = f"/resources/{code}/attachments"
    answer = api("registrar")("POST", path, files={"file": (name, contents[name]())})
    assert answer.status_code == status, answer.text
    assert answer.json()["detail"]
    assert uploaded() == before
    assert session.connection().execute(text("SELECT count(*) FROM attachment")).scalar_one() == 0
    assert api("registrar")("GET", f"/resources/{code}").json()["attachments"] == []
