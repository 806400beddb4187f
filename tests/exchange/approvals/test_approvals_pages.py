"""The page of deciding, sent and read as a browser without scripts does."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from fixtures.callers import client
from fixtures.page_forms import PAGE, actions, confirmed, filled, hidden, shown
from fixtures.worlds import World

from exchange.approvals import repository as steps
from exchange.grants import repository as grants
from exchange.requests import repository
from exchange.requests.words import RequestStatus
from shuqiao.db import reading
from shuqiao.settings import settings

At = Callable[[str], World]


def decision(world: World) -> tuple[str, str, str]:
    """The page of the decision, where its form leads, and where the
    question before it is done leads.
    """
    page = f"/requests/{world.request_no}"
    return f"{page}/decision", f"{page}/decision", f"{page}/decisions"


def released(world: World, **word: str) -> Any:
    page = f"/requests/{world.request_no}"
    head = client(world, "provider_head")
    return confirmed(head, f"{page}/decision", f"{page}/decision", f"{page}/releases", word)


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


def shown_status(world: World, number: str) -> RequestStatus:
    with reading() as session:
        request = repository.by_no(session, number)
        assert request is not None
        return request.status


def story_answers(world: World) -> dict[str, str]:
    """Items of the world: 学校代码, 学校名称, 地址, 经度."""
    return {
        "items.0.outcome": "granted",
        "items.0.mask": "pseudonym",
        "items.0.digits": "１６",
        "items.1.outcome": "granted",
        "items.1.mask": "",
        "items.2.outcome": "granted",
        "items.2.mask": "keep_prefix",
        "items.2.prefix": "6",
        "items.2.step": "9",
        "items.3.outcome": "refused",
        "items.3.reason": "beyond_necessity",
        "items.3.remark": "位置精度超出需要",
        "conditions.1.item": str(world.item_ids[3]),
        "conditions.1.op": "ge",
        "conditions.1.value": "120.2",
        "valid_until": "2026-06-30",
        "remark": "按履职必需提供",
    }


class TestPrepare:
    def test_masks_rows_and_refusals_of_the_form_become_the_reply(self, world_at: At) -> None:
        world = world_at("submitted_request")
        answer = confirmed(client(world, "approver"), *decision(world), story_answers(world))
        assert answer.status_code == 303, answer.text
        reply = prepared(world)
        assert [item["outcome"] for item in reply["items"]] == [
            "granted",
            "granted",
            "granted",
            "refused",
        ]
        assert [item["mask"] for item in reply["items"]] == [
            {"kind": "pseudonym", "digits": 16},
            None,
            {"kind": "keep_prefix", "prefix": 6},
            None,
        ]
        assert reply["row_filter"] == {"item": str(world.item_ids[3]), "op": "ge", "value": 120.2}
        assert reply["valid_until"] == "2026-06-30"
        assert status(world) is RequestStatus.REPLY_PREPARED

    def test_several_conditions_are_joined_by_and(self, world_at: At) -> None:
        world = world_at("submitted_request")
        more = {
            "conditions.0.item": str(world.item_ids[1]),
            "conditions.0.op": "in",
            "conditions.0.value": "一小，三中",
            "conditions.2.item": str(world.item_ids[3]),
            "conditions.2.op": "not_null",
            "conditions.2.value": "",
        }
        answer = confirmed(client(world, "approver"), *decision(world), story_answers(world) | more)
        assert answer.status_code == 303, answer.text
        tree = prepared(world)["row_filter"]
        assert tree["op"] == "and"
        assert [(part["op"], part.get("value")) for part in tree["args"]] == [
            ("in", ["一小", "三中"]),
            ("ge", 120.2),
            ("not_null", None),
        ]

    def test_a_reason_is_told_with_what_it_needs(self, world_at: At) -> None:
        world = world_at("submitted_request")
        wrong = story_answers(world) | {"items.3.reason": "withheld_by_law", "items.3.remark": "x"}
        answer = confirmed(client(world, "approver"), *decision(world), wrong)
        assert answer.status_code == 422
        assert 'href="#f-items-3-provision-kind"' in answer.text
        told = wrong | {
            "items.3.remark": "",
            "items.3.provision.kind": "law",
            "items.3.provision.name": "《中华人民共和国测绘法》",
            "items.3.provision.article": "第四十七条",
            "items.3.provision.wording": "涉密的地理信息不得提供",
            "items.3.department": "内蒙古自治区公安厅",
            "items.2.outcome": "refused",
            "items.2.reason": "source_elsewhere",
            "items.2.department": "内蒙古自治区民政厅",
            "items.2.remark": "",
        }
        assert confirmed(client(world, "approver"), *decision(world), told).status_code == 303
        reply = prepared(world)["items"]
        assert (reply[2]["department"], reply[2]["provision"]) == ("111500000099000483", None)
        assert (reply[3]["department"], reply[3]["provision"]["article"]) == ("", "第四十七条")
        shown_to_head = client(world, "provider_head").get(decision(world)[0], headers=PAGE).text
        for words in (
            "法律：《中华人民共和国测绘法》第四十七条，“涉密的地理信息不得提供”",
            "请向该部门申请：内蒙古自治区民政厅",
        ):
            assert words in shown_to_head, words

    def test_every_mistake_is_named_at_its_field_at_once(self, world_at: At) -> None:
        world = world_at("submitted_request")
        wrong = story_answers(world) | {
            "items.0.digits": "3",
            "items.1.outcome": "",
            "items.2.prefix": "many",
            "items.3.remark": "",
            "conditions.1.value": "东边",
            "conditions.2.op": "eq",
            "valid_until": "2027-12-31",
        }
        answer = confirmed(client(world, "approver"), *decision(world), wrong)
        assert answer.status_code == 422
        names = [
            "items-0-digits",
            "items-1-outcome",
            "items-2-prefix",
            "items-3-remark",
            "conditions-1-value",
            "conditions-2-item",
            "valid_until",
        ]
        for name in names:
            assert f'href="#f-{name}"' in answer.text, name
            assert f'id="f-{name}"' in answer.text, name
        assert 'value="many"' in answer.text
        assert status(world) is RequestStatus.SUBMITTED

    def test_a_mask_that_was_not_told_enough_says_what_it_needs(self, world_at: At) -> None:
        world = world_at("submitted_request")
        wrong = story_answers(world) | {"items.2.mask": "keep_both", "items.2.suffix": ""}
        answer = confirmed(client(world, "approver"), *decision(world), wrong)
        assert answer.status_code == 422
        assert 'href="#f-items-2-suffix"' in answer.text
        assert 'href="#f-items-2-prefix"' not in answer.text
        assert "。。" not in answer.text

    def test_a_mask_that_does_not_fit_the_type_is_refused_at_the_field(self, world_at: At) -> None:
        world = world_at("submitted_request")
        wrong = {"items.3.outcome": "granted", "items.3.mask": "keep_prefix", "items.3.prefix": "2"}
        answer = confirmed(
            client(world, "approver"), *decision(world), story_answers(world) | wrong
        )
        assert answer.status_code == 422
        assert 'href="#f-items-3-mask"' in answer.text

    def test_only_masks_for_the_column_s_type_are_offered(self, world_at: At) -> None:
        world = world_at("submitted_request")
        html = shown(client(world, "approver"), decision(world)[0])
        text, number = (
            html.split(f'id="f-items-{place}-mask"')[1].split("</select>")[0] for place in (0, 3)
        )
        assert 'value="pseudonym"' in text
        assert 'value="round"' in number
        assert 'value="pseudonym"' not in number

    def test_a_reply_that_was_sent_back_comes_back_filled_in(self, world_at: At) -> None:
        world = world_at("submitted_request")
        approver, (page, action, final) = client(world, "approver"), decision(world)
        confirmed(approver, page, action, final, story_answers(world))
        assert released(world, outcome="sent_back").status_code == 422
        assert released(world, outcome="sent_back", remark="地址再少一位").status_code == 303
        html = shown(approver, page)
        assert "地址再少一位" in html
        assert 'value="120.2"' in html
        assert "位置精度超出需要" in html
        again = story_answers(world) | {"items.2.prefix": "5", "remark": "已减少一位"}
        assert confirmed(approver, page, action, final, again).status_code == 303
        assert prepared(world)["items"][2]["mask"] == {"kind": "keep_prefix", "prefix": 5}
        changed = shown(client(world, "provider_head"), page).split('id="reply-changes"')[1]
        rows = changed.split("</table>")[0].split("<tr>")[2:]
        assert re.findall("<th[^>]*>(.*?)</th>", "".join(rows)) == ["地址", "意见"]
        assert "<ins>已减少一位</ins>" in rows[1]
        assert re.findall(r"<(del|ins)>[^<]*?(\d)", rows[0]) == [("del", "6"), ("ins", "5")]


class TestRelease:
    def test_the_head_reads_the_reply_in_words_and_releases_it(self, world_at: At) -> None:
        world = world_at("submitted_request")
        page, action, final = decision(world)
        confirmed(client(world, "approver"), page, action, final, story_answers(world))
        html = shown(client(world, "provider_head"), page)
        assert "经度 ≥ 120.2" in html
        assert "《政务数据共享条例》（国务院令第809号）第二十条、第三十七条" in html
        assert final not in actions(html)
        answer = released(world, outcome="released", remark="同意")
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
        page, action, final = decision(world)
        both = client(world, "both")
        assert confirmed(both, page, action, final, story_answers(world)).status_code == 303
        html = shown(both, page)
        assert action not in actions(html)
        assert "须由本部门另一名共享工作机构负责人核发" in html

    def test_the_consumer_cannot_open_the_decision(self, world_at: At) -> None:
        world = world_at("prepared_request")
        for who in ("applicant", "consumer_head", "consumer_approver"):
            shown(client(world, who), decision(world)[0], status=403)
        shown(client(world, "stranger"), decision(world)[0], status=404)


class TestBeforeItIsDone:
    def test_the_effect_is_said_in_words_and_nothing_has_happened_yet(self, world_at: At) -> None:
        world = world_at("submitted_request")
        page, action, final = decision(world)
        asked = filled(client(world, "approver"), page, action, story_answers(world))
        assert asked.status_code == 200
        assert "4个信息项中，同意3个，不同意1个" in asked.text
        assert "经度 ≥ 120.2" in asked.text
        assert "部分同意" in asked.text
        assert status(world) is RequestStatus.SUBMITTED
        assert hidden(asked.text, final)["items.0.digits"] == "１６"

    def test_going_back_keeps_what_was_typed(self, world_at: At) -> None:
        world = world_at("submitted_request")
        page, action, final = decision(world)
        approver = client(world, "approver")
        asked = filled(approver, page, action, story_answers(world))
        back = approver.post(
            action, data={**hidden(asked.text, final), "intent": "change"}, headers=PAGE
        )
        assert back.status_code == 200
        assert 'value="120.2"' in back.text
        assert "位置精度超出需要" in back.text

    def test_the_head_is_told_what_releasing_makes(self, world_at: At) -> None:
        world = world_at("prepared_request")
        page = f"/requests/{world.request_no}/decision"
        asked = filled(client(world, "provider_head"), page, page, {"outcome": "released"})
        assert asked.status_code == 200
        assert "核发后不能撤销，只能终止共享" in asked.text
        assert "2026-03-17" in asked.text  # 20 working days for the delivery
        assert status(world) is RequestStatus.REPLY_PREPARED

    def test_a_page_that_is_out_of_date_says_so_and_keeps_the_text(self, world_at: At) -> None:
        world = world_at("submitted_request")
        page, action, _final = decision(world)
        answer = filled(
            client(world, "approver"), page, action, story_answers(world) | {"version": "1"}
        )
        assert answer.status_code == 412
        assert "位置精度超出需要" in answer.text

    def test_the_same_answer_for_several_items_fills_the_form_in(self, world_at: At) -> None:
        world = world_at("submitted_request")
        page, action, final = decision(world)
        approver = client(world, "approver")
        line = {
            "batch.outcome": "granted",
            "batch.mask": "keep_prefix",
            "batch.prefix": "2",
            "intent": "batch",
        }
        html = filled(
            approver, page, action, line | {"chosen": ["0", "2"], "items.1.outcome": "granted"}
        ).text
        sent = hidden(html, action)
        for place in (0, 2):
            part = html.split(f'id="f-items-{place}-mask"')[1].split("</select>")[0]
            assert 'value="keep_prefix" selected' in part
        chosen = {f"items.{place}.outcome": "granted" for place in range(4)}
        told = {"mask": "keep_prefix", "prefix": "2"}
        masks = {f"items.{place}.{name}": value for place in (0, 2) for name, value in told.items()}
        asked = approver.post(action, data=sent | chosen | masks, headers=PAGE)
        assert approver.post(final, data=hidden(asked.text, final)).status_code == 303
        assert [item["mask"] for item in prepared(world)["items"]] == [
            {"kind": "keep_prefix", "prefix": 2},
            None,
            {"kind": "keep_prefix", "prefix": 2},
            None,
        ]

    def test_a_batch_that_does_not_fit_or_names_no_item_is_told(self, world_at: At) -> None:
        world = world_at("submitted_request")
        page, action, _final = decision(world)
        approver = client(world, "approver")
        line = {
            "batch.outcome": "granted",
            "batch.mask": "keep_prefix",
            "batch.prefix": "2",
            "intent": "batch",
        }
        unfit = filled(approver, page, action, line | {"chosen": ["0", "3"]})
        assert unfit.status_code == 422
        assert 'href="#f-items-3-mask"' in unfit.text
        nothing = filled(approver, page, action, {"intent": "batch"})
        assert nothing.status_code == 422
        for anchor in ("f-chosen", "f-batch-outcome"):
            assert f'href="#{anchor}"' in nothing.text
            assert f'id="{anchor}"' in nothing.text


class TestFacts:
    def test_all_facts_stand_on_the_page(self, world_at: At) -> None:
        world = world_at("submitted_request")
        html = shown(client(world, "approver"), decision(world)[0])
        for words in (
            "申请以批量交换方式共享“中小学校名录”4个信息项中的4个，使用至2026-12-31",
            "首次申请本数据资源",
            "是否已持有",
            "已写明：《中华人民共和国义务教育法》 第十一条",
            "4个信息项的列均已具备",
            "该部门此前没有向本部门申请过",
            "办理过程",
            "剩余 10 个工作日",
            "当前办理：内蒙古自治区教育厅审核人",
        ):
            assert words in html, words

    def test_a_later_request_is_compared_and_what_is_held_is_named(self, world_at: At) -> None:
        world = world_at("crowded")
        number = next(
            no for no in world.request_nos if shown_status(world, no) is RequestStatus.SUBMITTED
        )
        html = shown(client(world, "approver"), f"/requests/{number}/decision")
        assert f'href="/grants/{world.grant_no}"' in html
        assert "已在有效共享授权中持有" in html
        assert "取数 1 次，共 4 行" in html

    def test_a_grant_past_its_last_day_is_not_held_any_more(
        self, world_at: At, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Before the sweeper has written it down."""
        world = world_at("crowded")
        number = next(
            no for no in world.request_nos if shown_status(world, no) is RequestStatus.SUBMITTED
        )
        monkeypatch.setattr(settings(), "clock", "2027-01-01T00:00:00+08:00")
        html = shown(client(world, "approver"), f"/requests/{number}/decision")
        assert f'href="/grants/{world.grant_no}"' in html
        assert "已在有效共享授权中持有" not in html
        held = html.split(f'href="/grants/{world.grant_no}"', 1)[1].split("</li>", 1)[0]
        assert ">已到期</span>" in held


class TestQueue:
    @pytest.mark.parametrize(
        ("state", "who", "step"),
        [
            ("asked_request", "consumer_head", "本部门同意发出"),
            ("submitted_request", "approver", "拟定答复"),
            ("prepared_request", "provider_head", "核发答复"),
        ],
    )
    def test_it_holds_what_waits_for_the_reader(
        self, world_at: At, state: str, who: str, step: str
    ) -> None:
        world = world_at(state)
        html = shown(client(world, who), "/tasks")
        assert "待我处理（1）" in html
        assert step in html
        assert world.request_no in html
        assert "待我处理（0）" in shown(client(world, "applicant"), "/tasks")

    def test_what_was_dealt_with_stays_in_sight(self, world_at: At) -> None:
        world = world_at("prepared_request")
        approver = shown(client(world, "approver"), "/tasks")
        assert "全部办结" in approver
        assert "最近办结" in approver
        assert world.request_no in shown(client(world, "approver"), "/tasks?tab=done")
        assert world.request_no not in shown(client(world, "both"), "/tasks?tab=done")

    def test_after_a_step_the_next_task_is_offered(self, world_at: At) -> None:
        world = world_at("submitted_request")
        page, action, final = decision(world)
        answer = confirmed(client(world, "both"), page, action, final, story_answers(world))
        done = shown(client(world, "both"), answer.headers["location"])
        assert "答复已拟定" in done
        assert 'href="/tasks"' in done


class TestOpening:
    def test_the_resource_leads_the_holding_department_to_its_grant(self, world_at: At) -> None:
        world = world_at("active_grant")
        page = f"/catalog/{world.resource_code}"
        assert f'href="/grants/{world.grant_no}"' in shown(client(world, "applicant"), page)
        for who in ("stranger", "approver", "consumer_registrar"):
            assert world.grant_no not in shown(client(world, who), page)
