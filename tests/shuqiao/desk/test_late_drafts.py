"""A draft on its way while its form is sent: whichever comes first, nothing is left of it."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from fixtures.worlds import World
from sqlalchemy import text
from sqlmodel import Session

from shuqiao.db import unit_of_work
from shuqiao.desk.drafts import Draft, Kept

WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
LI = UUID(int=7)


def of_form(session: Session) -> Draft:
    return Draft(session, LI, "request/new", "307001/000001")


def keep() -> Kept | None:
    with unit_of_work() as session:
        return of_form(session).keep({"basis": ["依据"]}, "form-1")


def waits() -> bool:
    with unit_of_work() as looking:
        return bool(looking.connection().execute(WAITING).scalar_one())


def test_a_draft_that_comes_while_its_form_is_sent_waits_and_is_not_kept(
    committed_world: Callable[[str], World],
) -> None:
    committed_world("accounts")
    with ThreadPoolExecutor(1) as pool:
        with unit_of_work() as sending:
            of_form(sending).sent("form-1")
            late = pool.submit(keep)
            until = time.monotonic() + 20
            while not (late.done() or waits()) and time.monotonic() < until:
                time.sleep(0.01)
            assert not late.done()
        assert late.result(20) is None
    with unit_of_work() as session:
        assert of_form(session).kept() is None
