"""Pages of value domains: a list is made, refused with its rows, taken for a reason, looked up."""

import re
from collections.abc import Callable

import pytest
from fixtures.callers import client
from fixtures.listed import EDITION, SAMPLES, csv_of, make, send
from fixtures.page_forms import PAGE, filled, shown
from fixtures.worlds import World

from shuqiao.web.forms import anchor

At = Callable[[str], World]
ROWS = [
    {"代码": "410307", "名称": "洛龙区"},
    {"代码": "410307", "名称": "偃师区"},
    {"代码": "410308", "名称": ""},
]


@pytest.fixture
def world(world_at: At) -> World:
    return world_at("accounts")


def test_from_a_new_domain_over_its_report_to_the_edition(world: World) -> None:
    admin = client(world, "data_admin")
    made = filled(
        admin, "/domains", "/domains", {"name": "行政区划代码", "standard_no": "GB/T 2260"}
    )
    page = made.headers["location"]
    assert page == "/domains/VD-000001/import"
    content = ("list.csv", csv_of(ROWS), "text/csv")
    action = "/domains/VD-000001/editions/files"

    def sent(**fields: str) -> str:
        answer = filled(admin, page, action, {**EDITION, **fields}, files={"file": content})
        assert answer.status_code == 422
        return str(answer.text)

    report = sent()
    assert "代码表共 3 行、2 个不同代码，行数比代码多 1" in report
    assert report.count("<details open") == 1
    assert "偃师区" in report and "首次出现行" in report and "洛龙区" in report
    assert 'name="repeated_code"' in report and 'name="blank_label"' in report
    (reported,) = re.findall(r'name="reported" value="([0-9a-f]{64})"', report)
    # a reason for one of the two is not enough; what was typed stays
    again = sent(reported=reported, repeated_code="公布的原表即如此")
    assert "公布的原表即如此" in again and 'value="测试用"' in again
    reasons = {"repeated_code": "公布的原表即如此", "blank_label": "原表即空"}
    fields = {**EDITION, **reasons, "reported": reported}
    done = filled(admin, page, action, fields, files={"file": content})
    assert (done.status_code, done.headers["location"]) == (303, "/domains/VD-000001?done=1")
    reader = client(world, "applicant")
    assert "有保留缺陷" in shown(reader, "/domains/VD-000001")
    edition = shown(reader, "/domains/VD-000001/editions/1?q=41030")
    assert "公布的原表即如此" in edition and edition.count("410307</th>") == 2
    assert reader.get("/domains/VD-000001/import", headers=PAGE).status_code == 403
    assert "/domains/VD-000001/import" not in shown(reader, "/domains/VD-000001")


def test_missing_things_are_named_at_their_fields(world: World) -> None:
    admin, identifier = client(world, "data_admin"), make(world)
    page, action = f"/domains/{identifier}/import", f"/domains/{identifier}/editions/files"
    content = {"file": ("list.csv", b"a,b\n1,2\n", "text/csv")}
    bare = filled(admin, page, action, {"label": "x"}, files=content)
    assert bare.status_code == 422 and f'href="#{anchor("in_force_from")}"' in bare.text
    columns = filled(admin, page, action, EDITION, files=content)
    assert columns.status_code == 422
    assert "文件中没有这一列" in columns.text and "<details open" in columns.text
    assert filled(admin, "/domains", "/domains", {"name": "行政区划代码"}).status_code == 409


@pytest.mark.parametrize(
    ("file", "column", "count"),
    [
        ("division_codes.csv", "", 336),
        ("ethnic_groups.csv", "字母代码", 56),
        ("parties.csv", "", 10),
        ("degrees.csv", "", 56),
        ("industries.csv", "", 1_970),
        ("currencies.csv", "", 178),
    ],
)
def test_the_lists_of_the_samples_are_right(
    world: World, file: str, column: str, count: int
) -> None:
    identifier = make(world, file)
    answer = send(world, identifier, (SAMPLES / file).read_bytes(), code_column=column)
    assert answer.json()["code_count"] == count, answer.text
