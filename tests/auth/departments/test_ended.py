"""Departments that are merged and split: the successor is known, nothing new begins in them."""

from collections.abc import Callable

import pytest
from fixtures.organising import found, seen, state
from fixtures.people import DEPARTMENTS
from fixtures.worlds import World
from fixtures.written import entry
from sqlalchemy.exc import IntegrityError, ProgrammingError

from auth.accounts.service.accounts import create_user
from auth.departments import repository
from auth.departments import service as departments
from auth.departments.errors import DepartmentEnded
from auth.departments.words import Side
from auth.duties import service as duties
from auth.duties.errors import DutyEnded
from auth.duties.repository import of_department
from auth.duties.schemas import DutyEnd, DutyRecord
from auth.reorganisations import service as reorganising
from auth.reorganisations.schemas import ReorganisationRecord
from catalog.resources import repository as resources
from catalog.resources import service as registering
from catalog.resources.schemas import ResourceCreate
from server.reference.samples import of_body
from shuqiao.db import reading, unit_of_work
from shuqiao.errors import Invalid
from shuqiao.subject import Subject
from tests.auth.conftest import change, events, scalar

At = Callable[[str], World]
CLI = Subject.system("cli")
CODE = {key: code for key, (_name, code) in DEPARTMENTS.items()} | {"nobody": "11150000009900056X"}


def reorganise(kind: str, before: list[str], after: list[str], on: str = "2026-02-10") -> str:
    body = {
        "kind": kind,
        "document_no": "内党发〔2026〕2号",
        "effective_on": on,
        "before": [CODE[key] for key in before],
        "after": [CODE[key] for key in after],
    }
    with unit_of_work() as session:
        wanted = ReorganisationRecord.model_validate(body)
        return reorganising.reorganise(session, CLI, wanted).act_no


def refused(kind: str, before: list[str], after: list[str], on: str = "2026-02-10") -> list[str]:
    with pytest.raises(Invalid) as wrong:
        reorganise(kind, before, after, on)
    return [each.code for each in wrong.value.errors]


def test_an_act_that_is_none_is_refused(world_at: At) -> None:
    world_at("organised")
    assert refused("merged", ["education"], ["education"]) == ["no_merger"]
    assert refused("merged", ["education"], ["police", "civil"]) == ["no_merger"]
    assert refused("split", ["education", "civil"], ["police"]) == ["no_split"]
    assert refused("split", ["education"], ["police"]) == ["no_split"]
    assert refused("merged", ["nobody"], ["police"]) == ["unknown_department"]
    assert refused("merged", ["civil"], ["police"], on="2026-02-12") == ["day_to_come"]
    with unit_of_work() as session:
        state(session, CLI, found(session, "civil"), parent_code=CODE["education"])
    assert refused("merged", ["education"], ["police"]) == ["has_departments_below"]
    assert scalar("SELECT count(*) FROM reorganisation") == 0


def test_who_stands_only_before_has_ended_and_is_still_read(world_at: At) -> None:
    world = world_at("published_resource")
    act_no = reorganise("merged", ["education", "civil"], ["civil"])
    with reading() as session:
        education = seen(session, "education")
        assert education.ended_on is not None
        [act] = repository.acts_of(session, education.id)
        assert act.act_no == act_no
        stood = {
            (party.side, department.code)
            for party, department in repository.parties(session, [act.id])
        }
        assert stood == {
            (Side.BEFORE, CODE["education"]),
            (Side.BEFORE, CODE["civil"]),
            (Side.AFTER, CODE["civil"]),
        }
        resource = resources.by_code(session, world.resource_code)
        assert resource is not None and resource.provider_id == education.id
    for key in ("education", "civil"):
        assert events(f"auth:department:{CODE[key]}")[-1] == "auth:department:merged"


def test_nothing_new_begins_in_it(world_at: At) -> None:
    world = world_at("published_resource")
    reorganise("merged", ["education"], ["civil"])
    registrar = world.subjects["registrar"]
    with unit_of_work() as session, pytest.raises(DepartmentEnded):
        registering.register(session, registrar, ResourceCreate.model_validate(entry()))
    with unit_of_work() as session, pytest.raises(DepartmentEnded):
        create_user(
            session,
            CLI,
            account="xin.ren",
            name="新人",
            department_code=CODE["education"],
            roles=frozenset(),
            password="测试口令 correct horse",
        )
    with unit_of_work() as session, pytest.raises(DepartmentEnded):
        departments.must_all_be_open(session, found(session, "education").id)
    with unit_of_work() as session, pytest.raises(DepartmentEnded):
        state(session, CLI, found(session, "education"))
    # past the services, and back again
    for statement in (
        "INSERT INTO app_user SELECT (jsonb_populate_record(u, jsonb_build_object('id',"
        " gen_random_uuid(), 'account', 'xin.ren', 'account_skeleton', ''))).* FROM app_user u"
        " WHERE account = 'registrar'",
        "UPDATE department SET ended_on = NULL WHERE ended_on IS NOT NULL",
    ):
        with pytest.raises(IntegrityError):
            change(statement)
    with pytest.raises(ProgrammingError):
        change("DELETE FROM reorganised_department")


def test_a_duty_ends_and_is_never_deleted(world_at: At) -> None:
    world_at("organised")
    with unit_of_work() as session:
        civil = found(session, "civil")
        duty = duties.record(session, CLI, civil, DutyRecord.model_validate(of_body(DutyRecord)))
        number = duty.duty_no
    early = DutyEnd.model_validate({"valid_until": "2024-02-01"})
    with unit_of_work() as session, pytest.raises(Invalid):
        duties.end(session, CLI, found(session, "civil"), number, early)
    last = DutyEnd.model_validate({"valid_until": "2026-02-01"})
    with unit_of_work() as session:
        duties.end(session, CLI, found(session, "civil"), number, last)
    with unit_of_work() as session, pytest.raises(DutyEnded):
        duties.end(session, CLI, found(session, "civil"), number, last)
    with reading() as session:
        [kept] = of_department(session, seen(session, "civil").id)
        assert (kept.duty_no, str(kept.valid_until)) == (number, "2026-02-01")
    with pytest.raises(ProgrammingError):
        change("DELETE FROM duty")
    with pytest.raises(ProgrammingError):
        change("UPDATE duty SET text = '别的'")
    with pytest.raises(IntegrityError):
        change("UPDATE duty SET valid_until = NULL WHERE duty_no = :no", no=number)
