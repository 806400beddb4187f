"""On the day after the last one nobody is told that a grant can be used, whether or not the
sweeper has come by: the same words as after it.
"""

from collections.abc import Callable
from typing import Final

import pytest
from fixtures.callers import client, data_client, once
from fixtures.exchanging import changing_grant, grant_now, trail
from fixtures.page_forms import PAGE, shown
from fixtures.worlds import World

from exchange.deliveries.service.proving import prove
from exchange.grants.errors import GrantWrongState
from exchange.grants.service import granting as service
from exchange.grants.tasks import expire
from exchange.grants.words import GrantStatus
from shuqiao.settings import settings

At = Callable[[str], World]
SetMoment = Callable[[str], None]

#: The story's grant ends on 31 December, a day of Beijing.
LAST: Final = "2026-12-31T23:59:59+08:00"
AFTER: Final = "2027-01-01T00:00:00+08:00"
WORDS: Final = {"zh-CN": ("有效", "已到期"), "en": ("Active", "Expired")}


@pytest.fixture
def set_moment(monkeypatch: pytest.MonkeyPatch) -> SetMoment:
    def move(moment: str) -> None:
        monkeypatch.setattr(settings(), "clock", moment)

    return move


def tag(words: str) -> str:
    return f">{words}</span>"


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize(("moment", "place"), [(LAST, 0), (AFTER, 1)])
def test_the_interface_says_how_it_stands(
    world_at: At, set_moment: SetMoment, language: str, moment: str, place: int
) -> None:
    world = world_at("active_grant")
    set_moment(moment)
    caller = client(world, "applicant")
    asked = {"accept-language": language}
    one = caller.get(f"/api/v1/grants/{world.grant_no}", headers=asked).json()
    (listed,) = caller.get("/api/v1/grants", headers=asked).json()["items"]
    for each in (one, listed):
        assert each["status"] == ("active", "expired")[place]
        assert each["status_label"] == WORDS[language][place]
    assert grant_now(world).status is GrantStatus.ACTIVE, "the sweeper has not come by"


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize(("moment", "place"), [(LAST, 0), (AFTER, 1)])
def test_every_page_with_its_state_says_how_it_stands(
    world_at: At, set_moment: SetMoment, language: str, moment: str, place: int
) -> None:
    world = world_at("active_grant")
    set_moment(moment)
    caller, asked = client(world, "applicant"), {**PAGE, "accept-language": language}
    for path in (f"/grants/{world.grant_no}", "/grants", f"/requests/{world.request_no}"):
        html = caller.get(path, headers=asked).text
        assert tag(WORDS[language][place]) in html, path
        assert tag(WORDS[language][1 - place]) not in html, path


def test_what_leads_to_the_data_is_gone_with_the_last_day(
    world_at: At, set_moment: SetMoment
) -> None:
    world = world_at("active_grant")
    applicant, entry = client(world, "applicant"), f"/catalog/{world.resource_code}"
    address = f"/grants/{world.grant_no}"
    set_moment(LAST)
    assert "Client.from_profile()" in shown(applicant, address)
    assert address in shown(applicant, entry)
    assert "即将到期的共享授权" in shown(applicant, "/")
    set_moment(AFTER)
    page = shown(applicant, address)
    assert "Client.from_profile()" not in page
    assert "使用期限已满" in page
    assert address not in shown(applicant, entry)
    assert "即将到期的共享授权" not in shown(applicant, "/")


def test_a_fetch_is_refused_with_the_true_reason(world_at: At, set_moment: SetMoment) -> None:
    world = world_at("active_grant")
    set_moment(AFTER)
    with data_client(world, "applicant") as reader:
        answer = reader.get(f"/api/v1/grants/{world.grant_no}/data", headers={"accept": "*/*"})
    assert answer.status_code == 403
    assert (answer.json()["code"], answer.json()["status"]) == ("grant_not_live", 403)
    assert "已到期" in answer.json()["detail"]


def test_nothing_is_offered_and_nothing_taken_between_the_last_day_and_the_sweeper(
    world_at: At, set_moment: SetMoment
) -> None:
    world = world_at("active_grant")
    head, address = client(world, "provider_head"), f"/grants/{world.grant_no}"
    assert f"{address}/revocation" in shown(head, address)
    set_moment(AFTER)
    assert f"{address}/revocation" not in shown(head, address)
    answer = head.post(
        f"/api/v1{address}/revocations",
        json={"reason": "使用目的已经实现"},
        headers={**once(), "if-match": f'"v{grant_now(world).version}"'},
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
    assert "已到期" in answer.json()["detail"]
    assert expire() == 1
    assert trail(world.grant_no)[-1] == "grant:expired"


def test_a_plan_that_comes_to_its_end_too_late_tells_nobody_to_fetch(
    world_at: At, set_moment: SetMoment
) -> None:
    world = world_at("pending_grant")
    set_moment(AFTER)
    prove(world.grant_no)
    with changing_grant(world) as (session, grant), pytest.raises(GrantWrongState):
        service.ask_proof(session, world.subjects["approver"], grant, grant.version)
    assert trail(world.grant_no) == ["grant:issued"]
    assert "已到期" in shown(client(world, "applicant"), f"/grants/{world.grant_no}")
