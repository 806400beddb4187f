"""Windows of people of a world, before the control role's application served from this process."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from fixtures.browser import Opened, OpenPage, served
from fixtures.callers import control_app
from fixtures.people import DEPARTMENTS
from fixtures.worlds import World

from auth.identify import cookie_name
from shuqiao.web.preferences import CHOICES

Window = Callable[..., Opened]


@pytest.fixture(scope="session")
def origin() -> Iterator[str]:
    """The application on a free port; it uses whatever database the world of the moment is in."""
    with served(control_app()) as address:
        yield address


@pytest.fixture
def window(open_page: OpenPage, origin: str) -> Window:
    """``window(world, "applicant", width=320, lang="en",
    type="large")``: that person's window, nothing opened yet.
    """

    def of(
        world: World, who: str | None, *, width: int = 1366, scripts: bool = True, **preferred: Any
    ) -> Opened:
        cookies = cookies_of(world, who, preferred)
        opened = open_page(origin, width=width, scripts=scripts, cookies=cookies)
        opened.page.emulate_media(
            reduced_motion="reduce"
        )  # what is looked at is not on its way to somewhere
        return opened

    return of


def cookies_of(world: World, who: str | None, preferred: Mapping[str, Any]) -> dict[str, str]:
    cookies = {name: value for name, value in preferred.items() if value in CHOICES[name]}
    return cookies if who is None else cookies | {cookie_name(): world.cookies[who]}


def path_in(world: World, path: str) -> str:
    """``path`` with the numbers of the world's own things."""
    return path.format(
        resource=world.resource_code,
        request=world.request_no,
        grant=world.grant_no,
        consultation=world.consultation_no,
        delivery=world.delivery_no,
        event=world.event_id,
        change=world.change_no,
        cause=world.cause_no,
        proposal=world.proposal_no,
        claim=world.claim_no,
        suspicion=world.suspicion_id,
        conflict=world.conflict_no,
        negative=world.negative_no,
        contest=world.contest_no,
        element=world.element_identifier,
        system=world.system_no,
        act=world.act_no,
        job=world.job_number,
        applicant=world.account("applicant"),
        seat=world.seat_no,
        department=DEPARTMENTS["education"][1],
        duty="DU-2026-000001",
    )
