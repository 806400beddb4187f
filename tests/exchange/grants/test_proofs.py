"""Another trial run of a grant's plan after one has failed: by the API,
by the page, and never without a reason.
"""

import shutil
from collections.abc import Callable

import pytest
from fixtures import callers
from fixtures.callers import client
from fixtures.exchanging import grant_now, task_kinds, trail
from fixtures.page_forms import filled, hidden, shown
from fixtures.worlds import World

from exchange.deliveries.tasks import prove
from exchange.grants.service.granting import PROVE
from exchange.grants.words import GrantStatus
from shuqiao.db import reading
from shuqiao.home import folder
from shuqiao.jobs import list_jobs

At = Callable[[str], World]


def proofs_waiting() -> int:
    with reading() as session:
        return len(list_jobs(session, task=PROVE))


def test_the_approver_sees_why_and_has_the_plan_tried_again(world_at: At) -> None:
    world = world_at("unready_grant")
    page, before = f"/grants/{world.grant_no}", proofs_waiting()
    html = shown(client(world, "approver"), page)
    assert "取数计划试运行未通过" in html
    assert "经度" in html
    answer = filled(client(world, "approver"), page, f"{page}/proofs")
    assert answer.status_code == 303
    assert "正在重新试运行" in shown(client(world, "approver"), answer.headers["location"])
    assert proofs_waiting() == before + 1
    assert task_kinds(world, "approver") == ["ready_grant"]
    assert trail(world.grant_no)[-1] == "grant:proof_asked"
    prove(world.grant_no)
    assert grant_now(world).status is GrantStatus.ACTIVE


@pytest.mark.parametrize("who", ["provider_head", "applicant", "data_admin"])
def test_others_read_that_it_failed_but_have_no_button(world_at: At, who: str) -> None:
    world = world_at("unready_grant")
    html = shown(client(world, who), f"/grants/{world.grant_no}")
    assert "取数计划试运行未通过" in html
    assert "/proofs" not in html


def test_it_is_asked_for_once_and_of_the_version_that_was_seen(world_at: At) -> None:
    world = world_at("unready_grant")
    page = f"/grants/{world.grant_no}"
    approver = client(world, "approver")
    sent = hidden(shown(approver, page), f"{page}/proofs")
    assert (
        approver.post(f"{page}/proofs", data=sent, headers={"accept": "text/html"}).status_code
        == 303
    )
    again = approver.post(f"{page}/proofs", data=sent, headers={"accept": "text/html"})
    assert (again.status_code, again.headers["idempotency-replayed"]) == (303, "true")
    stale = {**sent, "once_key": "another-key-of-mine"}
    assert (
        approver.post(f"{page}/proofs", data=stale, headers={"accept": "text/html"}).status_code
        == 412
    )
    assert trail(world.grant_no).count("grant:proof_asked") == 1


@pytest.mark.parametrize(
    ("state", "code"), [("pending_grant", "nothing_to_prove"), ("active_grant", "wrong_state")]
)
def test_nothing_is_tried_again_that_has_not_failed(world_at: At, state: str, code: str) -> None:
    world = world_at(state)
    headers = {**callers.once(), "if-match": f'"v{grant_now(world).version}"'}
    answer = client(world, "approver").post(
        f"/api/v1/grants/{world.grant_no}/proofs", headers=headers
    )
    assert (answer.status_code, answer.json()["code"]) == (409, code)


def test_the_page_lives_while_the_stored_data_is_gone(world_at: At) -> None:
    world = world_at("unready_grant")
    stored = folder("snapshots") / grant_now(world).snapshot_id
    aside = stored.with_name("aside")
    stored.rename(aside)
    try:
        assert f"/grants/{world.grant_no}/proofs" in shown(
            client(world, "approver"), f"/grants/{world.grant_no}"
        )
    finally:
        shutil.rmtree(stored, ignore_errors=True)
        aside.rename(stored)
