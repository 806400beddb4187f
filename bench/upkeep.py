"""What upkeep costs: the comparison of two editions by their key, and the price that a change of
the database pays for never being without its event (schema ``guard``).
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Engine, create_engine, text
from sqlmodel import Session

from audit.append import ObjectRef, append
from audit.events import Event
from auth.accounts.models import AppUser
from auth.departments.models import Department
from bench.measuring import Case, Report, interleaved
from bench.table import SCHEMA, blocks
from catalog.elements.words import DataType
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.words import ShareType
from server.process import migrating
from shuqiao.arrow.scans.comparing import compare
from shuqiao.arrow.snapshots.reader import open_snapshot
from shuqiao.arrow.snapshots.writer import write_snapshot
from shuqiao.db import make_engine, unit_of_work
from shuqiao.embedded import EmbeddedPostgres
from shuqiao.ids import uuid7
from shuqiao.subject import Subject

#: Of a hundred rows one is left out, one has another remark, one is new.
SHARE: Final = 100
COMPARISON_TARGET_S: Final = 60.0
GUARD_TARGET: Final = 0.8
#: Transactions a run of one case.
CHANGES: Final = 200
ITEMS: Final = 100
_DEPARTMENT, _ENTRY = "D1", "307001/1"
_STARTED: Final = "--in-a-process-of-its-own"


def run(report: Report, options: argparse.Namespace) -> None:
    """All cases that contain ``options.only``."""
    if options.only in "comparison":
        _comparison(report, min(options.rows, 1_000_000), options.rounds)
    if options.only in "guard":
        _guard(report, options.rounds)


def _comparison(report: Report, rows: int, rounds: int) -> None:
    """By key and without one, each in a process of its own, so that its memory is its own."""
    with _folder() as place:
        before = write_snapshot(place, blocks(rows), SCHEMA).id
        after = write_snapshot(place, _next_edition(rows), SCHEMA).id
        for name, key in (("by key", "id"), ("without a key", "")):
            runs = [_compared(place, before, after, key) for _round in range(rounds)]
            seconds = sorted(each["seconds"] for each in runs)[len(runs) // 2]
            peak = max(each["peak_mb"] for each in runs)
            found = runs[0]["found"]
            report.line(
                f"comparison of two editions {name}",
                seconds,
                "s",
                target=COMPARISON_TARGET_S,
                rows=rows,
                found=found,
            )
            report.line(f"peak memory of the comparison {name}", peak, "MB", rows=rows)


def _compared(place: Path, before: str, after: str, key: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.upkeep", _STARTED, str(place), before, after, key]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _in_a_process_of_its_own(place: str, before: str, after: str, key: str) -> None:
    """Compares once and prints seconds, peak memory over that of the start, and what was found."""
    at_start = _peak_mb()
    started = time.perf_counter()
    old, new = (open_snapshot(Path(place) / each) for each in (before, after))
    found = compare(old, new, [key] if key else [])
    seconds = time.perf_counter() - started
    numbers = [found.added, found.removed, found.changed]
    told = {"seconds": seconds, "peak_mb": _peak_mb() - at_start, "found": numbers}
    print(json.dumps(told))


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _next_edition(rows: int) -> Iterator[pa.RecordBatch]:
    """The same rows: every hundredth left out, the one after it changed, as many new at the end."""
    remark = SCHEMA.get_field_index("remark")
    for block in blocks(rows):
        place = np.asarray(block.column(0)) % SHARE
        texts = pc.if_else(pa.array(place == 1), pa.scalar("更正"), block.column(remark))
        block = block.set_column(remark, SCHEMA.field(remark), texts)
        yield block.filter(pa.array(place != 0))
    for block in blocks(rows // SHARE):
        yield block.set_column(0, SCHEMA.field(0), pc.add(block.column(0), pa.scalar(rows * 2)))


def _guard(report: Report, rounds: int) -> None:
    """The same transactions in two databases of one server, one of them without the guard."""
    with _folder() as place, EmbeddedPostgres(place / "home") as server:
        bases = {}
        for name in ("with", "without"):
            urls = server.database(f"guard_{name}")
            owner = urls.owner_url.render_as_string(hide_password=False)
            migrating.upgrade(owner)
            _filled(owner, is_guarded=name == "with")
            bases[name] = make_engine(urls.app_url.render_as_string(hide_password=False))
        try:
            for case, change in (("one row", _renamed), (f"{ITEMS} rows", _described)):
                _pair(report, case, {name: change(base) for name, base in bases.items()}, rounds)
        finally:
            for base in bases.values():
                base.dispose()


def _pair(report: Report, case: str, cases: dict[str, Case], rounds: int) -> None:
    times = interleaved(cases, rounds=max(rounds, 9))
    for name, each in times.items():
        micros = each.median / CHANGES * 1_000_000
        report.line(f"change of {case} with its event, {name} the guard", micros, "µs")
    ratio = times["with"].speed_to(times["without"])
    report.line(
        f"change of {case} under the guard",
        ratio,
        "x",
        target=GUARD_TARGET,
        ratio_to="the same without the guard",
    )


def _filled(owner: str, *, is_guarded: bool) -> None:
    """A department, and a draft of an entry with its items."""
    engine = create_engine(owner)
    try:
        with Session(engine) as session:
            session.execute(text("SELECT guard.excuse('made up for measuring')"))
            department = Department(code=_DEPARTMENT, name="教育厅")
            session.add(department)
            session.flush()
            clerk = AppUser(
                account="bian",
                name="编",
                department_id=department.id,
                roles=["registrar"],
                password_hash="-",
            )
            session.add(clerk)
            session.flush()
            entry = DataResource(
                code=_ENTRY,
                class_code="307001",
                title="生成数据",
                provider_id=department.id,
                registrar_id=clerk.id,
                share_type=ShareType.CONDITIONAL,
            )
            session.add(entry)
            session.flush()
            session.add_all(_item(entry, position) for position in range(ITEMS))
            session.flush()
            if not is_guarded:
                session.execute(text("SELECT guard.release(tab) FROM guard.governed"))
            session.commit()
    finally:
        engine.dispose()


def _item(entry: DataResource, position: int) -> ResourceItem:
    return ResourceItem(
        resource_id=entry.id,
        position=position,
        name=f"n{position}",
        column_name=f"n{position}",
        data_type=DataType.TEXT,
        share_type=ShareType.CONDITIONAL,
    )


def _renamed(base: Engine) -> Case:
    """One department gets another name."""
    obj = ObjectRef("Department", _DEPARTMENT)
    return _changed(
        base, "UPDATE department SET name = :said", Event.DEPARTMENT_RENAMED, _DEPARTMENT, obj
    )


def _described(base: Engine) -> Case:
    """Every item of an entry gets another description, in one statement."""
    obj = ObjectRef("DataResource", _ENTRY)
    statement = "UPDATE resource_item SET description = :said"
    return _changed(base, statement, Event.RESOURCE_EDITED, _ENTRY, obj)


def _changed(base: Engine, statement: str, event: Event, stream: str, obj: ObjectRef) -> Case:
    """So many transactions, each a change with its event."""
    subject = Subject.system("bench")

    def run_once() -> None:
        for _number in range(CHANGES):
            with unit_of_work(base) as session:
                session.connection().execute(text(statement), {"said": uuid7().hex})
                append(session, subject, event, stream=stream, obj=obj)

    return run_once


@contextmanager
def _folder() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="sq-bench-"))
    place.chmod(0o711)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__" and sys.argv[1] == _STARTED:
    _in_a_process_of_its_own(*sys.argv[2:])
