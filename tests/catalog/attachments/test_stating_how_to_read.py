"""How a file is read is stated before it is refused: the file is kept meanwhile."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from catalog.attachments.tasks import make_snapshot
from shuqiao.arrow.snapshots.reader import open_snapshot
from shuqiao.home import folder
from tests.catalog.conftest import Story
from tests.shuqiao.arrow.made_files import workbook

Api = Callable[[str], Any]


def send(api: Api, code: str, content: bytes, name: str, reading: Any = None) -> Any:
    data = {} if reading is None else {"reading": json.dumps(reading)}
    path = f"/resources/{code}/attachments"
    return api("registrar")("POST", path, files={"file": (name, content)}, data=data)


def test_a_cover_sheet_is_kept_until_the_sheet_is_stated(
    api: Api, story: Story, tmp_path: Path
) -> None:
    sheets = {
        "封面": [["某区学校名录"]],
        "名录": [["代码", "名称"], ["01", "一小"], ["02", "二小"]],
    }
    content = workbook(tmp_path / "t.xlsx", sheets).read_bytes()
    code = story.register()
    answer = send(api, code, content, "t.xlsx")
    found = answer.json()
    assert (answer.status_code, found["columns"], found["row_count"]) == (201, [], 0)
    assert found["problem"]
    assert [sheet["name"] for sheet in found["sheets"]] == ["封面", "名录"]
    path = f"/resources/{code}/attachments/{found['id']}"
    refused = api("registrar")("POST", f"{path}/snapshots", json={})
    assert (refused.status_code, refused.json()["code"]) == (422, "table_refused")
    again = api("registrar")("POST", f"{path}/readings", json={"sheet": "名录"})
    assert again.status_code == 200, again.text
    assert (again.json()["problem"], again.json()["row_count"]) == (None, 2)
    assert [column["name"] for column in again.json()["columns"]] == ["代码", "名称"]


def test_all_is_stated_with_the_upload(api: Api, story: Story) -> None:
    text = "说明,,\n代码;名称;县\n0101;一小;甲\n0102;二小;\n合计;2;\n"
    reading = {
        "encoding": "gb18030",
        "delimiter": ";",
        "header_row": 2,
        "skip_last": 1,
        "fill_down": ["县"],
        "drop_columns": ["名称"],
    }
    found = send(api, story.register(), text.encode("gb18030"), "t.csv", reading).json()
    assert found["preview_rows"] == [["0101", "甲"], ["0102", "甲"]]
    assert found["reading_options"]["skip_last"] == 1


def test_what_is_stated_wrongly_names_the_field(api: Api, story: Story) -> None:
    code = story.register()
    for reading, pointer in (({"header_row": -1}, "/reading/header_row"), ({"x": 1}, "/reading/x")):
        answer = send(api, code, b"a,b\n1,2\n", "t.csv", reading)
        assert answer.status_code == 422, answer.text
        assert answer.json()["errors"][0]["pointer"] == f"#{pointer}"
    answer = send(api, code, b"a,b\n1,2\n", "t.csv", {"encoding": "ebcdic"})
    assert answer.json()["errors"][0]["pointer"] == "#/encoding"


def test_what_is_stated_after_the_first_look_is_stored_so(api: Api, story: Story) -> None:
    code = story.register()
    text = "代码,名称,经度\n0101,一小,1.50\n,二小,2.50\n合计,,4.00\n"
    attachment_id = story.attach(code, text.encode())
    path = f"/resources/{code}/attachments/{attachment_id}"
    body = {"skip_last": 1, "fill_down": ["代码"]}
    found = api("registrar")("POST", f"{path}/readings", json=body).json()
    assert found["preview_rows"] == [["0101", "一小", "1.50"], ["0101", "二小", "2.50"]]
    story.confirm(code, attachment_id)
    make_snapshot(attachment_id)
    stored = api("registrar")("GET", path).json()
    assert (stored["status"], stored["rows"]) == ("stored", 2), stored
    snapshot = open_snapshot(folder("snapshots") / stored["snapshot_id"])
    (batch,) = snapshot.group(0, ["代码", "名称"])
    assert batch.to_pydict() == {"代码": ["0101", "0101"], "名称": ["一小", "二小"]}


def test_a_column_of_a_type_that_is_not_taken_is_left_out(api: Api, story: Story) -> None:
    sink = io.BytesIO()
    pq.write_table(pa.table({"代码": ["01"], "列表": [[1, 2]]}), sink)
    code = story.register()
    found = send(api, code, sink.getvalue(), "t.parquet").json()
    assert "列表" in found["problem"]
    path = f"/resources/{code}/attachments/{found['id']}/readings"
    again = api("registrar")("POST", path, json={"drop_columns": ["列表"]})
    assert again.status_code == 200, again.text
    assert (again.json()["problem"], again.json()["preview_rows"]) == (None, [["01"]])


def test_why_a_column_stays_text_and_that_it_is_of_persons_is_told(api: Api, story: Story) -> None:
    text = "年月,证件\n2006.8,11010519491231002X\n2018.10,440524188001010014\n"
    months, numbers = send(api, story.register(), text.encode(), "t.csv").json()["columns"]
    assert (months["proposed_type"], months["is_personal"]) == ("string", False)
    assert "2018.10" in months["note"] and "2018.1”" in months["note"]
    assert numbers["is_personal"] is True


def test_what_no_way_of_reading_helps_is_not_kept(api: Api, story: Story) -> None:
    before = sorted(path.name for path in folder("uploads").iterdir())
    assert send(api, story.register(), b"%PDF-1.7", "t.csv").status_code == 422
    assert sorted(path.name for path in folder("uploads").iterdir()) == before
