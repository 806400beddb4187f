"""Rule 14 by values: received rows come back under other column names, and whoever reviews is asked
whose they are, with the delivery that shows it (Order 809, Art. 25).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from fixtures import callers
from fixtures.callers import client, once
from fixtures.database import run_sql
from fixtures.worlds import World
from fixtures.written import entry

from catalog.attachments import repository as attachments
from catalog.attachments.schemas import SnapshotCreate
from catalog.attachments.service import files
from catalog.attachments.tasks import make_snapshot
from catalog.editions.tasks import arrive
from catalog.publication.views.reviews import checked
from catalog.registration import repository
from catalog.registration.checks.origins import RECEIVED as RECEIVED_BY
from catalog.registration.checks.origins import OriginFacts
from catalog.registration.checks.overlap import DELIVERED
from catalog.registration.service import overlap
from catalog.registration.tasks import compare_received
from catalog.resources import repository as resources
from catalog.resources import service as registering
from catalog.resources.models import DataResource
from exchange.deliveries.repository import use
from exchange.deliveries.views import received
from shuqiao.arrow.intake.uploads import look_at
from shuqiao.db import reading, unit_of_work
from shuqiao.uploads import store_upload
from shuqiao.web.slots import Slot

At = Callable[[str], World]
ROWS = 60
#: As it was received; and what the receiving department might have by itself.
RECEIVED = [(f"S{n:04d}15", f"东河区第{n}小学") for n in range(ROWS)]
OWN = [(f"X{n:04d}27", f"九原区{n}号网吧") for n in range(ROWS)]
NAMES = ("bm", "mc")


def attach(world: World, who: str, code: str, head: str, rows: Sequence[Any]) -> str:
    """Attach rows to an entry and store them; gives the number of the file."""
    text = "\n".join([head, *(",".join(row) for row in rows)])
    upload = store_upload(BytesIO(text.encode()), "学校.csv")
    found = look_at(upload)
    with unit_of_work() as session:
        resource = resource_of(session, code, lock=True)
        row = files.attach(session, world.subjects[who], resource, upload, found)
        upload.keep()
        file_id = row.id
    with unit_of_work() as session:
        held = attachments.attachment_by_id(session, file_id)
        assert held is not None
        body, resource = SnapshotCreate(), resource_of(session, code, lock=True)
        read = files.reread(held, body)
        files.confirm(session, world.subjects[who], resource, held, body, read)
    make_snapshot(str(file_id))
    return str(file_id)


def resource_of(session: Any, code: str, *, lock: bool = False) -> DataResource:
    found = resources.by_code(session, code.replace("-", "/"), lock=lock)
    assert found is not None
    return found


@pytest.fixture
def delivered(world_at: At) -> World:
    """The police received an edition of 60 schools."""
    world = world_at("active_grant")
    rows = [(*row, "", "109.8") for row in RECEIVED]
    file = attach(world, "registrar", world.resource_code, "代码,名称,地址,经度", rows)
    arrive(file)
    with callers.data_client(world, "applicant") as data:
        answer = data.get(f"/api/v1/grants/{world.grant_no}/data")
        assert answer.status_code == 200, answer.text
        world.delivery_no = answer.headers["shuqiao-delivery"]
    return world


def draft(world: World, rows: Sequence[Any], origin: dict[str, Any] | None = None) -> str:
    """An entry of the police with these rows under names of its own; its code."""
    said = [
        {"name": name, "column_name": column, "data_type": "C", "origin": origin}
        for name, column in zip(("场所编号", "场所名称"), NAMES, strict=True)
    ]
    sent = client(world, "consumer_registrar")
    body = entry(title="辖区场所", items=said)
    made = sent.post("/api/v1/resources", json=body, headers=once())
    assert made.status_code == 201, made.text
    code = str(made.json()["code"])
    attach(world, "consumer_registrar", code, ",".join(NAMES), rows)
    with reading() as session:
        resource_id = str(resource_of(session, code).id)
    compare_received(resource_id)
    return code


def questions(world: World, code: str) -> list[str]:
    """What the reviewer is asked about where the items come from."""
    with reading() as session:
        resource = resource_of(session, code)
        shown = registering.read(session, resource)
        found = checked(session, world.subjects["data_admin"], resource, shown)
        return [
            said
            for result in found
            for finding in result.found
            if "交付" in (said := finding.words.render("zh_CN"))
        ]


def test_received_rows_are_seen_under_other_names(delivered: World) -> None:
    world = delivered
    code = draft(world, RECEIVED)
    asked = questions(world, code)
    assert len(asked) == 2, asked
    first = asked[0]
    for named in (
        "100%",
        "场所编号",
        "学校代码",
        "中小学校名录",
        "教育厅",
        world.delivery_no,
        "60",
    ):
        assert named in first, (named, first)
    page = client(world, "consumer_registrar").get(
        f"/resources/{code.replace('/', '-')}/edit/check"
    )
    assert world.delivery_no in page.text, "the registrar is told before it is handed in"
    submitted(world, code)


def submitted(world: World, code: str) -> None:
    """Values alone keep nothing from being handed in."""
    path = f"/api/v1/resources/{code.replace('/', '-')}"
    sent = client(world, "consumer_registrar")
    seen = {"if-match": sent.get(path).headers["etag"]}
    answer = sent.post(f"{path}/submissions", headers={**once(), **seen})
    assert answer.status_code == 201, answer.text


def test_a_part_of_them_in_another_order_is_seen_too(delivered: World) -> None:
    mixed = [*RECEIVED[::-2], *OWN[:20]]
    asked = questions(delivered, draft(delivered, mixed))
    assert len(asked) == 2 and "60%" in asked[0], asked


def test_what_the_department_has_itself_asks_nothing(delivered: World) -> None:
    code = draft(delivered, [*OWN, *RECEIVED[:20]])
    assert questions(delivered, code) == []
    with reading() as session:
        found = repository.comparison(session, resource_of(session, code).id)
        assert found is not None and found.compared == 3, "it was looked at"


@pytest.mark.parametrize(
    "origin",
    [
        {"kind": "processed", "lineage": ["307001/000001"], "method": "按辖区筛选"},
        {
            "kind": "copied",
            "department": "11150000009900021B",
            "resource": "307001/000001",
            "cycle": "yearly",
            "way": "batch",
        },
    ],
)
def test_declared_it_is_answered(delivered: World, origin: dict[str, Any]) -> None:
    assert questions(delivered, draft(delivered, RECEIVED, origin)) == []


def test_what_is_told_already_is_not_asked_again(delivered: World) -> None:
    """By element or name it was refused, or it was published so before, or it is its own source."""
    code = draft(delivered, RECEIVED)
    with reading() as session:
        resource = resource_of(session, code)
        shown = registering.read(session, resource)
        first = shown.items[0].model_copy(update={"element": "DE-000009"})
        entry_read = shown.model_copy(update={"items": [first, shown.items[1]]})
        (gone, *_others) = RECEIVED_BY.held(session, resource.provider_id)
        for known in (
            OriginFacts(received={first.id: gone}),
            OriginFacts(kept=frozenset({first.id})),
            OriginFacts(own=frozenset({"DE-000009"})),
        ):
            asked = overlap.asked(session, resource, entry_read, known)
            assert len(asked) == 1 and "场所名称" in str(asked[0]), known
        assert len(overlap.asked(session, resource, entry_read, OriginFacts())) == 2


def test_what_was_masked_or_read_live_is_counted_as_left_out(
    delivered: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = draft(delivered, RECEIVED)
    with reading() as session:
        resource = resource_of(session, code)
        first, *others = DELIVERED.held(session, resource.provider_id)
        masked = [replace(first, snapshot_id=None), *others]
        monkeypatch.setattr(overlap, "DELIVERED", Slot(lambda _session, _id: masked))
        found = overlap.due(session, resource)
    assert found is not None
    assert (len(found.delivered), found.left_out) == (len(others), 1)


def test_masked_values_are_not_what_was_received(
    delivered: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with reading() as session:
        consumer = delivered.subjects["applicant"].department_id
        assert consumer is not None
        rows = use.delivered_columns(session, consumer)
        session.expunge_all()
        rows[0][0].mask = {"kind": "redact"}
        monkeypatch.setattr(use, "delivered_columns", lambda _session, _id: rows)
        told = received.delivered(session, consumer)
    assert [each.snapshot_id is None for each in told] == [True, *[False] * (len(rows) - 1)]


def test_before_a_delivery_there_is_nothing_to_compare(world_at: At) -> None:
    world = world_at("active_grant")
    code = draft(world, RECEIVED)
    assert questions(world, code) == []
    with reading() as session:
        assert repository.comparison(session, resource_of(session, code).id) is None


def test_the_same_is_compared_once_and_anew_when_something_changed(delivered: World) -> None:
    code = draft(delivered, RECEIVED)
    with reading() as session:
        resource = resource_of(session, code)
        resource_id = resource.id
    run_sql("UPDATE received_comparison SET compared_at = '2025-01-01 12:00+08'")
    compare_received(str(resource_id))
    with reading() as session:
        again = repository.comparison(session, resource_id)
        assert again is not None and again.compared_at.year == 2025, "it was not written anew"
    attach(delivered, "consumer_registrar", code, ",".join(NAMES), OWN)
    compare_received(str(resource_id))
    assert questions(delivered, code) == []
