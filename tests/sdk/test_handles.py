import json
from datetime import date

import pytest

from shuqiao.arrow.scans.plan import DeliveryPlan
from shuqiao_client import Client, errors
from tests.sdk.conftest import CODE, ENTRY, GRANT, ITEMS, ME, data, grant, pieces_of, share_request
from tests.sdk.stand_in import StandIn, answer, problem

FIVE = {"basis": "法", "scenario": "核对", "scope": "支队", "until": date(2026, 12, 31)}


@pytest.fixture
def catalogued(service: StandIn) -> StandIn:
    service.on("GET", f"/catalog/{CODE}", answer(ENTRY))
    service.on("GET", "/me", answer(ME))
    return service


@pytest.mark.parametrize("code", ["307001-000001", "307001/000001", " 307001/000001 "])
def test_a_resource_is_known_by_either_spelling_and_fetched_when_looked_at(
    client: Client, catalogued: StandIn, code: str
) -> None:
    handle = client.resource(code)
    assert catalogued.seen == []
    assert handle.metadata.title == "中小学校名录"
    assert [item.name for item in handle.items] == ["学校代码", "学校名称", "地址", "地址"]
    assert len(catalogued.seen) == 1


def test_the_one_active_grant_of_my_department_delivers(
    client: Client, catalogued: StandIn, ready: DeliveryPlan
) -> None:
    mine = grant(catalogued.origin)
    others = [
        grant(catalogued.origin, grant_no="GR-2026-000002", status="revoked"),
        grant(catalogued.origin, grant_no="GR-2026-000003", consumer="民政厅"),
        grant(catalogued.origin, grant_no="GR-2026-000004", resource_code="307001/000009"),
        grant(catalogued.origin, grant_no="GR-2026-000005", status="expired"),
    ]
    catalogued.on("GET", "/grants", answer({"items": [*others, mine], "next": None}))
    catalogued.on("GET", f"/grants/{GRANT}", answer(mine))
    catalogued.on("GET", f"/grants/{GRANT}/data", data(pieces_of(ready)))
    handle = client.resource(CODE)
    assert [found.status for found in handle.grants] == ["revoked", "expired", "active"]
    assert handle.to_polars().height == 5_000
    assert client.last_receipt is not None
    assert client.last_receipt.grant_no == GRANT


@pytest.mark.parametrize("status", ["pending_delivery", "expired"])
def test_no_active_grant_says_how_to_apply(
    client: Client, catalogued: StandIn, status: str
) -> None:
    held = grant(catalogued.origin, status=status)
    catalogued.on("GET", "/grants", answer({"items": [held], "next": None}))
    with pytest.raises(errors.NoActiveGrant, match="sq request create"):
        client.resource(CODE).to_arrow()


def test_several_active_grants_are_named_and_none_is_chosen(
    client: Client, catalogued: StandIn
) -> None:
    two = [grant(catalogued.origin), grant(catalogued.origin, grant_no="GR-2026-000002")]
    catalogued.on("GET", "/grants", answer({"items": two, "next": None}))
    with pytest.raises(errors.SeveralGrants, match="GR-2026-000001、GR-2026-000002"):
        client.resource(CODE).reader()
    assert not catalogued.requests(f"/grants/{GRANT}/data")


@pytest.mark.parametrize("named", ["学校名称", "name", ITEMS[1]["id"]])
def test_items_are_asked_for_by_name_column_or_identifier(
    client: Client, catalogued: StandIn, named: str
) -> None:
    catalogued.on("POST", "/requests", answer(share_request(), 201))
    made = client.requests.create(client.resource(CODE), items=[named], **FIVE)
    assert (made.request_no, made.status, made.due_on) == (
        "REQ-2026-000001",
        "draft",
        date(2026, 3, 3),
    )
    sent = json.loads(catalogued.requests("/requests")[0].body)
    assert sent == {
        "resource_code": CODE,
        "item_ids": [ITEMS[1]["id"]],
        "basis": "法",
        "scenario": "核对",
        "scope": "支队",
        "share_way": "batch",
        "until": "2026-12-31",
    }


def test_items_that_are_unknown_or_unclear_are_all_named_before_anything_is_sent(
    client: Client, catalogued: StandIn
) -> None:
    with pytest.raises(errors.Invalid) as raised:
        client.requests.create(CODE, items=["学校代码", "校长电话", "地址"], **FIVE)
    assert [(each.pointer, each.code) for each in raised.value.errors] == [
        ("#/items/1", "item_unknown"),
        ("#/items/2", "item_unclear"),
    ]
    assert not catalogued.requests("/requests")


def test_submitting_names_the_version_that_was_seen(client: Client, service: StandIn) -> None:
    path = "/requests/REQ-2026-000001"
    service.on("GET", path, answer(share_request(version=4)))
    service.on(
        "POST", f"{path}/submissions", answer(share_request(version=5, status="own_consent"), 201)
    )
    made = client.requests.show("REQ-2026-000001")
    assert made.submit().status == "own_consent"
    assert service.requests(f"{path}/submissions")[0].headers["if-match"] == '"v4"'
    service.on("POST", f"{path}/withdrawals", problem(412, "request_changed"))
    with pytest.raises(errors.Changed):
        made.withdraw("不再需要")
    assert service.requests(f"{path}/withdrawals")[0].headers["if-match"] == '"v5"'


def test_a_number_from_outside_cannot_lead_to_another_address(
    client: Client, service: StandIn
) -> None:
    for number in ("../me", "GR-1/data", "GR-1?x=1", "GR-1#x"):
        with pytest.raises(errors.NotFound):
            _ = client.grant(number).metadata
    assert len(service.seen) == 4
    assert all(seen.path.startswith("/api/v1/grants/") and not seen.query for seen in service.seen)


def test_what_the_service_kept_of_a_delivery_can_be_compared(
    client: Client, service: StandIn
) -> None:
    kept = {"rows": 1, "root": "00"}
    service.on(
        "GET",
        "/deliveries/DL-2026-000001/receipt",
        answer({"delivery_no": "DL-2026-000001", "receipt": kept}),
    )
    assert client.deliveries.receipt("DL-2026-000001") == kept
