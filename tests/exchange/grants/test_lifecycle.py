"""Every step of a grant in every state: where it leads, or that nothing happens."""

from collections.abc import Callable, Mapping
from typing import Final

import pytest
from fixtures.database import arranged
from fixtures.exchanging import changing_grant, grant_now, looking, task_kinds, tasks, trail
from fixtures.worlds import World
from sqlalchemy import text
from sqlmodel import Session

from auth.cases import take
from auth.steps import Step, Tasks
from exchange.consultations.models import GrantConsultation, GrantFiling
from exchange.consultations.words import ConsultationStatus, FilingStatus, Outcome
from exchange.grants.errors import GrantChanged, GrantWrongState
from exchange.grants.lifecycle import (
    ACTIVATE,
    EXPIRE,
    LEAVE_ITEM,
    LIFECYCLE,
    MEND,
    NOT_READY,
    PROVE,
    READY_AGAIN,
    RESUME,
    RESUME_ITEM,
    REVOKE,
    SUSPEND,
    SUSPEND_ITEM,
    TERMINATE,
)
from exchange.grants.models import ShareGrant
from exchange.grants.words import GrantStatus, Ground
from shuqiao.clock import now
from shuqiao.desk.models import Todo

At = Callable[[str], World]
S, Row = GrantStatus, Step[GrantStatus]
#: The rows that a grant which is there can take.
ROWS: Final = [step for step in LIFECYCLE.steps if step.at]
#: Written out once more on purpose: the table of the code is what is tested.
LEADS_TO: Final[Mapping[tuple[GrantStatus, Row], tuple[GrantStatus, str]]] = {
    (S.PENDING_DELIVERY, ACTIVATE): (S.ACTIVE, "grant:activated"),
    (S.PENDING_DELIVERY, NOT_READY): (S.PENDING_DELIVERY, "grant:not_ready"),
    (S.PENDING_DELIVERY, PROVE): (S.PENDING_DELIVERY, "grant:proof_asked"),
    (S.PENDING_DELIVERY, SUSPEND_ITEM): (S.PENDING_DELIVERY, "grant:item_suspended"),
    (S.PENDING_DELIVERY, RESUME_ITEM): (S.PENDING_DELIVERY, "grant:item_resumed"),
    (S.PENDING_DELIVERY, LEAVE_ITEM): (S.PENDING_DELIVERY, "grant:item_left_suspended"),
    (S.PENDING_DELIVERY, REVOKE): (S.REVOKED, "grant:revoked"),
    (S.PENDING_DELIVERY, EXPIRE): (S.EXPIRED, "grant:expired"),
    (S.PENDING_DELIVERY, SUSPEND): (S.SUSPENDED, "grant:suspended"),
    (S.ACTIVE, SUSPEND_ITEM): (S.ACTIVE, "grant:item_suspended"),
    (S.ACTIVE, RESUME_ITEM): (S.ACTIVE, "grant:item_resumed"),
    (S.ACTIVE, LEAVE_ITEM): (S.ACTIVE, "grant:item_left_suspended"),
    (S.ACTIVE, REVOKE): (S.REVOKED, "grant:revoked"),
    (S.ACTIVE, EXPIRE): (S.EXPIRED, "grant:expired"),
    (S.ACTIVE, SUSPEND): (S.SUSPENDED, "grant:suspended"),
    (S.SUSPENDED, RESUME_ITEM): (S.SUSPENDED, "grant:item_resumed"),
    (S.SUSPENDED, RESUME): (S.ACTIVE, "grant:resumed"),
    (S.SUSPENDED, READY_AGAIN): (S.PENDING_DELIVERY, "grant:readied_again"),
    (S.SUSPENDED, TERMINATE): (S.TERMINATED, "grant:terminated"),
    (S.SUSPENDED, REVOKE): (S.REVOKED, "grant:revoked"),
    (S.SUSPENDED, EXPIRE): (S.EXPIRED, "grant:expired"),
}
REACHED: Final[Mapping[GrantStatus, tuple[Row, ...]]] = {
    S.PENDING_DELIVERY: (),
    S.ACTIVE: (ACTIVATE,),
    S.REVOKED: (REVOKE,),
    S.EXPIRED: (EXPIRE,),
    S.SUSPENDED: (SUSPEND,),
    S.TERMINATED: (SUSPEND, TERMINATE),
}


def taken(world: World, step: Row, *, behind: int = 0) -> None:
    """The step with the version its caller saw, perhaps some steps ``behind``."""
    with changing_grant(world) as (session, grant):
        words = {"why": "原因", "reason": "原因", "items": "经度", "ground": "依据变化"}
        version = grant.version - behind
        if step is TERMINATE:
            _consulted(session, grant)
        if step.to:
            grant.ground = Ground.BASIS_CHANGED if step is SUSPEND else None
        take(session, world.subjects["provider_head"], grant, step, version, words=words)


def _consulted(session: Session, grant: ShareGrant) -> None:
    """What the database asks of a termination."""
    who = session.connection().execute(text("SELECT id FROM app_user LIMIT 1")).scalar_one()
    parties = {"consumer_id": grant.consumer_id, "provider_id": grant.provider_id}
    record = GrantConsultation(
        consultation_no=f"CO-{grant.version}",
        grant_id=grant.id,
        grant_no=grant.grant_no,
        resource_title=grant.resource_title,
        status=ConsultationStatus.CONCLUDED,
        outcome=Outcome.AGREED,
        conclusion="同意",
        concluded_by=who,
        concluded_at=now(),
        **parties,
    )
    session.add(record)
    session.flush()
    filing = GrantFiling(
        filing_no=f"FL-{grant.version}",
        consultation_id=record.id,
        consultation_no=record.consultation_no,
        grant_no=grant.grant_no,
        status=FilingStatus.FILED,
        statement="备案",
        filed_by=who,
        filed_at=now(),
        **parties,
    )
    session.add(filing)
    arranged(session)
    grant.consultation_no, grant.filing_no = record.consultation_no, filing.filing_no
    grant.end_reason = "原因"


def in_state(world_at: At, state: GrantStatus) -> World:
    world = world_at("pending_grant")
    world.grant_no = grant_now(world).grant_no
    for step in REACHED[state]:
        taken(world, step)
    assert grant_now(world).status is state
    return world


def test_no_state_or_step_is_left_out() -> None:
    assert set(REACHED) == set(GrantStatus)
    assert {(before, step) for before, step, _after in LIFECYCLE.moves() if before} == set(LEADS_TO)


@pytest.mark.parametrize("state", GrantStatus)
@pytest.mark.parametrize("step", ROWS, ids=lambda step: step.name)
def test_each_step_leads_where_it_may_or_changes_nothing(
    world_at: At, state: GrantStatus, step: Row
) -> None:
    world = in_state(world_at, state)
    before, events = grant_now(world).model_dump(), trail(world.grant_no)
    if (state, step) not in LEADS_TO:
        with pytest.raises(GrantWrongState):
            taken(world, step)
        assert (grant_now(world).model_dump(), trail(world.grant_no)) == (before, events)
        return
    with pytest.raises(GrantChanged):
        taken(world, step, behind=1)
    assert (grant_now(world).model_dump(), trail(world.grant_no)) == (before, events)
    taken(world, step)
    target, event = LEADS_TO[state, step]
    after = grant_now(world)
    assert (after.status, after.version) == (target, before["version"] + (not step.is_note))
    assert trail(world.grant_no) == [*events, event]


@pytest.mark.parametrize(
    "step", [row for row in ROWS if S.PENDING_DELIVERY in row.at], ids=lambda step: step.name
)
def test_what_was_to_be_mended_is_done_or_falls_away(world_at: At, step: Row) -> None:
    world = in_state(world_at, S.PENDING_DELIVERY)
    taken(world, NOT_READY)
    assert task_kinds(world, "approver") == [MEND.kind]
    taken(world, step)
    kept = [MEND.kind] if step.tasks is Tasks.KEPT else []
    opened = [step.opens.kind] if step.opens else []
    assert sorted(task_kinds(world, "approver")) == sorted({*kept, *opened})


@pytest.mark.parametrize(("step", "is_credited"), [(PROVE, True), (REVOKE, False)])
def test_a_task_is_credited_to_who_did_it_and_to_nobody_when_it_fell_away(
    world_at: At, step: Row, is_credited: bool
) -> None:
    world = in_state(world_at, S.PENDING_DELIVERY)
    taken(world, NOT_READY)
    (task,) = tasks(world, "approver")
    taken(world, step)
    with looking() as session:
        done = session.get_one(Todo, task.id)
    assert done.done_at is not None
    assert done.done_by == (world.subjects["provider_head"].user_id if is_credited else None)
