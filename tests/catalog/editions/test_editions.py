"""Editions of the data of a published entry: how they come, are checked, held and give way."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pyarrow as pa
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from catalog.attachments.tasks import make_snapshot
from catalog.editions import repository
from catalog.editions.checks import coverage_filter
from catalog.editions.service import checking
from catalog.editions.tasks import arrive
from catalog.editions.words import EditionStatus
from catalog.elements.words import DataType
from catalog.resources import repository as resources
from catalog.resources.models import ResourceItem
from catalog.resources.words import ShareType
from shuqiao.arrow.terms.filters import filter_document
from shuqiao.db import unit_of_work
from shuqiao.ids import uuid7
from shuqiao.subject import Subject
from tests.catalog.conftest import Story

Api = Callable[[str], Any]


def test_what_an_entry_is_published_with_is_its_first_edition(
    story: Story, session: Session, trail: Callable[[str], list[str]]
) -> None:
    code = story.published_with_data()
    resource = resources.by_code(session, code)
    assert resource is not None
    edition = repository.current(session, resource.id)
    assert edition is not None
    assert (edition.number, edition.rows, edition.status) == (1, 3, EditionStatus.CURRENT)
    assert edition.snapshot_id and edition.live_id is None
    assert edition.current_from == resource.published_at
    assert trail(resource.code)[-2:] == ["catalog:edition:current", "catalog:resource:published"]


def test_an_entry_without_data_has_no_edition(story: Story, session: Session) -> None:
    code = story.published(format="service")
    resource = resources.by_code(session, code)
    assert resource is not None
    assert repository.current(session, resource.id) is None


COVERED = {
    "items": [
        {"name": "学校代码", "column_name": "代码", "data_type": "C", "is_key": True},
        {"name": "学校名称", "column_name": "名称", "data_type": "C"},
        {"name": "区划", "column_name": "区划", "data_type": "C"},
        {"name": "学生数", "column_name": "学生数", "data_type": "N"},
    ],
    "coverage": {"area": {"item": "区划", "codes": ["150200"]}, "subjects": "包头市中小学校"},
}


def table(*rows: str) -> bytes:
    return "\n".join(("代码,名称,区划,学生数", *rows)).encode()


THIS_YEAR = table("0101,一小,150203,310", "0102,二小,150204,95.5", "0103,三中,150207,1200")


@pytest.fixture
def published(story: Story) -> str:
    """An entry with a key and a declared area, published with three rows."""
    code = story.register(**COVERED)
    stored(story, code, THIS_YEAR)
    story.step("registrar", code, "submissions")
    story.step("head", code, "consents", {})
    story.step("data_admin", code, "reviews", {"outcome": "published"})
    return code


def stored(story: Story, code: str, content: bytes) -> str:
    attachment_id = story.attach(code, content)
    story.confirm(code, attachment_id)
    make_snapshot(attachment_id)
    return attachment_id


def renewed(story: Story, code: str, content: bytes) -> str:
    """The whole way of new rows: uploaded, confirmed, stored, checked."""
    attachment_id = stored(story, code, content)
    arrive(attachment_id)
    return attachment_id


def editions(api: Api, code: str, who: str = "registrar") -> list[dict[str, Any]]:
    answer = api(who)("GET", f"/resources/{code}/editions")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def statuses(api: Api, code: str) -> list[str]:
    """From the first edition to the last."""
    return [each["status"] for each in reversed(editions(api, code))]


def tasks(session: Session) -> list[str]:
    query = "SELECT kind FROM todo WHERE done_at IS NULL ORDER BY id"
    return [kind for (kind,) in session.connection().execute(text(query))]


def clock(session: Session, case_no: str) -> tuple[str, str | None, str]:
    """Kind of the one clock of a case, its end, its date."""
    query = "SELECT kind, closed_on::text, due_on::text FROM case_clock WHERE case_no = :case"
    kind, closed_on, due_on = session.connection().execute(text(query), {"case": case_no}).one()
    return kind, closed_on, due_on


def settle(api: Api, code: str, number: int, path: str) -> Any:
    seen = api("registrar")("GET", f"/resources/{code}/editions/{number}").headers["etag"]
    address = f"/resources/{code}/editions/{number}/{path}"
    return api("registrar")("POST", address, headers={"if-match": seen})


def test_new_rows_of_the_same_shape_are_current_at_once(
    api: Api, story: Story, published: str, session: Session, trail: Callable[[str], list[str]]
) -> None:
    # one gone, one changed, two new, one as it was
    renewed(
        story,
        published,
        table(
            "0102,二小,150204,95.5",
            "0103,三中,150207,1180",
            "0104,四中,150203,8",
            "0105,五中,150205,7",
        ),
    )
    new, old = editions(api, published)
    assert (new["number"], new["status"], new["rows"]) == (2, "current", 4)
    assert (old["number"], old["status"]) == (1, "kept")
    assert old["ended_at"] and new["current_from"]
    report = new["report"]
    assert {name: report[name] for name in ("added", "removed", "changed", "outside")} == {
        "added": 2,
        "removed": 1,
        "changed": 1,
        "outside": 0,
    }
    assert (report["rows_before"], report["rows_after"], report["compared_with"]) == (3, 4, 1)
    assert report["key"] == ["学校代码"]
    assert trail(published.replace("-", "/"))[-3:] == [
        "catalog:edition:arrived",
        "catalog:edition:kept",
        "catalog:edition:current",
    ]
    assert tasks(session) == []


def test_another_shape_is_refused_and_says_what_to_do(
    api: Api, story: Story, published: str
) -> None:
    attachment_id = story.attach(published, "代码,名称,区划\n1,一小,150203\n".encode())
    path = f"/resources/{published}/attachments/{attachment_id}"
    answer = api("registrar")("POST", f"{path}/snapshots", json={})
    assert answer.status_code == 422
    assert "变更稿" in answer.text
    # a type that was asked for, and is not the published one
    attachment_id = story.attach(published, THIS_YEAR)
    story.confirm(published, attachment_id, {"types": {"学生数": "decimal(10,3)"}})
    make_snapshot(attachment_id)
    arrive(attachment_id)
    shown = api("registrar")("GET", f"/resources/{published}/attachments/{attachment_id}").json()
    assert (shown["status"], shown["snapshot_id"]) == ("refused", None)
    assert "变更稿" in shown["refusal"]
    assert statuses(api, published) == ["current"]


def test_rows_outside_of_the_declared_area_hold_the_edition(
    api: Api, story: Story, published: str, session: Session, trail: Callable[[str], list[str]]
) -> None:
    renewed(
        story, published, table("0101,一小,150203,310", "0201,青城小学,150100,5", "0301,无名,,1")
    )
    held, current = editions(api, published)
    assert (held["status"], current["status"]) == ("held", "current")
    assert held["report"]["outside"] == 2
    assert held["report"]["findings"] == [{"part": "area", "outside": 2, "empty": 1}]
    assert tasks(session) == ["settle_edition"]
    case = f"{published.replace('-', '/')}#2"
    assert clock(session, case) == ("held_edition", None, "2026-02-25"), "five working days"
    assert "150100" not in str(held)
    # nobody else learns of it, and nobody can release it: checked again it is held again
    assert [each["number"] for each in editions(api, published, "applicant")] == [1]
    assert editions(api, published, "applicant")[0]["report"] is None
    answer = api("applicant")("GET", f"/resources/{published}/editions/2")
    assert answer.status_code == 404
    stale = {"if-match": '"v99"'}
    address = f"/resources/{published}/editions/2/drops"
    assert api("registrar")("POST", address, headers=stale).status_code == 412
    assert settle(api, published, 2, "checks").status_code == 202
    arrive(attachment_of(session, published, 2))
    assert statuses(api, published) == ["current", "held"]
    assert clock(session, case) == ("held_edition", None, "2026-02-25"), "it goes on"
    assert settle(api, published, 2, "drops").status_code == 201
    assert statuses(api, published) == ["current", "removed"]
    assert clock(session, case)[1] == "2026-02-11"
    assert tasks(session) == []
    assert settle(api, published, 2, "checks").status_code == 409
    assert trail(published.replace("-", "/"))[-1] == "catalog:edition:dropped"


def test_a_job_that_was_killed_goes_on_and_a_second_run_changes_nothing(
    api: Api, story: Story, published: str, session: Session, trail: Callable[[str], list[str]]
) -> None:
    attachment_id = UUID(stored(story, published, table("0101,一小,150203,310")))
    with unit_of_work() as first:  # killed between taking in and the check
        order = checking.taken_in(first, Subject.system("worker"), attachment_id)
    assert order is not None
    assert statuses(api, published) == ["current", "arriving"]
    arrive(str(attachment_id))
    assert statuses(api, published) == ["kept", "current"]
    before = trail(published.replace("-", "/"))
    arrive(str(attachment_id))
    with unit_of_work() as late:  # the killed run was only slow
        assert checking.settled(late, Subject.system("worker"), order, checking.examined(order))
    assert trail(published.replace("-", "/")) == before


def test_a_check_against_an_edition_that_gave_way_meanwhile_is_repeated(
    api: Api, story: Story, published: str
) -> None:
    subject = Subject.system("worker")
    slow, quick = (UUID(stored(story, published, table(f"01,{name},150203,1"))) for name in "甲乙")
    with unit_of_work() as session:
        order = checking.taken_in(session, subject, slow)
    assert order is not None
    report = checking.examined(order)
    arrive(str(quick))
    with unit_of_work() as session:
        assert not checking.settled(session, subject, order, report)
    arrive(str(slow))  # overtaken: the later edition stays
    assert statuses(api, published) == ["kept", "kept", "current"]


def test_the_database_keeps_one_current_edition_and_what_editions_consist_of(
    story: Story, published: str, session: Session
) -> None:
    renewed(story, published, table("0101,一小,150203,310"))
    for change in (
        "UPDATE edition SET status = 'current', ended_at = NULL WHERE number = 1",
        "UPDATE edition SET rows = 7 WHERE number = 2",
        "UPDATE edition SET report = '{}' WHERE number = 2",
        "DELETE FROM edition",
    ):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.connection().execute(text(change))
    insert = (
        "INSERT INTO edition (id, resource_id, number, attachment_id, status, made_by, arrived_at,"
        " current_from, version) SELECT gen_random_uuid(), a.resource_id, 9, a.id, 'current',"
        " a.uploader_id, now(), now(), 1 FROM attachment a WHERE NOT EXISTS (SELECT FROM edition e"
        " WHERE e.attachment_id = a.id)"
    )
    story.attach(published, THIS_YEAR)
    with pytest.raises(DBAPIError, match="edition_current_key"), session.begin_nested():
        session.connection().execute(text(insert))


def test_the_coverage_is_a_filter_that_lets_only_declared_rows_through() -> None:
    items = [
        ResourceItem(
            id=uuid7(),
            resource_id=uuid7(),
            position=n,
            name=name,
            column_name=name,
            data_type=DataType.TEXT,
            share_type=ShareType.CONDITIONAL,
        )
        for n, name in enumerate(("区划", "日期", "未成年"))
    ]
    schema = pa.schema(
        [("区划", pa.string()), ("日期", pa.timestamp("us")), ("未成年", pa.bool_())]
    )
    coverage = {
        "area": {"item": "区划", "codes": ["150200", "150100", "152921100000"]},
        "period": {"item": "日期", "from_on": "2025-01-01", "to_on": "2025-12-31"},
        "sensitive": {"item": "未成年", "is_included": False},
    }
    tree = coverage_filter(coverage, items, schema)
    assert tree is not None
    ids = [str(item.id) for item in items]
    assert filter_document(tree) == {
        "op": "and",
        "args": [
            {
                "op": "or",
                "args": [
                    {"item": ids[0], "op": "starts_with", "value": value}
                    for value in ("1502", "1501", "152921100")
                ],
            },
            {
                "op": "and",
                "args": [
                    {"item": ids[1], "op": "ge", "value": "2025-01-01T00:00:00"},
                    {"item": ids[1], "op": "lt", "value": "2026-01-01T00:00:00"},
                ],
            },
            {"item": ids[2], "op": "eq", "value": False},
        ],
    }
    assert coverage_filter(None, items, schema) is None
    assert coverage_filter({"subjects": "学生"}, items, schema) is None


def attachment_of(session: Session, code: str, number: int) -> str:
    resource = resources.by_code(session, code)
    assert resource is not None
    edition = repository.by_number(session, resource.id, number)
    assert edition is not None
    return str(edition.attachment_id)
