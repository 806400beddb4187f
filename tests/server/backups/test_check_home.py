"""``shuqiao check-home``: every file that the database names, and no other."""

import os
from pathlib import Path

from fixtures.backed_up import KEY, Installation, shuqiao, told


def said(of: Installation, *words: str) -> tuple[int, str]:
    with of.entered():
        done = shuqiao("check-home", *words)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def old(path: Path) -> None:
    os.utime(path, (1, 1))


def test_a_home_as_it_should_be(here: Installation) -> None:
    code, output = said(here, "--thorough")
    assert (code, "files" in output, output.count("\n")) == (0, True, 1), output


def test_everything_that_is_wrong_is_named(here: Installation) -> None:
    (arrow,) = (here.home / "snapshots").glob("*/data.arrow")
    part = next(each for each in arrow.parent.iterdir() if each.suffix == ".parquet")
    arrow.chmod(0o600)
    arrow.write_bytes(arrow.read_bytes()[:-1])
    part.unlink()
    (upload,) = (here.home / "uploads").iterdir()
    content = upload.read_bytes()
    upload.write_bytes(b"!" + content[1:])
    (here.home / "keys" / KEY).chmod(0o640)
    strays = [
        here.home / "uploads" / ("f" * 32),
        here.home / "uploads" / "notes.txt",
        here.home / "snapshots" / ("e" * 64),
        arrow.parent / "more.bin",
    ]
    for stray in strays:
        stray.write_bytes(b"")
        old(stray)
    fresh = here.home / "uploads" / ("d" * 32)
    fresh.write_bytes(b"")

    code, output = said(here)
    assert code == 1
    for path, words in (
        (arrow, "bytes instead of"),
        (part, "is missing"),
        (here.home / "keys" / KEY, "must be its owner's alone"),
        *((stray, "is named by nothing") for stray in strays),
    ):
        shown = str(path.relative_to(here.home))
        assert any(shown in line and words in line for line in output.splitlines()), path
    assert fresh.name not in output
    assert upload.name not in output, "a size says nothing of that"
    code, output = said(here, "--thorough")
    assert f"uploads/{upload.name} is not what was written" in output


def test_the_usage_is_the_sum_of_the_files_and_strays_are_told_apart(here: Installation) -> None:
    named = [*(here.home / "uploads").iterdir(), *(here.home / "snapshots").glob("*/*")]
    size = sum(each.stat().st_size for each in named)
    stray = here.home / "uploads" / ("f" * 32)
    stray.write_bytes(b"nobody")
    old(stray)
    with here.entered():
        facts, said = told("store", "usage"), shuqiao("store", "usage").output
    [owner] = [each for each in facts["items"] if each["used_bytes"]]
    assert owner["used_bytes"] == facts["used_bytes"] == size > 0
    assert facts["strays"] == {"files": 1, "bytes": 6}
    assert owner["department_name"] in said
    assert "6 B" in said
