"""Download for people: a ticket from the page, once, at the address of the data."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from fixtures.callers import client, data_client
from fixtures.database import run_sql
from fixtures.page_forms import PAGE, filled, hidden, shown
from fixtures.world import Worlds
from fixtures.worlds import World
from httpx2 import Response
from psycopg.types.json import Jsonb
from python_calamine import load_workbook
from sqlalchemy import text
from starlette.testclient import TestClient

from exchange.deliveries.service import files
from shuqiao.db import reading
from shuqiao.ids import uuid7

At = Callable[[str], World]


@pytest.fixture
def world(committed_world: At) -> World:
    """A grant whose way is file download."""
    return committed_world("file_grant")


def page_of(world: World) -> str:
    return f"/grants/{world.grant_no}/downloads"


def data_of(world: World) -> str:
    return f"/api/v1/grants/{world.grant_no}/file"


def ticket(world: World, face: str = "csv", who: str = "applicant") -> str:
    answer = filled(client(world, who), page_of(world), page_of(world), {"face": face})
    assert answer.status_code == 201, answer.text
    address = f"http://127.0.0.1:8701{data_of(world)}"
    assert "form-action 'self' http://127.0.0.1:8701" in answer.headers["content-security-policy"]
    fields = hidden(answer.text, address)
    assert set(fields) == {"ticket"}, "nothing of the session goes to another address"
    return fields["ticket"]


@contextmanager
def at_the_data(world: World, who: str | None = None) -> Iterator[TestClient]:
    with data_client(world, who) as found:
        yield found


def fetched(world: World, value: str, who: str | None = None, path: str = "") -> Response:
    with at_the_data(world, who) as data:
        return data.post(path or data_of(world), data={"ticket": value})


def last_delivery() -> tuple[str, str, int, str]:
    with reading() as session:
        row = session.connection().execute(
            text(
                "SELECT face, status, rows, receipt->>'root' FROM delivery ORDER BY id DESC LIMIT 1"
            )
        )
        face, status, rows, root = row.one()
        return face, status, rows, root


def test_the_grant_page_offers_the_files_with_their_size(world: World) -> None:
    html = shown(client(world, "applicant"), f"/grants/{world.grant_no}")
    assert "下载 Excel（第1批，" in html
    assert "下载 CSV（第1批，" in html
    assert "下载数据" not in shown(client(world, "provider_head"), f"/grants/{world.grant_no}")


def test_another_way_gives_no_file(committed_world: At) -> None:
    world = committed_world("active_grant")
    applicant = client(world, "applicant")
    assert "下载 CSV" not in shown(applicant, f"/grants/{world.grant_no}")
    assert "不是文件下载" in shown(applicant, page_of(world))
    found = shown(applicant, f"/grants/{world.grant_no}")
    csrf = applicant.headers["x-csrf-token"]
    answer = applicant.post(
        page_of(world),
        data={"face": "csv", "csrf_token": csrf, "once_key": "k" * 32},
        headers=PAGE,
    )
    assert answer.status_code == 409 and "不是文件下载" in answer.text
    assert found


def test_csv_has_the_rows_of_the_grant_and_the_receipt_of_the_stream(world: World) -> None:
    answer = fetched(world, ticket(world))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert ".csv" in answer.headers["content-disposition"]
    names, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert "学校代码" in names and rows
    face, status, count, root = last_delivery()
    assert (face, status, count) == ("csv", "finished", len(rows))
    with at_the_data(world, "applicant") as data:
        data.get(f"/api/v1/grants/{world.grant_no}/data")
    assert last_delivery() == ("arrow", "finished", len(rows), root)


@pytest.mark.parametrize("is_held", [False, True])
def test_excel_has_the_same(world: World, is_held: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if is_held:  # as where it is not known beforehand that the rows fit
        monkeypatch.setattr(files, "rows_at_most", lambda _plan: None)
    made = fetched(world, ticket(world, "xlsx"))
    assert made.status_code == 200
    plain = fetched(world, ticket(world)).content.decode("utf-8-sig")
    read = load_workbook(io.BytesIO(made.content)).get_sheet_by_index(0).to_python()
    assert [[str(cell) for cell in row][:1] for row in read] == [
        row[:1] for row in csv.reader(io.StringIO(plain))
    ]


def test_a_ticket_serves_once(world: World) -> None:
    value = ticket(world)
    assert fetched(world, value).status_code == 200
    again, nothing = fetched(world, value), fetched(world, "x" * 43)
    assert again.status_code == nothing.status_code == 404
    assert {**again.json(), "request_id": ""} == {**nothing.json(), "request_id": ""}


def test_a_ticket_is_used_up_by_a_use_that_fails(world: World) -> None:
    value = ticket(world)
    other = data_of(world).replace(world.grant_no, "GR-2026-999999")
    assert fetched(world, value, path=other).status_code == 404
    assert fetched(world, value).status_code == 404


def test_a_ticket_is_one_grants(world: World, worlds: Worlds) -> None:
    value, other = ticket(world), "GR-2026-000002"
    told = {"id": str(uuid7()), "grant_no": other, "request_no": "REQ-2026-000099"}
    with worlds.as_superuser(world) as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(
            "INSERT INTO share_grant SELECT (jsonb_populate_record(one, %s)).*"
            " FROM share_grant AS one",
            [Jsonb(told)],
        )
        connection.execute("SELECT arranged.so_far()")
    there = data_of(world).replace(world.grant_no, other)
    assert fetched(world, value, path=there).status_code == 404
    assert fetched(world, value).status_code == 404


def test_a_ticket_is_one_persons(world: World) -> None:
    assert fetched(world, ticket(world), "provider_head").status_code == 404
    assert fetched(world, ticket(world), "applicant").status_code == 200


def test_a_ticket_ends_after_a_minute(world: World, worlds: Worlds) -> None:
    value = ticket(world)
    late = "UPDATE download_ticket SET expires_at = expires_at - interval '61 seconds'"
    with worlds.as_superuser(world) as connection:
        assert connection.execute(late).rowcount == 1
    assert fetched(world, value).status_code == 404


def test_a_ticket_ends_with_the_session(world: World) -> None:
    value = ticket(world)
    run_sql("UPDATE login_session SET ended_at = now()")
    assert fetched(world, value).status_code == 404


def test_a_person_is_sent_back_to_a_page_that_says_why(world: World) -> None:
    with at_the_data(world) as data:
        answer = data.post(
            data_of(world), data={"ticket": "x"}, headers=PAGE, follow_redirects=False
        )
    assert answer.status_code == 303
    assert answer.headers["location"] == f"http://127.0.0.1:8700{page_of(world)}?refused=not_found"
    html = shown(client(world, "applicant"), f"{page_of(world)}?refused=not_found")
    assert "一分钟内有效" in html


def test_who_may_not_fetch_gets_no_ticket(world: World) -> None:
    shown(client(world, "provider_head"), page_of(world), status=403)
    shown(client(world, "stranger"), page_of(world), status=404)


def test_a_long_body_is_not_read(world: World) -> None:
    with at_the_data(world) as data:
        answer = data.post(data_of(world), data={"ticket": "x" * 2_000_000})
    assert answer.status_code == 413


def test_the_address_holds_no_ticket(world: World) -> None:
    value = ticket(world)
    with at_the_data(world) as data:
        assert data.post(f"{data_of(world)}?ticket={value}").status_code == 400
        assert data.get(data_of(world)).status_code == 405


@pytest.mark.parametrize("face", ["csv", "xlsx"])
def test_rows_read_live_are_a_file_too(committed_world: At, worlds: Worlds, face: str) -> None:
    """How many there are nobody knows beforehand; the page says no number that it has not."""
    world = committed_world("live_grant")
    with worlds.as_superuser(world) as superuser:
        superuser.execute("ALTER TABLE share_request DISABLE TRIGGER USER")
        superuser.execute("UPDATE share_request SET share_way = 'file'")
    page = shown(client(world, "applicant"), page_of(world))
    assert "行、" not in page
    answer = fetched(world, ticket(world, face))
    assert answer.status_code == 200, answer.text
    rows = (
        list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        if face == "csv"
        else load_workbook(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    )
    given, status, count, _root = last_delivery()
    assert (given, status, count) == (face, "finished", len(rows) - 1)
    assert len(rows) > 2
