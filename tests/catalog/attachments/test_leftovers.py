"""What was uploaded, and what was shown of it, goes when its time is over; nothing else does."""

import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from catalog.attachments.tasks import make_snapshot
from server.upkeep import PARTS
from shuqiao import upkeep
from shuqiao.clock import now
from shuqiao.home import folder
from shuqiao.ids import uuid7
from shuqiao.settings import settings
from tests.catalog.conftest import Story

CELL = "第四小学"
CONTENT = f"代码,名称,经度\n0101,{CELL},120.1\n0102,二小,120.2\n".encode()


def upload(attachment_id: str) -> Path:
    return folder("uploads") / attachment_id.replace("-", "")


def aged(path: Path, days: int = 2) -> Path:
    moment = path.stat().st_mtime - days * 86_400
    os.utime(path, (moment, moment))
    return path


def kept_cells(session: Session) -> int:
    """Rows of any table about attachments in whose text the cell stands."""
    query = text("SELECT count(*) FROM attachment WHERE preview::text LIKE :cell")
    return int(session.connection().execute(query, {"cell": f"%{CELL}%"}).scalar_one())


def remove_leftovers() -> None:
    names = {"shown_cells", "uploads", "decoding"}
    upkeep.keep_up([each for each in PARTS if each.name in names])


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    def go(days: int) -> None:
        sure = now() + timedelta(days=days)
        monkeypatch.setattr(upkeep.clock, "business_time", lambda _sure: sure)

    return go


@pytest.mark.parametrize("is_stored", [True, False], ids=["stored", "never confirmed"])
def test_the_file_and_the_cells_shown_of_it_go_with_an_event(
    api: Callable[[str], Any],
    story: Story,
    session: Session,
    trail: Callable[[str], list[str]],
    later: Callable[[int], None],
    is_stored: bool,
) -> None:
    code = story.register()
    attachment_id = story.attach(code, CONTENT)
    if is_stored:
        story.confirm(code, attachment_id)
        make_snapshot(attachment_id)
    path = f"/resources/{code}/attachments/{attachment_id}"
    before = api("registrar")("GET", path).json()
    aged(upload(attachment_id))

    later(settings().upload_days - 1)
    remove_leftovers()
    assert upload(attachment_id).exists()
    assert kept_cells(session) == 1

    later(settings().upload_days + 1)
    remove_leftovers()
    session.expire_all()
    assert not upload(attachment_id).exists()
    assert kept_cells(session) == 0
    assert trail("307001/000001")[-1] == "catalog:attachment:cleared"
    after = api("registrar")("GET", path).json()
    assert CELL not in json.dumps(after, ensure_ascii=False)
    assert [each["name"] for each in after["columns"]] == [
        each["name"] for each in before["columns"]
    ]
    assert (after["status"], after["rows"]) == (before["status"], before["rows"])


def test_a_file_that_is_gone_cannot_be_read_another_way_and_that_is_said(
    api: Callable[[str], Any], story: Story, later: Callable[[int], None]
) -> None:
    code = story.register()
    attachment_id = story.attach(code, CONTENT)
    aged(upload(attachment_id))
    later(settings().upload_days + 1)
    remove_leftovers()
    body = {"header_row": 2}
    path = f"/resources/{code}/attachments/{attachment_id}/readings"
    answer = api("registrar")("POST", path, json=body)
    assert answer.status_code == 422
    assert "重新挂接" in answer.text or "attach it again" in answer.text


def test_what_waits_to_be_stored_stays(
    story: Story, session: Session, later: Callable[[int], None]
) -> None:
    code = story.register()
    attachment_id = story.attach(code, CONTENT)
    story.confirm(code, attachment_id)
    aged(upload(attachment_id))
    later(settings().upload_days + 1)
    remove_leftovers()
    assert upload(attachment_id).exists()
    assert kept_cells(session) == 1


def test_what_killed_processes_left_goes_after_a_day_and_what_is_in_use_stays(
    story: Story,
) -> None:
    decoded = folder("decoding") / f"{uuid7().hex}.arrow"
    unknown, fresh = (folder("uploads") / uuid7().hex for _file in range(2))
    for path in (decoded, unknown, fresh):
        path.write_bytes(b"cells")
    aged(decoded)
    aged(unknown)

    remove_leftovers()

    assert [path.exists() for path in (decoded, unknown)] == [False] * 2
    assert fresh.exists()
    fresh.unlink()


def test_a_snapshot_that_no_row_names_goes_after_a_day_and_one_that_is_named_stays(
    story: Story, session: Session
) -> None:
    code = story.register()
    attachment_id = story.attach(code, CONTENT)
    story.confirm(code, attachment_id)
    make_snapshot(attachment_id)
    named = session.connection().execute(text("SELECT snapshot_id FROM attachment")).scalar_one()
    root = folder("snapshots")
    unnamed, fresh = (root / uuid7().hex for _each in range(2))
    for path in (unnamed, fresh):
        path.mkdir()
        (path / "manifest.json").write_bytes(b"{}")
    aged(unnamed)
    aged(root / named)
    upkeep.keep_up([each for each in PARTS if each.name in {"snapshots", "half_snapshots"}])
    assert [(root / each).exists() for each in (unnamed, fresh, root / named)] == [
        False,
        True,
        True,
    ]
    (fresh / "manifest.json").unlink()
    fresh.rmdir()
