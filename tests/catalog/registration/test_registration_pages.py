"""The registrar's pages, sent and read as a browser without scripts
does: list, new, sections, drafts, submission.
"""

from collections.abc import Callable

import pytest
from fixtures.callers import client
from fixtures.page_forms import PAGE, actions, filled, hidden, shown
from fixtures.registering import (
    BASIC,
    change_elsewhere,
    drafted,
    edit,
    entry,
    fields_of,
    give_back,
    save,
    tags,
)
from fixtures.worlds import World
from sqlmodel import select

from catalog.publication.repository.reviews import namesakes
from catalog.resources.models import DataResource
from shuqiao.db import reading

At = Callable[[str], World]


class TestList:
    def test_a_department_without_registrations_is_led_to_the_first(self, world_at: At) -> None:
        html = shown(client(world_at("accounts"), "registrar"), "/resources")
        assert "本部门还没有登记数据资源" in html
        assert 'href="/resources/new"' in html

    def test_a_row_says_how_far_it_has_come(self, world_at: At) -> None:
        world = world_at("draft_resource")
        html = shown(client(world, "registrar"), "/resources")
        assert "已完成 4/5 部分" in html
        assert f'href="{edit(world)}"' in html

    def test_what_can_be_submitted_leads_to_the_check(self, world_at: At) -> None:
        world = world_at("stored_resource")
        assert f'href="{edit(world)}/check"' in shown(client(world, "registrar"), "/resources")

    def test_a_row_in_review_says_whose_turn_it_is_and_by_when(self, world_at: At) -> None:
        assert "部门负责人" in shown(
            client(world_at("submitted_resource"), "registrar"), "/resources"
        )

    def test_the_review_s_due_date_stands_on_the_row(self, world_at: At) -> None:
        html = shown(client(world_at("consented_resource"), "registrar"), "/resources")
        assert "数据管理员" in html
        assert "2026-02-13" in html

    def test_a_returned_row_carries_the_remark(self, world_at: At) -> None:
        world = world_at("consented_resource")
        give_back(world, "请补充<b>地址</b>")
        html = shown(client(world, "registrar"), "/resources")
        assert "请补充&lt;b&gt;地址&lt;/b&gt;" in html
        assert "更正" in html

    def test_it_narrows_by_status(self, world_at: At) -> None:
        world = world_at("draft_resource")
        registrar = client(world, "registrar")
        assert "中小学校名录" in shown(registrar, "/resources?status=draft")
        assert "没有该状态的登记" in shown(registrar, "/resources?status=published")

    def test_other_departments_do_not_see_it(self, world_at: At) -> None:
        world = world_at("published_resource")
        assert "中小学校名录" in shown(client(world, "registrar"), "/resources")
        assert "中小学校名录" not in shown(client(world, "consumer_registrar"), "/resources")


class TestNew:
    def test_three_answers_open_a_draft_and_lead_to_its_task_list(self, world_at: At) -> None:
        world = world_at("accounts")
        registrar = client(world, "registrar")
        fields = {"title": "幼儿园名录", "class_code": "３０７００１", "share_type": "conditional"}
        answer = filled(registrar, "/resources/new", "/resources/new", fields)
        assert answer.status_code == 303, answer.text
        html = shown(registrar, answer.headers["location"])
        assert "登记草稿已建立" in html
        assert "307001/000001" in html
        assert html.count("未开始") == 5

    def test_a_mistake_is_named_and_what_was_typed_stays(self, world_at: At) -> None:
        world = world_at("accounts")
        answer = filled(
            client(world, "registrar"),
            "/resources/new",
            "/resources/new",
            {"title": "幼儿园", "class_code": "教育", "share_type": "conditional"},
        )
        assert answer.status_code == 422
        assert 'href="#f-class_code"' in answer.text
        assert 'value="幼儿园"' in answer.text

    def test_similar_titles_are_shown_and_do_not_block(self, world_at: At) -> None:
        world = world_at("published_resource")
        registrar = client(world, "registrar")
        part = registrar.get(
            "/resources/new?title=中小学校信息", headers={**PAGE, "hx-request": "true"}
        ).text
        assert "<html" not in part
        assert "中小学校名录" in part
        fields = {"title": "中小学校信息", "class_code": "307001", "share_type": "conditional"}
        answer = filled(registrar, "/resources/new", "/resources/new", fields)
        assert answer.status_code == 303
        assert f'href="/catalog/{world.resource_code}"' in shown(
            registrar, answer.headers["location"]
        )

    @pytest.mark.parametrize("title", ["中⼩学校名录", "中小學校名錄", "中小·学校　名录"])
    def test_a_title_that_looks_the_same_is_shown_to_both(self, world_at: At, title: str) -> None:
        """A radical, traditional characters, blanks and signs: to who registers and who reviews."""
        world = world_at("published_resource")
        registrar = client(world, "registrar")
        fields = {"title": title, "class_code": "307001", "share_type": "conditional"}
        answer = filled(registrar, "/resources/new", "/resources/new", fields)
        assert answer.status_code == 303
        link = f'href="/catalog/{world.resource_code}"'
        assert link in shown(registrar, answer.headers["location"])
        with reading() as session:
            made = session.exec(select(DataResource).where(DataResource.title == title)).one()
            seen = namesakes(session, world.subjects["data_admin"], made)
        assert seen == [world.resource_code.replace("-", "/", 1)]

    def test_a_hidden_draft_of_another_department_is_not_told(self, world_at: At) -> None:
        world = world_at("draft_resource")
        other = client(world, "consumer_registrar")
        part = other.get(
            "/resources/new?title=中小学校名录", headers={**PAGE, "hx-request": "true"}
        ).text
        assert "中小学校名录" not in part


class TestSections:
    def test_saving_a_section_changes_only_its_fields(self, world_at: At) -> None:
        world = world_at("draft_resource")
        before = entry(world)
        answer = save(world, "basic", {**BASIC, "format": "spreadsheet", "update_cycle": "monthly"})
        assert answer.status_code == 303, answer.text
        after = entry(world)
        assert (after.abstract, after.keywords, after.update_cycle) == (
            "名称和地址",
            ["学校", "教育", "名录"],
            "monthly",
        )
        kept = {"items", "share_condition", "security_level", "secrecy_assessment"}
        assert after.model_dump(include=kept) == before.model_dump(include=kept)
        assert tags(world)[-1] == "catalog:resource:edited"
        assert "“基本信息”已保存" in shown(client(world, "registrar"), answer.headers["location"])

    def test_every_section_shown_and_saved_unchanged_changes_nothing(self, world_at: At) -> None:
        world = world_at("draft_resource")
        before = entry(world)
        for section in ("basic", "items", "sharing", "assessment"):
            path = f"{edit(world)}/{section}"
            html = shown(client(world, "registrar"), path)
            answer = client(world, "registrar").post(
                path, data={**fields_of(html, path), "intent": "save"}, headers=PAGE
            )
            assert answer.status_code == 303, (section, answer.text)
        after = entry(world)
        same = {"version", "updated_at"}
        assert after.model_dump(exclude=same) == before.model_dump(exclude=same)

    def test_a_mistake_names_the_field_and_the_draft_is_kept(self, world_at: At) -> None:
        world = world_at("draft_resource")
        answer = save(world, "basic", {**BASIC, "title": "", "abstract": "甲" * 300})
        assert answer.status_code == 422
        assert 'href="#f-title"' in answer.text
        assert 'href="#f-abstract"' in answer.text
        assert drafted(world, "basic")["abstract"] == ["甲" * 300]  # type: ignore[index]
        html = shown(client(world, "registrar"), f"{edit(world)}/basic")
        assert "这里是您 09:00 保存的草稿" in html
        assert "甲" * 300 in html
        assert "草稿未写入目录" in shown(client(world, "registrar"), edit(world))
        assert entry(world).abstract != "甲" * 300

    def test_a_draft_is_kept_by_a_button_and_thrown_away_by_another(self, world_at: At) -> None:
        world = world_at("draft_resource")
        registrar, path = client(world, "registrar"), f"{edit(world)}/basic"
        assert save(world, "basic", {**BASIC, "title": "x" * 99}, intent="draft").status_code == 303
        assert drafted(world, "basic")["title"] == ["x" * 99]  # type: ignore[index]
        assert tags(world)[-1] == "catalog:resource:registered"
        sent = hidden(shown(registrar, path), f"{path}/discard")
        answer = registrar.post(f"{path}/discard", data=sent, headers=PAGE)
        assert answer.status_code == 303
        assert drafted(world, "basic") is None
        assert "x" * 99 not in shown(registrar, answer.headers["location"])

    def test_autosave_keeps_what_is_typed_and_says_when(self, world_at: At) -> None:
        world = world_at("draft_resource")
        registrar, path = client(world, "registrar"), f"{edit(world)}/basic"
        sent = {**hidden(shown(registrar, path), path), **BASIC, "title": ""}
        said = registrar.post(f"{path}/draft", data=sent, headers={**PAGE, "hx-request": "true"})
        assert said.text.strip() == "草稿已保存 09:00"
        kept = drafted(world, "basic")
        assert kept is not None
        assert not set(kept) & {"csrf_token", "once_key", "version"}

    def test_what_comes_late_with_the_saved_words_leaves_no_draft(self, world_at: At) -> None:
        world = world_at("draft_resource")
        registrar, path = client(world, "registrar"), f"{edit(world)}/basic"
        sent = {**hidden(shown(registrar, path), path), **BASIC}
        assert (
            registrar.post(path, data={**sent, "intent": "save"}, headers=PAGE).status_code == 303
        )
        registrar.post(f"{path}/draft", data=sent, headers=PAGE)
        assert drafted(world, "basic") is None

    def test_what_comes_late_with_other_words_is_told_that_the_form_was_sent(
        self, world_at: At
    ) -> None:
        world = world_at("draft_resource")
        registrar, path = client(world, "registrar"), f"{edit(world)}/basic"
        sent = {**hidden(shown(registrar, path), path), **BASIC}
        registrar.post(path, data={**sent, "intent": "save"}, headers=PAGE)
        late = registrar.post(f"{path}/draft", data={**sent, "abstract": "另一句"}, headers=PAGE)
        assert late.text.strip() == "本表单已提交，继续操作请重新打开页面。"
        assert drafted(world, "basic") is None

    def test_somebody_s_draft_is_nobody_else_s(self, world_at: At) -> None:
        world = world_at("draft_resource")
        save(world, "basic", {**BASIC, "title": "只有我看见"}, intent="draft")
        shown(client(world, "consumer_registrar"), f"{edit(world)}/basic", status=404)
        assert drafted(world, "basic", "head") is None

    def test_another_section_saved_meanwhile_is_no_conflict(self, world_at: At) -> None:
        world = world_at("draft_resource")
        registrar, path = client(world, "registrar"), f"{edit(world)}/basic"
        sent = {**hidden(shown(registrar, path), path), **BASIC, "intent": "save"}
        change_elsewhere(world, use_condition="另一处改动")
        assert registrar.post(path, data=sent, headers=PAGE).status_code == 303
        after = entry(world)
        assert (after.abstract, after.use_condition) == ("名称和地址", "另一处改动")

    def test_the_same_section_saved_meanwhile_shows_both_and_loses_nothing(
        self, world_at: At
    ) -> None:
        world = world_at("draft_resource")
        registrar, path = client(world, "registrar"), f"{edit(world)}/basic"
        sent = {**hidden(shown(registrar, path), path), **BASIC, "intent": "save"}
        change_elsewhere(world, abstract="他人写的摘要")
        answer = registrar.post(path, data=sent, headers=PAGE)
        assert answer.status_code == 412
        assert "已被他人修改" in answer.text
        assert "他人写的摘要" in answer.text
        assert "名称和地址" in answer.text
        assert entry(world).abstract == "他人写的摘要"
        assert "已被他人修改" in shown(registrar, path)  # coming back to the draft says it again
        again = {**hidden(answer.text, path), **BASIC, "intent": "save"}
        assert registrar.post(path, data=again, headers=PAGE).status_code == 303
        assert entry(world).abstract == "名称和地址"

    def test_not_sharing_asks_for_its_basis_and_conditions_do_not_stay(self, world_at: At) -> None:
        world = world_at("draft_resource")
        partly = {
            "share_type": "withheld",
            "withholding.kind": "law",
            "use_condition": "无",
            "share_condition": "旧条件",
        }
        answer = save(world, "sharing", partly)
        assert answer.status_code == 422
        assert 'href="#f-withholding-basis"' in answer.text
        whole = {
            **partly,
            "withholding.basis": "《未成年人保护法》第一百零三条",
            "withholding.reason": "涉及未成年人",
        }
        assert save(world, "sharing", whole).status_code == 303
        after = entry(world)
        assert after.withholding is not None
        assert after.share_condition == ""
        assert (
            save(
                world, "sharing", {**whole, "share_type": "conditional", "share_way": "batch"}
            ).status_code
            == 303
        )
        assert entry(world).withholding is None

    def test_items_follow_the_level_of_the_resource(self, world_at: At) -> None:
        world = world_at("draft_resource")
        answer = save(world, "assessment", {"security_level": "general_3"})
        assert answer.status_code == 303, answer.text
        after = entry(world)
        assert after.secrecy_assessment is None
        assert {item.security_level for item in after.items} == {"general_3"}

    def test_an_assessment_begun_is_asked_for_the_rest(self, world_at: At) -> None:
        world = world_at("draft_resource")
        answer = save(world, "assessment", {"secrecy_assessment.conclusion": "no_secret"})
        assert answer.status_code == 422
        assert 'href="#f-secrecy_assessment-assessor"' in answer.text
        assert 'href="#f-privacy_assessment' not in answer.text

    def test_what_is_in_review_leads_back_to_where_it_stands(self, world_at: At) -> None:
        world = world_at("submitted_resource")
        registrar = client(world, "registrar")
        for section in ("basic", "items", "data", "check"):
            answer = registrar.get(f"{edit(world)}/{section}", headers=PAGE)
            assert (answer.status_code, answer.headers["location"]) == (303, edit(world)), section
        assert "部门负责人" in shown(registrar, edit(world))
        stale = {**BASIC, "version": "1", "once_key": "a-key-of-its-own"}
        answer = registrar.post(f"{edit(world)}/basic", data=stale, headers=PAGE)
        assert answer.status_code == 409
        assert "资源状态为“审核中”时不能" in answer.text
        assert ">\n名称和地址</textarea>" in answer.text  # to be copied from the page
        assert drafted(world, "basic") is None

    def test_there_is_no_other_section(self, world_at: At) -> None:
        world = world_at("draft_resource")
        shown(client(world, "registrar"), f"{edit(world)}/nothing", status=404)


class TestSubmission:
    def test_what_is_missing_is_listed_with_the_way_to_it(self, world_at: At) -> None:
        world = world_at("draft_resource")
        assert (
            save(world, "basic", {**BASIC, "abstract": "", "format": "spreadsheet"}).status_code
            == 303
        )
        html = shown(client(world, "registrar"), f"{edit(world)}/check")
        assert f'href="{edit(world)}/basic#f-abstract"' in html
        assert f'href="{edit(world)}/data"' in html
        assert "提交前还须完善 3 处" in html
        assert f"/resources/{world.resource_code}/submissions" not in actions(html)

    def test_every_answer_can_be_changed_from_the_check(self, world_at: At) -> None:
        world = world_at("stored_resource")
        html = shown(client(world, "registrar"), f"{edit(world)}/check")
        for place in (
            "basic#f-title",
            "sharing#f-share_condition",
            "assessment#f-secrecy_assessment-conclusion",
            "items",
            "data",
        ):
            assert f'href="{edit(world)}/{place}"' in html
        assert "withholding" not in html

    def test_the_confirmation_says_number_next_step_and_who(self, world_at: At) -> None:
        world = world_at("stored_resource")
        registrar, action = (
            client(world, "registrar"),
            f"/resources/{world.resource_code}/submissions",
        )
        answer = filled(registrar, f"{edit(world)}/check", action)
        assert answer.status_code == 303, answer.text
        html = shown(registrar, answer.headers["location"])
        for words in ("已提交审核", "307001/000001", "head 同志", "2 个工作日", "data_admin 同志"):
            assert words in html
        assert tags(world)[-1] == "catalog:resource:submitted"

    def test_nobody_submits_what_they_have_not_seen(self, world_at: At) -> None:
        world = world_at("stored_resource")
        registrar, action = (
            client(world, "registrar"),
            f"/resources/{world.resource_code}/submissions",
        )
        sent = hidden(shown(registrar, f"{edit(world)}/check"), action)
        change_elsewhere(world, abstract="他人写的摘要")
        answer = registrar.post(action, data=sent, headers=PAGE)
        assert answer.status_code == 412
        assert "内容已被他人修改" in answer.text
        assert "他人写的摘要" in answer.text
        assert entry(world).status == "draft"

    def test_what_became_incomplete_meanwhile_is_listed(self, world_at: At) -> None:
        world = world_at("draft_resource")
        registrar, action = (
            client(world, "registrar"),
            f"/resources/{world.resource_code}/submissions",
        )
        html = shown(registrar, f"{edit(world)}/basic")
        sent = {**hidden(html, f"{edit(world)}/basic"), "once_key": "one-of-its-own"}
        answer = registrar.post(action, data=sent, headers=PAGE)
        assert answer.status_code == 422
        assert "目录尚未填写完整" in answer.text
        assert "提交前还须完善" in answer.text
        assert 'href="#f-' not in answer.text  # the fields are on other pages

    def test_what_was_submitted_is_not_submitted_again(self, world_at: At) -> None:
        world = world_at("submitted_resource")
        sent = {"version": str(entry(world).version), "once_key": "a-key-of-its-own"}
        action = f"/resources/{world.resource_code}/submissions"
        answer = client(world, "registrar").post(action, data=sent, headers=PAGE)
        assert answer.status_code == 409
        assert "资源状态为“审核中”时不能" in answer.text
        assert tags(world).count("catalog:resource:submitted") == 1

    def test_an_unsaved_draft_is_told_before_the_submission(self, world_at: At) -> None:
        world = world_at("stored_resource")
        save(world, "basic", {**BASIC, "title": "还没保存"}, intent="draft")
        assert "有草稿尚未写入目录" in shown(client(world, "registrar"), f"{edit(world)}/check")

    def test_a_returned_entry_shows_the_remark_and_what_was_changed_since(
        self, world_at: At
    ) -> None:
        world = world_at("consented_resource")
        give_back(world, "摘要请写明年度")
        registrar = client(world, "registrar")
        html = shown(registrar, edit(world))
        assert html.index("摘要请写明年度") < html.index("sq-tasks")
        assert "退回后已修改</span>" not in html
        assert (
            save(
                world, "basic", {**BASIC, "format": "spreadsheet", "update_cycle": "yearly"}
            ).status_code
            == 303
        )
        html = shown(registrar, edit(world))
        assert html.count("退回后已修改</span>") == 1
        assert "摘要请写明年度" in shown(registrar, f"{edit(world)}/basic")
