"""Areas and departments are chosen or typed by name in forms; what is meant is said, or offered."""

from collections.abc import Callable
from typing import Any

import pytest
from fixtures import organising
from fixtures.callers import client
from fixtures.page_forms import filled, shown
from fixtures.people import DEPARTMENTS
from fixtures.worlds import World

from auth.departments.forms import with_codes
from auth.departments.views import named
from shuqiao.db import reading, unit_of_work
from shuqiao.web.forms import Form, FormInvalid

At = Callable[[str], World]
EDUCATION = DEPARTMENTS["education"]


@pytest.fixture
def world(world_at: At) -> World:
    world = world_at("adopted_element")
    with unit_of_work() as session:
        organising.describe(session, world.subjects["data_admin"])
    return world


def coded(**said: str) -> dict[str, str]:
    form = Form.of(said)
    with reading() as session:
        found = with_codes(session, form, of_areas=["area_code"], of_departments=["department"])
    return {name: found.text(name) for name in said}


@pytest.mark.usefixtures("world")
class TestCodes:
    @pytest.mark.parametrize("said", ["包头市", "150200", " 包头市 "])
    def test_an_area_by_name_or_code(self, said: str) -> None:
        assert coded(area_code=said) == {"area_code": "150200"}

    @pytest.mark.parametrize("said", EDUCATION)
    def test_a_department_by_name_or_code(self, said: str) -> None:
        assert coded(department=said, note="x") == {"department": EDUCATION[1], "note": "x"}

    def test_the_whole_country_and_nothing_are_left_alone(self) -> None:
        assert coded(area_code="100000", department="") == {"area_code": "100000", "department": ""}

    @pytest.mark.parametrize(
        ("name", "said", "offered"),
        [
            ("area_code", "包头", "150200"),
            ("area_code", "150299", "15029"),
            ("department", "内蒙古教育厅", EDUCATION[1]),
        ],
    )
    def test_what_is_called_so_nowhere_is_offered_the_nearest(
        self, name: str, said: str, offered: str
    ) -> None:
        with pytest.raises(FormInvalid) as refused:
            coded(**{name: said})
        (error,) = refused.value.form.errors
        assert (error.name, refused.value.form.text(name)) == (name, said)
        text = error.text.render("zh_CN")
        assert offered[:4] in text and "是否为" in text, text

    def test_both_are_told_at_once(self) -> None:
        with pytest.raises(FormInvalid) as refused:
            coded(area_code="月球", department="不存在的部门啊")
        assert [each.name for each in refused.value.form.errors] == ["area_code", "department"]

    def test_of_the_same_name_the_code_is_asked_for(self) -> None:
        with reading() as session:
            offered = named(session)
        twice = [value for value, words in offered.areas if value.isdigit()]
        assert EDUCATION in offered.departments and ("包头市", "150200") in offered.areas
        assert all(code.isdigit() for code in twice)


def test_a_form_takes_the_name_and_shows_it_again(world: World) -> None:
    path = f"/elements/{world.element_identifier}/source/claim"
    basis = {"document": "教育厅职能配置规定"}
    registrar = client(world, "registrar")
    assert '<option value="包头市">150200' in shown(registrar, path)
    wrong = filled(registrar, path, path, {**basis, "area_code": "包头"})
    assert wrong.status_code == 422
    assert "包头市" in wrong.text and 'value="包头"' in wrong.text
    assert filled(registrar, path, path, {**basis, "area_code": "包头市"}).status_code == 303
    found: Any = client(world, "registrar").get("/api/v1/source-claims").json()["items"][0]
    assert found["area_code"] == "150200"
