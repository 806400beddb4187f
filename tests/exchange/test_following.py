"""A grant binds to the shape: it follows the editions of the data or stays with one, and what a
later version of the entry takes out of it stops at once.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import pyarrow as pa
import pytest
from fixtures.callers import client, data_client, once
from fixtures.exchanging import (
    JOIN,
    SHARE,
    WITHHOLD,
    change_entry,
    change_items,
    grant_now,
    granting,
    last_fact,
    looking,
    prepare,
    prepare_anew,
    release,
    run_sql,
    task_kinds,
    told,
    trail,
)
from fixtures.page_forms import filled, shown
from fixtures.renewing import renew, rows_now
from fixtures.worlds import World

from exchange.deliveries.service import recording
from exchange.deliveries.service.plans import Compiled, compile_grant, mask_keys
from exchange.deliveries.service.proving import prove
from exchange.deliveries.service.standing import Standing
from exchange.deliveries.words import EndReason
from exchange.grants.tasks import edition_arrived, publication_changed, taken_down
from shuqiao.arrow.scans.scan import scan
from shuqiao.ids import uuid7
from shuqiao.web.etags import etag

At = Callable[[str], World]
NAMES: Final = ["学校代码", "学校名称", "地址", "经度"]
RETYPE: Final = "UPDATE resource_item SET data_type = 'C' WHERE id = :item"
REMOVE: Final = "UPDATE resource_item SET removed_in = 2 WHERE id = :item"


@contextmanager
def fetched(world: World, query: str = "") -> Iterator[Any]:
    with data_client(world, "applicant") as reader:
        yield reader.get(f"/api/v1/grants/{world.grant_no}/data{query}")


def rows(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    return pa.ipc.open_stream(answer.content).read_all().to_pylist()


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def pinned(world: World) -> World:
    """The story's reply prepared anew with a fixed edition, released and proved."""
    prepare_anew(world, granting(world, follows_editions=False))
    grant = release(world)
    assert grant is not None
    world.grant_no = grant.grant_no
    prove(world.grant_no)
    return world


def compiled(world: World) -> Compiled:
    with looking() as session:
        return compile_grant(session, grant_now(world))


def more(table: pa.Table) -> pa.Table:
    """Six rows of the four: the first two come once more."""
    return pa.concat_tables([table, table.slice(0, 2)]).combine_chunks()


class TestEditions:
    def test_the_next_fetch_gives_the_new_rows_under_the_plan_that_was_proved(
        self, committed_world: At
    ) -> None:
        world = committed_world("active_grant")
        proved, first = grant_now(world).plan_fingerprint, compiled(world)
        with fetched(world) as answer:
            before = answer.headers["etag"]
            assert (len(rows(answer)), answer.headers["shuqiao-edition"]) == (4, "1")
        edition = renew(world, more(rows_now(world)))
        second = compiled(world)
        assert second.proof == first.proof == proved
        assert second.plan.fingerprint() != first.plan.fingerprint()
        with fetched(world) as answer:
            assert (len(rows(answer)), answer.headers["shuqiao-edition"]) == (6, "2")
            assert answer.headers["etag"] != before
            number, content = answer.headers["shuqiao-delivery"], answer.content
        fact = trail(number), last_fact(number)["why"]["rows"]
        assert fact == (["delivery:started", "delivery:finished"], 6)
        shown_now = client(world, "applicant").get(f"/api/v1/deliveries/{number}").json()
        assert (shown_now["edition_no"], shown_now["snapshot_id"]) == (2, edition.snapshot_id)
        receipt = client(world, "applicant").get(f"/api/v1/deliveries/{number}/receipt").json()
        assert receipt["receipt"]["edition"] == 2
        assert receipt["receipt"]["snapshot"] == edition.snapshot_id
        with fetched(world) as answer:
            assert answer.content == content, "the same edition, the same bytes"

    def test_a_pinned_grant_stays_with_the_edition_of_its_decision(
        self, committed_world: At
    ) -> None:
        world = pinned(committed_world("prepared_request"))
        with fetched(world) as answer:
            content, tag = answer.content, answer.headers["etag"]
        renew(world, more(rows_now(world)))
        with fetched(world) as answer:
            assert (len(rows(answer)), answer.headers["shuqiao-edition"]) == (4, "1")
            assert (answer.content, answer.headers["etag"]) == (content, tag)
        read = client(world, "applicant").get(f"/api/v1/grants/{world.grant_no}").json()
        assert (read["follows_editions"], read["edition_no"]) == (False, 1)
        assert "固定批次" in shown(client(world, "applicant"), f"/grants/{world.grant_no}")

    def test_a_stream_that_runs_goes_on_over_the_rows_it_began_with(self, world_at: At) -> None:
        world = world_at("active_grant")
        plan = compiled(world).plan
        began = recording.start(
            world.subjects["applicant"], grant_now(world), plan, face="arrow", edition_no=1
        )
        stream = scan(plan, mask_keys(plan))
        renew(world, more(rows_now(world)))
        with looking() as session:
            ended = (
                Standing()
                .ask(session, {began.delivery_id: grant_now(world).plan_fingerprint})
                .ended
            )
        assert ended.get(began.delivery_id) is not EndReason.ITEM_SUSPENDED
        assert sum(batch.num_rows for batch in stream) == 4

    def test_rows_of_another_shape_are_refused_and_the_provider_is_asked(
        self, committed_world: At
    ) -> None:
        world = committed_world("active_grant")
        table = rows_now(world)
        place = table.schema.get_field_index("经度")
        words = pa.array([str(value) for value in table.column("经度").to_pylist()])
        renew(world, table.set_column(place, "经度", words))
        with fetched(world) as answer:
            assert refused(answer) == (409, "plan_drifted")
        assert task_kinds(world, "approver") == ["mend_grant"]

    def test_who_holds_a_grant_that_follows_is_told_once(self, world_at: At) -> None:
        world = world_at("active_grant")
        for _again in range(2):
            edition_arrived(str(world.resource_id), 2)
        words = "New rows under %(no)s: edition %(number)s of %(title)s"
        assert told(world, "applicant").count(words) == 1
        assert told(world, "stranger") == []

    def test_who_holds_a_fixed_edition_is_not_told(self, world_at: At) -> None:
        world = pinned(world_at("prepared_request"))
        before = told(world, "applicant")
        edition_arrived(str(world.resource_id), 2)
        assert told(world, "applicant") == before

    def test_the_database_keeps_what_a_grant_follows(self, world_at: At) -> None:
        world_at("active_grant")
        for change in ("follows_editions = false", "edition_no = 9", "filter_columns = '{}'"):
            with pytest.raises(Exception, match="the terms of a grant never change"):
                run_sql(f"UPDATE share_grant SET {change}")


class TestItems:
    @pytest.mark.parametrize(
        ("change", "why"),
        [(WITHHOLD, "negative_entry"), (RETYPE, "retyped"), (REMOVE, "removed")],
    )
    def test_an_item_stops_with_the_publication_and_the_others_flow(
        self, committed_world: At, change: str, why: str
    ) -> None:
        world = committed_world("active_grant")
        item = world.item_ids[3]
        change_items(world, change, item=item)
        with fetched(world) as answer:
            assert {name for row in rows(answer) for name in row} == set(NAMES[:3])
        with fetched(world, "?column=经度") as answer:
            assert refused(answer) == (409, "item_suspended")
            assert "经度" in answer.json()["detail"]
        read = client(world, "applicant").get(f"/api/v1/grants/{world.grant_no}").json()
        last = read["items"][3]
        assert (last["is_suspended"], last["suspended_why"]) == (True, why)
        assert last["suspended_at"] is None, "nobody has written it down yet"
        assert publication_changed(str(world.resource_id)) == 1
        assert publication_changed(str(world.resource_id)) == 0
        assert trail(world.grant_no)[-1] == "grant:item_suspended"
        said = last_fact(world.grant_no)["why"]
        assert said["items"] == {str(item): why}
        assert ("negative_entries" in said) == (why == "negative_entry")
        assert task_kinds(world, "approver") == ["settle_grant_items"]
        words = "Under %(no)s these items no longer leave: %(items)s; the others do"
        assert told(world, "applicant")[0] == words

    def test_an_item_comes_back_only_when_the_entry_allows_it_and_the_approver_says_so(
        self, committed_world: At
    ) -> None:
        world = committed_world("suspended_item")
        item, approver = world.item_ids[3], client(world, "approver")

        def settle(outcome: str) -> Any:
            return approver.post(
                f"/api/v1/grants/{world.grant_no}/item-decisions",
                json={"item_id": str(item), "outcome": outcome},
                headers={**once(), "if-match": etag(grant_now(world).version)},
            )

        assert refused(settle("resumed")) == (409, "item_not_allowed")
        assert "恢复交付" not in shown(approver, f"/grants/{world.grant_no}")
        change_items(world, SHARE, item=item)
        with fetched(world) as answer:
            assert "经度" not in rows(answer)[0], "allowed again, and not resumed yet"
        assert settle("left").status_code == 201
        assert task_kinds(world, "approver") == []
        address = f"/grants/{world.grant_no}"
        assert "恢复交付" in shown(approver, address)
        assert "恢复交付" not in shown(client(world, "applicant"), address)
        sent = {"item_id": str(item), "outcome": "resumed"}
        answer = filled(approver, address, f"{address}/item-decisions", sent)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{address}?done=resumed")
        assert trail(world.grant_no)[-2:] == ["grant:item_left_suspended", "grant:item_resumed"]
        with fetched(world) as answer:
            assert list(rows(answer)[0]) == NAMES
        assert refused(settle("left")) == (409, "item_not_suspended")

    def test_a_stream_that_carries_it_may_not_go_on_and_another_may(self, world_at: At) -> None:
        world = world_at("active_grant")
        from_token = world.subjects["applicant"]
        plan, standing = compiled(world).plan, Standing()
        part = type(plan)(source=plan.source, columns=plan.columns[:2], watermark=plan.watermark)
        grant = grant_now(world)
        both = [
            recording.start(from_token, grant, each, face="arrow").delivery_id
            for each in (plan, part)
        ]
        proofs = dict.fromkeys(both, grant.plan_fingerprint)
        change_items(world, WITHHOLD, item=world.item_ids[3])
        with looking() as session:
            ended = standing.ask(session, proofs).ended
        assert ended[both[0]] is EndReason.ITEM_SUSPENDED
        assert ended.get(both[1]) is not EndReason.ITEM_SUSPENDED

    def test_a_grant_with_nothing_left_says_so(self, committed_world: At) -> None:
        world = committed_world("active_grant")
        run_sql("UPDATE granted_item SET suspended_at = now(), suspended_why = 'withheld'")
        with fetched(world) as answer:
            assert refused(answer) == (409, "item_suspended")
        assert trail(world.grant_no)[-1] == "delivery:refused"

    def test_new_items_never_join(self, committed_world: At) -> None:
        world = committed_world("active_grant")
        change_items(world, JOIN, new=uuid7(), name="新增", item=world.item_ids[0])
        with fetched(world) as answer:
            assert list(rows(answer)[0]) == NAMES
        with fetched(world, "?column=新增") as answer:
            assert refused(answer) == (403, "column_not_granted")


class TestCoverage:
    def test_what_the_entry_adds_later_leaves_under_no_grant_that_was_there(
        self, committed_world: At
    ) -> None:
        world = committed_world("prepared_request")
        renew(world, of_areas(world, {"150202": 3, "150203": 2}))
        change_entry(world, coverage=covering("150200"))
        grant = release(world)
        assert grant is not None
        world.grant_no = grant.grant_no
        prove(world.grant_no)
        with fetched(world) as answer:
            assert areas(answer) == {"1502": 5}
        # the next version declares a second city, whose rows come with the next edition
        change_entry(world, coverage=covering("150200", "150100"))
        renew(world, of_areas(world, {"150202": 4, "150203": 2, "150102": 7, "150105": 1}))
        with fetched(world) as answer:
            assert answer.headers["shuqiao-edition"] == "3"
            assert areas(answer) == {"1502": 6}
        assert areas_of_all(world) == {"1502": 6, "1501": 8}

    def test_a_filter_of_the_reply_and_the_coverage_hold_together(self, world_at: At) -> None:
        world = world_at("submitted_request")
        renew(world, of_areas(world, {"150202": 3, "150203": 2, "150102": 1}))
        change_entry(world, coverage=covering("150200"))
        condition = {"item": str(world.item_ids[0]), "op": "starts_with", "value": "150202"}
        prepare(world, granting(world, row_filter=condition))
        grant = release(world)
        assert grant is not None
        world.grant_no = grant.grant_no
        plan = compiled(world).plan
        assert sum(batch.num_rows for batch in scan(plan, mask_keys(plan))) == 3
        assert grant.row_filter == {
            "op": "and",
            "args": [condition, {**condition, "value": "1502"}],
        }


def covering(*codes: str) -> dict[str, Any]:
    return {"area": {"item": "学校代码", "codes": list(codes)}}


def of_areas(world: World, counts: Mapping[str, int]) -> pa.Table:
    """So many rows of each area, which the first item says."""
    table = rows_now(world).slice(0, 1)
    codes = [code for code, count in counts.items() for _row in range(count)]
    whole = pa.concat_tables([table] * len(codes)).combine_chunks()
    return whole.set_column(0, table.schema.field(0), pa.array(codes, table.schema.field(0).type))


def areas(answer: Any) -> Counter[str]:
    return Counter(row["学校代码"][:4] for row in rows(answer))


def areas_of_all(world: World) -> Counter[str]:
    return Counter(code[:4] for code in rows_now(world).column(0).to_pylist())


def test_an_entry_taken_down_is_told_to_who_holds_or_asks(world_at: At) -> None:
    held, asked = world_at("active_grant"), "%(title)s, granted under %(no)s, was taken out"
    for _again in range(2):
        taken_down(str(held.resource_id))
    assert [each for each in told(held, "applicant") if each.startswith(asked)].__len__() == 1


def test_an_entry_taken_down_is_told_to_who_asks(world_at: At) -> None:
    world = world_at("submitted_request")
    for _again in range(2):
        taken_down(str(world.resource_id))
    words = "The data asked for by %(no)s was taken out of the catalogue"
    assert told(world, "applicant").count(words) == 1
