"""A file whose encoding a few characters cannot tell: readings shown, nothing stored before a
choice."""

from collections.abc import Callable
from typing import Any

import pytest
from fixtures.callers import client
from fixtures.page_forms import PAGE, actions, hidden, shown
from fixtures.registering import edit, fields_of, upload
from fixtures.worlds import World

from catalog.attachments import repository as attachments
from catalog.attachments.tasks import make_snapshot
from catalog.attachments.words import AttachmentStatus
from catalog.registration.views.entries import columns_of
from catalog.resources import repository
from shuqiao.arrow.snapshots.reader import open_snapshot
from shuqiao.db import reading
from shuqiao.home import folder
from tests.catalog.conftest import Story, complete_entry, pointers

At = Callable[[str], World]
Api = Callable[[str], Any]

RARE = "code,name\n001,Zhang San\n002,喆堃\n".encode("gb18030")
ITEMS = [
    {"name": "编号", "column_name": "code", "data_type": "C"},
    {"name": "姓名", "column_name": "name", "data_type": "C"},
]


def items() -> list[dict[str, Any]]:
    return [{**complete_entry()["items"][0], **item} for item in ITEMS]


class TestInterface:
    @pytest.fixture
    def attached(self, api: Api, story: Story) -> str:
        code = story.register(items=items())
        return f"/resources/{code}/attachments/{story.attach(code, RARE)}"

    def test_both_readings_are_told(self, api: Api, attached: str) -> None:
        found = api("registrar")("GET", attached).json()
        assert found["reading_options"]["encoding"] is None
        assert [reading["encoding"] for reading in found["readings"]][:2] == ["gb18030", "cp949"]
        assert found["readings"][0]["values"] == [{"row": 3, "text": "喆堃"}]
        assert found["readings"][1]["values"] != found["readings"][0]["values"]

    def test_nothing_is_stored_before_the_choice(self, api: Api, attached: str) -> None:
        refused = api("registrar")("POST", f"{attached}/snapshots", json={})
        assert (refused.status_code, pointers(refused)) == (422, ["#/encoding"])
        assert api("registrar")("GET", attached).json()["status"] == "previewed"

    def test_another_header_row_leaves_the_question_open(self, api: Api, attached: str) -> None:
        again = api("registrar")("POST", f"{attached}/readings", json={"header_row": 2}).json()
        assert len(again["readings"]) > 1
        refused = api("registrar")(
            "POST", f"{attached}/snapshots", json={"header_row": 1, "null_values": ["-"]}
        )
        assert (refused.status_code, pointers(refused)) == (422, ["#/encoding"])

    @pytest.mark.parametrize("step", ["readings", "snapshots"])
    def test_the_choice_needs_no_second_upload(self, api: Api, attached: str, step: str) -> None:
        registrar = api("registrar")
        chosen = registrar("POST", f"{attached}/{step}", json={"encoding": "gb18030"})
        assert chosen.status_code == {"readings": 200, "snapshots": 202}[step], chosen.text
        assert chosen.json()["readings"] == []
        assert chosen.json()["reading_options"]["encoding"] == "gb18030"
        if step == "readings":
            assert registrar("POST", f"{attached}/snapshots", json={}).status_code == 202
        make_snapshot(attached.rpartition("/")[2])
        stored = registrar("GET", attached).json()
        (batch,) = open_snapshot(folder("snapshots") / stored["snapshot_id"]).group(0, ["name"])
        assert batch.to_pydict() == {"name": ["Zhang San", "喆堃"]}

    def test_an_encoding_it_is_not_in_is_refused_and_the_file_stays(
        self, api: Api, attached: str
    ) -> None:
        refused = api("registrar")("POST", f"{attached}/readings", json={"encoding": "utf-8"})
        assert (refused.status_code, refused.json()["code"]) == (422, "table_refused")
        assert len(api("registrar")("GET", attached).json()["readings"]) > 1

    def test_what_is_clear_is_no_question(self, api: Api, story: Story) -> None:
        code = story.register()
        found = api("registrar")(
            "GET", f"/resources/{code}/attachments/{story.attach(code)}"
        ).json()
        assert (found["readings"], found["reading_options"]["encoding"]) == ([], "utf-8")


class TestPage:
    def test_the_registrar_compares_and_chooses(self, world_at: At) -> None:
        world = world_at("draft_resource")
        registrar = client(world, "registrar")
        page = upload(world, registrar, RARE, "旧系统.csv").headers["location"]
        html = shown(registrar, page)
        for words in (
            "按哪种编码读得通？",
            "待选定编码",
            "第 3 行“喆堃”",
            "GB18030 / GBK",
            "EUC-KR",
        ):
            assert words in html
        assert html.index("GB18030 / GBK") < html.index("EUC-KR")
        assert not [action for action in actions(html) if action.endswith("/snapshots")]
        (choosing,) = [action for action in actions(html) if action.endswith("/readings")]
        nothing = registrar.post(choosing, data=hidden(html, choosing), headers=PAGE)
        assert nothing.status_code == 422
        assert 'href="#f-reading"' in nothing.text
        assert "按哪种编码读得通？" in nothing.text
        chosen = registrar.post(
            choosing, data={**hidden(html, choosing), "encoding": "gb18030"}, headers=PAGE
        )
        assert chosen.status_code == 303, chosen.text
        settled = shown(registrar, chosen.headers["location"])
        assert "喆堃" in settled
        assert "按哪种编码读得通？" not in settled
        assert [action for action in actions(settled) if action.endswith("/snapshots")]

    def test_columns_cannot_be_adopted_before(self, world_at: At) -> None:
        world = world_at("draft_resource")
        registrar = client(world, "registrar")
        upload(world, registrar, RARE, "旧系统.csv")
        html = shown(registrar, f"{edit(world)}/items")
        assert "文件的编码尚未选定" in html
        assert 'value="columns"' not in html
        with reading() as session:
            resource = repository.by_code(session, world.resource_code.replace("-", "/"))
            assert resource is not None
            assert columns_of(session, resource) == []

    def test_a_form_from_before_cannot_store_it(self, world_at: At) -> None:
        world = world_at("draft_resource")
        registrar = client(world, "registrar")
        page = upload(world, registrar, RARE, "旧系统.csv").headers["location"]
        html = shown(registrar, page)
        (choosing,) = [action for action in actions(html) if action.endswith("/readings")]
        confirming = choosing.removesuffix("readings") + "snapshots"
        answer = registrar.post(
            confirming, data=fields_of(html, choosing) | {"encoding": ""}, headers=PAGE
        )
        assert answer.status_code == 422
        assert "文件可以按不止一种编码读取" in answer.text
        with reading() as session:
            (row,) = attachments.attachments_of(session, world.resource_id)[:1]
            assert row.status is AttachmentStatus.PREVIEWED
