"""Departments as they are described: a tree that closes no circle, levels and areas that fit."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from fixtures.organising import found, seen, state
from fixtures.people import DEPARTMENTS
from fixtures.worlds import World
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from auth.departments import repository
from auth.departments import service as departments
from auth.departments.errors import DepartmentChanged, NameChanged
from auth.departments.schemas import ActRecord, DepartmentDescribe, WantedDepartments
from auth.departments.words import Level, Regime
from shuqiao.db import reading, unit_of_work
from shuqiao.errors import Conflict, Invalid, ShuqiaoError
from shuqiao.subject import Subject
from tests.auth.conftest import change, scalar

At = Callable[[str], World]
CLI = Subject.system("cli")
SAID: dict[str, Any] = {"level": "province", "area_code": "150000"}
CODE = {key: code for key, (_name, code) in DEPARTMENTS.items()}


def say(key: str, **said: Any) -> None:
    with unit_of_work() as session:
        state(session, CLI, found(session, key), **said)


def refused(key: str, **said: Any) -> list[tuple[str, str]]:
    """The fields and codes for which a description is refused."""
    with unit_of_work() as session, pytest.raises(Invalid) as wrong:
        state(session, CLI, found(session, key), **said)
    return [(each.pointer, each.code) for each in wrong.value.errors]


def names_found(session: Session, **wanted: Any) -> set[str]:
    return {row.name for row in repository.found(session, WantedDepartments(**wanted))}


def test_what_was_there_before_is_not_stated_yet_and_nothing_is_guessed(world_at: At) -> None:
    world_at("accounts")
    with reading() as session:
        rows = repository.listed(session)
        assert {(row.level, row.area_code, row.line, row.regime) for row in rows} == {(None,) * 4}
        assert names_found(session, is_unstated=True) == {row.name for row in rows}


def test_the_tree_closes_no_circle_and_nobody_stands_above_the_one_above(world_at: At) -> None:
    world_at("organised")
    say("bureau", **SAID)
    say("education", **SAID, parent_code=CODE["bureau"])
    say("police", level="city", area_code="150200", parent_code=CODE["education"])
    with reading() as session:
        names = repository.names(session, repository.above(session, found_id(session, "police")))
        assert len(names) == 3
    circle = [("/parent_code", "circle")]
    assert refused("bureau", **SAID, parent_code=CODE["bureau"]) == circle
    assert refused("bureau", **SAID, parent_code=CODE["education"]) == circle
    assert refused("bureau", parent_code=CODE["police"]) == circle
    above = {"level": "national", "area_code": "100000", "parent_code": CODE["bureau"]}
    assert refused("education", **above) == [("/level", "above_its_parent")]
    assert refused("education", level="county", area_code="150203") == [
        ("/level", "below_does_not_fit")
    ]
    # past the services the database says so too
    for wrong in (
        "parent_id = (SELECT id FROM department WHERE code = :other)",
        "level = 'township', area_code = '150203'",
        "level = 'city', area_code = '150000'",
        "parent_id = id",
    ):
        with pytest.raises(IntegrityError):
            change(
                f"UPDATE department SET {wrong}"
                " WHERE code = :code AND CAST(:other AS text) IS NOT NULL",
                code=CODE["bureau"],
                other=CODE["police"],
            )


def found_id(session: Session, key: str) -> Any:
    return seen(session, key).id


def test_two_moves_at_once_close_no_circle(committed_world: At) -> None:
    committed_world("organised")
    ready = threading.Barrier(2)

    def move(key: str, above: str) -> bool:
        ready.wait()
        try:
            say(key, parent_code=CODE[above])
        except (ShuqiaoError, IntegrityError):
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(move, ("bureau", "civil"), ("civil", "bureau")))
    assert sorted(done) == [False, True]


def test_level_and_area_fit(world_at: At) -> None:
    world_at("organised")
    wrong = [("/area_code", "level_and_area")]
    assert refused("bureau", level="city", area_code="150000") == wrong
    assert refused("bureau", level="province", area_code="150203") == wrong
    assert refused("bureau", level="national", area_code="150000") == wrong
    assert refused("bureau", level="township", area_code="150200") == wrong
    assert refused("bureau", area_code="159999") == [("/area_code", "unknown_area")]
    say("bureau", level="township", area_code="150203")
    no_street = [("/parent_code", "no_street")]
    assert refused("civil", level="using_point", area_code="150203") == no_street
    say("civil", level="using_point", area_code="150203", parent_code=CODE["bureau"])
    assert refused("bureau", level="county", area_code="150203") == [
        ("/level", "below_does_not_fit")
    ]
    say("police", level="county", area_code="150271")  # a functional area has a committee
    with reading() as session:
        assert names_found(session, area="150200") == {
            DEPARTMENTS[key][0] for key in ("bureau", "civil", "police")
        }
        assert names_found(session, level=Level.USING_POINT) == {DEPARTMENTS["civil"][0]}
        assert names_found(session, parent=CODE["bureau"]) == {DEPARTMENTS["civil"][0]}


@pytest.mark.parametrize(
    "contact", ["0471-482 1234", "手机：１３８００１３８０００", "(0472) 5618888"]
)
def test_the_contact_has_no_telephone_number(world_at: At, contact: str) -> None:
    world_at("organised")
    assert refused("bureau", sharing_contact=contact) == [("/sharing_contact", "telephone_number")]
    say("bureau", sharing_contact="2 号楼 415 室")


def test_a_stale_description_is_refused(world_at: At) -> None:
    world_at("organised")
    body = DepartmentDescribe()
    with unit_of_work() as session:
        bureau = found(session, "bureau")
        with pytest.raises(DepartmentChanged):
            departments.describe(session, CLI, bureau, body, version=bureau.version + 1)


def test_no_source_is_named_over_an_organ_to_which_the_regulations_apply_by_reference(
    world_at: At,
) -> None:
    world_at("organised")
    say("bureau", regime="by_reference")
    with reading() as session:
        for key, may in (("bureau", False), ("education", True), ("civil", True)):
            department = seen(session, key)
            assert departments.may_have_source_named(department) is may
            assert departments.may_be_reprimanded(department) is may
        assert seen(session, "bureau").regime is Regime.BY_REFERENCE


def test_a_former_name_stays_readable_and_is_searched(world_at: At) -> None:
    world_at("organised")
    before, name = DEPARTMENTS["education"][0], "内蒙古自治区教育和科技厅"

    def rename(**act: Any) -> None:
        with unit_of_work() as session:
            departments.rename_department(
                session,
                CLI,
                found(session, "education"),
                name=name,
                before=before,
                act=ActRecord(**act),
            )

    with pytest.raises(Invalid) as wrong:
        rename(effective_on=date(2026, 2, 12))
    assert wrong.value.errors[0].pointer == "/effective_on"
    rename(document_no="内党发〔2026〕1号")
    with reading() as session:
        assert names_found(session, words="教育厅") == {name}
        assert list(repository.former_names(session).values()) == [[before]]
    with pytest.raises(NameChanged):
        rename()
    with unit_of_work() as session:
        police = found(session, "police")
        with pytest.raises(Conflict):
            departments.rename_department(session, CLI, police, name=name, before=police.name)
    assert scalar("SELECT count(*) FROM reorganisation") == 1
