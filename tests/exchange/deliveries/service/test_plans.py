"""From a grant to its plan: exactly what was granted, in one identity
that a fetch is held against.
"""

from collections.abc import Callable
from typing import Any

import pytest
from fixtures.callers import data_client
from fixtures.exchanging import (
    add_granted_item,
    east_of,
    grant_now,
    granting,
    last_fact,
    looking,
    prepare_anew,
    release,
    run_sql,
    trail,
)
from fixtures.worlds import World

from exchange.deliveries.errors import ColumnNotGranted
from exchange.deliveries.service.plans import compile_grant, mask_keys, part_of
from exchange.deliveries.service.proving import prove
from shuqiao.arrow.scans.plan import DeliveryPlan, PlanRefused
from shuqiao.arrow.scans.scan import scan

At = Callable[[str], World]
NAMES = ["学校代码", "学校名称", "地址", "经度"]


def plan_of(world: World, columns: list[str] | None = None) -> DeliveryPlan:
    with looking() as session:
        return part_of(compile_grant(session, grant_now(world)), columns)


def rows(plan: DeliveryPlan) -> list[dict[str, Any]]:
    return [row for batch in scan(plan, mask_keys(plan)) for row in batch.to_pylist()]


def granted(world: World, *masks: dict[str, Any] | None, **changes: Any) -> World:
    """The world with a grant of the first items under ``masks`` instead
    of the reply it had prepared.
    """
    answers = [
        {"item_id": str(item), "outcome": "granted", "mask": mask}
        for item, mask in zip(world.item_ids, masks, strict=False)
    ]
    refused = {"outcome": "refused", "reason": "beyond_necessity", "remark": "超出所需"}
    answers += [{"item_id": str(item), **refused} for item in world.item_ids[len(masks) :]]
    prepare_anew(world, granting(world, items=answers, **changes))
    grant = release(world)
    assert grant is not None
    world.grant_no = grant.grant_no
    return world


class TestCompile:
    def test_a_full_grant_serves_stored_rows_as_they_are(self, world_at: At) -> None:
        plan = plan_of(world_at("active_grant"))
        assert [column.name for column in plan.columns] == NAMES
        assert plan.is_ready and mask_keys(plan) == {}
        assert len(rows(plan)) == 4

    def test_masks_and_rows_are_those_of_the_reply_and_empty_values_are_no_match(
        self, world_at: At
    ) -> None:
        world = world_at("prepared_request")
        granted(
            world,
            {"kind": "pseudonym", "digits": 16},
            None,
            {"kind": "keep_prefix", "prefix": 6},
            row_filter=east_of(world),
        )
        found = rows(plan_of(world))
        assert [row["学校名称"] for row in found] == ["一小", "三中"]
        assert {row["地址"] for row in found} == {"杭州市西湖区***", "杭州市上城区***"}
        assert all(len(row["学校代码"]) == 16 for row in found)
        assert set(found[0]) == set(NAMES[:3])  # the filter asks about a column that does not leave

    def test_the_key_of_pseudonyms_is_the_recipients_own(self, world_at: At) -> None:
        world = granted(world_at("prepared_request"), {"kind": "pseudonym"})
        plan = plan_of(world)
        assert list(mask_keys(plan)) == [plan.mask_key] == [f"mask.{grant_now(world).consumer_id}"]

    def test_the_watermark_names_recipient_and_grant(self, world_at: At) -> None:
        world = world_at("active_grant")
        grant, mark = grant_now(world), plan_of(world).watermark
        assert (mark.recipient, mark.grant_no) == (str(grant.consumer_id), grant.grant_no)

    def test_a_part_comes_in_the_grants_order(self, world_at: At) -> None:
        plan = plan_of(world_at("active_grant"), columns=["经度", "学校代码", "经度"])
        assert [column.name for column in plan.columns] == ["学校代码", "经度"]

    @pytest.mark.parametrize("asked", [["经度"], ["代码"], ["学校代码", "备注"], [""]])
    def test_a_column_beyond_the_grant_is_refused(self, world_at: At, asked: list[str]) -> None:
        world = granted(world_at("prepared_request"), None, None)
        with pytest.raises(ColumnNotGranted) as refused:
            plan_of(world, columns=asked)
        assert (refused.value.status, refused.value.code) == (403, "column_not_granted")

    def test_a_granted_column_the_data_does_not_have_is_refused(self, world_at: At) -> None:
        world = world_at("active_grant")
        add_granted_item(world, column="不再有")
        with pytest.raises(PlanRefused):
            plan_of(world)


class TestFingerprint:
    def test_the_proved_plan_is_compiled_again(self, world_at: At) -> None:
        world = world_at("active_grant")
        with looking() as session:
            proof = compile_grant(session, grant_now(world)).proof
        assert proof == grant_now(world).plan_fingerprint

    def test_masks_rows_and_columns_change_it(self, world_at: At) -> None:
        world = world_at("active_grant")
        assert plan_of(world, columns=["经度"]).fingerprint() != grant_now(world).plan_fingerprint


class TestFetch:
    """Over the data role itself, in a database that commits."""

    @pytest.fixture
    def world(self, committed_world: At) -> World:
        return committed_world("active_grant")

    def fetch(self, world: World, query: str = "") -> tuple[int, str]:
        with data_client(world, "applicant") as client:
            answer = client.get(f"/api/v1/grants/{world.grant_no}/data{query}")
        return answer.status_code, "" if answer.status_code == 200 else answer.json()["code"]

    def test_another_column_is_refused_and_recorded_in_the_grants_stream(
        self, world: World
    ) -> None:
        assert self.fetch(world, "?column=备注") == (403, "column_not_granted")
        assert trail(world.grant_no) == ["grant:issued", "grant:activated", "delivery:refused"]
        fact = last_fact(world.grant_no)
        assert (fact["res"], fact["why"]["code"], fact["actor"]["account"]) == (
            "deny",
            "column_not_granted",
            "applicant",
        )
        assert run_sql("SELECT 1 FROM delivery") == 0

    def test_a_grant_that_is_over_is_refused_and_recorded(self, world: World) -> None:
        run_sql("UPDATE share_grant SET status = 'revoked'")
        assert self.fetch(world) == (403, "grant_not_live")
        assert trail(world.grant_no)[-1] == "delivery:refused"
        assert run_sql("SELECT 1 FROM delivery") == 0

    def test_a_plan_that_is_not_the_proved_one_is_refused(self, world: World) -> None:
        add_granted_item(world, column="地址")
        assert self.fetch(world) == (409, "plan_drifted")
        assert run_sql("SELECT 1 FROM delivery") == 0

    def test_a_part_of_a_plan_that_is_not_the_proved_one_is_refused(self, world: World) -> None:
        add_granted_item(world, column="地址")
        assert self.fetch(world, "?column=多出") == (409, "plan_drifted")

    def test_a_masked_and_filtered_grant_is_fetched_after_its_proof(
        self, committed_world: At
    ) -> None:
        world = committed_world("prepared_request")
        granted(world, None, {"kind": "stars"}, row_filter=east_of(world))
        prove(world.grant_no)
        assert self.fetch(world) == (200, "")
        assert trail("DL-2026-000001") == ["delivery:started", "delivery:finished"]
        assert last_fact("DL-2026-000001")["why"]["rows"] == 2
