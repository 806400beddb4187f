"""Alive, ready, measured – for both roles, to whoever asks."""

from collections.abc import Callable

import pytest
from fixtures import callers
from fixtures.world import Worlds
from fixtures.worlds import World

At = Callable[[str], World]


def test_a_healthy_service_is_alive_and_ready(world_at: At) -> None:
    anybody = callers.client(world_at("accounts"), None)
    assert anybody.get("/healthz").json() == {"status": "alive"}
    ready = anybody.get("/readyz")
    assert (ready.status_code, ready.json()["checks"]) == (
        200,
        dict.fromkeys(("database", "revision", "audit", "guard", "clock"), True),
    )
    assert "python_info" in anybody.get("/metrics").text


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        ("UPDATE alembic_version SET version_num = 'older'", "revision"),
        ("GRANT UPDATE ON audit_event TO shuqiao_app", "audit"),
        ("REVOKE INSERT ON audit_event FROM shuqiao_app", "audit"),
        ("ALTER TABLE share_grant DISABLE TRIGGER guard_update", "guard"),
        ("ALTER TABLE edition ENABLE REPLICA TRIGGER guard_insert", "guard"),
        ("DROP TRIGGER guard_delete ON granted_item", "guard"),
        ("ALTER TABLE guard.pending DISABLE TRIGGER settle", "guard"),
    ],
)
def test_a_service_that_could_not_keep_its_promise_is_not_ready(
    committed_world: At, worlds: Worlds, damage: str, check: str
) -> None:
    world = committed_world("accounts")
    with worlds.as_owner(world) as owner:
        owner.execute(damage.encode())
    answer = callers.client(world, None).get("/readyz")
    assert answer.status_code == 503
    assert [name for name, is_fine in answer.json()["checks"].items() if not is_fine] == [check]


def test_the_data_role_says_so_too(committed_world: At) -> None:
    with callers.data_client(committed_world("accounts"), None) as anybody:
        assert anybody.get("/healthz").status_code == 200
        assert anybody.get("/readyz").status_code == 200
        assert anybody.get("/api/v1/me").status_code == 404
        assert anybody.get("/api/v1/openapi.json").status_code == 404
