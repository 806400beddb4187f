"""Upkeep by ``sq``: another class, more time, what is overdue, what a request stands on."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fixtures.exchanging import change_entry
from fixtures.worlds import World

from shuqiao_client import Profile
from tests.sdk.test_registering import Done, of, sq

__all__ = ["sq"]
Live = Callable[[str], tuple[World, Profile]]
WORDS = "使用后三十日内销毁。"


@pytest.mark.slow
def test_the_class_of_a_draft_is_chosen_again(
    live: Live, sq: Callable[..., Done], tmp_path: Path
) -> None:
    world, anybody = live("adopted_element")
    registrar = of(world, anybody.endpoint, "registrar", "catalog:write")
    draft = ("--class-code", "307001", "--title", "学校", "--share-type", "conditional")
    made = json.loads(sq(registrar, "resource", "register", *draft, "--json").stdout)
    code = made["code"].replace("/", "-")
    chosen = sq(registrar, "resource", "choose-class", code, "306001", "--json")
    assert (chosen.returncode, json.loads(chosen.stdout)["code"][:6]) == (0, "306001")
    assert sq(registrar, "resource", "show", code, "--now").returncode == 3, "the old code is gone"


@pytest.mark.slow
def test_more_time_is_asked_for_and_what_is_overdue_is_listed(
    live: Live, sq: Callable[..., Done]
) -> None:
    world, anybody = live("changed_law")
    registrar = of(world, anybody.endpoint, "registrar", "catalog:write")
    assert "2026-03-02" in sq(registrar, "resource", "show-change-event", world.change_no).stdout
    asked = sq(
        *(registrar, "resource", "ask-extension", world.change_no),
        *("--working-days", "3", "--reason", "逐项核实", "--json"),
    )
    assert json.loads(asked.stdout)["status"] == "extension_asked"
    admin = of(world, anybody.endpoint, "data_admin", "desk:read", "catalog:review")
    assert json.loads(sq(admin, "overdue", "list", "--json").stdout) == []
    assert json.loads(sq(admin, "review", "self", "--json").stdout) == []
    assert sq(registrar, "overdue", "list").returncode == 5, "not a registrar's"


@pytest.mark.slow
def test_a_request_tells_what_became_of_its_subject(live: Live, sq: Callable[..., Done]) -> None:
    world, anybody = live("submitted_request")
    change_entry(world, use_condition=WORDS)
    applicant = of(world, anybody.endpoint, "applicant", "requests:write")
    told = sq(applicant, "request", "show", world.request_no)
    assert told.returncode == 0, told.stderr
    assert WORDS in told.stdout
    assert "现行版本\t2" in told.stdout
    assert "数据更新批次\t1" in told.stdout
