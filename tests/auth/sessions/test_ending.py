"""A new password ends the sessions of the old one, and the trail says how many."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from fixtures.people import sign_in
from fixtures.worlds import World
from sqlalchemy import text

from auth.accounts import repository as accounts
from auth.accounts.service.passwords import matches
from auth.sessions.repository import sessions as repository
from auth.sessions.service import ending, sessions
from shuqiao.db import reading, unit_of_work
from shuqiao.subject import Subject

At = Callable[[str], World]
NEW = "青城 河套 草原 云中 2026"


def last_event(stream: str) -> tuple[str, dict[str, Any]]:
    with reading() as session:
        newest = text(
            "SELECT action, canon FROM audit_event WHERE stream = :stream ORDER BY seq DESC LIMIT 1"
        )
        action, canon = session.connection().execute(newest, {"stream": stream}).one()
        return action, json.loads(bytes(canon))["why"]


@pytest.mark.parametrize(
    ("is_temporary", "event", "stays"),
    [(True, "auth:user:password_reset", False), (False, "auth:user:password_changed", True)],
)
def test_a_one_time_password_ends_all_and_ones_own_all_but_this(
    world_at: At, is_temporary: bool, event: str, stays: bool
) -> None:
    world = world_at("accounts")
    with unit_of_work() as session:
        sign_in(session, "applicant")
        found = sessions.find(session, world.cookies["applicant"])
        assert found is not None
        here: Subject = found.subject
        user = accounts.by_id(session, here.user_id, lock=True)
        before = {each.id for each in repository.live_of(session, user.id)}
        if is_temporary:
            ended = ending.with_one_time_password(session, here, user, NEW, why={})
        else:
            ended = ending.with_new_password(session, here, user, NEW)
        left: set[UUID] = {each.id for each in repository.live_of(session, user.id)}
    assert left == ({here.credential_id} if stays else set())
    assert ended == len(before) - len(left)
    assert last_event("auth:applicant") == (event, {"sessions": ended})
    assert user.is_password_temporary is is_temporary
    assert matches(NEW, user.password_hash)
