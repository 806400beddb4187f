"""Pages of applying, sent and read as a browser without scripts does."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from fixtures.callers import client
from fixtures.exchanging import release
from fixtures.page_forms import PAGE, actions, filled, hidden, shown
from fixtures.worlds import World
from fixtures.written import FIVE
from sqlmodel import select

from audit.models import AuditEvent
from exchange.requests import repository
from exchange.requests.models import ShareRequest
from exchange.requests.words import RequestStatus
from shuqiao.db import reading
from shuqiao.desk.calendar import CalendarMissing

At = Callable[[str], World]
NEW = "/requests/new"


def status(world: World) -> RequestStatus:
    with reading() as session:
        found = repository.by_no(session, world.request_no)
        assert found is not None
        return found.status


def counted() -> int:
    with reading() as session:
        return len(session.exec(select(ShareRequest)).all())


def tags(stream: str) -> list[str]:
    with reading() as session:
        query = (
            select(AuditEvent.action).where(AuditEvent.stream == stream).order_by(AuditEvent.seq)
        )  # type: ignore[arg-type]
        return list(session.exec(query))


def five(world: World, **changes: str) -> dict[str, str | list[str]]:
    return {"item_ids": [str(item) for item in world.item_ids[:2]], **FIVE, **changes}


class TestApply:
    def test_a_filled_form_becomes_a_draft_and_leads_to_its_page(self, world_at: At) -> None:
        world = world_at("published_resource")
        applicant = client(world, "applicant")
        answer = filled(applicant, f"{NEW}?resource={world.resource_code}", NEW, five(world))
        assert answer.status_code == 303, answer.text
        assert answer.headers["location"] == "/requests/REQ-2026-000001/check"
        html = shown(applicant, answer.headers["location"])
        assert "核对申请内容" in html
        assert "核对学龄人口就学情况" in html
        assert tags("REQ-2026-000001") == ["exchange:request:created"]

    def test_a_mistake_keeps_what_was_typed_and_names_each_field(self, world_at: At) -> None:
        world = world_at("published_resource")
        page = f"{NEW}?resource={world.resource_code}"
        typed = {
            "basis": "户口登记条例",
            "scope": "<b>支队</b>",
            "share_way": "batch",
            "until": "2026-02-30",
        }
        answer = filled(client(world, "applicant"), page, NEW, typed)
        assert answer.status_code == 422
        for anchor in ("f-item_ids", "f-scenario", "f-until"):
            assert f'href="#{anchor}"' in answer.text
            assert f'id="{anchor}"' in answer.text
        assert "户口登记条例" in answer.text
        assert "&lt;b&gt;支队&lt;/b&gt;" in answer.text
        assert 'value="2026-02-30"' in answer.text
        assert counted() == 0

    def test_only_the_ways_that_the_resource_offers_can_be_chosen(self, world_at: At) -> None:
        world = world_at("published_resource")
        applicant, page = client(world, "applicant"), f"{NEW}?resource={world.resource_code}"
        html = shown(applicant, page)
        assert 'value="batch"' in html
        assert 'value="file"' not in html and 'value="service"' not in html
        answer = filled(applicant, page, NEW, five(world) | {"share_way": "file"})
        assert answer.status_code == 422
        assert "不以“文件下载”的方式共享" in answer.text
        assert "请选择资源提供的方式：批量交换" in answer.text

    @pytest.mark.parametrize("until", ["2026-02-11", "2029-02-12", "2031-01-01"])
    def test_what_the_service_refuses_is_shown_at_its_field(self, world_at: At, until: str) -> None:
        world = world_at("published_resource")
        page = f"{NEW}?resource={world.resource_code}"
        answer = filled(client(world, "applicant"), page, NEW, five(world, until=until))
        assert answer.status_code == 422
        assert "使用期限须晚于今日，最迟至2029-02-11（3年）" in answer.text
        assert counted() == 0

    @pytest.mark.parametrize(
        ("language", "words"),
        [("zh-CN", "最迟至2029-02-11（3年）"), ("en", "2029-02-11 at the latest (3 years)")],
    )
    def test_the_form_says_the_last_day_that_is_taken(
        self, world_at: At, language: str, words: str
    ) -> None:
        world = world_at("published_resource")
        applicant = client(world, "applicant")
        path, asked = f"{NEW}?resource={world.resource_code}", {"accept-language": language}
        assert words in applicant.get(path, headers={**PAGE, **asked}).text

    def test_an_item_named_twice_is_told_at_the_items(self, world_at: At) -> None:
        world = world_at("published_resource")
        twice = {**five(world), "item_ids": [str(world.item_ids[0])] * 2}
        answer = filled(
            client(world, "applicant"), f"{NEW}?resource={world.resource_code}", NEW, twice
        )
        assert answer.status_code == 422
        assert 'href="#f-item_ids"' in answer.text
        assert "该信息项重复" in answer.text

    def test_a_form_can_be_corrected_and_sent_again(self, world_at: At) -> None:
        world = world_at("published_resource")
        applicant = client(world, "applicant")
        failed = filled(
            applicant, f"{NEW}?resource={world.resource_code}", NEW, five(world, until="")
        )
        again = {**hidden(failed.text, NEW), **five(world)}
        assert applicant.post(NEW, data=again).status_code == 303
        assert counted() == 1

    def test_a_second_click_makes_no_second_request(self, world_at: At) -> None:
        world = world_at("published_resource")
        applicant = client(world, "applicant")
        sent = {
            **hidden(shown(applicant, f"{NEW}?resource={world.resource_code}"), NEW),
            **five(world),
        }
        first, second = (applicant.post(NEW, data=sent) for _ in range(2))
        assert first.status_code == second.status_code == 303
        assert first.headers["location"] == second.headers["location"]
        assert counted() == 1

    def test_a_form_without_the_session_s_token_changes_nothing(self, world_at: At) -> None:
        world = world_at("published_resource")
        applicant = client(world, "applicant")
        sent = {
            **hidden(shown(applicant, f"{NEW}?resource={world.resource_code}"), NEW),
            **five(world),
        }
        del applicant.headers["x-csrf-token"]
        assert applicant.post(NEW, data={**sent, "csrf_token": "forged"}).status_code == 403
        assert counted() == 0
        assert applicant.post(NEW, data=sent).status_code == 303

    def test_the_provider_s_own_people_cannot_ask(self, world_at: At) -> None:
        world = world_at("published_resource")
        shown(client(world, "registrar"), f"{NEW}?resource={world.resource_code}", status=403)

    def test_an_earlier_request_fills_the_form(self, world_at: At) -> None:
        world = world_at("draft_request")
        html = shown(
            client(world, "applicant"),
            f"{NEW}?resource={world.resource_code}&like={world.request_no}",
        )
        assert FIVE["basis"] in html
        assert html.count(" checked") >= len(world.item_ids)

    def test_somebody_else_s_request_does_not_fill_the_form(self, world_at: At) -> None:
        world = world_at("draft_request")
        html = shown(
            client(world, "stranger"),
            f"{NEW}?resource={world.resource_code}&like={world.request_no}",
        )
        assert FIVE["basis"] not in html


class TestOneRequest:
    def test_the_draft_goes_to_the_own_sharing_head_and_then_to_the_intake(
        self, world_at: At
    ) -> None:
        world = world_at("draft_request")
        page = f"/requests/{world.request_no}"
        asked = filled(client(world, "applicant"), f"{page}/check", f"{page}/submissions")
        assert asked.status_code == 303
        told = shown(client(world, "applicant"), asked.headers["location"])
        for words in (
            "申请编号：",
            world.request_no,
            "consumer_head 同志",
            "10个工作日内（法定时限，国务院令第809号第二十一条）",
            "2026-03-03",
        ):
            assert words in told, words
        word = {"outcome": "consented", "remark": "属实"}
        given = filled(client(world, "consumer_head"), page, f"{page}/consents", word)
        assert given.status_code == 303
        assert status(world) is RequestStatus.SUBMITTED
        html = shown(client(world, "approver"), page)
        assert "2026-03-03" in html
        assert "法定时限：《政务数据共享条例》（国务院令第809号）第二十一条，10个工作日" in html
        assert "拟定答复" in html

    def test_a_return_without_reason_is_asked_for_it(self, world_at: At) -> None:
        world = world_at("asked_request")
        page = f"/requests/{world.request_no}"
        answer = filled(
            client(world, "consumer_head"), page, f"{page}/consents", {"outcome": "returned"}
        )
        assert answer.status_code == 422
        assert "退回须说明原因" in answer.text
        assert status(world) is RequestStatus.OWN_CONSENT

    def test_a_page_opened_before_another_step_cannot_overwrite_it(self, world_at: At) -> None:
        world = world_at("asked_request")
        page, head = f"/requests/{world.request_no}", client(world, "consumer_head")
        stale = {
            **hidden(shown(head, page), f"{page}/consents"),
            "version": "1",
            "outcome": "consented",
        }
        assert head.post(f"{page}/consents", data=stale).status_code == 412
        del stale["version"]
        assert (
            head.post(f"{page}/consents", data={**stale, "once_key": "another-key"}).status_code
            == 428
        )
        assert status(world) is RequestStatus.OWN_CONSENT

    def test_withdrawing_asks_first_and_needs_a_reason(self, world_at: At) -> None:
        world = world_at("submitted_request")
        page, applicant = f"/requests/{world.request_no}", client(world, "applicant")
        assert f"{page}/withdrawals" not in actions(shown(applicant, page))
        assert (
            filled(
                applicant, f"{page}/withdrawal", f"{page}/withdrawals", {"remark": " "}
            ).status_code
            == 422
        )
        assert status(world) is RequestStatus.SUBMITTED
        done = filled(
            applicant, f"{page}/withdrawal", f"{page}/withdrawals", {"remark": "业务调整"}
        )
        assert done.status_code == 303
        assert status(world) is RequestStatus.WITHDRAWN
        assert "复制为新申请" in shown(applicant, page)

    @pytest.mark.parametrize("who", ["applicant", "consumer_head"])
    def test_the_prepared_reply_stays_inside_the_provider(self, world_at: At, who: str) -> None:
        world = world_at("prepared_request")
        inside = ("拟定答复", "approver 同志")
        theirs, html = (
            shown(client(world, each), f"/requests/{world.request_no}")
            for each in ("provider_head", who)
        )
        assert [words for words in inside if words not in theirs] == []
        assert [words for words in (*inside, "逐项答复") if words in html] == []
        release(world)
        assert "逐项答复" in shown(client(world, who), f"/requests/{world.request_no}")

    def test_the_consumer_s_own_preparation_stays_inside_the_consumer(self, world_at: At) -> None:
        world = world_at("submitted_request")
        own, other = (
            shown(client(world, who), f"/requests/{world.request_no}")
            for who in ("applicant", "approver")
        )
        assert "拟定共享申请" in own
        assert "拟定共享申请" not in other
        assert "本部门同意，统一受理" in other

    def test_a_stranger_does_not_learn_that_it_exists(self, world_at: At) -> None:
        world = world_at("submitted_request")
        shown(client(world, "stranger"), f"/requests/{world.request_no}", status=404)
        shown(client(world, "approver"), f"/requests/{world.request_no}")

    def test_the_provider_sees_nothing_of_a_draft(self, world_at: At) -> None:
        world = world_at("draft_request")
        shown(client(world, "approver"), f"/requests/{world.request_no}", status=404)

    def test_nobody_signed_in_is_led_to_the_sign_in_page(self, world_at: At) -> None:
        world = world_at("submitted_request")
        answer = client(world, None).get(
            f"/requests/{world.request_no}", headers={"accept": "text/html"}
        )
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?next=/requests/")


class TestList:
    def test_it_says_whose_turn_it_is_and_by_when(self, world_at: At) -> None:
        world = world_at("submitted_request")
        html = shown(client(world, "applicant"), "/requests")
        for words in ("2026-03-03", "剩余 10 个工作日", "审核人", "内蒙古自治区教育厅"):
            assert words in html, words

    def test_it_narrows_to_one_s_own_and_to_what_others_ask_of_us(self, world_at: At) -> None:
        world = world_at("submitted_request")
        for whose in ("mine", "asked_by_us"):
            assert world.request_no in shown(client(world, "applicant"), f"/requests?whose={whose}")
        assert world.request_no in shown(client(world, "approver"), "/requests?whose=asked_of_us")
        assert world.request_no not in shown(
            client(world, "consumer_head"), "/requests?whose=asked_of_us"
        )

    def test_it_narrows_by_status(self, world_at: At) -> None:
        world = world_at("draft_request")
        applicant = client(world, "applicant")
        assert world.request_no in shown(applicant, "/requests?status=draft")
        assert world.request_no not in shown(applicant, "/requests?status=approved")

    def test_it_holds_only_what_the_single_page_would_show(self, world_at: At) -> None:
        world = world_at("draft_request")
        assert world.request_no in shown(client(world, "applicant"), "/requests")
        for who in ("approver", "stranger", "reviewer", "data_admin"):
            assert world.request_no not in shown(client(world, who), "/requests")


class TestDraftsOfTheForm:
    def test_a_draft_saves_whatever_is_wrong_and_comes_back(self, world_at: At) -> None:
        world = world_at("published_resource")
        applicant, page = client(world, "applicant"), f"{NEW}?resource={world.resource_code}"
        typed = {
            "basis": "户口登记",
            "until": "明年",
            "item_ids": str(world.item_ids[1]),
            "intent": "draft",
        }
        saved = filled(applicant, page, NEW, typed)
        assert (saved.status_code, saved.headers["location"]) == (303, page)
        html = shown(applicant, page)
        assert "这里是您 09:00 保存的草稿" in html
        assert 'value="明年"' in html
        assert f'value="{world.item_ids[1]}" checked' in html
        assert counted() == 0
        assert "未提交的草稿" in shown(applicant, "/requests")
        assert "户口登记" not in shown(client(world, "stranger"), page)

    def test_the_item_of_the_address_is_chosen_beside_what_is_kept(self, world_at: At) -> None:
        world = world_at("published_resource")
        applicant = client(world, "applicant")
        path = f"{NEW}?resource={world.resource_code}"
        kept, asked = map(str, world.item_ids[:2])
        sent = {**hidden(shown(applicant, path), NEW), "basis": "留下的依据", "item_ids": kept}
        assert applicant.post(f"{NEW}/draft", data=sent).status_code == 200
        page = shown(applicant, f"{path}&item={asked}")
        assert "留下的依据" in page
        for each in (kept, asked):
            assert re.search(rf'value="{each}"[^>]*checked', page), each
        again = shown(applicant, path)
        assert not re.search(rf'value="{asked}"[^>]*checked', again)

    def test_what_is_typed_is_kept_by_itself_and_can_be_discarded(self, world_at: At) -> None:
        world = world_at("published_resource")
        applicant, page = client(world, "applicant"), f"{NEW}?resource={world.resource_code}"
        sent = {
            **hidden(shown(applicant, page), NEW),
            "item_ids": [str(item) for item in world.item_ids[:3]],
        }
        kept = applicant.post(f"{NEW}/draft", data=sent)
        assert kept.status_code == 200
        assert kept.text.split() == ["已自动保存", "09:00。", "已选3个信息项。"]
        discard = hidden(shown(applicant, page), f"{NEW}/draft")
        assert discard["intent"] == "discard"
        assert applicant.post(f"{NEW}/draft", data=discard).status_code == 303
        assert "保存的草稿" not in shown(applicant, page)

    def test_a_form_that_failed_is_a_draft_and_one_that_was_sent_is_none(
        self, world_at: At
    ) -> None:
        world = world_at("published_resource")
        applicant, page = client(world, "applicant"), f"{NEW}?resource={world.resource_code}"
        assert filled(applicant, page, NEW, five(world, until="")).status_code == 422
        assert FIVE["basis"] in shown(applicant, page)
        assert filled(applicant, page, NEW, five(world)).status_code == 303
        assert FIVE["basis"] not in shown(applicant, page)

    def test_what_comes_late_of_a_form_that_was_sent_is_no_draft(self, world_at: At) -> None:
        world = world_at("published_resource")
        applicant, page = client(world, "applicant"), f"{NEW}?resource={world.resource_code}"
        sent = {**hidden(shown(applicant, page), NEW), **five(world), "once_key": "k" * 255}
        assert applicant.post(NEW, data=sent).status_code == 303
        late = applicant.post(f"{NEW}/draft", data=sent)
        assert late.text.strip() == "本表单已提交，继续操作请重新打开页面。"
        assert "未提交的草稿" not in shown(applicant, "/requests")

    def test_copying_an_earlier_request_says_that_a_draft_would_be_replaced(
        self, world_at: At
    ) -> None:
        world = world_at("draft_request")
        applicant, page = client(world, "applicant"), f"{NEW}?resource={world.resource_code}"
        filled(applicant, page, NEW, {"basis": "别的依据", "intent": "draft"})
        html = shown(applicant, f"{page}&like={world.request_no}")
        assert FIVE["basis"] in html
        assert "在本页继续填写将覆盖该草稿" in html


class TestTheForm:
    def test_it_shows_the_way_and_the_date_and_offers_no_choice_of_all(self, world_at: At) -> None:
        world = world_at("published_resource")
        html = shown(client(world, "applicant"), f"{NEW}?resource={world.resource_code}")
        for words in (
            "10个工作日内",
            "2026-03-03",
            "20个工作日内（法定时限，国务院令第809号第二十二条）",
            "资源提供的方式",
        ):
            assert words in html, words
        assert "全选" not in html

    def test_without_the_calendar_no_date_is_guessed(
        self, world_at: At, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world = world_at("published_resource")

        def missing(*_given: object) -> date:
            raise CalendarMissing(2027)

        monkeypatch.setattr("exchange.requests.views.ahead.add_working_days", missing)
        html = shown(client(world, "applicant"), f"{NEW}?resource={world.resource_code}")
        assert "工作日日历尚未加载到该日期" in html
        assert "2026-03-03" not in html


class TestEdit:
    def test_a_returned_request_is_corrected_and_the_head_sees_what_changed(
        self, world_at: At
    ) -> None:
        world = world_at("asked_request")
        page, applicant = f"/requests/{world.request_no}", client(world, "applicant")
        head = client(world, "consumer_head")
        filled(head, page, f"{page}/consents", {"outcome": "returned", "remark": "请写明使用系统"})
        assert "请写明使用系统" in shown(applicant, f"{page}/edit")
        again = {
            **FIVE,
            "scope": "治安管理支队，部门内网",
            "item_ids": [str(item) for item in world.item_ids[:2]],
        }
        changed = filled(applicant, f"{page}/edit", f"{page}/edit", again)
        assert (changed.status_code, changed.headers["location"]) == (303, f"{page}/check")
        html = shown(applicant, f"{page}/check")
        assert "治安管理支队，部门内网" in html
        assert f'href="{page}/edit#f-scope"' in html
        assert filled(applicant, f"{page}/check", f"{page}/submissions").status_code == 303
        seen = shown(head, page)
        assert "与上一次提请相比的变化" in seen
        assert "<del>地址、经度</del>" in seen
        assert tags(world.request_no)[-2:] == [
            "exchange:request:edited",
            "exchange:request:consent_asked",
        ]

    def test_saving_without_a_change_writes_nothing(self, world_at: At) -> None:
        world = world_at("draft_request")
        page, applicant = f"/requests/{world.request_no}", client(world, "applicant")
        same = {**FIVE, "item_ids": [str(item) for item in world.item_ids]}
        assert filled(applicant, f"{page}/edit", f"{page}/edit", same).status_code == 303
        assert tags(world.request_no) == ["exchange:request:created"]

    def test_a_mistake_keeps_the_typed_text_as_a_draft_of_the_edit(self, world_at: At) -> None:
        world = world_at("draft_request")
        page, applicant = f"/requests/{world.request_no}", client(world, "applicant")
        wrong = {
            **FIVE,
            "basis": "改过的依据",
            "until": "2020-01-01",
            "item_ids": [str(world.item_ids[0])],
        }
        answer = filled(applicant, f"{page}/edit", f"{page}/edit", wrong)
        assert answer.status_code == 422
        assert 'href="#f-until"' in answer.text
        assert "改过的依据" in shown(applicant, f"{page}/edit")
        assert "您有尚未完成的修改" in shown(applicant, f"{page}/check")
        assert "改过的依据" not in shown(applicant, page)

    def test_what_left_the_draft_cannot_be_edited_or_asked_again(self, world_at: At) -> None:
        world = world_at("asked_request")
        page, applicant = f"/requests/{world.request_no}", client(world, "applicant")
        for way in ("edit", "check"):
            answer = applicant.get(f"{page}/{way}", headers={"accept": "text/html"})
            assert (answer.status_code, answer.headers["location"]) == (303, page)

    def test_a_draft_whose_term_has_passed_is_told_before_it_is_asked(
        self, world_at: At, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world = world_at("draft_request")
        page, applicant = f"/requests/{world.request_no}", client(world, "applicant")
        sent = hidden(shown(applicant, f"{page}/check"), f"{page}/submissions")
        monkeypatch.setattr("exchange.requests.checks.today", lambda: date(2027, 1, 4))
        answer = applicant.post(f"{page}/submissions", data=sent, headers={"accept": "text/html"})
        assert answer.status_code == 422
        assert "使用期限须晚于今日" in answer.text
        assert status(world) is RequestStatus.DRAFT
