"""The export and its offline check: whole, it verifies; touched in any
way, it does not, and the place is named.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fixtures.routes import events
from fixtures.world import Worlds
from fixtures.worlds import World

from audit.canonical import canonical_bytes, leaf_hash
from audit.export import export_lines, record_export
from audit.queries import TrailFilter
from shuqiao.db import reading, unit_of_work
from shuqiao.subject import Subject
from shuqiao_client.verifier import FORMAT, NotComparable, Report, verify

At = Callable[[str], World]
#: What a superuser takes down first.
UNGUARD = (
    "ALTER TABLE audit_event DISABLE TRIGGER USER; ALTER TABLE audit_stream DISABLE TRIGGER USER;"
    "ALTER TABLE audit_event DROP CONSTRAINT audit_event_leaf_hash_check"
)


def export(folder: Path, wanted: TrailFilter | None = None) -> Path:
    """The trail as a file, as the command and the API make it."""
    chosen = wanted or TrailFilter()
    with unit_of_work() as session:
        by = record_export(session, Subject.system("cli"), chosen)
    file = folder / f"export-{len(list(folder.iterdir()))}.jsonl"
    with reading() as session:
        file.write_text("".join(export_lines(session, chosen, by)), encoding="utf-8")
    return file


def expectation(folder: Path) -> Path:
    """What an attentive person kept from the answers: ids, hashes, and
    how many events each stream had.
    """
    known = events()
    file = folder / "expected.json"
    kept = [{"event_id": str(event.id), "leaf_hash": event.leaf_hash.hex()} for event in known]
    file.write_text(
        json.dumps({"events": kept, "counts": Counter(event.stream for event in known)}),
        encoding="utf-8",
    )
    return file


def codes(report: Report) -> set[tuple[str, str]]:
    return {(problem.code, str(problem.where)) for problem in report.problems}


def test_the_whole_trail_verifies(committed_world: At, tmp_path: Path) -> None:
    committed_world("finished_delivery")
    kept = expectation(tmp_path)
    report = verify(export(tmp_path), kept)
    assert report.problems == []
    assert report.verified
    assert list(report.unchecked) == ["seal"]
    assert list(verify(export(tmp_path)).unchecked) == ["receipts", "head", "seal"]
    assert report.events == len(events()) - 1
    assert report.streams == len({event.stream for event in events()})


def test_a_part_of_the_trail_verifies_without_its_neighbours(
    committed_world: At, tmp_path: Path
) -> None:
    world = committed_world("active_grant")
    case = [event for event in events() if event.stream == world.request_no]
    file = export(tmp_path, TrailFilter(stream=world.request_no))
    asked = verify(file, part=True)
    assert (asked.verdict, asked.events) == ("verified", len(case))
    assert list(asked.unchecked) == ["part", "receipts", "head", "seal"]
    assert asked.unchecked["part"] == {"filter": f"stream={world.request_no}"}
    not_asked = verify(file)
    assert (not_asked.verdict, not_asked.problems) == ("less", [])
    header, *lines = lines_of(file)
    shorter = verify(rewritten(file, [header, *lines[:-1]]), part=True)
    assert codes(shorter) == {("missing", world.request_no), ("cut", "1")}


@pytest.mark.parametrize("wanted", [TrailFilter(result="allow"), TrailFilter(stream="nobody")])
def test_a_part_that_was_chosen_by_anything_else_says_that_gaps_were_not_looked_for(
    committed_world: At, tmp_path: Path, wanted: TrailFilter
) -> None:
    committed_world("accounts")
    report = verify(export(tmp_path, wanted), part=True)
    assert report.verified is bool(report.events)
    assert {"part", "numbers"} <= set(report.unchecked)
    assert ("empty" in report.unchecked) is not bool(report.events)
    if report.events:
        header, *lines = lines_of(file := export(tmp_path, wanted))
        assert codes(verify(rewritten(file, [header, *lines[:-1]]), part=True)) == {("cut", "1")}


def test_an_earlier_export_tells_an_old_or_a_shortened_one(
    committed_world: At, tmp_path: Path
) -> None:
    """Both are sound in themselves: only what was kept elsewhere tells them apart."""
    committed_world("accounts")
    old, new = export(tmp_path), export(tmp_path)
    assert verify(new, earlier=old).verified
    assert set(verify(new, earlier=old).unchecked) == {"seal"}
    assert {code for code, _ in codes(verify(old, earlier=new))} == {"earlier_missing"}
    header, *lines = lines_of(new)
    event = json.loads(lines[3]["canon"])
    event["actor"]["account"] = "somebody_else"
    canon = canonical_bytes(event)
    lines[3] = {"leaf_hash": leaf_hash(canon).hex(), "canon": canon.decode()}
    forged = rewritten(tmp_path / "forged", [header, *lines])
    assert verify(forged).verified, "consistent in itself"
    assert codes(verify(forged, earlier=old)) == {("earlier_changed", event["id"])}
    for unusable, why in ((forged.with_name("none"), "not_whole"), (old, "wrong")):
        unusable.write_text("" if why == "not_whole" else old.read_text().replace("allow", "deny"))
        with pytest.raises(NotComparable, match=why):
            verify(new, earlier=unusable)


def edit_bytes(world: World) -> tuple[str, set[str]]:
    victim = events()[3]
    forged = victim.canon.replace(b'"res":"allow"', b'"res":"error"')
    return f"UPDATE audit_event SET canon = '\\x{forged.hex()}' WHERE id = '{victim.id}'", {
        str(victim.id)
    }


def edit_bytes_and_hash(world: World) -> tuple[str, set[str]]:
    victim = events()[3]
    record = json.loads(victim.canon)
    record["actor"]["account"] = "somebody_else"
    forged = canonical_bytes(record)
    hashed = leaf_hash(forged).hex()
    statement = (
        f"UPDATE audit_event SET canon = '\\x{forged.hex()}', leaf_hash = '\\x{hashed}' WHERE id = "
        f"'{victim.id}'"
    )
    return statement, {str(victim.id)}


def delete_last(world: World) -> tuple[str, set[str]]:
    victim = events()[-1]
    return f"DELETE FROM audit_event WHERE id = '{victim.id}'", {str(victim.id), victim.stream}


def delete_last_and_count_back(world: World) -> tuple[str, set[str]]:
    victim = events()[-1]
    back = f"UPDATE audit_stream SET last_seq = last_seq - 1 WHERE stream = '{victim.stream}'"
    return f"{delete_last(world)[0]}; {back}", {str(victim.id), victim.stream}


def add_one(world: World) -> tuple[str, set[str]]:
    """A new event, perfect in itself, in its right place."""
    model = events()[-1]
    record = json.loads(model.canon)
    record["id"], record["seq"] = "01a20000-0000-7000-8000-000000000001", model.seq + 1
    forged = canonical_bytes(record)
    return (
        f"UPDATE audit_stream SET last_seq = last_seq + 1 WHERE stream = '{model.stream}';"
        " INSERT INTO audit_event (id, at, stream, seq, action, result, actor, object_type, "
        "object_id,"
        f" request_id, canon, leaf_hash) SELECT '{record['id']}', at, stream, seq + 1, action, "
        "result, actor,"
        " object_type, object_id,"
        f" request_id, '\\x{forged.hex()}', '\\x{leaf_hash(forged).hex()}' FROM audit_event WHERE "
        f"id = '{model.id}'"
    ), {model.stream}


def swap_two(world: World) -> tuple[str, set[str]]:
    first, second = [event for event in events() if event.stream == world.request_no][:2]
    statement = (
        f"UPDATE audit_event SET canon = '\\x{second.canon.hex()}', leaf_hash = "
        f"'\\x{second.leaf_hash.hex()}'"
        f" WHERE id = '{first.id}'"
    )
    return statement, {str(second.id)}


TAMPERED = [
    edit_bytes,
    edit_bytes_and_hash,
    delete_last,
    delete_last_and_count_back,
    add_one,
    swap_two,
]


@pytest.mark.parametrize("tamper", TAMPERED, ids=lambda tamper: tamper.__name__)
def test_what_a_superuser_did_is_found_and_named(
    committed_world: At,
    worlds: Worlds,
    tmp_path: Path,
    tamper: Callable[[World], tuple[str, set[str]]],
) -> None:
    world = committed_world("active_grant")
    kept = expectation(tmp_path)
    statement, named = tamper(world)
    with worlds.as_superuser(world) as superuser:
        superuser.execute(UNGUARD)
        superuser.execute(statement.encode())
    report = verify(export(tmp_path), kept)
    assert not report.verified
    assert named & {problem.where for problem in report.problems}, report.problems


def test_the_command_says_so_as_a_process(
    committed_world: At, worlds: Worlds, tmp_path: Path, checkout: Path
) -> None:
    world = committed_world("accounts")
    kept, (statement, named) = expectation(tmp_path), delete_last_and_count_back(world)
    good = run_verify(checkout, export(tmp_path), kept)
    assert (good.returncode, json.loads(good.stdout)["verified"]) == (0, True)
    with worlds.as_superuser(world) as superuser:
        superuser.execute(UNGUARD)
        superuser.execute(statement.encode())
    bad = run_verify(checkout, export(tmp_path), kept)
    assert (bad.returncode, json.loads(bad.stdout)["verified"]) == (1, False)
    assert named & {problem["where"] for problem in json.loads(bad.stdout)["problems"]}


def run_verify(checkout: Path, file: Path, kept: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "server.cli",
        "audit",
        "verify",
        str(file),
        "--expect",
        str(kept),
        "--json",
    ]
    return subprocess.run(
        command, cwd=checkout, capture_output=True, text=True, timeout=100, check=False
    )


def lines_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def rewritten(file: Path, lines: list[dict[str, Any] | str]) -> Path:
    file.write_text(
        "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines),
        encoding="utf-8",
    )
    return file


def test_a_file_touched_after_its_export_is_found(committed_world: At, tmp_path: Path) -> None:
    committed_world("token")
    header, *lines = lines_of(export(tmp_path))
    file = tmp_path / "touched.jsonl"
    victim = json.loads(lines[2]["canon"])

    def found(*changed: dict[str, Any] | str, head: dict[str, Any] | str = header) -> set[str]:
        return {problem.code for problem in verify(rewritten(file, [head, *changed])).problems}

    assert found(*lines) == set()
    assert found(*lines[:-1]) == {"missing", "cut", "own_event"}
    assert found(*lines[:2], *lines[3:]) == {"missing", "cut"}
    assert found(*lines, lines[4]) == {"doubled", "order", "cut"}
    assert found(*lines[:2], lines[3], lines[2], *lines[4:]) == {"order"}
    spaced = json.dumps(victim, ensure_ascii=False)
    rehashed = {"canon": spaced, "leaf_hash": leaf_hash(spaced.encode()).hex()}
    assert found(*lines[:2], rehashed, *lines[3:]) == {"not_canonical"}
    victim.pop("rid")
    shorter = canonical_bytes(victim)
    cut = {"canon": shorter.decode(), "leaf_hash": leaf_hash(shorter).hex()}
    assert found(*lines[:2], cut, *lines[3:]) == {"incomplete"}
    assert found(*lines[:2], "no JSON", *lines[3:]) == {"unreadable", "missing", "cut"}
    assert "not_an_export" in found(*lines, head={"format": "other"})
    assert "not_an_export" in found(*lines, head="[]")
    assert found(*lines[:2], "[" * 100_000, *lines[3:]) == {"unreadable", "missing", "cut"}


def exported(folder: Path, numbers: list[int], heads: dict[str, int]) -> Path:
    """An export of events of one case under these numbers, each perfect in itself."""
    thing = {"type": "ShareRequest", "id": "REQ-2026-000001"}
    lines: list[dict[str, Any] | str] = [{"format": FORMAT, "whole": True, "streams": heads}]
    for place, number in enumerate(numbers):
        event: dict[str, Any] = {"v": 1, "id": f"event-{place}", "stream": "case", "seq": number}
        event |= {"ts": "2026-02-11T01:00:00.000000+00:00", "act": "exchange:request:edited"}
        event |= {"res": "allow", "actor": {"account": "li"}, "obj": thing, "rid": "r"}
        canon = canonical_bytes(event)
        lines.append({"canon": canon.decode(), "leaf_hash": leaf_hash(canon).hex()})
    return rewritten(folder / "made.jsonl", lines)


@pytest.mark.parametrize(
    ("numbers", "head", "found"),
    [
        ([1, 2, 3], 3, []),
        ([3, 1, 2], 3, []),
        ([0, 1, 2], 2, ["beyond_head"]),
        ([-1, 1, 2], 2, ["beyond_head"]),
        ([1, 2, 3], 2, ["beyond_head"]),
        ([1, 2, 2], 2, ["doubled"]),
        ([1, 3], 3, ["missing"]),
        ([1, 1], 2, ["missing", "doubled"]),
        ([0, 0], 1, ["missing", "beyond_head", "doubled"]),
        ([], 1, ["missing"]),
        ([1], None, ["beyond_head"]),
    ],
)
def test_numbers_run_from_one_to_the_head_each_once(
    tmp_path: Path, numbers: list[int], head: int | None, found: list[str]
) -> None:
    report = verify(exported(tmp_path, numbers, {} if head is None else {"case": head}))
    assert [(each.code, each.where) for each in report.problems] == [
        (code, "case") for code in found
    ]
    assert report.verdict == ("wrong" if found else "verified")


def test_a_problem_says_which_numbers_it_is_about(tmp_path: Path) -> None:
    (gone, beyond) = verify(exported(tmp_path, [0, 2, 9], {"case": 7})).problems
    assert gone.facts == {"numbers": "1, 3, 4, 5, 6 …", "head": 7}
    assert beyond.facts == {"numbers": "0, 9", "head": 7}


def test_bytes_that_are_no_text_any_more_are_exported_and_found(
    committed_world: At, worlds: Worlds, tmp_path: Path
) -> None:
    world = committed_world("accounts")
    victim = events()[3]
    with worlds.as_superuser(world) as superuser:
        superuser.execute(UNGUARD)
        superuser.execute(
            f"UPDATE audit_event SET canon = '\\xff00fe' WHERE id = '{victim.id}'".encode()
        )
    report = verify(export(tmp_path))
    assert "unreadable" in {problem.code for problem in report.problems}
    assert ("missing", victim.stream) in codes(report)
