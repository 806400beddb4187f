"""Grants: proved before they serve, ended for good, their terms kept by the database."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from fixtures.exchanging import (
    add_granted_item,
    changing_grant,
    clock_of,
    grant_now,
    last_fact,
    run_sql,
    task_kinds,
    tasks,
    told,
    trail,
)
from fixtures.worlds import World
from sqlalchemy.exc import IntegrityError, ProgrammingError

from catalog.publication import service as publication
from catalog.resources import repository as resources
from exchange.deliveries.service.proving import prove
from exchange.grants.errors import GrantChanged, GrantWrongState
from exchange.grants.service import granting as service
from exchange.grants.tasks import expire, taken_down
from exchange.grants.words import GrantStatus
from shuqiao.db import unit_of_work
from shuqiao.home import folder
from shuqiao.settings import settings

At = Callable[[str], World]
SetDay = Callable[[str], None]


@pytest.fixture
def set_day(monkeypatch: pytest.MonkeyPatch) -> SetDay:
    """Move the business clock to nine o'clock Beijing time of a day."""

    def move(day: str) -> None:
        monkeypatch.setenv("SHUQIAO_CLOCK", f"{day}T09:00:00+08:00")
        settings.cache_clear()

    return move


@contextmanager
def spoiled(world: World, spoil: Callable[[Path], None]) -> Iterator[None]:
    """The grant's snapshot as ``spoil`` leaves a copy of it; the true one is back afterwards."""
    stored = folder("snapshots") / grant_now(world).snapshot_id
    kept = stored.with_name(f"kept-{stored.name}")
    stored.rename(kept)
    try:
        shutil.copytree(kept, stored)
        spoil(stored)
        yield
    finally:
        shutil.rmtree(stored, ignore_errors=True)
        kept.rename(stored)


def remove(stored: Path) -> None:
    shutil.rmtree(stored)


def change_manifest(stored: Path) -> None:
    manifest = stored / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b"shuqiao", b"shuqia0", 1))


def change_a_value(stored: Path) -> None:
    arrow = stored / "data.arrow"
    whole = arrow.read_bytes()
    changed = whole.replace("一小".encode(), "二小".encode(), 1)
    assert changed != whole
    arrow.write_bytes(changed)


def revoke(world: World, *, behind: int = 0, reason: str = "使用目的已经实现") -> None:
    with changing_grant(world) as (session, grant):
        service.revoke(
            session, world.subjects["provider_head"], grant, grant.version - behind, reason
        )


class TestProve:
    def test_a_plan_that_ran_makes_the_grant_active(self, world_at: At) -> None:
        world = world_at("pending_grant")
        prove(world.grant_no)
        grant = grant_now(world)
        assert (grant.status, grant.version) == (GrantStatus.ACTIVE, 2)
        assert grant.activated_at is not None
        assert clock_of(world.grant_no).closed_on == date(2026, 2, 11)
        assert told(world, "applicant")[0] == "%(title)s can be fetched now: %(no)s"
        assert trail(world.grant_no) == ["grant:issued", "grant:activated"]
        assert last_fact(world.grant_no)["why"] == {"plan": grant.plan_fingerprint, "trial_rows": 4}
        assert len(grant.plan_fingerprint) == 64

    def test_a_second_proof_changes_nothing(self, world_at: At) -> None:
        world = world_at("active_grant")
        before, messages = grant_now(world).model_dump(), told(world, "applicant")
        prove(world.grant_no)
        assert grant_now(world).model_dump() == before
        assert trail(world.grant_no) == ["grant:issued", "grant:activated"]
        assert told(world, "applicant") == messages

    def test_a_grant_nobody_knows_is_passed_over(self, world_at: At) -> None:
        world_at("pending_grant")
        prove("GR-2026-999999")
        assert trail("GR-2026-999999") == []

    @pytest.mark.parametrize("spoil", [remove, change_manifest, change_a_value])
    def test_a_plan_that_cannot_run_is_recorded_and_given_to_the_approver(
        self, world_at: At, spoil: Callable[[Path], None]
    ) -> None:
        world = world_at("pending_grant")
        with spoiled(world, spoil):
            prove(world.grant_no)
        assert grant_now(world).status is GrantStatus.PENDING_DELIVERY
        assert trail(world.grant_no) == ["grant:issued", "grant:not_ready"]
        fact = last_fact(world.grant_no)
        assert (fact["res"], bool(fact["why"]["reason"])) == ("error", True)
        (task,) = tasks(world, "approver")
        assert (task.kind, task.href) == ("mend_grant", f"/grants/{world.grant_no}")
        assert clock_of(world.grant_no).closed_on is None

    def test_mended_data_activates_the_grant_and_ends_the_task(self, world_at: At) -> None:
        world = world_at("pending_grant")
        with spoiled(world, remove):
            prove(world.grant_no)
            prove(world.grant_no)
        assert task_kinds(world, "approver") == ["mend_grant"]
        prove(world.grant_no)
        assert (grant_now(world).status, task_kinds(world, "approver")) == (GrantStatus.ACTIVE, [])

    def test_data_without_a_granted_column_is_not_ready(self, world_at: At) -> None:
        world = world_at("pending_grant")
        add_granted_item(world, column="不再有")
        prove(world.grant_no)
        assert trail(world.grant_no) == ["grant:issued", "grant:not_ready"]
        assert task_kinds(world, "approver") == ["mend_grant"]


class TestRevoke:
    @pytest.mark.parametrize("state", ["pending_grant", "active_grant"])
    def test_it_ends_the_grant_its_clock_and_tells_why(self, world_at: At, state: str) -> None:
        world = world_at(state)
        events = trail(world.grant_no)
        revoke(world)
        grant = grant_now(world)
        assert (grant.status, grant.end_reason) == (GrantStatus.REVOKED, "使用目的已经实现")
        assert grant.ended_at is not None and not service.is_live(grant)
        assert clock_of(world.grant_no).closed_on == date(2026, 2, 11)
        assert told(world, "applicant")[0] == "The grant %(no)s was revoked: %(reason)s"
        assert trail(world.grant_no) == [*events, "grant:revoked"]
        assert last_fact(world.grant_no)["why"] == {"reason": "使用目的已经实现"}

    def test_an_older_version_is_refused(self, world_at: At) -> None:
        world = world_at("active_grant")
        with pytest.raises(GrantChanged) as refused:
            revoke(world, behind=1)
        assert (refused.value.status, grant_now(world).status) == (412, GrantStatus.ACTIVE)
        assert trail(world.grant_no) == ["grant:issued", "grant:activated"]

    def test_a_second_revocation_is_refused(self, world_at: At) -> None:
        world = world_at("active_grant")
        revoke(world)
        with pytest.raises(GrantWrongState) as refused:
            revoke(world)
        assert (refused.value.status, trail(world.grant_no).count("grant:revoked")) == (409, 1)

    def test_a_revoked_grant_is_not_proved_any_more(self, world_at: At) -> None:
        world = world_at("pending_grant")
        revoke(world)
        prove(world.grant_no)
        assert grant_now(world).status is GrantStatus.REVOKED
        assert trail(world.grant_no) == ["grant:issued", "grant:revoked"]

    def test_a_task_to_mend_the_grant_is_over_with_it(self, world_at: At) -> None:
        world = world_at("pending_grant")
        with spoiled(world, remove):
            prove(world.grant_no)
        revoke(world)
        assert task_kinds(world, "approver") == []


class TestExpire:
    def test_the_last_day_still_counts(self, world_at: At, set_day: SetDay) -> None:
        world = world_at("active_grant")
        set_day("2026-12-31")
        assert (expire(), service.is_live(grant_now(world))) == (0, True)

    @pytest.mark.parametrize("state", ["pending_grant", "active_grant"])
    def test_the_day_after_ends_it_once(self, world_at: At, set_day: SetDay, state: str) -> None:
        world = world_at(state)
        events = trail(world.grant_no)
        set_day("2027-01-01")
        assert not service.is_live(grant_now(world))
        assert [expire(), expire()] == [1, 0]
        assert grant_now(world).status is GrantStatus.EXPIRED
        assert trail(world.grant_no) == [*events, "grant:expired"]
        assert last_fact(world.grant_no)["actor"]["account"] == "system:worker"
        assert told(world, "applicant")[0] == "The grant %(no)s has expired"
        assert clock_of(world.grant_no).closed_on is not None

    def test_a_revoked_grant_stays_revoked(self, world_at: At, set_day: SetDay) -> None:
        world = world_at("active_grant")
        revoke(world)
        set_day("2027-01-01")
        assert (expire(), grant_now(world).status) == (0, GrantStatus.REVOKED)


class TestKeptByTheDatabase:
    @pytest.mark.parametrize(
        "change",
        [
            "snapshot_id = 'f'",
            "row_filter = '{}'",
            "consumer_id = gen_random_uuid()",
            "valid_until = '2030-01-01'",
            "provider_id = gen_random_uuid()",
            "resource_id = gen_random_uuid()",
            "valid_until = valid_until - 1",
        ],
    )
    def test_terms_never_change(self, world_at: At, change: str) -> None:
        world_at("active_grant")
        with pytest.raises(IntegrityError, match=r"never change|only after an act"):
            run_sql(f"UPDATE share_grant SET {change}")

    @pytest.mark.parametrize("ended", ["revoked", "expired"])
    @pytest.mark.parametrize("target", ["pending_delivery", "active", "revoked", "expired"])
    def test_an_ended_grant_never_comes_back(self, world_at: At, ended: str, target: str) -> None:
        world_at("active_grant")
        run_sql("UPDATE share_grant SET status = :ended", ended=ended)
        if target == ended:
            assert run_sql("UPDATE share_grant SET status = :target", target=target) == 1
            return
        with pytest.raises(IntegrityError, match="an ended grant never comes back"):
            run_sql("UPDATE share_grant SET status = :target", target=target)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE granted_item SET mask = NULL",
            "DELETE FROM granted_item",
            "DELETE FROM share_grant",
        ],
    )
    def test_what_was_granted_can_neither_be_changed_nor_deleted(
        self, world_at: At, statement: str
    ) -> None:
        world_at("active_grant")
        with pytest.raises(ProgrammingError, match="permission denied"):
            run_sql(statement)


class TestTakedown:
    def test_holders_of_grants_are_told_once(self, world_at: At) -> None:
        world = world_at("active_grant")
        before = told(world, "applicant")
        with unit_of_work() as session:
            entry = resources.by_id(session, world.resource_id, lock=True)
            who, reason = world.subjects["data_admin"], "职责已划转"
            publication.take_down(session, who, entry, reason, entry.version)
        for _run in range(2):
            taken_down(str(world.resource_id))
        (new,) = told(world, "applicant")[: -len(before) or None]
        assert "was taken out of the catalogue" in new
