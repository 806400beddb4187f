"""Files that were made to deceive the verifier, or to bring it down."""

import gzip
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from audit.canonical import canonical_bytes, leaf_hash
from shuqiao_client import verifier
from shuqiao_client.verifier import FORMAT, Report, checking, verify

#: What a process of the verifier may use: an interpreter, and little more.
_BOUNDED = """
import json, resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20))
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
from shuqiao_client import verifier
report = verifier.verify(Path(sys.argv[1]), part=len(sys.argv) > 2)
print(json.dumps([report.verdict, [[each.code, str(each.where)] for each in report.problems]]))
"""


def event(seq: Any, *, stream: str = "case", identity: str | None = None, **more: Any) -> bytes:
    """A line that is perfect in itself."""
    said = {"v": 1, "id": identity or f"event-{seq:06d}", "stream": stream, "seq": seq}
    said |= {"ts": "2026-02-11T01:00:00.000000+00:00", "act": "exchange:request:edited"}
    said |= {"res": "allow", "actor": {"account": "li"}, "obj": {"id": "r"}, "rid": "r", **more}
    return line(canonical_bytes(said))


def line(canon: bytes) -> bytes:
    row = {"leaf_hash": leaf_hash(canon).hex(), "canon": canon.decode("utf-8", "surrogateescape")}
    return json.dumps(row).encode() + b"\n"


def header(**said: Any) -> bytes:
    whole = {"format": FORMAT, "whole": True, "streams": {"case": 3}, "events": 3}
    return json.dumps({**whole, **said}).encode() + b"\n"


SOUND = b"".join(map(event, (1, 2, 3)))
MIB = 1 << 20


def bounded(file: Path, *part: str) -> tuple[str, list[list[str]]]:
    done = subprocess.run(
        [sys.executable, "-c", _BOUNDED, file, *part], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    verdict, problems = json.loads(done.stdout)
    return verdict, problems


def pieces(*parts: bytes) -> Callable[[], Iterator[bytes]]:
    return lambda: iter(parts)


HUGE: dict[str, tuple[Callable[[], Iterator[bytes]], str, list[list[str]]]] = {
    "a head of ten thousand million": (
        pieces(header(streams={"case": 10**10}), SOUND),
        "wrong",
        [["missing", "case"]],
    ),
    "a number of ten thousand million": (
        pieces(header(), event(1), event(2), event(10**10)),
        "wrong",
        [["missing", "case"], ["beyond_head", "case"]],
    ),
    "a first line of 300 MB": (
        lambda: (b" " * MIB for _ in range(300)),
        "not_an_export",
        [["not_an_export", "1"]],
    ),
    "a line of 300 MB": (
        lambda: iter([header(), *[b"x" * MIB] * 300, b"\n", SOUND]),
        "wrong",
        [["too_long", "2"]],
    ),
    "a last line of 300 MB that never ends": (
        lambda: iter([header(), SOUND, *[b"x" * MIB] * 300]),
        "wrong",
        [["too_long", "5"]],
    ),
    "nesting": (
        pieces(header(), b'{"canon":' + b"[" * (3 * MIB) + b"\n", SOUND),
        "wrong",
        [["unreadable", "2"]],
    ),
    "nesting in the event": (
        pieces(header(), line(b'{"id":"a","stream":"b","seq":1,"x":' + b"[" * MIB), SOUND),
        "wrong",
        [["unreadable", "2"]],
    ),
    "nesting in the head": (
        pieces(b'{"format":' * MIB + b"\n"),
        "not_an_export",
        [["not_an_export", "1"]],
    ),
    "an integer of a million digits": (
        pieces(header(), line(b'{"id":"a","stream":"b","seq":' + b"9" * MIB + b"}"), SOUND),
        "wrong",
        [["unreadable", "2"]],
    ),
    "a bomb": (
        lambda: iter([gzip.compress(b"\0" * 100 * MIB)]),
        "not_an_export",
        [["not_an_export", "1"]],
    ),
    "fifty thousand problems": (
        lambda: iter([header(), *[b"no\n"] * 50_000, SOUND]),
        "wrong",
        [["unreadable", str(number)] for number in range(2, 1002)],
    ),
}


@pytest.mark.parametrize("name", HUGE)
def test_what_a_file_claims_costs_neither_memory_nor_time(tmp_path: Path, name: str) -> None:
    made, verdict, problems = HUGE[name]
    file = tmp_path / "export.jsonl"
    with file.open("wb") as out:
        out.writelines(made())
    assert bounded(file) == (verdict, problems)


def found(folder: Path, *parts: bytes, **options: Any) -> Report:
    file = folder / "export.jsonl"
    file.write_bytes(b"".join(parts))
    return verify(file, **options)


def codes(report: Report) -> list[tuple[str, str | int]]:
    return [(each.code, each.where) for each in report.problems]


def test_what_is_not_the_whole_trail_is_never_called_verified(tmp_path: Path) -> None:
    assert found(tmp_path, header(), SOUND).verdict == "verified"
    part = header(whole=False, streams={}, filter={"result": "allow"}, events=3)
    assert found(tmp_path, part, SOUND).verdict == "less"
    assert found(tmp_path, part, SOUND, part=True).verdict == "verified"
    assert found(tmp_path, header(filter={"actor": "li"}), SOUND).verdict == "less"
    for empty in (header(streams={}, events=0), header(whole=False, streams={}, events=0)):
        for wants_part in (False, True):
            report = found(tmp_path, empty, part=wants_part)
            assert (report.verdict, next(iter(report.unchecked))) == ("less", "empty")
    for none in (b"", b"\n", b"{}\n", b"[]\n", b"null\n", b"\xff\xfe\n", SOUND):
        report = found(tmp_path, none, part=True)
        assert (report.verdict, codes(report)) == ("not_an_export", [("not_an_export", 1)])


@pytest.mark.parametrize(
    "wrong",
    [
        {"whole": "true"},
        {"whole": 1},
        {"streams": {"case": "3"}},
        {"streams": {"case": True}},
        {"streams": {"case": -1}},
        {"streams": [3]},
        {"events": "3"},
        {"events": None},
        {"filter": "none"},
        {"exported_at": 5},
        {"export_event": "x"},
        {"format": "shuqiao-audit-export/2"},
    ],
    ids=str,
)
def test_a_head_of_another_form_is_none(tmp_path: Path, wrong: dict[str, Any]) -> None:
    assert found(tmp_path, header(**wrong), SOUND).verdict == "not_an_export"


def test_texts_that_two_readers_read_in_two_ways_are_no_events(tmp_path: Path) -> None:
    twice = event(2).replace(b'{"leaf_hash"', b'{"canon":"other","leaf_hash"')
    said = json.loads(json.loads(event(2))["canon"])
    canon = canonical_bytes(said)
    rows = {
        "member twice": (twice, ("unreadable", 3)),
        "event's member twice": (
            line(canon.replace(b'{"act"', b'{"act":"x","act"')),
            ("unreadable", 3),
        ),
        "number as text": (line(canonical_bytes({**said, "seq": "2"})), ("unreadable", 3)),
        "truth as number": (line(canonical_bytes({**said, "seq": True})), ("unreadable", 3)),
        "not UTF-8": (event(2).replace(b"li", b"\xff"), ("unreadable", 3)),
        "UTF-16": (event(2).decode().encode("utf-16"), ("unreadable", 3)),
        "a list": (b"[]\n", ("unreadable", 3)),
        "no text": (b'{"leaf_hash":"x","canon":1}\n', ("unreadable", 3)),
    }
    for name, (row, problem) in rows.items():
        assert problem in codes(found(tmp_path, header(), event(1), row, event(3))), name
    for spelled in (
        json.dumps(said).encode(),
        canon.replace(b'"v":1', b'"v":1.0'),
        canon.replace(b'"li"', b'"\\u006ci"'),
        canon.replace(b'"rid":"r"', b'"rid":null'),
        canon.replace(b'"rid":"r"', b'"rid":9007199254740992'),
        canon.replace(b'"rid":"r"', b'"rid":"\\ud800"'),
    ):
        report = found(tmp_path, header(), event(1), line(spelled), event(3))
        assert ("not_canonical", "event-000002") in codes(report), spelled


def test_ends_of_lines_do_not_matter(tmp_path: Path) -> None:
    windows = (header() + SOUND).replace(b"\n", b"\r\n")
    assert found(tmp_path, windows).verdict == "verified"
    assert found(tmp_path, (header() + SOUND).rstrip(b"\n")).verdict == "verified"
    assert codes(found(tmp_path, (header() + SOUND)[:-9])) == [
        ("unreadable", 4),
        ("cut", 1),
        ("missing", "case"),
    ]


def test_what_cannot_be_kept_in_mind_is_said_and_nothing_is_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "MOST_GAPS", 3)
    rows = [event(2 * number, identity=f"e{number:03d}") for number in range(1, 9)]
    report = found(tmp_path, header(whole=False, streams={}, events=8), *rows, part=True)
    assert (report.verdict, report.problems) == ("less", [])
    assert report.unchecked["rest"] == {"line": 7}
    monkeypatch.setattr(checking, "MOST_STREAMS", 3)
    rows = [event(1, stream=f"s{number}", identity=f"e{number:03d}") for number in range(8)]
    report = found(tmp_path, header(whole=False, streams={}, events=8), *rows, part=True)
    assert (report.verdict, report.unchecked["rest"]) == ("less", {"line": 6})


def test_names_of_a_file_do_not_move_the_cursor(tmp_path: Path) -> None:
    evil = "\x1b[2K\rverified; \u202e"
    report = found(tmp_path, header(), event(1, identity=evil, stream=evil))
    for language in ("zh", "en"):
        for told in verifier.as_lines(report, language):  # type: ignore[arg-type]
            assert told.replace("\t", "").isprintable()


def test_it_is_said_in_both_languages_first_what_was_not_checked(tmp_path: Path) -> None:
    part = header(whole=False, streams={}, filter={"result": "allow"})
    report = found(tmp_path, part, event(1))
    chinese, english = (list(verifier.as_lines(report, each)) for each in ("zh", "en"))  # type: ignore[arg-type]
    assert [told.split("\t")[0] for told in chinese][1:-2] == [
        *("  part", "  numbers", "  receipts", "  head", "  seal")
    ]
    assert (chinese[0], english[0]) == ("没有核对的：", "Not checked:")
    assert chinese[-2].startswith("cut\t第 1 行\t文件") and english[-2].startswith("cut\tline 1")
    assert chinese[-1].startswith("wrong; 未通过") and english[-1].startswith("wrong; NOT verified")
    assert not any(told.isascii() for told in chinese) and all(map(str.isascii, english))
    said = verifier.as_json(report, "en")
    assert said["problems"][0]["where"] == "line 1" and not said["verified"]


@pytest.mark.parametrize(
    ("expected", "why"),
    [
        ("no JSON", "unreadable"),
        ("[]", "unreadable"),
        ('{"events": [{"event_id": "a"}]}', "unreadable"),
        ('{"events": [{"event_id": "a", "leaf_hash": 5}]}', "unreadable"),
        ('{"counts": {"case": "3"}}', "unreadable"),
        ('{"counts": [3]}', "unreadable"),
        ("{}", "empty"),
        ('{"events": [], "counts": {}}', "empty"),
    ],
)
def test_what_is_expected_must_say_something(tmp_path: Path, expected: str, why: str) -> None:
    file = tmp_path / "expected.json"
    file.write_text(expected)
    with pytest.raises(verifier.NotComparable, match=why):
        found(tmp_path, header(), SOUND, expectation=file)


def test_numbers_are_kept_as_runs_whatever_their_order() -> None:
    from random import Random

    from shuqiao_client.verifier.runs import Runs

    random = Random(7)
    for _round in range(200):
        numbers = [random.randrange(-3, 25) for _ in range(random.randrange(30))]
        runs, head = Runs(), random.randrange(20)
        for number in numbers:
            runs.add(number)
        known = set(numbers)
        assert list(runs.gone(head)) == [n for n in range(1, head + 1) if n not in known]
        assert list(runs.beyond(head)) == sorted(n for n in known if not 1 <= n <= head)
        assert bool(runs.doubled) is (len(known) < len(numbers))
        assert len(runs) == sum(1 for n in known if n - 1 not in known)
