"""Deliveries: begun before the first byte, ended exactly once, kept as they ended."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Event, Thread, Timer
from typing import Any, Final, Protocol

import pytest
from fixtures.exchanging import grant_now, last_fact, looking, run_sql, trail
from fixtures.worlds import World
from sqlalchemy import create_engine
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from exchange.deliveries import repository
from exchange.deliveries.models import Delivery
from exchange.deliveries.service import recording
from exchange.deliveries.service.plans import compile_grant
from exchange.deliveries.service.recording import Ended, Left
from exchange.deliveries.words import DeliveryStatus, EndReason
from exchange.grants.errors import GrantNotLive
from exchange.grants.words import GrantStatus
from shuqiao import db
from shuqiao.db import unit_of_work

At = Callable[[str], World]


class Crowded(Protocol):
    def __call__(self, *, beside: bool = False) -> Callable[[], None]: ...


RECEIPT: Final = {"format": "shuqiao.receipt/1", "root": "ab" * 32}
FINISHED: Final = Ended(DeliveryStatus.FINISHED, None, Left(4, 2_048, 1_500), RECEIPT)
LEFT: Final = Ended(DeliveryStatus.STOPPED, EndReason.DISCONNECTED, Left(2, 1_024, 96))
BROKEN: Final = Ended(DeliveryStatus.FAILED, EndReason.FAULT, Left(1, 512, None))


class Transfer:
    """A delivery begun by the world's applicant."""

    def __init__(self, world: World) -> None:
        self.subject = world.subjects["applicant"]
        grant = grant_now(world)
        with looking() as session:
            plan = compile_grant(session, grant).plan
        started = recording.start(self.subject, grant, plan, face="arrow")
        self.id, self.no, self.begun = started.delivery_id, started.delivery_no, started.recorded
        self.plan = plan
        self.end = recording.EndRecorder(self.subject, self.id)

    def now(self) -> Delivery:
        with looking() as session:
            found = repository.by_no(session, self.no)
            assert found is not None
            return found

    def silent_for(self, seconds: int) -> None:
        """As if its process had given no sign of life for so long."""
        run_sql(
            "UPDATE delivery SET seen_at = now() - make_interval(secs => :s) WHERE id = :id",
            s=seconds,
            id=self.id,
        )


@pytest.fixture
def crowded() -> Iterator[Crowded]:
    """``crowded()``: others hold the one connection of the pool; ``crowded(beside=True)``: those
    for recording too. What it gives lets all of them go.
    """
    with ExitStack() as stack:

        def crowd(*, beside: bool = False) -> Callable[[], None]:
            pool = create_engine(db.engine().url, pool_size=1, max_overflow=0, pool_timeout=0.2)
            stack.callback(pool.dispose)
            stack.callback(db.configure, db.bind())
            db.configure(pool)
            taken = [pool.connect()]
            if beside:
                own = db.beside(*recording.CONNECTIONS)
                assert own is not None and isinstance(own.pool, QueuePool)
                own.pool._timeout = 0.2
                taken += [own.connect() for _ in range(own.pool.size())]

            def let_go() -> None:
                while taken:
                    taken.pop().close()

            stack.callback(let_go)
            return let_go

        yield crowd


@pytest.fixture
def transfer(world_at: At) -> Transfer:
    return Transfer(world_at("active_grant"))


class TestStart:
    def test_it_is_recorded_before_anything_leaves(self, transfer: Transfer) -> None:
        delivery = transfer.now()
        assert (delivery.status, delivery.rows, delivery.ended_at) == (
            DeliveryStatus.RUNNING,
            None,
            None,
        )
        assert (delivery.delivery_no, delivery.user_id) == (
            "DL-2026-000001",
            transfer.subject.user_id,
        )
        assert delivery.columns == ["学校代码", "学校名称", "地址", "经度"]
        assert trail(transfer.no) == ["delivery:started"]
        fact = last_fact(transfer.no)
        assert fact["id"] == str(transfer.begun.event_id)
        assert (fact["why"]["plan"], fact["why"]["grant"]) == (
            transfer.plan.fingerprint(),
            delivery.grant_no,
        )

    def test_each_has_a_number_and_a_stream_of_its_own(self, world_at: At) -> None:
        world = world_at("active_grant")
        numbers = [Transfer(world).no for _ in range(3)]
        assert numbers == ["DL-2026-000001", "DL-2026-000002", "DL-2026-000003"]
        assert [trail(no) for no in numbers] == [["delivery:started"]] * 3

    def test_none_waits_for_the_commit_of_another(
        self, committed_world: At, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world, begun, go_on, started = committed_world("active_grant"), Event(), Event(), []
        take = recording.take

        def slow(*given: Any, **named: Any) -> Any:
            monkeypatch.setattr(recording, "take", take)
            begun.set()
            assert go_on.wait(30)
            return take(*given, **named)

        monkeypatch.setattr(recording, "take", slow)
        first = Thread(target=lambda: started.append(Transfer(world).no))
        first.start()
        try:
            assert begun.wait(30)
            second = Transfer(world).no
        finally:
            go_on.set()
            first.join(30)
        assert (started, second) == (["DL-2026-000001"], "DL-2026-000002")

    def test_a_refused_fetch_is_a_fact_about_the_grant(self, world_at: At) -> None:
        world = world_at("active_grant")
        recording.refuse(
            world.subjects["applicant"], grant_now(world), GrantNotLive(GrantStatus.EXPIRED)
        )
        assert trail(world.grant_no)[-1] == "delivery:refused"
        fact = last_fact(world.grant_no)
        assert (fact["res"], fact["why"]["code"]) == ("deny", "grant_not_live")


class TestEnd:
    @pytest.mark.parametrize(
        ("end", "result"), [(FINISHED, "allow"), (LEFT, "allow"), (BROKEN, "error")]
    )
    def test_how_it_ended_is_kept_with_what_left(
        self, transfer: Transfer, end: Ended, result: str
    ) -> None:
        transfer.end(end)
        delivery = transfer.now()
        left = Left(delivery.rows, delivery.bytes, delivery.acknowledged_bytes)
        assert Ended(delivery.status, delivery.end_reason, left, delivery.receipt) == end
        assert delivery.ended_at is not None
        assert trail(transfer.no) == ["delivery:started", f"delivery:{end.status.value}"]
        fact = last_fact(transfer.no)
        assert (fact["res"], fact["chg"]) == (result, {"from": "running", "to": end.status.value})
        why = fact["why"]
        assert (why["rows"], why["bytes"]) == (end.left.rows, end.left.bytes)
        assert why.get("bytes_acknowledged") == end.left.acknowledged
        assert why.get("root") == (RECEIPT["root"] if end.receipt else None)

    @pytest.mark.parametrize("first", [FINISHED, LEFT, BROKEN])
    @pytest.mark.parametrize("second", [FINISHED, LEFT])
    def test_only_the_first_end_counts(
        self, transfer: Transfer, first: Ended, second: Ended
    ) -> None:
        transfer.end(first)
        before = transfer.now().model_dump()
        transfer.end(second)
        assert transfer.now().model_dump() == before
        assert len(trail(transfer.no)) == 2

    @pytest.mark.parametrize(
        "change",
        ["rows = 5", "status = 'running', ended_at = NULL", "receipt = NULL", "seen_at = now()"],
    )
    def test_the_database_keeps_an_ended_delivery_as_it_ended(
        self, transfer: Transfer, change: str
    ) -> None:
        transfer.end(FINISHED)
        with pytest.raises(IntegrityError, match="an ended delivery is kept as it ended"):
            run_sql(f"UPDATE delivery SET {change}")

    def test_no_delivery_can_be_deleted(self, transfer: Transfer) -> None:
        with pytest.raises(ProgrammingError, match="permission denied"):
            run_sql("DELETE FROM delivery WHERE id = :id", id=transfer.id)

    def test_an_end_needs_its_time(self, transfer: Transfer) -> None:
        with pytest.raises(IntegrityError, match="delivery_ended_check"):
            run_sql("UPDATE delivery SET status = 'finished' WHERE id = :id", id=transfer.id)


class TestAFullPool:
    """Somebody else's requests may hold every connection at the very moment a delivery ends."""

    def test_the_end_has_connections_of_its_own(
        self, committed_world: At, crowded: Crowded
    ) -> None:
        transfer = Transfer(committed_world("active_grant"))
        let_go = crowded()
        transfer.end(FINISHED)
        let_go()
        assert transfer.now().status is DeliveryStatus.FINISHED

    def test_a_finish_waits_for_one_of_them(self, committed_world: At, crowded: Crowded) -> None:
        transfer = Transfer(committed_world("active_grant"))
        release = Timer(1.0, crowded(beside=True))
        release.start()
        transfer.end(FINISHED)
        release.join()
        assert transfer.now().status is DeliveryStatus.FINISHED

    def test_a_finish_that_is_recorded_nowhere_is_none(
        self, committed_world: At, crowded: Crowded, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(recording, "RECORD_PATIENCE_SECONDS", 0.3)
        transfer = Transfer(committed_world("active_grant"))
        let_go = crowded(beside=True)
        with pytest.raises(PoolTimeout):
            transfer.end(FINISHED)
        let_go()
        assert transfer.now().status is DeliveryStatus.RUNNING


class TestLost:
    def test_a_delivery_nobody_serves_is_closed_with_unknown_rows(self, transfer: Transfer) -> None:
        transfer.silent_for(repository.LOST_AFTER_SECONDS + 1)
        assert [recording.close_lost(), recording.close_lost()] == [1, 0]
        delivery = transfer.now()
        assert (delivery.status, delivery.end_reason) == (DeliveryStatus.FAILED, EndReason.LOST)
        assert (delivery.rows, delivery.bytes, delivery.receipt) == (None, None, None)
        assert trail(transfer.no) == ["delivery:started", "delivery:failed"]
        fact = last_fact(transfer.no)
        assert (fact["res"], fact["actor"]["account"], fact["why"]["reason"]) == (
            "error",
            "system:worker",
            "lost",
        )
        assert "rows" not in fact["why"]

    def test_a_last_sign_of_life_is_no_count_of_what_left(self, transfer: Transfer) -> None:
        with unit_of_work() as session:
            repository.sign_of_life(session, {transfer.id: (65_536, 2_097_152)})
        assert transfer.now().rows == 65_536
        transfer.silent_for(60)
        recording.close_lost()
        delivery, why = transfer.now(), last_fact(transfer.no)["why"]
        assert (delivery.rows, delivery.bytes) == (None, None)
        assert (why["rows_at_least"], why["bytes_at_least"]) == (65_536, 2_097_152)
        assert why.keys().isdisjoint({"rows", "bytes"})

    def test_a_late_end_after_the_sweeper_changes_nothing(self, transfer: Transfer) -> None:
        transfer.silent_for(60)
        recording.close_lost()
        transfer.end(FINISHED)
        assert transfer.now().end_reason is EndReason.LOST
        assert trail(transfer.no) == ["delivery:started", "delivery:failed"]

    def test_a_served_delivery_and_an_ended_one_are_left_alone(self, world_at: At) -> None:
        world = world_at("active_grant")
        served, ended = Transfer(world), Transfer(world)
        ended.silent_for(60)
        ended.end(LEFT)
        served.silent_for(60)
        with unit_of_work() as session:
            repository.sign_of_life(session, {served.id: (0, 0), ended.id: (0, 0)})
        assert recording.close_lost() == 0
        assert (served.now().status, ended.now().status) == (
            DeliveryStatus.RUNNING,
            DeliveryStatus.STOPPED,
        )

    def test_only_a_few_seconds_of_silence_are_waited_out(self, transfer: Transfer) -> None:
        transfer.silent_for(repository.LOST_AFTER_SECONDS - 5)
        assert recording.close_lost() == 0
