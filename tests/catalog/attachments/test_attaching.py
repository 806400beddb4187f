"""Attaching files: stored under our own id, decoded in the child, confirmed, made a snapshot by the
job.
"""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from audit.models import AuditEvent
from catalog.attachments.tasks import make_snapshot
from shuqiao.arrow.snapshots.reader import open_snapshot
from shuqiao.home import folder
from shuqiao.settings import settings
from shuqiao.uploads import display_name
from tests.catalog.conftest import SCHOOLS, Story, complete_entry, pointers


def uploaded() -> list[str]:
    return sorted(path.name for path in folder("uploads").iterdir())


def send(
    api: Callable[[str], Any], code: str, content: bytes, name: str = "a.csv", **options: Any
) -> Any:
    return api("registrar")(
        "POST", f"/resources/{code}/attachments", files={"file": (name, content)}, **options
    )


def test_a_file_becomes_a_snapshot_with_the_types_of_the_items(
    api: Callable[[str], Any], story: Story, trail: Callable[[str], list[str]]
) -> None:
    code = story.register()
    attachment_id = story.attach(code)
    shown = api("registrar")("GET", f"/resources/{code}/attachments/{attachment_id}").json()
    assert (shown["status"], shown["row_count"], shown["file_name"]) == ("previewed", 3, "学校.csv")
    assert [column["name"] for column in shown["columns"]] == ["代码", "名称", "经度"]
    assert shown["preview_rows"][0] == ["0101", "一小", "120.21"]
    story.confirm(code, attachment_id)
    assert (
        api("registrar")(
            "POST", f"/resources/{code}/submissions", headers=story.seen(code)
        ).status_code
        == 422
    )
    make_snapshot(attachment_id)
    stored = api("registrar")("GET", f"/resources/{code}/attachments/{attachment_id}").json()
    assert (stored["status"], stored["rows"]) == ("stored", 3)
    snapshot = open_snapshot(folder("snapshots") / stored["snapshot_id"])
    (batch,) = snapshot.group(0, ["代码", "经度"])
    assert batch.to_pydict() == {"代码": ["0101", "0102", "0103"], "经度": [120.21, 120.19, None]}
    assert trail("307001/000001") == [
        "catalog:resource:registered",
        "catalog:resource:attached",
        "catalog:resource:attached",
        "catalog:snapshot:made",
    ]
    assert list(folder("decoding").iterdir()) == []


def test_the_job_run_twice_records_once(story: Story, trail: Callable[[str], list[str]]) -> None:
    code = story.register()
    attachment_id = story.attach(code)
    story.confirm(code, attachment_id)
    make_snapshot(attachment_id)
    make_snapshot(attachment_id)
    assert trail("307001/000001").count("catalog:snapshot:made") == 1


def test_what_a_killed_run_left_behind_does_not_matter(
    story: Story, api: Callable[[str], Any]
) -> None:
    code = story.register()
    attachment_id = story.attach(code)
    story.confirm(code, attachment_id)
    rest = folder("decoding") / f"{attachment_id.replace('-', '')}.arrow"
    rest.write_bytes(b"half a file")
    (folder("snapshots") / ".writing-dead").mkdir(exist_ok=True)
    make_snapshot(attachment_id)
    assert (
        api("registrar")("GET", f"/resources/{code}/attachments/{attachment_id}").json()["status"]
        == "stored"
    )
    assert not rest.exists()
    assert not (folder("snapshots") / ".writing-dead").exists()


def test_items_without_a_column_are_named_with_the_columns_there_are(
    api: Callable[[str], Any], story: Story
) -> None:
    items = [
        *complete_entry()["items"],
        {"name": "办学类型", "column_name": "类型", "data_type": "C"},
    ]
    code = story.register(items=items)
    attachment_id = story.attach(code)
    answer = api("registrar")(
        "POST", f"/resources/{code}/attachments/{attachment_id}/snapshots", json={}
    )
    assert (answer.status_code, pointers(answer)) == (422, ["#/items/3/column_name"])
    assert "代码、名称、经度" in answer.json()["errors"][0]["detail"]


def test_columns_without_an_item_are_left_out(story: Story, api: Callable[[str], Any]) -> None:
    code = story.register(items=complete_entry()["items"][:2])
    attachment_id = story.attach(code)
    story.confirm(code, attachment_id)
    make_snapshot(attachment_id)
    stored = api("registrar")("GET", f"/resources/{code}/attachments/{attachment_id}").json()
    snapshot = open_snapshot(folder("snapshots") / stored["snapshot_id"])
    assert [column.name for column in snapshot.manifest.columns] == ["代码", "名称"]


def test_stated_kinds_must_fit_item_and_column(api: Callable[[str], Any], story: Story) -> None:
    code = story.register()
    attachment_id = story.attach(code)
    body = {"types": {"代码": "integer", "没有": "string", "经度": "float"}}
    answer = api("registrar")(
        "POST", f"/resources/{code}/attachments/{attachment_id}/snapshots", json=body
    )
    assert (answer.status_code, sorted(pointers(answer))) == (422, ["#/types/代码", "#/types/没有"])


def test_values_that_do_not_fit_refuse_the_file_with_its_rows_and_a_message(
    api: Callable[[str], Any], story: Story, session: Session, trail: Callable[[str], list[str]]
) -> None:
    code = story.register()
    attachment_id = story.attach(code, "代码,名称,经度\n0101,一小,东经\n0102,二小,120.1\n".encode())
    story.confirm(code, attachment_id)
    make_snapshot(attachment_id)
    refused = api("registrar")("GET", f"/resources/{code}/attachments/{attachment_id}").json()
    assert (refused["status"], refused["snapshot_id"]) == ("refused", None)
    assert "经度" in refused["refusal"]
    assert "东经" not in refused["refusal"]
    assert trail("307001/000001")[-1] == "catalog:attachment:refused"
    assert session.connection().execute(text("SELECT count(*) FROM message")).scalar_one() == 1
    story.confirm(code, attachment_id, {"null_values": ["东经"]})
    make_snapshot(attachment_id)
    again = api("registrar")("GET", f"/resources/{code}/attachments/{attachment_id}").json()
    assert (again["status"], again["rows"], again["refusal"]) == ("stored", 2, None)


def test_a_confirmed_file_is_not_confirmed_again(api: Callable[[str], Any], story: Story) -> None:
    code = story.register()
    attachment_id = story.attach(code)
    story.confirm(code, attachment_id)
    path = f"/resources/{code}/attachments/{attachment_id}/snapshots"
    answer = api("registrar")("POST", path, json={})
    assert (answer.status_code, answer.json()["code"]) == (409, "attachment_confirmed")


def test_a_lost_file_is_refused_not_tried_for_ever(api: Callable[[str], Any], story: Story) -> None:
    code = story.register()
    attachment_id = story.attach(code)
    story.confirm(code, attachment_id)
    (folder("uploads") / attachment_id.replace("-", "")).unlink()
    make_snapshot(attachment_id)
    assert (
        api("registrar")("GET", f"/resources/{code}/attachments/{attachment_id}").json()["status"]
        == "refused"
    )


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 422),
        (b"\x00\x01\x02\x03" * 64, 422),
        (b"PK\x03\x04" + b"\x00" * 64, 422),
        (b"PAR1 no parquet PAR1", 422),
    ],
)
def test_what_is_no_table_is_refused_and_not_kept(
    api: Callable[[str], Any], story: Story, session: Session, content: bytes, status: int
) -> None:
    code = story.register()
    before = uploaded()
    answer = send(api, code, content)
    assert answer.status_code == status, answer.text
    assert uploaded() == before
    why = refused_at_the_door(session, answer)
    if content:
        assert (why["bytes"], why["sha256"]) == (len(content), sha256(content).hexdigest())
    assert why["reason"] not in ("", "invalid", "table_refused")
    assert api("registrar")("GET", f"/resources/{code}").json()["attachments"] == []


def refused_at_the_door(session: Session, answer: Any) -> dict[str, Any]:
    """The facts of the event that ``answer`` names: nothing of what is in the file."""
    event = session.exec(
        select(AuditEvent).where(AuditEvent.id == UUID(answer.headers["shuqiao-event-id"]))
    ).one()
    assert (event.action, event.result, event.actor, event.stream) == (
        "catalog:attachment:refused",
        "deny",
        "registrar",
        "307001/000001",
    )
    why: dict[str, Any] = json.loads(event.canon)["why"]
    read_again = {"attachment", "read_again_by"}
    assert set(why) - read_again <= {"reason", "bytes", "sha256"}
    return why


@pytest.mark.parametrize("path", ["readings", "snapshots"])
def test_what_cannot_be_read_another_way_leaves_an_event_too(
    api: Callable[[str], Any], story: Story, session: Session, path: str
) -> None:
    code, content = story.register(), "代码,名称\n0101,一小\n".encode()
    attachment_id = story.attach(code, content)
    asked = {"encoding": "utf-16", "header_row": 7, "null_values": []}
    body = {**asked, "types": {}} if path == "snapshots" else asked
    address = f"/resources/{code}/attachments/{attachment_id}/{path}"
    answer = api("registrar")("POST", address, json=body)
    assert answer.status_code == 422, answer.text
    why = refused_at_the_door(session, answer)
    assert why["read_again_by"] == ["encoding", "header_row"]
    assert (why["attachment"], why["sha256"]) == (attachment_id, sha256(content).hexdigest())
    assert "一小" not in str(why)
    shown = api("registrar")("GET", f"/resources/{code}/attachments/{attachment_id}").json()
    assert shown["status"] == "previewed", "the reading before stays"


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/abs/学校.csv", "学校.csv"),
        ("a\r\nSet-Cookie: x.csv", "aSet-Cookie: x.csv"),
        ("\u202egpj.csv", "gpj.csv"),
        ("..", "unnamed"),
        ("", "unnamed"),
        (None, "unnamed"),
        ("长" * 300 + ".csv", "长" * 196 + ".csv"),
    ],
)
def test_names_are_cleaned_for_people_and_never_become_paths(sent: str | None, shown: str) -> None:
    assert display_name(sent) == shown


def test_an_upload_lies_under_its_own_id_readable_by_us_only(story: Story) -> None:
    code = story.register()
    before = set(uploaded())
    attachment_id = story.attach(code, name="../../../tmp/evil.csv")
    assert set(uploaded()) - before == {attachment_id.replace("-", "")}
    path = folder("uploads") / attachment_id.replace("-", "")
    assert path.read_bytes() == SCHOOLS
    assert oct(path.stat().st_mode & 0o777) == "0o600"


def test_an_upload_over_the_limit_is_cut_and_not_kept(
    api: Callable[[str], Any], story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = story.register()
    before = uploaded()
    monkeypatch.setenv("SHUQIAO_UPLOAD_LIMIT_BYTES", "2048")
    settings.cache_clear()
    answer = send(api, code, b"a,b\n" + b"1,2\n" * 1_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert uploaded() == before


def test_the_same_key_and_file_attach_once_and_another_file_is_refused(
    api: Callable[[str], Any], story: Story
) -> None:
    code = story.register()
    key = {"headers": {"idempotency-key": "one-and-the-same"}}
    first = send(api, code, SCHOOLS, **key)
    before = uploaded()
    again = send(api, code, SCHOOLS, **key)
    assert again.json() == first.json()
    assert send(api, code, SCHOOLS + b"0104,x,1\n", **key).status_code == 422
    assert uploaded() == before
    assert len(api("registrar")("GET", f"/resources/{code}").json()["attachments"]) == 1


def test_only_registrars_of_the_owner_attach(api: Callable[[str], Any], story: Story) -> None:
    code = story.register()
    before = uploaded()
    for who, status in (("head", 403), ("other_registrar", 404), ("", 401)):
        answer = api(who)(
            "POST", f"/resources/{code}/attachments", files={"file": ("a.csv", SCHOOLS)}
        )
        assert answer.status_code == status, who
    assert uploaded() == before
