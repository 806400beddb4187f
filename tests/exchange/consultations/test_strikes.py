"""An entry of the negative list against what is asked for, granted and fetched: refused with entry,
basis and the way on; only struck items leave; what is left empty is suspended, and nothing comes
back by itself.
"""

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any, Final

import pytest
from fixtures.callers import client, data_client, once
from fixtures.exchanging import (
    WITHHOLD,
    change_items,
    changing,
    changing_grant,
    grant_now,
    granting,
    last_fact,
    looking,
    prepare,
    refusing,
    release,
    request_now,
    run_sql,
    task_kinds,
    told,
    trail,
)
from fixtures.page_forms import shown
from fixtures.striking import (
    BASIS,
    ENTRY,
    consultation_now,
    lift,
    resume,
    strike,
    struck,
    written_down,
)
from fixtures.worlds import World
from fixtures.written import FIVE
from sqlalchemy import text

from catalog.negative.repository.covers import queue
from exchange.approvals import service as approvals
from exchange.consultations import repository as consultations
from exchange.consultations.tasks import follow
from exchange.deliveries.service.proving import prove
from exchange.grants import repository as granted
from exchange.grants.errors import StillNotAllowed, TerminateInstead
from exchange.grants.service import granting as grants
from exchange.grants.tasks import publication_changed
from exchange.grants.words import GrantStatus, Ground, WhyNot
from exchange.requests import service as asking
from exchange.requests.schemas import RequestAnswers
from exchange.requests.words import RequestStatus
from shuqiao.db import unit_of_work
from shuqiao.desk import clocks
from shuqiao.errors import Invalid
from shuqiao.web.etags import etag

At = Callable[[str], World]
NAMES: Final = ["学校代码", "学校名称", "地址", "经度"]


def fetched(world: World, query: str = "") -> Any:
    with data_client(world, "applicant") as reader:
        return reader.get(f"/api/v1/grants/{world.grant_no}/data{query}")


def answers(world: World) -> RequestAnswers:
    with looking() as session:
        return asking.answers(session, request_now(world))


def is_refused(error: Invalid, pointer: str, code: str = "negative_item") -> bool:
    """By the entry's number, its basis, and with a way on."""
    (found,) = (each for each in error.errors if each.code == code)
    words = str(found.detail)
    return found.pointer == pointer and ENTRY in words and BASIS in words and bool(found.fix)


def demand_form(world: World, page: str) -> str:
    """The form behind the one link of a page to a new demand."""
    (href,) = re.findall(r'href="(/demands/new\?[^"]+)"', page)
    return shown(client(world, "applicant"), unescape(href))


class TestBeforeAGrant:
    def test_a_struck_item_cannot_be_drafted(self, world_at: At) -> None:
        world = world_at("draft_request")
        strike(world.item_ids[3])
        who, said = world.subjects["applicant"], answers(world)
        with pytest.raises(Invalid) as refused, changing(world) as (session, request):
            asking.edit(session, who, request, request.version, said)
        assert is_refused(refused.value, "/item_ids/3")

    def test_nor_submitted(self, world_at: At) -> None:
        world = world_at("draft_request")
        strike(world.item_ids[3])
        with pytest.raises(Invalid) as refused, changing(world) as (session, request):
            asking.ask_consent(session, world.subjects["applicant"], request, request.version)
        assert is_refused(refused.value, "/item_ids/3")

    def test_nor_let_out_by_the_own_head(self, world_at: At) -> None:
        world = world_at("asked_request")
        strike(world.item_ids[3])
        who = world.subjects["consumer_head"]
        with pytest.raises(Invalid) as refused, changing(world) as (session, request):
            asking.consent(session, who, request, request.version, "")
        assert is_refused(refused.value, "/item_ids/3")

    def test_nor_granted_in_a_reply(self, world_at: At) -> None:
        world = world_at("submitted_request")
        strike(world.item_ids[3])
        with pytest.raises(Invalid) as refused:
            prepare(world, granting(world))
        assert is_refused(refused.value, "/items/3/outcome")

    def test_nor_released(self, world_at: At) -> None:
        world = world_at("prepared_request")
        strike(world.item_ids[3])
        with pytest.raises(Invalid) as refused:
            release(world)
        assert is_refused(refused.value, "/items/3/outcome")
        assert request_now(world).status is RequestStatus.REPLY_PREPARED

    def test_the_program_is_told_in_the_same_way(self, committed_world: At) -> None:
        world = committed_world("published_resource")
        strike(world.item_ids[3])
        body = {**FIVE, "resource_code": world.resource_code}
        body["item_ids"] = [str(world.item_ids[3])]
        answer = client(world, "applicant").post("/api/v1/requests", json=body, headers=once())
        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["code"]) == (422, "negative_item")
        assert ENTRY in error["detail"] and "第四十七条" in error["detail"]

    def test_the_form_says_so_before_it_is_filled(self, committed_world: At) -> None:
        world = committed_world("published_resource")
        strike(world.item_ids[3])
        page = shown(client(world, "applicant"), f"/requests/new?resource={world.resource_code}")
        assert f'value="{world.item_ids[3]}"' not in page
        assert f'value="{world.item_ids[0]}"' in page
        assert f'href="/negative-entries/{ENTRY}"' in page and BASIS in page
        form = demand_form(world, page)
        assert f'value="中小学校名录：{NAMES[3]}"' in form
        assert f'name="item" value="{world.item_ids[3]}"' in form
        assert f"{NAMES[3]}" in form.split('name="items"', 1)[1].split("</textarea>")[0]

    def test_a_refusal_names_the_entry_and_the_way_to_a_demand(self, committed_world: At) -> None:
        world = committed_world("submitted_request")
        prepare(world, refusing(world))
        release(world)
        strike(world.item_ids[3])
        at = f"/requests/{world.request_no}"
        page = shown(client(world, "applicant"), at)
        assert page.count(f'href="/negative-entries/{ENTRY}"') == 1
        assert f'name="item" value="{world.item_ids[3]}"' in demand_form(world, page)
        own = shown(client(world, "approver"), at)
        assert ENTRY in own and "/demands/new?" not in own

    def test_the_catalogue_still_shows_the_item_with_the_entry(self, committed_world: At) -> None:
        world = committed_world("published_resource")
        strike(world.item_ids[3])
        at = f"/catalog/{world.resource_code}"
        page = shown(client(world, "applicant"), f"{at}?tab=items")
        assert "经度" in page and page.count(f"/negative-entries/{ENTRY}") == 1
        assert "测绘法" in shown(client(world, "applicant"), at)

    def test_the_approver_is_shown_entry_and_basis(self, committed_world: At) -> None:
        world = committed_world("submitted_request")
        strike(world.item_ids[3])
        page = shown(client(world, "approver"), f"/requests/{world.request_no}/decision")
        assert ENTRY in page and BASIS in page

    def test_who_asks_is_told_and_who_took_it_back_is_not(self, world_at: At) -> None:
        world = world_at("submitted_request")
        strike(world.item_ids[3])
        for _again in range(2):
            publication_changed(str(world.resource_id))
        assert told(world, "applicant").count("Asked for by %(no)s: %(what)s") == 1

    def test_a_withdrawn_request_stays_as_it_is(self, world_at: At) -> None:
        world = world_at("submitted_request")
        with changing(world) as (session, request):
            who = world.subjects["applicant"]
            asking.withdraw(session, who, request, request.version, "不再需要")
        before = request_now(world).model_dump()
        strike(world.item_ids[3])
        publication_changed(str(world.resource_id))
        assert request_now(world).model_dump() == before
        assert "Asked for by %(no)s: %(what)s" not in told(world, "applicant")


class TestUnderAGrant:
    def test_only_the_struck_item_leaves_the_grant(self, committed_world: At) -> None:
        world = committed_world("active_grant")
        strike(world.item_ids[3])
        answer = fetched(world)
        assert answer.status_code == 200, answer.text
        refused = fetched(world, "?column=经度")
        assert (refused.status_code, refused.json()["code"]) == (409, "item_suspended")
        assert ENTRY in refused.json()["detail"] and BASIS in refused.json()["detail"]
        written_down(world)
        grant = grant_now(world)
        assert (grant.status, grant.ground) == (GrantStatus.ACTIVE, None)
        assert trail(world.grant_no)[-1] == "grant:item_suspended"
        why = last_fact(world.grant_no)["why"]
        assert why["items"] == {str(world.item_ids[3]): "negative_entry"}
        assert why["negative_entries"] == [ENTRY]
        read = client(world, "applicant").get(f"/api/v1/grants/{world.grant_no}").json()
        assert [each["negative_entries"] for each in read["items"]] == [[], [], [], [ENTRY]]
        assert fetched(world).status_code == 200, "the others leave at once"

    def test_a_grant_left_empty_is_suspended(self, committed_world: At) -> None:
        world = committed_world("active_grant")
        strike(*world.item_ids)
        written_down(world)
        grant = grant_now(world)
        assert (grant.status, grant.ground) == (GrantStatus.SUSPENDED, Ground.BASIS_CHANGED)
        assert trail(world.grant_no)[-1] == "grant:suspended"
        assert "settle_grant_items" in task_kinds(world, "approver")
        answer = fetched(world)
        assert (answer.status_code, answer.json()["code"]) == (409, "item_suspended")
        assert ENTRY in answer.json()["detail"]
        page = shown(client(world, "applicant"), f"/grants/{world.grant_no}")
        assert "依据" in page and ENTRY in page

    def test_an_item_stopped_for_another_reason_leaves_the_grant_active(self, world_at: At) -> None:
        world = world_at("active_grant")
        run_sql("UPDATE granted_item SET suspended_at = now(), suspended_why = 'removed'")
        publication_changed(str(world.resource_id))
        assert grant_now(world).status is GrantStatus.ACTIVE

    def test_a_second_strike_opens_no_second_case(self, world_at: At) -> None:
        world = world_at("active_grant")
        strike(world.item_ids[3])
        written_down(world)
        first = consultation_now(world)
        strike(world.item_ids[3], world.item_ids[2], no="NE-2026-000002")
        for _again in range(2):
            written_down(world)
        assert run_sql("SELECT 1 FROM grant_consultation") == 1
        assert run_sql("SELECT 1 FROM grant_filing") == 1
        assert first is not None
        assert trail(first.consultation_no) == ["consultation:opened", "consultation:extended"]
        with looking() as session:
            (items,) = consultations.items(session, [first.id]).values()
        found = {each.item_id: each.entry_no for each in items}
        assert found == {world.item_ids[3]: ENTRY, world.item_ids[2]: "NE-2026-000002"}

    def test_nothing_comes_back_when_the_entry_lapses(self, world_at: At) -> None:
        world = world_at("struck_grant")
        lift()
        publication_changed(str(world.resource_id))
        follow(world.grant_no)
        assert suspended(world) == {world.item_ids[3]: WhyNot.NEGATIVE_ENTRY}

    def test_the_approver_resumes_it_only_when_it_is_struck_no_more(self, world_at: At) -> None:
        world = world_at("struck_grant")
        with pytest.raises(StillNotAllowed):
            resume(world, 3)
        lift()
        resume(world, 3)
        assert suspended(world) == {}
        follow(world.grant_no)
        found = consultation_now(world)
        assert found is not None and found.status == "dropped"
        assert trail(world.filing_no)[-1] == "filing:dropped"

    def test_and_not_when_the_entry_is_published_as_withheld(self, world_at: At) -> None:
        world = world_at("struck_grant")
        lift()
        change_items(world, WITHHOLD, item=world.item_ids[3])
        with pytest.raises(StillNotAllowed):
            resume(world, 3)

    def test_with_its_first_item_a_suspended_grant_is_active_again(self, world_at: At) -> None:
        world = world_at("emptied_grant")
        lift()
        resume(world, 0)
        grant = grant_now(world)
        assert (grant.status, grant.ground) == (GrantStatus.ACTIVE, None)
        assert trail(world.grant_no)[-2:] == ["grant:item_resumed", "grant:resumed"]
        assert len(suspended(world)) == 3

    def test_one_that_was_never_proved_is_made_ready_again(self, world_at: At) -> None:
        world = world_at("pending_grant")
        world.grant_no = grant_now(world).grant_no
        strike(*world.item_ids)
        written_down(world)
        assert grant_now(world).status is GrantStatus.SUSPENDED
        prove(world.grant_no)
        assert grant_now(world).status is GrantStatus.SUSPENDED
        lift()
        resume(world, 0)
        assert grant_now(world).status is GrantStatus.PENDING_DELIVERY
        with looking() as session:
            running = [
                each for each in clocks.clocks_of(session, world.grant_no) if not each.closed_on
            ]
        assert "delivery" in {each.kind for each in running}

    def test_its_provider_cannot_simply_revoke_it(self, world_at: At) -> None:
        world = world_at("struck_grant")
        for account in ("approver", "provider_head"):
            with pytest.raises(TerminateInstead), changing_grant(world) as (session, grant):
                grants.revoke(session, world.subjects[account], grant, grant.version, "不再共享")
        with changing_grant(world) as (session, grant):
            grants.revoke(session, world.subjects["data_admin"], grant, grant.version, "用途不符")
        follow(world.grant_no)
        found = consultation_now(world)
        assert found is not None and found.status == "dropped"


def suspended(world: World) -> dict[Any, WhyNot]:
    with looking() as session:
        return dict(granted.not_allowed(session, grant_now(world)))


class TestReleaseAgainstComingIntoForce:
    """Whichever is first, no active grant carries a struck item."""

    def test_the_entry_first(self, committed_world: At) -> None:
        world = committed_world("prepared_request")
        answer = self._beside(world, lambda: self._released(world))
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "negative_item")
        assert run_sql("SELECT 1 FROM share_grant") == 0

    def test_the_release_first(self, committed_world: At) -> None:
        world = committed_world("prepared_request")
        holds, goes_on = threading.Event(), threading.Event()

        def enter() -> None:
            assert holds.wait(20)
            with unit_of_work() as session:
                goes_on.set()
                queue(session, world.subjects["approver"].department_id)  # type: ignore[arg-type]
                for statement in struck(f"id = '{world.item_ids[3]}'"):
                    session.connection().execute(text(statement))
                session.connection().execute(text("SELECT arranged.so_far()"))
            publication_changed(str(world.resource_id))

        with ThreadPoolExecutor(1) as pool:
            entering = pool.submit(enter)
            with changing(world) as (session, request):
                who = world.subjects["provider_head"]
                grant = approvals.release(session, who, request, request.version, "同意")
                assert grant is not None
                world.grant_no = grant.grant_no
                holds.set()
                assert goes_on.wait(20)
            entering.result(30)
        assert suspended(world) == {world.item_ids[3]: WhyNot.NEGATIVE_ENTRY}
        prove(world.grant_no)
        assert "经度" not in fetched(world).text

    def _released(self, world: World) -> Any:
        return client(world, "provider_head").post(
            f"/api/v1/requests/{world.request_no}/releases",
            json={"outcome": "released"},
            headers={"if-match": etag(request_now(world).version), **once()},
        )

    def _beside(self, world: World, step: Callable[[], Any]) -> Any:
        """``step`` begins while the entry is coming into force, and ends after it."""
        with ThreadPoolExecutor(1) as pool, unit_of_work() as session:
            queue(session, world.subjects["approver"].department_id)  # type: ignore[arg-type]
            for statement in struck(f"id = '{world.item_ids[3]}'"):
                session.connection().execute(text(statement))
            session.connection().execute(text("SELECT arranged.so_far()"))
            running = pool.submit(step)
            waiting = text("SELECT 1 FROM pg_locks WHERE NOT granted")
            while session.connection().execute(waiting).first() is None:
                assert not running.done(), running.result().text
            session.commit()
            return running.result(30)
