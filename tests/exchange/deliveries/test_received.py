"""Rule 14: what was received is not registered as one's own (Order 809, Art. 25)."""

from collections.abc import Callable
from typing import Any

from fixtures.callers import client, once
from fixtures.exchanging import last_fact
from fixtures.worlds import World
from fixtures.written import entry

At = Callable[[str], World]
SAME = [("学校代码", "代码", "C"), ("学校名称", "名称", "C")]


def items(*changes: dict[str, Any]) -> list[dict[str, Any]]:
    """The items that were delivered, as the receiver would write them down."""
    told = [*changes, *({},) * len(SAME)]
    return [
        {"name": name, "column_name": column, "data_type": kind, **more}
        for (name, column, kind), more in zip(SAME, told, strict=False)
    ]


class Registrar:
    """The receiving department's registrar, on one entry of its own."""

    def __init__(self, world: World, rows: list[dict[str, Any]]) -> None:
        self._client = client(world, "consumer_registrar")
        body = entry(title="辖区学校", format="service", items=rows)
        self.code = self._send("POST", "/resources", body).json()["code"].replace("/", "-")

    def _send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        address = f"/api/v1{path}"
        return self._client.request(method, address, json=body, headers={**once(), **headers})

    def _seen(self) -> str:
        found = self._client.get(f"/api/v1/resources/{self.code}")
        return str(found.headers["etag"])

    def says(self, rows: list[dict[str, Any]]) -> None:
        body = entry(title="辖区学校", format="service", items=rows)
        del body["class_code"]
        path = f"/resources/{self.code}"
        answer = self._send("PUT", path, body, **{"if-match": self._seen()})
        assert answer.status_code == 200, answer.text

    def submits(self) -> Any:
        path = f"/resources/{self.code}/submissions"
        return self._send("POST", path, **{"if-match": self._seen()})

    def refused(self) -> list[tuple[str, str]]:
        answer = self.submits()
        assert answer.status_code == 422, answer.text
        return [(each["pointer"], each["code"]) for each in answer.json()["errors"]]


def test_rule_14_received_data_is_not_registered_as_ones_own(world_at: At) -> None:
    world = world_at("finished_delivery")
    bound = {"element": world.element_identifier}
    registrar = Registrar(world, items({**bound, "origin": {"kind": "collected"}}))
    answer = registrar.submits()
    told = {each["pointer"]: each for each in answer.json()["errors"]}
    first = told["#/items/0/origin/kind"]
    assert first["code"] == "received"
    source = world.resource_code.replace("-", "/")
    for named in ("内蒙古自治区教育厅", source, world.grant_no):
        assert named in first["detail"]
    assert "第二十五条" in first["fix"]
    assert told["#/items/1/origin/kind"]["code"] == "received"  # unbound: same name, column, type

    made = {"kind": "processed", "lineage": ["DE-000001"], "method": "按辖区汇总"}
    other = {"kind": "processed", "lineage": [registrar.code], "method": "按辖区汇总"}
    registrar.says(items({**bound, "origin": made}, {"origin": other}))
    assert registrar.refused() == [("#/items/1/origin/lineage", "lineage_incomplete")]

    registrar.says(items({**bound, "origin": made}, {"origin": {**made, "lineage": [source]}}))
    assert registrar.submits().status_code == 201
    assert last_fact(registrar.code.replace("-", "/"))["why"]["processed"] == [
        {"item": "学校代码", "lineage": ["DE-000001"], "grant": world.grant_no},
        {"item": "学校名称", "lineage": [source], "grant": world.grant_no},
    ]


def test_unsaid_is_asked_for_and_one_common_name_is_no_evidence(world_at: At) -> None:
    world = world_at("finished_delivery")
    registrar = Registrar(world, items())
    kinds = [(f"#/items/{place}/origin/kind", "received") for place in (0, 1)]
    assert registrar.refused() == kinds
    registrar.says(items()[1:])
    assert registrar.submits().status_code == 201


def test_what_was_received_may_be_referred_to(world_at: At) -> None:
    world = world_at("finished_delivery")
    copied = {
        "kind": "copied",
        "department": "11150000009900021B",
        "resource": world.resource_code,
        "cycle": "yearly",
        "way": "batch",
    }
    registrar = Registrar(world, items(*({"origin": copied},) * 2))
    assert registrar.submits().status_code == 201


def test_nothing_counts_before_a_delivery(world_at: At) -> None:
    world = world_at("active_grant")
    own = {"origin": {"kind": "collected"}}
    assert Registrar(world, items(own, own)).submits().status_code == 201
