"""Applying: what a request may ask for, and what each step of the consumer's side sets going."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from fixtures import people
from fixtures.callers import client, once
from fixtures.exchanging import (
    WITHHOLD,
    change_entry,
    change_items,
    changing,
    clock_of,
    last_fact,
    looking,
    request_now,
    run_sql,
    task_kinds,
    tasks,
    told,
    trail,
)
from fixtures.routes import PAGE
from fixtures.worlds import World
from fixtures.written import FIVE, entry
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from auth.accounts.service.accounts import create_user
from auth.roles import Role
from catalog.resources import repository as resources
from catalog.resources import service as registering
from catalog.resources.schemas import ResourceCreate
from exchange.requests import repository, service
from exchange.requests.errors import NotRequestable, OwnRequest
from exchange.requests.models import ShareRequest
from exchange.requests.schemas import RequestAnswers, RequestCreate
from exchange.requests.words import RequestStatus
from shuqiao.db import unit_of_work
from shuqiao.desk.models import Todo
from shuqiao.errors import Invalid
from shuqiao.ids import uuid7
from shuqiao.limits import Basis
from shuqiao.subject import Subject

At = Callable[[str], World]
WITHDRAWN = "Request %(no)s was withdrawn: nothing is left to do about it"
TWO_ROLES = [Role.APPLICANT, Role.SHARING_HEAD]


def wanted(world: World, **changes: Any) -> RequestCreate:
    fields = {"resource_code": world.resource_code, "item_ids": list(world.item_ids), **FIVE}
    return RequestCreate.model_validate(fields | changes)


def create(world: World, *, account: str = "applicant", **changes: Any) -> ShareRequest:
    with unit_of_work() as session:
        resource = resources.by_code(session, world.resource_code)
        assert resource is not None
        return service.create(session, world.subjects[account], resource, wanted(world, **changes))


def of_case(world: World, account: str) -> list[str]:
    """The open tasks that the world's request gives to this person."""
    return [task.kind for task in tasks(world, account) if task.case_no == world.request_no]


def mistakes(world: World, **changes: Any) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        create(world, **changes)
    return [(error.pointer, error.code) for error in refused.value.errors]


def item_elsewhere(world: World) -> UUID:
    """An item of another resource."""
    body = ResourceCreate.model_validate(entry(title="幼儿园名录"))
    with unit_of_work() as session:
        made = registering.register(session, world.subjects["registrar"], body)
        return resources.items_of(session, made.id)[0].id


class TestCreate:
    def test_a_draft_says_what_is_asked_for_and_waits_for_nobody(self, world_at: At) -> None:
        world = world_at("published_resource")
        asked = [world.item_ids[2], world.item_ids[0]]
        made = create(world, item_ids=asked)
        assert (made.request_no, made.status, made.version) == (
            "REQ-2026-000001",
            RequestStatus.DRAFT,
            1,
        )
        assert (made.consumer_id, made.applicant_id) == (
            world.subjects["applicant"].department_id,
            world.subjects["applicant"].user_id,
        )
        assert (made.provider_id, made.resource_version) == (
            world.subjects["registrar"].department_id,
            1,
        )
        with unit_of_work() as session:
            assert [item.id for item in repository.items(session, made)] == asked
        assert trail(made.request_no) == ["request:created"]
        assert last_fact(made.request_no)["why"]["items"] == [str(item) for item in asked]
        assert [task_kinds(world, account) for account in ("consumer_head", "approver")] == [[], []]

    def test_numbers_follow_each_other(self, world_at: At) -> None:
        world = world_at("published_resource")
        assert [create(world).request_no[-6:] for _ in range(3)] == ["000001", "000002", "000003"]

    def test_a_refused_draft_uses_up_no_number(self, world_at: At) -> None:
        world = world_at("published_resource")
        mistakes(world, until="2026-02-11")
        assert create(world).request_no == "REQ-2026-000001"

    @pytest.mark.parametrize("state", ["draft_resource", "submitted_resource"])
    def test_nothing_is_asked_of_a_resource_before_publication(
        self, world_at: At, state: str
    ) -> None:
        world = world_at(state)
        with pytest.raises(NotRequestable) as refused:
            create(world, item_ids=[uuid7()])
        assert (refused.value.status, refused.value.code) == (409, "not_requestable")

    def test_nothing_is_asked_of_a_withheld_resource(self, world_at: At) -> None:
        world = world_at("published_resource")
        basis = {"kind": "law", "basis": "某法第一条", "reason": "不予共享"}
        stated = {f"withheld_{part}": words for part, words in basis.items()}
        change_entry(world, share_type="withheld", **stated)
        with pytest.raises(NotRequestable):
            create(world)

    def test_the_database_itself_refuses_a_request_to_the_own_department(
        self, world_at: At
    ) -> None:
        world = world_at("published_resource")
        with pytest.raises(IntegrityError, match="share_request_two_departments_check"):
            create(world, account="registrar")

    def test_an_applicant_of_the_own_department_is_refused_with_the_rule(
        self, world_at: At
    ) -> None:
        world = world_at("published_resource")
        with unit_of_work() as session:
            create_user(
                session,
                Subject.system("cli"),
                account="insider",
                name="内 部",
                roles=frozenset({Role.APPLICANT}),
                department_code=people.DEPARTMENTS["education"][1],
                password=people.password_of("insider"),
            )
            world.cookies["insider"] = people.sign_in(session, "insider")
        body = wanted(world).model_dump(mode="json")
        answer = client(world, "insider").post("/api/v1/requests", json=body, headers=once())
        assert answer.status_code == 403, answer.text
        assert "本部门" in answer.json()["detail"]

    def test_each_item_that_cannot_be_asked_for_is_named(self, world_at: At) -> None:
        world = world_at("published_resource")
        good, hidden = world.item_ids[:2]
        change_items(world, WITHHOLD, item=hidden)
        asked = [good, hidden, uuid7(), good, item_elsewhere(world)]
        assert mistakes(world, item_ids=asked) == [
            ("/item_ids/1", "negative_item"),
            ("/item_ids/2", "unknown_item"),
            ("/item_ids/3", "repeated_item"),
            ("/item_ids/4", "unknown_item"),
        ]

    @pytest.mark.parametrize("until", ["2026-02-11", "2026-02-10", "2029-02-12", "9999-12-31"])
    def test_a_term_that_is_over_or_too_long(self, world_at: At, until: str) -> None:
        assert mistakes(world_at("published_resource"), until=until) == [("/until", "bad_term")]

    @pytest.mark.parametrize("until", ["2026-02-12", "2029-02-11"])
    def test_the_shortest_and_a_three_year_term(self, world_at: At, until: str) -> None:
        assert create(world_at("published_resource"), until=until).until == date.fromisoformat(
            until
        )

    def test_items_and_term_are_corrected_in_one_go(self, world_at: At) -> None:
        world = world_at("published_resource")
        found = mistakes(world, item_ids=[uuid7()], until="2026-02-11")
        assert found == [("/item_ids/0", "unknown_item"), ("/until", "bad_term")]


class TestAskConsent:
    def test_only_the_own_sharing_head_is_asked(self, world_at: At) -> None:
        world = world_at("asked_request")
        (task,) = tasks(world, "consumer_head")
        assert (task.kind, task.href) == (
            "own_consent_sharing_head",
            f"/requests/{world.request_no}",
        )
        assert task_kinds(world, "provider_head") == task_kinds(world, "approver") == []
        assert trail(world.request_no) == ["request:created", "request:consent_asked"]


class TestConsent:
    def test_the_reply_clock_runs_ten_working_days_from_the_intake(self, world_at: At) -> None:
        clock = clock_of(world_at("submitted_request").request_no)
        assert (clock.kind, clock.limit_days, clock.started_on) == ("reply", 10, date(2026, 2, 11))
        # Spring Festival: 15 to 23 February off, the Saturdays of 14 and 28 February worked.
        assert (clock.due_on, clock.closed_on) == (date(2026, 3, 3), None)
        counted = [step["day"] for step in clock.derivation if step["counted"]]
        assert counted[0] == "2026-02-12" and counted[-1] == "2026-03-03" and len(counted) == 10
        assert {"2026-02-14", "2026-02-28"} <= set(counted)

    def test_an_unconditional_resource_is_answered_in_one_working_day(self, world_at: At) -> None:
        world = world_at("published_resource")
        change_entry(world, share_type="unconditional")
        world.request_no = create(world).request_no
        with changing(world) as (session, request):
            service.ask_consent(session, world.subjects["applicant"], request, request.version)
        with changing(world) as (session, request):
            service.consent(session, world.subjects["consumer_head"], request, request.version, "")
        assert clock_of(world.request_no).due_on == date(2026, 2, 12)

    def test_the_approver_is_asked_with_the_date_and_the_applicant_told(self, world_at: At) -> None:
        world = world_at("submitted_request")
        assert task_kinds(world, "consumer_head") == []
        (task,) = tasks(world, "approver")
        assert (task.kind, task.due_on) == ("submitted_approver", date(2026, 3, 3))
        assert task.href == f"/requests/{world.request_no}/decision"
        assert told(world, "applicant") == ["Your request %(no)s is at the unified intake"]
        request = request_now(world)
        assert request.submitted_at is not None and request.status is RequestStatus.SUBMITTED

    def test_the_event_keeps_the_word_of_the_sharing_head(self, world_at: At) -> None:
        fact = last_fact(world_at("submitted_request").request_no)
        assert (fact["act"], fact["why"]) == ("exchange:request:submitted", {"remark": "情况属实"})
        assert fact["chg"] == {"from": "own_consent", "to": "submitted"}
        assert fact["actor"]["account"] == "consumer_head"

    def test_whoever_made_the_request_cannot_consent_to_it(self, world_at: At) -> None:
        """Not with the second role either: whoever answers for it is somebody else (Art. 20)."""
        world = world_at("asked_request")
        mine = replace(world.subjects["applicant"], roles=frozenset(TWO_ROLES))
        with pytest.raises(OwnRequest) as refused, changing(world) as (session, request):
            service.consent(session, mine, request, request.version, "情况属实")
        assert (refused.value.status, refused.value.code) == (403, "own_request")
        assert refused.value.decision.rules == ("EXC-EYES-1",)
        assert request_now(world).status is RequestStatus.OWN_CONSENT

    def test_nor_by_program_or_page_and_each_try_is_in_the_trail(self, world_at: At) -> None:
        world = world_at("asked_request")
        run_sql("UPDATE app_user SET roles = :held WHERE account = 'applicant'", held=TWO_ROLES)
        mine, path = client(world, "applicant"), f"/requests/{world.request_no}"
        sent, form = {"outcome": "consented"}, {"version": "2", "once_key": uuid7().hex}
        by_program = mine.post(
            f"/api/v1{path}/consents", json=sent, headers={**once(), "if-match": '"v2"'}
        )
        by_page = mine.post(f"{path}/consents", data={**sent, **form}, headers=PAGE)
        assert (by_program.status_code, by_program.json()["code"]) == (403, "own_request")
        assert by_page.status_code == 403
        assert trail(world.request_no)[2:] == ["action:denied"] * 2
        fact = last_fact(world.request_no)
        assert (fact["res"], fact["why"]["rules"]) == ("deny", ["EXC-EYES-1"])
        assert request_now(world).status is RequestStatus.OWN_CONSENT


class TestReturn:
    @pytest.mark.parametrize("remark", ["", " \n\u3000"])
    def test_a_return_without_a_word_is_refused(self, world_at: At, remark: str) -> None:
        world = world_at("asked_request")
        with pytest.raises(Invalid) as refused, changing(world) as (session, request):
            service.return_to_applicant(
                session, world.subjects["consumer_head"], request, request.version, remark
            )
        assert [(error.pointer, error.code) for error in refused.value.errors] == [
            ("/remark", "required")
        ]
        assert request_now(world).status is RequestStatus.OWN_CONSENT
        assert task_kinds(world, "consumer_head") == ["own_consent_sharing_head"]

    def test_the_applicant_is_told_why_and_has_a_term_of_the_platform(self, world_at: At) -> None:
        world = world_at("asked_request")
        with changing(world) as (session, request):
            service.return_to_applicant(
                session, world.subjects["consumer_head"], request, request.version, "请补充依据"
            )
        assert request_now(world).status is RequestStatus.DRAFT
        assert told(world, "applicant") == ["Your request %(no)s was returned: %(remark)s"]
        assert task_kinds(world, "consumer_head") == []
        assert last_fact(world.request_no)["why"] == {"remark": "请补充依据"}
        (task,) = tasks(world, "applicant")
        assert (task.kind, task.due_on) == ("returned_applicant", date(2026, 3, 3))
        clock = clock_of(world.request_no)
        assert (clock.kind, clock.basis) == ("request_correction", Basis.POLICY)


class TestWithdraw:
    @pytest.mark.parametrize("state", ["submitted_request", "prepared_request"])
    def test_the_clock_ends_and_nobody_is_left_with_a_task(self, world_at: At, state: str) -> None:
        world = world_at(state)
        with changing(world) as (session, request):
            service.withdraw(
                session, world.subjects["applicant"], request, request.version, "业务调整"
            )
        clock = clock_of(world.request_no)
        assert (clock.status, clock.closed_on) == ("closed", date(2026, 2, 11))
        assert task_kinds(world, "approver") == task_kinds(world, "provider_head") == []
        assert trail(world.request_no)[-1] == "request:withdrawn"

    def test_a_draft_without_a_clock_can_be_withdrawn(self, world_at: At) -> None:
        world = world_at("draft_request")
        with changing(world) as (session, request):
            service.withdraw(
                session, world.subjects["applicant"], request, request.version, "业务调整"
            )
        assert trail(world.request_no) == ["request:created", "request:withdrawn"]

    @pytest.mark.parametrize(
        ("state", "at_work", "did_work"),
        [
            ("draft_request", None, ()),
            ("asked_request", "consumer_head", ()),
            ("submitted_request", "approver", ("consumer_head",)),
            ("prepared_request", "provider_head", ("consumer_head", "approver")),
        ],
    )
    def test_those_at_work_and_those_who_did_some_are_told_and_nobody_else(
        self, world_at: At, state: str, at_work: str | None, did_work: tuple[str, ...]
    ) -> None:
        world = world_at(state)
        open_before = {who for who in world.subjects if of_case(world, who)}
        before = {who: told(world, who) for who in world.subjects}
        with changing(world) as (session, request):
            service.withdraw(
                session, world.subjects["applicant"], request, request.version, "业务调整"
            )
        news = {who: told(world, who)[: -len(before[who]) or None] for who in world.subjects}
        assert {who for who, new in news.items() if new} == open_before | set(did_work)
        assert (at_work is None and not open_before) or at_work in open_before
        assert {new[0] for new in news.values() if new} <= {WITHDRAWN}
        assert not [who for who in world.subjects if of_case(world, who)]

    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("zh-CN", "共享申请%s已撤回，无需再办理"),
            ("en", "Request %s was withdrawn: nothing is left to do about it"),
        ],
    )
    def test_the_message_leads_to_the_request_and_nobody_is_credited(
        self, world_at: At, language: str, words: str
    ) -> None:
        world = world_at("submitted_request")
        path, asked = f"/requests/{world.request_no}", {"accept-language": language}
        answer = client(world, "applicant").post(
            f"/api/v1{path}/withdrawals",
            json={"remark": "业务调整"},
            headers={**once(), "if-match": f'"v{request_now(world).version}"'},
        )
        assert answer.status_code == 201, answer.text
        approver = client(world, "approver")
        (message, *_older) = approver.get("/api/v1/messages", headers=asked).json()["items"]
        assert (message["what"], message["href"]) == (words % world.request_no, path)
        assert words % world.request_no in approver.get("/desk", headers={**PAGE, **asked}).text
        assert approver.get(path, headers={**PAGE, **asked}).status_code == 200
        with looking() as session:
            query = select(Todo).where(Todo.case_no == world.request_no)
            (task,) = [each for each in session.exec(query) if each.kind == "submitted_approver"]
        assert task.done_at is not None and task.done_by is None

    def test_who_withdraws_is_not_told_of_it(self, world_at: At) -> None:
        world = world_at("asked_request")
        run_sql(
            "UPDATE app_user SET roles = array_append(roles, 'sharing_head') WHERE id = :id",
            id=world.subjects["applicant"].user_id,
        )
        before = told(world, "applicant")
        with changing(world) as (session, request):
            service.withdraw(session, world.subjects["applicant"], request, request.version, "")
        assert told(world, "applicant") == before
        assert told(world, "consumer_head")[0] == WITHDRAWN


class TestEdit:
    def test_what_changed_is_in_the_trail_and_the_order_of_the_items_is_kept(
        self, world_at: At
    ) -> None:
        world = world_at("draft_request")
        asked = [world.item_ids[3], world.item_ids[1]]
        body = RequestAnswers.model_validate(
            {**FIVE, "item_ids": asked, "scope": "治安管理支队，部门内网"}
        )
        with changing(world) as (session, request):
            service.edit(session, world.subjects["applicant"], request, request.version, body)
            assert [item.id for item in repository.items(session, request)] == asked
        assert request_now(world).scope == "治安管理支队，部门内网"
        assert trail(world.request_no) == ["request:created", "request:edited"]
        assert last_fact(world.request_no)["why"]["changed"] == ["item_ids", "scope"]
        turned = body.model_copy(update={"item_ids": asked[::-1]})
        with changing(world) as (session, request):
            service.edit(session, world.subjects["applicant"], request, request.version, turned)
        assert last_fact(world.request_no)["why"]["changed"] == ["item_ids"]

    def test_the_same_rules_hold_as_for_a_new_request(self, world_at: At) -> None:
        world = world_at("draft_request")
        body = RequestAnswers.model_validate(
            {**FIVE, "item_ids": [item_elsewhere(world)], "until": "2026-02-11"}
        )
        with pytest.raises(Invalid) as refused, changing(world) as (session, request):
            service.edit(session, world.subjects["applicant"], request, request.version, body)
        assert [error.pointer for error in refused.value.errors] == ["/item_ids/0", "/until"]
        assert trail(world.request_no) == ["request:created"]

    def test_asking_for_consent_writes_the_answers_into_the_trail(self, world_at: At) -> None:
        world = world_at("asked_request")
        answers = last_fact(world.request_no)["why"]["answers"]
        assert answers == {**FIVE, "item_ids": [str(item) for item in world.item_ids]}

    @pytest.mark.parametrize(
        "sql",
        [
            "DELETE FROM requested_item",
            "UPDATE share_request SET basis = 'x'",
            "UPDATE share_request SET until = until + 1",
        ],
    )
    def test_the_database_keeps_what_left_the_draft(self, world_at: At, sql: str) -> None:
        world_at("asked_request")
        with pytest.raises(IntegrityError, match="no draft keeps"):
            run_sql(sql)

    def test_a_program_edits_with_the_version_it_saw(self, world_at: At) -> None:
        world = world_at("draft_request")
        applicant, path = client(world, "applicant"), f"/api/v1/requests/{world.request_no}"
        body = {**FIVE, "item_ids": [str(world.item_ids[0])]}
        assert applicant.put(path, json=body).status_code == 428
        assert applicant.put(path, json=body, headers={"if-match": '"v9"'}).status_code == 412
        done = applicant.put(path, json=body, headers={"if-match": '"v1"'})
        assert (done.status_code, done.headers["etag"]) == (200, '"v2"')
        assert [item["name"] for item in done.json()["items"]] == ["学校代码"]
        asked_of = {**body, "resource_code": world.resource_code}
        refused = applicant.put(path, json=asked_of, headers={"if-match": '"v2"'})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (
            422,
            "#/resource_code",
        )
