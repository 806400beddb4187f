"""A version is published with data in which every item has its column, or not at all."""

from collections.abc import Callable
from typing import Any

from fixtures import callers
from fixtures.page_forms import shown
from fixtures.registering import edit
from fixtures.worlds import World
from fixtures.written import CSV, LIVE_ITEMS, entry

from catalog.attachments.tasks import make_snapshot
from tests.catalog.conftest import pointers

At = Callable[[str], World]
LATITUDE = {"name": "纬度", "column_name": "纬度", "data_type": "B"}


class Registrar:
    """The registrar's steps on what is in work, with the version it has."""

    def __init__(self, world: World) -> None:
        self.client, self.code = callers.client(world, "registrar"), world.resource_code
        self.address = f"/api/v1/resources/{self.code}"

    def step(self, method: str, path: str, **sent: Any) -> Any:
        seen = self.client.get(f"{self.address}/working-copy")
        seen = seen if seen.status_code == 200 else self.client.get(self.address)
        headers = {"if-match": seen.headers["etag"], **(callers.once() if method == "POST" else {})}
        return self.client.request(method, self.address + path, headers=headers, **sent)

    def writes(self, items: Any, **changes: Any) -> None:
        body = {name: value for name, value in entry(**changes).items() if name != "class_code"}
        answer = self.step("PUT", "", json={**body, "items": items})
        assert answer.status_code == 200, answer.text

    def submits(self) -> Any:
        return self.step("POST", "/submissions")


def test_an_item_added_by_a_change_waits_for_data_that_has_it(world_at: At) -> None:
    world = world_at("changing_resource")
    registrar = Registrar(world)
    registrar.writes([*entry()["items"], LATITUDE])
    refused, place = registrar.submits(), len(entry()["items"])
    assert (refused.status_code, pointers(refused)) == (422, [f"#/items/{place}/column_name"])
    told = refused.json()["errors"][0]
    assert told["code"] == "not_in_data"
    assert "代码、名称、地址、经度" in told["detail"] and "挂接" in told["fix"]
    for section in ("items", "check"):
        page = shown(registrar.client, f"{edit(world)}/{section}")
        assert f'href="{edit(world)}/items#f-items-{place}-column_name"' in page
        assert "数据中没有“纬度”列" in page
    lines = CSV.decode().splitlines()
    rows = "\n".join([f"{lines[0]},纬度", *(f"{line},30.2" for line in lines[1:])])
    sent = {"file": ("学校.csv", rows.encode(), "text/csv")}
    made = registrar.step("POST", "/attachments", files=sent)
    assert made.status_code == 201, made.text
    made_id = made.json()["id"]
    confirmed = registrar.step("POST", f"/attachments/{made_id}/snapshots", json={})
    assert confirmed.status_code == 202, confirmed.text
    assert [error["code"] for error in registrar.submits().json()["errors"]] == ["still_storing"]
    make_snapshot(made_id)
    assert registrar.submits().status_code == 201


def test_a_live_table_is_held_to_the_columns_it_was_attached_with(world_at: At) -> None:
    registrar = Registrar(world_at("live_resource"))
    built = {"name": "建校日期", "column_name": "built", "data_type": "D"}
    retyped = {**LIVE_ITEMS[0], "data_type": "I"}
    registrar.writes([retyped, *LIVE_ITEMS[1:], built], format="database")
    refused = registrar.submits()
    assert (refused.status_code, pointers(refused)) == (
        422,
        ["#/items/0/data_type", "#/items/3/column_name"],
    )
