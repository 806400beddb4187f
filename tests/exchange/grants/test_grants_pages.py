"""Pages of grants and of the transfers under them."""

from collections.abc import Callable

from fixtures.callers import client
from fixtures.page_forms import filled, shown
from fixtures.worlds import World

from exchange.grants import repository
from exchange.grants.words import GrantStatus
from shuqiao.db import reading

At = Callable[[str], World]


def status(world: World) -> GrantStatus:
    with reading() as session:
        grant = repository.by_no(session, world.grant_no)
        assert grant is not None
        return grant.status


def test_the_consumer_finds_items_term_and_ready_code(world_at: At) -> None:
    world = world_at("active_grant")
    html = shown(client(world, "applicant"), f"/grants/{world.grant_no}")
    assert f"http://127.0.0.1:8701/api/v1/grants/{world.grant_no}/data" in html
    assert "Client.from_profile()" in html
    assert "学校代码" in html
    assert "尚未取数" in html
    assert "终止共享" not in html


def test_the_provider_sees_the_grant_but_no_code_to_fetch(world_at: At) -> None:
    world = world_at("active_grant")
    html = shown(client(world, "provider_head"), f"/grants/{world.grant_no}")
    assert f"/grants/{world.grant_no}/revocation" in html
    assert "Client.from_profile()" not in html


def test_transfers_are_listed_and_lead_to_their_receipt(world_at: At) -> None:
    world = world_at("finished_delivery")
    applicant = client(world, "applicant")
    assert f'href="/deliveries/{world.delivery_no}"' in shown(
        applicant, f"/grants/{world.grant_no}"
    )
    html = shown(applicant, f"/deliveries/{world.delivery_no}")
    assert "交付回执" in html
    assert "root" in html
    shown(client(world, "stranger"), f"/deliveries/{world.delivery_no}", status=404)


def test_revoking_asks_first_needs_a_reason_and_ends_the_grant(world_at: At) -> None:
    world = world_at("active_grant")
    page, head = f"/grants/{world.grant_no}", client(world, "provider_head")
    assert (
        filled(head, f"{page}/revocation", f"{page}/revocations", {"reason": ""}).status_code == 422
    )
    assert status(world) is GrantStatus.ACTIVE
    answer = filled(
        head, f"{page}/revocation", f"{page}/revocations", {"reason": "使用目的已经实现"}
    )
    assert answer.status_code == 303
    assert status(world) is GrantStatus.REVOKED
    assert "共享已终止" in shown(head, answer.headers["location"])
    told = shown(client(world, "applicant"), page)
    assert "使用目的已经实现" in told
    assert "Client.from_profile()" not in told


def test_the_consumer_cannot_revoke_and_a_stranger_sees_nothing(world_at: At) -> None:
    world = world_at("active_grant")
    shown(client(world, "applicant"), f"/grants/{world.grant_no}/revocation", status=403)
    shown(client(world, "stranger"), f"/grants/{world.grant_no}", status=404)
    assert world.grant_no not in shown(client(world, "stranger"), "/grants")
    assert world.grant_no in shown(client(world, "applicant"), "/grants")


def test_a_request_leads_to_its_grant(world_at: At) -> None:
    world = world_at("active_grant")
    answer = client(world, "applicant").get(
        f"/grants?request_no={world.request_no}", headers={"accept": "text/html"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"/grants/{world.grant_no}")
    shown(client(world, "stranger"), f"/grants?request_no={world.request_no}", status=404)


def test_the_page_says_the_way_the_conditions_and_the_remark(world_at: At) -> None:
    world = world_at("active_grant")
    for who in ("applicant", "provider_head"):
        html = shown(client(world, who), f"/grants/{world.grant_no}")
        assert "批量交换" in html
        assert "不得提供给第三方。" in html
        assert "答复意见" in html
    told = client(world, "applicant").get(f"/api/v1/grants/{world.grant_no}").json()
    assert (told["share_way"], told["use_condition"]) == ("batch", "不得提供给第三方。")
