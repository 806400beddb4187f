"""The export: one moment of the trail, whatever is written while it is made."""

import json
from collections.abc import Callable
from pathlib import Path

from fixtures.routes import events
from fixtures.worlds import World

from audit.append import ObjectRef, append
from audit.events import Event
from audit.export import export_lines, record_export
from audit.queries import TrailFilter
from shuqiao.db import reading, unit_of_work
from shuqiao.subject import Subject
from shuqiao_client.verifier import verify

At = Callable[[str], World]


def test_events_of_others_meanwhile_do_not_tear_it(committed_world: At, tmp_path: Path) -> None:
    """The heads are read first, the events later: of the same moment all the same."""
    committed_world("accounts")
    system, wanted = Subject.system("cli"), TrailFilter()
    with unit_of_work() as session:
        by = record_export(session, system, wanted)
    before = events()
    with reading() as session:
        lines = export_lines(session, wanted, by)
        made = [next(lines)]
        for stream in (before[0].stream, "REQ-2026-000001"):  # one known, one new
            with unit_of_work() as other:
                thing = ObjectRef("Session", "meanwhile")
                append(other, system, Event.SESSION_CLOSED, stream=stream, obj=thing)
        made.extend(lines)
    file = tmp_path / "export.jsonl"
    file.write_text("".join(made), encoding="utf-8")
    assert len(events()) == len(before) + 2
    ids = [json.loads(json.loads(line)["canon"])["id"] for line in made[1:]]
    assert ids == [str(event.id) for event in before]
    assert verify(file).problems == []
