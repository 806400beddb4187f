from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from fixtures import callers
from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Uuid,
    column,
    select,
    values,
)
from sqlalchemy.dialects import postgresql
from starlette.requests import Request
from starlette.responses import Response

from shuqiao.errors import Invalid, ShuqiaoError
from shuqiao.settings import settings
from shuqiao.web import paging
from shuqiao.web.paging import Page, PageDep, PageRequest
from shuqiao.web.problem import problem_response

thing = Table(
    "thing",
    MetaData(),
    Column("name", String, nullable=False),
    Column("id", Integer, primary_key=True),
)
ROWS = [(f"n{number // 3:03d}", number) for number in range(25)]


@pytest.fixture(autouse=True)
def own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SHUQIAO_HOME", str(tmp_path))
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()

    @app.get("/things")
    def things(page: PageDep, q: str = "") -> Page[int]:
        rows = [row for row in ROWS if page.after is None or row > page.after][: page.limit + 1]
        kept, cursor = page.cut(rows, key=lambda row: row)
        return Page(items=[number for _, number in kept], next=cursor)

    @app.exception_handler(ShuqiaoError)
    def refused(request: Request, error: ShuqiaoError) -> Response:
        return problem_response(error)

    return callers.sharing(TestClient(app))


def test_following_next_gives_every_row_once(client: TestClient) -> None:
    seen: list[int] = []
    address: str | None = "/things?limit=10&q=x"
    while address:
        answer = client.get(address)
        seen += answer.json()["items"]
        address = answer.links["next"]["url"] if "next" in answer.links else None
        assert (address is None) == (answer.json()["next"] is None)
    assert seen == list(range(25))


def test_edited_or_foreign_cursor_is_422(client: TestClient) -> None:
    cursor = client.get("/things?limit=10&q=x").json()["next"]
    assert client.get("/things", params={"q": "x", "cursor": cursor}).status_code == 200
    for position in range(0, len(cursor), 7):
        edited = (
            cursor[:position] + ("A" if cursor[position] != "A" else "B") + cursor[position + 1 :]
        )
        assert client.get("/things", params={"q": "x", "cursor": edited}).status_code == 422
    assert client.get("/things", params={"q": "y", "cursor": cursor}).status_code == 422
    for junk in ("x", "=", "数", "-" * 900, "bnVsbA"):
        assert client.get("/things", params={"q": "x", "cursor": junk}).status_code == 422


@pytest.mark.parametrize("limit", ["0", "-1", "201", "99999999999999999999", "x"])
def test_limit_is_bounded(client: TestClient, limit: str) -> None:
    assert client.get(f"/things?limit={limit}").status_code == 422


def test_cursor_keeps_the_types() -> None:
    values = (
        "名",
        7,
        UUID(int=5),
        datetime(2026, 2, 11, 9, 0, 0, 1, tzinfo=UTC),
        date(2026, 2, 11),
    )
    assert paging.decode(paging.encode(values, "list"), "list") == values


def test_keyset_compares_whole_rows_and_never_skips() -> None:
    page = PageRequest(limit=10, after=("n001", 4))
    text = str(
        page.keyset(select(thing), thing.c.name, thing.c.id).compile(dialect=postgresql.dialect())
    )  # type: ignore[no-untyped-call]
    assert "(thing.name, thing.id) > (" in text
    assert "ORDER BY thing.name ASC, thing.id ASC" in text
    assert "OFFSET" not in text
    down = str(page.keyset(select(thing), thing.c.name, thing.c.id, descending=True))
    assert "(thing.name, thing.id) < (" in down
    assert "thing.id DESC" in down


def test_cursor_of_another_key_is_refused() -> None:
    with pytest.raises(Invalid):
        PageRequest(after=("only one",)).keyset(select(thing), thing.c.name, thing.c.id)


def test_pages_of_the_database_join_up_although_moments_are_equal(app_engine: Engine) -> None:
    same = datetime(2026, 2, 11, 9, 0, 0, 5, tzinfo=UTC)
    rows = [(same, UUID(int=number)) for number in range(23)]
    table = values(column("at", DateTime(timezone=True)), column("id", Uuid), name="things").data(
        rows
    )
    for descending in (False, True):
        seen: list[UUID] = []
        page = PageRequest(limit=10)
        with app_engine.connect() as connection:
            while True:
                statement = page.keyset(
                    select(table.c.at, table.c.id), table.c.at, table.c.id, descending=descending
                )
                kept, cursor = page.cut(
                    connection.execute(statement).all(), key=lambda row: (row.at, row.id)
                )
                seen += [row.id for row in kept]
                if cursor is None:
                    break
                page = PageRequest(limit=10, after=paging.decode(cursor, ""))
        assert seen == sorted((identity for _, identity in rows), reverse=descending)
