"""The page of deciding, sent and read as a browser without scripts does."""

from collections.abc import Callable
from typing import Any

from fixtures.callers import client
from fixtures.page_forms import actions, filled, hidden, shown
from fixtures.worlds import World

from exchange.approvals import repository as steps
from exchange.grants import repository as grants
from exchange.requests import repository
from exchange.requests.lifecycle import RequestStatus
from shuqiao.db import reading

At = Callable[[str], World]


def decision(world: World) -> tuple[str, str]:
    page = f"/requests/{world.request_no}"
    return f"{page}/decision", f"{page}/decisions"


def prepared(world: World) -> dict[str, Any]:
    with reading() as session:
        request = repository.by_no(session, world.request_no)
        assert request is not None
        step = steps.prepared(session, request.id)
        assert step is not None and step.reply is not None
        return step.reply


def status(world: World) -> RequestStatus:
    with reading() as session:
        request = repository.by_no(session, world.request_no)
        assert request is not None
        return request.status


def story_answers(world: World) -> dict[str, str]:
    """Items of the world: 学校代码, 学校名称, 地址, 经度."""
    return {
        "items.0.outcome": "granted", "items.0.mask": "pseudonym", "items.0.digits": "１６",
        "items.1.outcome": "granted", "items.1.mask": "",
        "items.2.outcome": "granted", "items.2.mask": "keep_prefix", "items.2.prefix": "6", "items.2.step": "9",
        "items.3.outcome": "refused", "items.3.reason": "beyond_necessity", "items.3.remark": "位置精度超出需要",
        "conditions.1.item": str(world.item_ids[3]), "conditions.1.op": "ge", "conditions.1.value": "120.2",
        "valid_until": "2026-06-30", "remark": "按履职必需提供",
    }  # fmt: skip


class TestPrepare:
    def test_masks_rows_and_refusals_of_the_form_become_the_reply(self, world_at: At) -> None:
        world = world_at("submitted_request")
        answer = filled(client(world, "approver"), *decision(world), story_answers(world))
        assert answer.status_code == 303, answer.text
        reply = prepared(world)
        assert [item["outcome"] for item in reply["items"]] == ["granted", "granted", "granted", "refused"]
        assert [item["mask"] for item in reply["items"]] == [
            {"kind": "pseudonym", "digits": 16}, None, {"kind": "keep_prefix", "prefix": 6}, None,
        ]  # fmt: skip
        assert reply["row_filter"] == {"item": str(world.item_ids[3]), "op": "ge", "value": 120.2}
        assert reply["valid_until"] == "2026-06-30"
        assert status(world) is RequestStatus.REPLY_PREPARED

    def test_several_conditions_are_joined_by_and(self, world_at: At) -> None:
        world = world_at("submitted_request")
        more = {
            "conditions.0.item": str(world.item_ids[1]), "conditions.0.op": "in", "conditions.0.value": "一小，三中",
            "conditions.2.item": str(world.item_ids[3]), "conditions.2.op": "not_null", "conditions.2.value": "",
        }  # fmt: skip
        answer = filled(client(world, "approver"), *decision(world), story_answers(world) | more)
        assert answer.status_code == 303, answer.text
        tree = prepared(world)["row_filter"]
        assert tree["op"] == "and"
        assert [(part["op"], part.get("value")) for part in tree["args"]] == [
            ("in", ["一小", "三中"]), ("ge", 120.2), ("not_null", None),
        ]  # fmt: skip

    def test_every_mistake_is_named_at_its_field_at_once(self, world_at: At) -> None:
        world = world_at("submitted_request")
        wrong = story_answers(world) | {
            "items.0.digits": "3", "items.1.outcome": "", "items.2.prefix": "many", "items.3.remark": "",
            "conditions.1.value": "东边", "conditions.2.op": "eq", "valid_until": "2027-12-31",
        }  # fmt: skip
        answer = filled(client(world, "approver"), *decision(world), wrong)
        assert answer.status_code == 422
        names = ["items-0-digits", "items-1-outcome", "items-2-prefix", "items-3-remark", "conditions-1-value",
                 "conditions-2-item", "valid_until"]  # fmt: skip
        for name in names:
            assert f'href="#f-{name}"' in answer.text, name
            assert f'id="f-{name}"' in answer.text, name
        assert 'value="many"' in answer.text
        assert status(world) is RequestStatus.SUBMITTED

    def test_a_mask_that_was_not_told_enough_says_what_it_needs(self, world_at: At) -> None:
        world = world_at("submitted_request")
        wrong = story_answers(world) | {"items.2.mask": "keep_both", "items.2.suffix": ""}
        answer = filled(client(world, "approver"), *decision(world), wrong)
        assert answer.status_code == 422
        assert 'href="#f-items-2-suffix"' in answer.text
        assert 'href="#f-items-2-prefix"' not in answer.text
        assert "。。" not in answer.text

    def test_a_mask_that_does_not_fit_the_type_is_refused_at_the_field(self, world_at: At) -> None:
        world = world_at("submitted_request")
        wrong = {"items.3.outcome": "granted", "items.3.mask": "keep_prefix", "items.3.prefix": "2"}
        answer = filled(client(world, "approver"), *decision(world), story_answers(world) | wrong)
        assert answer.status_code == 422
        assert 'href="#f-items-3-mask"' in answer.text

    def test_only_masks_for_the_column_s_type_are_offered(self, world_at: At) -> None:
        world = world_at("submitted_request")
        html = shown(client(world, "approver"), decision(world)[0])
        text, number = (html.split(f'id="f-items-{place}-mask"')[1].split("</select>")[0] for place in (0, 3))
        assert 'value="pseudonym"' in text
        assert 'value="round"' in number
        assert 'value="pseudonym"' not in number

    def test_a_reply_that_was_sent_back_comes_back_filled_in(self, world_at: At) -> None:
        world = world_at("submitted_request")
        approver, (page, action) = client(world, "approver"), decision(world)
        filled(approver, page, action, story_answers(world))
        head = client(world, "provider_head")
        releases = f"/requests/{world.request_no}/releases"
        assert filled(head, page, releases, {"outcome": "sent_back"}).status_code == 422
        assert filled(head, page, releases, {"outcome": "sent_back", "remark": "地址再少一位"}).status_code == 303
        html = shown(approver, page)
        assert "地址再少一位" in html
        assert 'value="120.2"' in html
        assert "位置精度超出需要" in html
        again = hidden(html, action) | story_answers(world) | {"items.2.prefix": "5"}
        assert approver.post(action, data=again).status_code == 303
        assert prepared(world)["items"][2]["mask"] == {"kind": "keep_prefix", "prefix": 5}


class TestRelease:
    def test_the_head_reads_the_reply_in_words_and_releases_it(self, world_at: At) -> None:
        world = world_at("submitted_request")
        page, action = decision(world)
        filled(client(world, "approver"), page, action, story_answers(world))
        head = client(world, "provider_head")
        html = shown(head, page)
        assert "经度 ≥ 120.2" in html
        assert "《政务数据共享条例》（国务院令第809号）第二十条、第三十七条" in html
        assert action not in actions(html)
        answer = filled(head, page, f"/requests/{world.request_no}/releases", {"outcome": "released", "remark": "同意"})
        assert answer.status_code == 303
        assert status(world) is RequestStatus.PARTLY_APPROVED
        told = shown(client(world, "applicant"), f"/requests/{world.request_no}")
        assert "逐项答复" in told
        assert "位置精度超出需要" in told
        with reading() as session:
            grant = grants.by_request(session, world.request_no)
            assert grant is not None and grant.valid_until.isoformat() == "2026-06-30"

    def test_who_prepared_it_is_not_offered_the_release(self, world_at: At) -> None:
        world = world_at("submitted_request")
        page, action = decision(world)
        both = client(world, "both")
        assert filled(both, page, action, story_answers(world)).status_code == 303
        html = shown(both, page)
        assert f"/requests/{world.request_no}/releases" not in actions(html)
        assert "须由本部门另一名共享工作机构负责人核发" in html

    def test_the_consumer_cannot_open_the_decision(self, world_at: At) -> None:
        world = world_at("prepared_request")
        for who in ("applicant", "consumer_head", "consumer_approver"):
            shown(client(world, who), decision(world)[0], status=403)
        shown(client(world, "stranger"), decision(world)[0], status=404)
