"""The catalogue as a file: exactly what the list shows and the single
check allows, for several people and filters.
"""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from fixtures import callers
from fixtures.database import arranged
from fixtures.exchanging import change_entry
from fixtures.worlds import World
from sqlalchemy import text
from starlette.testclient import TestClient

from bench import catalogue
from catalog.search.repository import hits
from shuqiao.db import unit_of_work

At = Callable[[str], World]
PEOPLE = ("applicant", "registrar", "data_admin", "reviewer", "stranger")


@pytest.fixture
def world(world_at: At) -> World:
    """Drafts and entries in review beside thirty published resources."""
    world = world_at("crowded")
    with unit_of_work() as session:
        catalogue.fill(session.connection().connection.driver_connection, 30, is_excused=False)  # type: ignore[arg-type]
        arranged(session)
    return world


def exported(client: TestClient, kind: str, **query: Any) -> list[dict[str, Any]]:
    """Rows of an export by their titles, or the objects of JSON lines."""
    answer = client.get("/catalog/export", params={"format": kind, **query})
    assert answer.status_code == 200, answer.text
    assert int(answer.headers["content-length"]) == len(answer.content)
    if kind == "jsonl":
        return [json.loads(line) for line in answer.text.splitlines()]
    if kind == "csv":
        assert answer.content.startswith(b"\xef\xbb\xbf")
        return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def listed(client: TestClient, **query: Any) -> list[str]:
    """Codes of the list, page by page."""
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        answer = client.get("/api/v1/catalog", params={"limit": 7, **query, **cursor}).json()
        found += [hit["code"] for hit in answer["items"]]
        if answer["next"] is None:
            return found
        cursor = {"cursor": answer["next"]}


@pytest.mark.parametrize("who", PEOPLE)
def test_the_export_the_list_and_the_single_check_show_the_same(
    world: World, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hits, "EXPORT_PAGE", 10)  # several pages
    client = callers.client(world, who)
    with unit_of_work() as session:
        query = text("SELECT code FROM data_resource WHERE status = 'published'")
        published = set(session.connection().execute(query).scalars())
    single = {
        code
        for code in published
        if client.get(f"/api/v1/catalog/{code.replace('/', '-')}").is_success
    }
    by_name = {"share_type": "conditional", "sort": "title"}
    for filters in ({}, {"q": "登记"}, by_name, {"is_open": "true", "q": "信息"}):
        rows = [row["code"] for row in exported(client, "jsonl", **filters)]
        assert rows == listed(client, **filters), filters
        assert set(rows) <= single
    assert {row["资源代码"] for row in exported(client, "csv")} == single == published


def test_every_kind_of_file_holds_the_same_rows(world: World) -> None:
    client = callers.client(world, "applicant")
    codes = [row["code"] for row in exported(client, "jsonl")]
    assert len(codes) == 31
    assert [row["资源代码"] for row in exported(client, "csv")] == codes
    assert [row["资源代码"] for row in exported(client, "xlsx")] == codes
    assert exported(client, "jsonl")[0] == client.get("/api/v1/catalog").json()["items"][0]


def test_texts_stay_texts_and_nothing_runs(world: World) -> None:
    change_entry(world, title="=1+1", abstract="0012", keywords=["-2", "@SUM"], category="+3")
    client = callers.client(world, "applicant")
    (in_csv,) = (row for row in exported(client, "csv") if row["资源代码"].startswith("307001"))
    assert (in_csv["目录名称"], in_csv["数据分类"], in_csv["摘要"]) == ("'=1+1", "+3", "0012")
    assert in_csv["关键词"].startswith("'-2")  # @SUM follows
    answer = client.get(
        "/catalog/export", params={"format": "xlsx", "provider": "11150000009900021B"}
    )
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.active is not None
    assert book.active.freeze_panes == "A2"
    cells = {cell.column: cell for cell in book.active[2]}
    assert (cells[2].value, cells[2].data_type, cells[3].value) == ("=1+1", "s", "0012")
    assert cells[5].value == "11150000009900021B"


def test_a_file_is_named_in_words_and_an_unknown_kind_is_refused(world: World) -> None:
    client = callers.client(world, "applicant")
    answer = client.get("/catalog/export", params={"format": "csv"})
    assert (
        "filename*=UTF-8''%E6%95%B0%E6%8D%AE%E8%B5%84%E6%BA%90%E7%9B%AE%E5%BD%95-2026-02-11.csv"
        in answer.headers["content-disposition"]
    )
    assert client.get("/catalog/export", params={"format": "pdf"}).status_code == 422
    assert client.get("/catalog/export", params={"share_type": "x"}).status_code == 422


def test_an_export_is_a_read_of_the_catalogue_and_leaves_no_event(world: World) -> None:
    with unit_of_work() as session:
        before = session.connection().execute(text("SELECT count(*) FROM audit_event")).scalar()
    exported(callers.client(world, "applicant"), "csv")
    with unit_of_work() as session:
        assert (
            session.connection().execute(text("SELECT count(*) FROM audit_event")).scalar()
            == before
        )
