"""A draft on its way while the same is saved: whichever comes first, nothing is left of it."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from fixtures.callers import client
from fixtures.page_forms import PAGE, shown
from fixtures.registering import drafted, edit, fields_of, resource, update_of
from fixtures.worlds import World
from sqlalchemy import text

from catalog.resources import service as registering
from shuqiao.db import unit_of_work

ABSTRACT = "全区中小学校的名称和地址"
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")


def has_come(draft: "Future[int]") -> bool:
    """Whether the draft is kept already, or waits for the one who saves."""
    with unit_of_work() as looking:
        waiting = looking.connection().execute(WAITING).scalar_one()
    return draft.done() or waiting > 0


def test_a_draft_that_overtakes_the_saving_of_the_same_is_not_left(
    committed_world: Callable[[str], World],
) -> None:
    world = committed_world("draft_resource")
    registrar, path = client(world, "registrar"), f"{edit(world)}/basic"
    typed = {**fields_of(shown(registrar, path), path), "abstract": ABSTRACT}

    def keep() -> int:
        return registrar.post(f"{path}/draft", data=typed, headers=PAGE).status_code

    with ThreadPoolExecutor(1) as pool:
        with unit_of_work() as saving:
            row = resource(saving, world, lock=True)
            body = update_of(registering.read(saving, row))
            registering.edit(
                saving,
                world.subjects["registrar"],
                row,
                body.model_copy(update={"abstract": ABSTRACT}),
                version=row.version,
            )
            draft = pool.submit(keep)
            until = time.monotonic() + 20
            while not has_come(draft) and time.monotonic() < until:
                time.sleep(0.01)
        assert draft.result(20) == 200
    assert drafted(world, "basic") is None
