"""What a full or failing disk means, whoever says it."""

import errno
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from fixtures.small_disk import fill, free, mounted
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session
from xlsxwriter.exceptions import FileCreateError

from shuqiao.disk import Promises, StorageFailing, StorageFull, expect_room, refusal_of, told
from shuqiao.settings import settings


@pytest.fixture
def headroom(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setenv("SHUQIAO_DISK_HEADROOM_BYTES", "1048576")
    settings.cache_clear()
    yield 1_048_576
    settings.cache_clear()


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        (errno.ENOSPC, StorageFull),
        (errno.EDQUOT, StorageFull),
        (errno.EFBIG, StorageFull),
        (errno.EIO, StorageFailing),
        (errno.EROFS, StorageFailing),
        (errno.ENOENT, None),
        (errno.ECONNRESET, None),
    ],
)
def test_what_the_system_says(code: int, refusal: type | None) -> None:
    found = refusal_of(OSError(code, "…"))
    assert (None if found is None else type(found)) is refusal


def test_what_libraries_wrap_is_found() -> None:
    wrapped = FileCreateError("…")
    wrapped.__cause__ = OSError(errno.ENOSPC, "…")
    assert isinstance(refusal_of(wrapped), StorageFull)


def test_what_arrow_says(tmp_path: Path) -> None:
    with (
        mounted(tmp_path / "disk", "1m") as disk,
        pytest.raises(OSError, match="No space") as failed,
        pa.OSFile(str(disk / "a"), "wb") as sink,
    ):
        sink.write(b"x" * 4_000_000)
    assert isinstance(refusal_of(failed.value), StorageFull)


@pytest.mark.parametrize(("state", "refusal"), [("53100", StorageFull), ("58030", StorageFailing)])
def test_what_the_database_says_of_its_disk(
    session: Session, state: str, refusal: type[Exception]
) -> None:
    statement = text(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$")
    with pytest.raises(DBAPIError) as failed:
        session.connection().execute(statement)
    assert isinstance(refusal_of(failed.value), refusal)
    with pytest.raises(refusal), told():
        raise failed.value


def test_both_say_when_to_come_again() -> None:
    assert (StorageFull.status, StorageFailing.status) == (507, 503)
    assert StorageFull().retry_after and StorageFailing().retry_after


def test_room_is_promised_once(tmp_path: Path, headroom: int) -> None:
    with mounted(tmp_path / "disk", "8m") as disk:
        promises = Promises()
        first = promises.made(disk, 4_000_000)
        with pytest.raises(StorageFull):
            promises.made(disk, 4_000_000)
        (disk / "a").write_bytes(b"x" * 3_000_000)
        first.spend(3_000_000)  # what is written is not counted a second time
        promises.made(disk, 2_000_000).close()
        with pytest.raises(StorageFull):  # more than was told, where no room is
            first.spend(7_000_000)
        first.close()
        promises.made(disk, 3_000_000).close()


def test_some_room_always_stays(tmp_path: Path, headroom: int) -> None:
    with mounted(tmp_path / "disk", "8m") as disk:
        expect_room(disk)
        fill(disk, leave=headroom - 65_536)
        with pytest.raises(StorageFull):
            expect_room(disk)
        free(disk)
        expect_room(disk)
