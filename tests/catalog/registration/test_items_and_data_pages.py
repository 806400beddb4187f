"""The grid of information items and the data of a registration, sent
and read as a browser without scripts does.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fixtures.callers import client
from fixtures.page_forms import PAGE, actions, hidden, shown
from fixtures.registering import (
    change_elsewhere,
    drafted,
    edit,
    entry,
    fields_of,
    grid,
    save,
    tags,
    upload,
)
from fixtures.worlds import World
from fixtures.written import CSV
from starlette.testclient import TestClient

from catalog.attachments import repository as attachments
from catalog.attachments.tasks import make_snapshot
from catalog.registration.forms.sections import update_of
from catalog.registration.views.entries import columns_of
from catalog.resources import repository
from shuqiao.db import reading
from tests.shuqiao.arrow.made_files import packed

At = Callable[[str], World]


class TestItems:
    def test_rows_are_saved_in_their_order_without_the_blank_ones(self, world_at: At) -> None:
        world = world_at("draft_resource")
        rows = grid(
            ("学校名称", "名称", "C"),
            ("", "", "C"),
            ("学校代码", "代码", "", world.element_identifier),
        )
        answer = save(world, "items", {**rows, "items.0.is_personal": "true"})
        assert answer.status_code == 303, answer.text
        items = entry(world).items
        assert [(item.name, item.data_type, item.is_personal) for item in items] == [
            ("学校名称", "C", True),
            ("学校代码", "C", False),
        ]
        assert items[1].element == world.element_identifier

    def test_an_element_can_be_named_and_brings_its_type(self, world_at: At) -> None:
        world = world_at("draft_resource")
        assert save(world, "items", grid(("代码项", "代码", "", "学校代码"))).status_code == 303
        (item,) = entry(world).items
        assert (item.element, item.data_type) == (world.element_identifier, "C")

    def test_mistakes_are_told_cell_by_cell(self, world_at: At) -> None:
        world = world_at("draft_resource")
        rows = grid(
            ("学校代码", "代码", "C"), ("学校代码", "", "C"), ("经度", "经度", "B", "DE-999999")
        )
        answer = save(world, "items", rows)
        assert answer.status_code == 422
        assert "第 2 行“学校代码”数据列名：" in answer.text
        assert 'href="#f-items-1-column_name"' in answer.text
        assert 'id="f-items-1-column_name-error"' in answer.text
        again = save(world, "items", {**rows, "items.1.column_name": "名称"})
        assert "第 2 行“学校代码”信息项名称：" in again.text
        assert again.status_code == 422
        once_more = save(
            world, "items", {**rows, "items.1.column_name": "名称", "items.1.name": "学校名称"}
        )
        assert "第 3 行“经度”数据元：" in once_more.text
        assert len(entry(world).items) == 4

    def test_an_item_that_is_not_shared_states_its_basis_in_its_row(self, world_at: At) -> None:
        world = world_at("draft_resource")
        rows = grid(("学校代码", "代码", "C"), ("学校名称", "名称", "C"))
        partly = {
            **rows,
            "items.1.share_type": "withheld",
            "items.1.withholding.kind": "law",
            "items.1.withholding.reason": "能够识别个人",
        }
        answer = save(world, "items", partly)
        assert answer.status_code == 422
        assert "第 2 行“学校名称”不予共享的依据：" in answer.text
        assert 'href="#f-items-1-withholding-basis"' in answer.text
        assert 'id="f-items-1-withholding-basis"' in answer.text
        whole = {**partly, "items.1.withholding.basis": "《统计法》第二十八条"}
        assert save(world, "items", whole).status_code == 303
        stated = entry(world).items[1].withholding
        assert stated is not None
        assert (stated.kind, stated.basis) == ("law", "《统计法》第二十八条")
        path = f"{edit(world)}/items"
        kept = fields_of(shown(client(world, "registrar"), path), path)
        assert kept["items.1.withholding.basis"] == "《统计法》第二十八条"
        assert kept["items.1.withholding.kind"] == "law"
        assert save(world, "items", {**whole, "items.1.share_type": ""}).status_code == 303
        assert entry(world).items[1].withholding is None

    def test_a_refused_grid_is_kept_and_can_be_corrected_where_it_is_shown(
        self, world_at: At
    ) -> None:
        world = world_at("draft_resource")
        path = f"{edit(world)}/items"
        answer = save(world, "items", grid(("", "", ""), ("学校代码", "", "C")))
        assert answer.status_code == 422
        sent = fields_of(answer.text, path)
        kept = drafted(world, "items")
        assert kept is not None
        assert kept["items.0.name"] == ["学校代码"]
        assert kept["seen"] == [sent["seen"]]
        corrected = {**sent, "items.0.column_name": "代码", "intent": "save"}
        again = client(world, "registrar").post(path, data=corrected, headers=PAGE)
        assert again.status_code == 303, again.text
        assert [item.column_name for item in entry(world).items] == ["代码"]
        assert drafted(world, "items") is None

    def test_a_grid_that_somebody_saved_meanwhile_is_shown_beside_it(self, world_at: At) -> None:
        world = world_at("draft_resource")
        registrar, path = client(world, "registrar"), f"{edit(world)}/items"
        sent = {**fields_of(shown(registrar, path), path), "items.0.name": "我写的"}
        elsewhere = [*update_of(entry(world)).items[:1]]
        change_elsewhere(world, items=elsewhere)
        answer = registrar.post(path, data={**sent, "intent": "save"}, headers=PAGE)
        assert answer.status_code == 412
        assert "已被他人修改" in answer.text
        assert 'value="我写的"' in answer.text
        kept = drafted(world, "items")
        assert kept is not None
        assert kept["items.0.name"] == ["我写的"]
        assert len(entry(world).items) == 1

    @pytest.mark.parametrize(
        ("intent", "names"),
        [
            ("up.1", ["学校名称", "学校代码", "地址", "经度"]),
            ("down.0", ["学校名称", "学校代码", "地址", "经度"]),
            ("up.0", ["学校代码", "学校名称", "地址", "经度"]),
            ("delete.2", ["学校代码", "学校名称", "经度"]),
            ("add", ["学校代码", "学校名称", "地址", "经度", ""]),
            ("delete.99", ["学校代码", "学校名称", "地址", "经度"]),
        ],
    )
    def test_the_grid_s_buttons_work_without_scripts(
        self, world_at: At, intent: str, names: list[str]
    ) -> None:
        world = world_at("draft_resource")
        registrar, path = client(world, "registrar"), f"{edit(world)}/items"
        html = shown(registrar, path)
        answer = registrar.post(
            path, data={**fields_of(html, path), "intent": intent}, headers=PAGE
        )
        assert answer.status_code == 303, answer.text
        fields = fields_of(shown(registrar, answer.headers["location"].split("#")[0]), path)
        assert [fields[f"items.{number}.name"] for number in range(len(names))] == names
        assert f"items.{len(names)}.name" not in fields
        assert len(entry(world).items) == 4

    def test_items_saved_meanwhile_are_compared_cell_by_cell(self, world_at: At) -> None:
        world = world_at("draft_resource")
        registrar, path = client(world, "registrar"), f"{edit(world)}/items"
        mine = {**fields_of(shown(registrar, path), path), "intent": "save"}
        theirs = {name: text for name, text in mine.items() if name.startswith("items.")}
        theirs["items.0.description"] = "他人写的说明"
        assert save(world, "items", theirs).status_code == 303
        answer = registrar.post(path, data={**mine, "items.1.name": "校名"}, headers=PAGE)
        assert answer.status_code == 412
        told = answer.text.split('id="differences"')[1].split("</table>")[0].split("<tr>")[2:]
        assert [re.sub(r"<[^>]*>|\s", "", row) for row in told] == [
            "信息项“学校代码”·说明他人写的说明—",
            "信息项“学校名称”·信息项名称学校名称校名",
        ]

    def test_the_columns_of_the_file_fill_the_grid_and_rows_there_stay(self, world_at: At) -> None:
        world = world_at("attached_resource")
        registrar, path = client(world, "registrar"), f"{edit(world)}/items"
        mine = {
            **hidden(shown(registrar, path), path),
            **grid(("名称（我写的）", "名称", "M"), ("", "", "")),
        }
        answer = registrar.post(path, data={**mine, "intent": "columns"}, headers=PAGE)
        fields = fields_of(shown(registrar, answer.headers["location"].split("#")[0]), path)
        rows = [
            tuple(fields[f"items.{n}.{name}"] for name in ("name", "column_name", "data_type"))
            for n in range(4)
        ]
        assert rows == [
            ("名称（我写的）", "名称", "M"),
            ("代码", "代码", "C"),
            ("地址", "地址", "C"),
            ("经度", "经度", "N"),
        ]
        saved = registrar.post(path, data={**fields, "intent": "save"}, headers=PAGE)
        assert saved.status_code == 303, saved.text
        assert drafted(world, "items") is None

    def test_a_grid_of_three_hundred_rows_is_saved(self, world_at: At) -> None:
        world = world_at("draft_resource")
        rows = grid(*((f"信息项{number}", f"列{number}", "C") for number in range(300)))
        extra = {f"items.{number}.description": "说明" for number in range(300)}
        assert save(world, "items", {**rows, **extra}).status_code == 303
        assert len(entry(world).items) == 300


def read_as(registrar: TestClient, page: str, **stated: str) -> str:
    """The data page after the file was read another way."""
    html = shown(registrar, page)
    (action,) = [action for action in actions(html) if action.endswith("/readings")]
    answer = registrar.post(action, data={**fields_of(html, action), **stated}, headers=PAGE)
    assert answer.status_code == 303, answer.text
    return shown(registrar, answer.headers["location"])


class TestData:
    def test_from_the_file_to_the_stored_data(self, world_at: At) -> None:
        world = world_at("draft_resource")
        registrar = client(world, "registrar")
        answer = upload(world, registrar, CSV, "学校.csv")
        assert answer.status_code == 303, answer.text
        html = shown(registrar, answer.headers["location"])
        for words in ("文一路1号", "UTF-8", "逗号", "学校.csv", "确认并存入"):
            assert words in html
        (confirming,) = [action for action in actions(html) if action.endswith("/snapshots")]
        confirmed = registrar.post(confirming, data=fields_of(html, confirming), headers=PAGE)
        assert confirmed.status_code == 303, confirmed.text
        waiting = registrar.get(
            confirmed.headers["location"], headers={**PAGE, "hx-request": "true"}
        ).text
        assert 'hx-trigger="every 2s"' in waiting
        assert "<html" not in waiting
        make_snapshot(confirming.split("/")[-2])
        done = registrar.get(
            confirmed.headers["location"], headers={**PAGE, "hx-request": "true"}
        ).text
        assert 'id="state" hx-get' not in done and 'id="standing"' in done
        assert "data-announce" in done
        assert tags(world)[-1] == "catalog:snapshot:made"
        assert "已完成 5/5 部分" in shown(registrar, edit(world))

    def test_another_way_of_reading_is_shown_and_confirmed(self, world_at: At) -> None:
        world = world_at("draft_resource")
        registrar = client(world, "registrar")
        odd = "学校名录\n代码,名称,地址,经度\n0101,一小,甲,120.1\n".encode("gb18030")
        page = upload(world, registrar, odd, "旧.csv").headers["location"]
        html = read_as(registrar, page, header_row="1")
        assert ">学校名录</th>" in html
        html = read_as(registrar, page, header_row="2", encoding="gb18030", delimiter="comma")
        assert re.search(r'name="header_row" value="2"', html)
        assert tags(world)[-1] == "catalog:resource:attached"
        (confirming,) = [action for action in actions(html) if action.endswith("/snapshots")]
        confirmed = registrar.post(confirming, data=fields_of(html, confirming), headers=PAGE)
        assert confirmed.status_code == 303, confirmed.text
        with reading() as session:
            row = attachments.attachments_of(session, world.resource_id)[0]
            assert row.options is not None
            assert (row.options["header_row"], row.options["encoding"]) == (2, "gb18030")

    def test_what_cannot_be_read_so_is_said_and_the_file_stays(self, world_at: At) -> None:
        world = world_at("attached_resource")
        registrar, page = client(world, "registrar"), f"{edit(world)}/data"
        html = shown(registrar, page)
        (action,) = [action for action in actions(html) if action.endswith("/readings")]
        for header_row, place in (("999", "f-reading"), ("x", "f-header_row")):
            answer = registrar.post(
                action, data={**fields_of(html, action), "header_row": header_row}, headers=PAGE
            )
            assert answer.status_code == 422
            assert f'href="#{place}"' in answer.text
            assert "文一路1号" in answer.text

    def test_adopted_columns_are_those_of_the_reading_chosen_last(self, world_at: At) -> None:
        world = world_at("draft_resource")
        registrar = client(world, "registrar")
        page = upload(world, registrar, "甲,乙\n代码,名称\n0101,一小\n".encode(), "表.csv").headers[
            "location"
        ]
        read_as(registrar, page, header_row="2")
        with reading() as session:
            resource = repository.by_code(session, world.resource_code.replace("-", "/"))
            assert resource is not None
            assert [name for name, _kind in columns_of(session, resource)] == ["代码", "名称"]

    @pytest.mark.parametrize(("content", "name"), [(b"", "a.csv"), (b"%PDF-1.7 x", "a.pdf")])
    def test_what_is_no_table_is_refused_in_words_and_not_kept(
        self, world_at: At, content: bytes, name: str
    ) -> None:
        world = world_at("draft_resource")
        answer = upload(world, client(world, "registrar"), content, name)
        assert answer.status_code == 422
        assert 'href="#f-file"' in answer.text
        with reading() as session:
            assert not attachments.attachments_of(session, world.resource_id)

    def test_a_file_that_unpacks_to_too_much_is_refused_at_its_field(
        self, world_at: At, tmp_path: Path
    ) -> None:
        world = world_at("draft_resource")
        bomb = packed(tmp_path / "x", {"xl/sharedStrings.xml": b" " * (8 << 20)}).read_bytes()
        answer = upload(world, client(world, "registrar"), bomb, "bomb.xlsx")
        assert answer.status_code == 413
        assert 'href="#f-file"' in answer.text

    def test_what_is_in_review_takes_no_file(self, world_at: At) -> None:
        world = world_at("submitted_resource")
        answer = client(world, "registrar").post(
            f"/resources/{world.resource_code}/attachments",
            data={"once_key": "a-key-of-its-own"},
            files={"file": ("学校.csv", CSV)},
            headers=PAGE,
        )
        assert answer.status_code == 409
        assert "资源的当前状态不允许此操作" in answer.text

    def test_no_file_chosen_is_said(self, world_at: At) -> None:
        world = world_at("draft_resource")
        registrar, action = (
            client(world, "registrar"),
            f"/resources/{world.resource_code}/attachments",
        )
        fields = hidden(shown(registrar, f"{edit(world)}/data"), action)
        answer = registrar.post(action, data=fields, files={"file": ("", b"")}, headers=PAGE)
        assert answer.status_code == 422
        assert "未选择文件" in answer.text

    def test_items_that_do_not_fit_the_file_are_named(self, world_at: At) -> None:
        world = world_at("attached_resource")
        assert save(world, "items", grid(("办学类型", "类型", "C"))).status_code == 303
        registrar, path = client(world, "registrar"), f"{edit(world)}/data"
        html = shown(registrar, path)
        assert "“办学类型”对应的列为“类型”" in html
        action = f"/resources/{world.resource_code}/attachments/{world.attachment_id}/snapshots"
        answer = registrar.post(action, data=fields_of(html, action), headers=PAGE)
        assert answer.status_code == 422
        assert 'href="#f-columns"' in answer.text

    def test_a_file_before_the_items_offers_to_adopt_its_columns(self, world_at: At) -> None:
        world = world_at("attached_resource")
        assert save(world, "items", {}).status_code == 303
        registrar, items = client(world, "registrar"), f"{edit(world)}/items"
        html = shown(registrar, f"{edit(world)}/data")
        assert "请先填写信息项" in html
        sent = {**hidden(html, items), "intent": "columns"}
        answer = registrar.post(items, data=sent, headers=PAGE)
        assert answer.status_code == 303, answer.text
        assert "已采用文件中的列" in shown(registrar, answer.headers["location"].split("#")[0])

    def test_a_newer_file_keeps_the_older_one(self, world_at: At) -> None:
        world = world_at("stored_resource")
        registrar = client(world, "registrar")
        page = upload(world, registrar, CSV, "新.csv").headers["location"]
        html = shown(registrar, page)
        assert "学校.csv" in html
        assert "当前提供" in html

    def test_the_rows_of_a_file_are_for_registrars_of_the_provider(self, world_at: At) -> None:
        world = world_at("attached_resource")
        shown(client(world, "head"), f"{edit(world)}/data", status=403)
        shown(client(world, "consumer_registrar"), f"{edit(world)}/data", status=404)
