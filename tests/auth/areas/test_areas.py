"""The register of areas: what an area contains, and codes that are never used twice."""

import csv
from collections.abc import Callable
from pathlib import Path

import psycopg.errors
import pytest
from fixtures.organising import divisions
from fixtures.worlds import World
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import Session

from auth.areas import repository, service
from auth.areas.errors import CodeTaken, TableRefused
from auth.areas.models import Area
from auth.areas.schemas import AreaEnd, AreaRegister, Line, WantedAreas
from auth.areas.words import Rank, codes_above, span_of
from shuqiao.db import reading, unit_of_work
from shuqiao.errors import Invalid
from shuqiao.subject import Subject
from shuqiao.unrecorded import UnrecordedChange
from shuqiao.web.paging import PageRequest
from tests.auth.conftest import change, scalar

At = Callable[[str], World]
CLI = Subject.system("cli")
ZONE = {"code": "150272", "name": "示范区", "parent_code": "150200", "basis": "示例"}


def register(session: Session, **changed: str) -> Area:
    return service.register_functional(session, CLI, AreaRegister.model_validate(ZONE | changed))


def test_the_database_and_the_words_give_every_area_the_same_range(world_at: At) -> None:
    world_at("organised")
    with reading() as session:
        areas = repository.everything(session)
        assert len(areas) == len(divisions()) + 2, "the nation and the zone of Baotou"
        for area in areas:
            span = span_of(area.code)
            assert (area.span.lower, area.span.upper) == (span.start, span.stop), area.code
        by_code = {area.code: area for area in areas}
        for code, area in by_code.items():
            nearest = next((up for up in codes_above(code) if up in by_code), None)
            assert area.parent_code == nearest, "below the nearest area whose range it lies in"
        wanted = WantedAreas(within="150200")
        baotou, _next = repository.page(session, wanted, PageRequest(limit=200))
        assert {area.code[:4] for area in baotou} == {"1502"}
        assert {area.rank for area in baotou} == {Rank.CITY, Rank.COUNTY}
        assert "150271" in {area.code for area in baotou}


@pytest.mark.parametrize(
    ("changed", "pointer", "code"),
    [
        ({"code": "150300"}, "/code", "code_of_division"),
        ({"parent_code": "159900"}, "/parent_code", "unknown_area"),
        ({"code": "150371"}, "/code", "outside_parent"),
        ({"parent_code": "150000"}, "/code", "outside_parent"),  # Baotou lies between
    ],
)
def test_a_functional_area_lies_in_the_range_of_the_area_above(
    world_at: At, changed: dict[str, str], pointer: str, code: str
) -> None:
    world_at("organised")
    with unit_of_work() as session, pytest.raises(Invalid) as refused:
        register(session, **changed)
    assert [(each.pointer, each.code) for each in refused.value.errors] == [(pointer, code)]


def test_a_code_is_never_used_twice(world_at: At) -> None:
    world_at("organised")
    with unit_of_work() as session:
        area = register(session)
        assert area.valid_until is None
        service.end_functional(
            session, CLI, area, AreaEnd.model_validate({"valid_until": "2026-02-01"})
        )
    with unit_of_work() as session, pytest.raises(CodeTaken):
        register(session)
    for taken in ("150203", "150271"):
        with unit_of_work() as session, pytest.raises(CodeTaken):
            register(session, code=taken)
    with pytest.raises(ProgrammingError) as refused:
        change("DELETE FROM area WHERE code = '150272'")
    assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege)


def test_a_table_is_taken_in_again_and_deletes_nothing(world_at: At) -> None:
    world_at("organised")
    lines = [Line("150000", "内蒙古自治区"), Line("150203", "昆区"), Line("150299", "新设旗")]
    with unit_of_work() as session:
        loaded = service.load_divisions(session, CLI, lines, source="GB/T 2260 次年版")
    assert (loaded.added, loaded.renamed, loaded.ended) == (1, 1, 0)
    assert scalar("SELECT parent_code FROM area WHERE code = '150299'") == "150200"
    assert scalar("SELECT name FROM area WHERE code = '150204'") == "青山区"
    told = "SELECT count(*) FROM audit_event WHERE action = 'auth:area:loaded'"
    assert scalar(told) == 2
    wrong = [Line("150271", "某区"), Line("1502", "某市"), Line("150298", "")]
    with unit_of_work() as session, pytest.raises(TableRefused) as refused:
        service.load_divisions(session, CLI, wrong, source="x")
    assert [each.pointer for each in refused.value.errors] == ["/0/code", "/1/code", "/2/name"]


def test_no_change_without_its_event(world_at: At) -> None:
    world_at("organised")
    renamed = text("UPDATE area SET name = '别名' WHERE code = '150271'")
    with pytest.raises(UnrecordedChange, match="Area 150271"), unit_of_work() as session:
        session.connection().execute(renamed)


def test_the_sample_names_each_code_once(checkout: Path) -> None:
    table = (checkout / "samples" / "areas.csv").read_text(encoding="utf-8")
    codes = [row["代码"] for row in csv.DictReader(table.splitlines())]
    assert codes == sorted(set(codes))
    assert {"150200", "150203", "410300", "419001"} <= set(codes)
    assert not [code for code in codes if code[-2:] in ("71", "72", "73") and code[:2] in "1541"]
