"""What a later version of the entry does to requests that are under way: it is shown, and touches
only new ones; an item it no longer offers stops at the next step.
"""

from collections.abc import Callable
from typing import Final

import pytest
from fixtures.callers import client
from fixtures.exchanging import (
    WITHHOLD,
    change_entry,
    change_items,
    changing,
    clock_of,
    granting,
    prepare,
    request_now,
    trail,
)
from fixtures.page_forms import shown
from fixtures.worlds import World

from exchange.requests import service
from exchange.requests.words import RequestStatus
from shuqiao.errors import Invalid

At = Callable[[str], World]
TITLE: Final = "目录已变更：申请所依据的是第1版，现行为第2版"
WORDS: Final = "不得提供给第三方，使用后三十日内销毁。"
CHANGES: Final = {
    "withheld": WITHHOLD,
    "removed": "UPDATE resource_item SET removed_in = 2 WHERE id = :item",
}
CODES: Final = {"withheld": "negative_item", "removed": "removed_item"}
SAID: Final = {"withheld": "“经度”已列入负面清单", "removed": "“经度”已不是该数据资源的信息项"}


@pytest.mark.parametrize("state", ["draft_request", "asked_request", "submitted_request"])
def test_an_open_request_shows_what_is_different_now(world_at: At, state: str) -> None:
    world = world_at(state)
    own = f"/requests/{world.request_no}"
    assert TITLE not in shown(client(world, "applicant"), own)
    change_entry(world, use_condition=WORDS)
    page = shown(client(world, "applicant"), own)
    assert TITLE in page
    told = client(world, "applicant").get(f"/api/v1{own}").json()
    assert (told["resource_version"], told["latest_version"], told["edition_no"]) == (1, 2, 1)
    assert [(each["field"], each["after"]) for each in told["entry_changes"]] == [
        ("使用条件", WORDS)
    ]
    assert WORDS in page
    if state == "submitted_request":
        decision = shown(client(world, "approver"), f"{own}/decision")
        assert TITLE in decision
        assert WORDS in decision


def test_a_request_that_is_over_shows_nothing_of_it(world_at: At) -> None:
    world = world_at("pending_grant")
    change_entry(world, use_condition=WORDS)
    assert TITLE not in shown(client(world, "applicant"), f"/requests/{world.request_no}")


def test_the_clock_goes_by_the_version_that_was_asked_for(world_at: At) -> None:
    world = world_at("asked_request")
    change_entry(world, share_type="unconditional")
    with changing(world) as (session, request):
        service.consent(session, world.subjects["consumer_head"], request, request.version, "")
    assert clock_of(world.request_no).limit_days == 10
    read = client(world, "applicant").get(f"/api/v1/requests/{world.request_no}").json()
    assert (read["share_type"], read["resource_version"]) == ("conditional", 1)


def test_a_request_that_is_changed_goes_by_the_new_version(world_at: At) -> None:
    world = world_at("draft_request")
    change_entry(world, share_type="unconditional")
    applicant, head = world.subjects["applicant"], world.subjects["consumer_head"]
    with changing(world) as (session, request):
        service.edit(
            session, applicant, request, request.version, service.answers(session, request)
        )
        service.ask_consent(session, applicant, request, request.version)
        service.consent(session, head, request, request.version, "")
    assert clock_of(world.request_no).limit_days == 1


@pytest.mark.parametrize("why", CHANGES)
def test_an_item_that_is_gone_stops_the_next_step_with_its_name(world_at: At, why: str) -> None:
    world = world_at("asked_request")
    change_items(world, CHANGES[why], item=world.item_ids[3])
    with changing(world) as (session, request), pytest.raises(Invalid) as refused:
        service.consent(session, world.subjects["consumer_head"], request, request.version, "")
    (error,) = refused.value.errors
    assert (error.pointer, error.code) == ("/item_ids/3", CODES[why])
    assert error.detail.render("zh_CN").startswith(SAID[why])
    assert request_now(world).status is RequestStatus.OWN_CONSENT
    assert trail(world.request_no)[-1] == "request:consent_asked"


@pytest.mark.parametrize("why", CHANGES)
def test_it_cannot_be_granted_any_more(world_at: At, why: str) -> None:
    world = world_at("submitted_request")
    change_items(world, CHANGES[why], item=world.item_ids[3])
    with pytest.raises(Invalid) as refused:
        prepare(world, granting(world))
    assert [error.code for error in refused.value.errors] == [CODES[why]]
