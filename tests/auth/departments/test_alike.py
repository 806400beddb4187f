"""A name that looks like another's is refused, by every way in, and old ones that do are kept."""

from collections.abc import Callable

import pytest
from fixtures.callers import client, once
from fixtures.world import Worlds
from fixtures.worlds import World
from sqlalchemy.exc import DBAPIError

from auth.accounts.errors import AccountLooksAlike
from auth.accounts.service import accounts
from auth.departments import service
from auth.departments.errors import DepartmentLooksAlike
from auth.departments.models import Department
from server.process import migrating
from shuqiao.db import reading, unit_of_work
from shuqiao.skeletons import skeleton
from shuqiao.subject import Subject

At = Callable[[str], World]
CLI = Subject.system("cli")
EDUCATION, FREE = "11150000009900021B", "11150000009900056X"
#: Spellings of 内蒙古自治区教育厅: a radical, a variant, traditional, blanks, full-width, unseen.
ALIKE = (
    *("内蒙古⾃治区教育厅", "内蒙古自治区教育廳", "內蒙古自治區教育廳", "内蒙古 自治区教育厅"),
    *(
        "内蒙古自治区　教育厅",
        "内蒙古自治区·教育厅",
        "（内蒙古自治区）教育厅",
        "内蒙古自治区教\U000e0100育厅",
    ),
    *("内蒙古自治区教\ufe00育厅", "内蒙古自治区教育厅。"),
)


def name_of_education() -> str:
    with reading() as session:
        return service.department_by_code(session, EDUCATION).name


@pytest.mark.parametrize("name", ALIKE)
def test_a_department_that_looks_like_another_is_refused(world_at: At, name: str) -> None:
    world = world_at("accounts")
    assert skeleton(name) == skeleton(name_of_education())
    admin = client(world, "system_admin")
    body = {"code": FREE, "name": name}
    answer = admin.post("/api/v1/departments", json=body, headers=once())
    said = answer.json()
    assert (answer.status_code, said["code"]) == (409, "department_looks_alike"), said
    assert [error["pointer"] for error in said["errors"]] == ["#/name"]
    assert EDUCATION in said["detail"] and said["errors"][0]["fix"]
    with unit_of_work() as session, pytest.raises(DepartmentLooksAlike):
        service.create_department(session, CLI, code=FREE, name=name)


def test_a_rename_is_asked_the_same_and_may_keep_its_own_look(world_at: At) -> None:
    world_at("accounts")
    with unit_of_work() as session:
        made = service.create_department(session, CLI, code=FREE, name="内蒙古自治区水利厅")
        with pytest.raises(DepartmentLooksAlike):
            service.rename_department(session, CLI, made, name=ALIKE[0], before=made.name)
    with unit_of_work() as session:
        found = service.department_by_code(session, FREE, lock=True)
        assert found.name == "内蒙古自治区水利厅"
        other = "内蒙古自治区 水利厅"
        service.rename_department(session, CLI, found, name=other, before=found.name)
    with reading() as session:
        assert service.department_by_code(session, FREE).name == other


def test_of_two_at_the_same_moment_the_database_refuses_one(world_at: At) -> None:
    world_at("accounts")
    alike = Department(code=FREE, name=ALIKE[0], name_skeleton=skeleton(ALIKE[0]))
    with pytest.raises(DBAPIError, match="department_name_skeleton_key"), unit_of_work() as session:
        session.add(alike)


def test_an_account_that_looks_like_another_is_refused(world_at: At) -> None:
    world_at("accounts")

    def create(account: str) -> None:
        with unit_of_work() as session:
            accounts.create_user(
                session,
                CLI,
                account=account,
                name="李娜",
                department_code=EDUCATION,
                roles=frozenset(),
                password="测试口令 correct horse",
            )

    create("li.na10")
    for alike in ("li-na10", "li.nal0", "li.na1o", "ii.nalo", "l1.nai0"):
        with pytest.raises(AccountLooksAlike) as refused:
            create(alike)
        assert [error.pointer for error in refused.value.errors] == ["/account"]
    for other in ("lin.a10", "lina10", "li.na11", "li.ma10"):
        create(other)


def test_names_that_were_alike_before_are_kept_and_say_so(
    committed_world: At, worlds: Worlds
) -> None:
    """An old database may hold them: it is brought up whole, the second names the first."""
    world = committed_world("accounts")
    address = worlds.owner_address(world)
    worlds.let_go(world)
    migrating.downgrade(address, "0052")
    with worlds.as_owner(world) as owner, owner.transaction():
        owner.execute(b"SELECT guard.excuse('an old state')")
        for number, name in enumerate(ALIKE[:3]):
            code = f"1115000000990009{number}X"
            owner.execute(
                "INSERT INTO department (id, code, name, created_at) VALUES"
                " (gen_random_uuid(), %s, %s, now())",
                [code, name],
            )
    migrating.upgrade(address)
    with worlds.as_owner(world) as owner:
        kept = owner.execute(
            "SELECT d.name, first.code FROM department d"
            " LEFT JOIN department first ON first.id = d.looks_like_id"
            " WHERE d.name_skeleton = %s ORDER BY d.looks_like_id IS NOT NULL",
            [skeleton(ALIKE[0])],
        ).fetchall()
    assert len(kept) == 4 and kept[0][1] is None
    assert {code for _name, code in kept[1:]} == {EDUCATION}
    admin = client(world, "system_admin")
    assert admin.get("/admin/departments").text.count(f"{EDUCATION} 看上去相同") == 3
    page = admin.get("/admin/departments/11150000009900090X").text
    assert f'href="/admin/departments/{EDUCATION}"' in page
