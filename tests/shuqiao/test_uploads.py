"""A file while it arrives: whole and kept, or gone; of a killed process too."""

import hashlib
import os
import signal
import stat
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from fixtures.small_disk import fill, free, mounted

from shuqiao.disk import StorageFull, refusal_of
from shuqiao.errors import TooLarge
from shuqiao.settings import settings
from shuqiao.uploads import Receiving, remove_unfinished, store_upload, upload_path


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    monkeypatch.setenv("SHUQIAO_HOME", str(tmp_path))
    monkeypatch.setenv("SHUQIAO_DISK_HEADROOM_BYTES", "0")
    monkeypatch.setenv("SHUQIAO_UPLOAD_LIMIT_BYTES", "20000000")
    settings.cache_clear()
    yield tmp_path / "uploads"
    settings.cache_clear()


def test_a_file_that_is_kept_stays_and_another_goes(place: Path) -> None:
    content = b"a,b\n" * 700_000
    with store_upload(BytesIO(content), "../名.csv") as kept, store_upload(BytesIO(b"x"), None):
        assert (kept.file_name, kept.bytes) == ("名.csv", len(content))
        assert kept.sha256 == hashlib.sha256(content).hexdigest()
        assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
        kept.keep()
    assert [path.name for path in place.iterdir()] == [kept.id.hex]
    assert upload_path(kept.id).read_bytes() == content


def test_a_disk_that_fills_on_the_way_leaves_nothing(place: Path) -> None:
    with mounted(place, "2m") as disk:
        arriving = Receiving("a.csv")
        arriving.write(b"x" * 1_000_000)
        fill(disk)
        # Somebody else fills it between question and write.
        arriving._promise.spend = lambda size: None  # type: ignore[method-assign]
        with pytest.raises(OSError, match="No space") as failed:
            arriving.write(b"x" * 1_000_000)
        arriving.abandon()
        assert isinstance(refusal_of(failed.value), StorageFull)
        free(disk)
        assert list(disk.iterdir()) == []
        with pytest.raises(StorageFull):  # told beforehand: nothing is begun
            Receiving("a.csv", size=10_000_000)
        assert list(disk.iterdir()) == []
        with store_upload(BytesIO(b"x" * 1_000_000), "a.csv") as again:
            assert again.bytes == 1_000_000


def test_more_than_allowed_is_not_kept(place: Path) -> None:
    with pytest.raises(TooLarge):
        store_upload(BytesIO(b"x" * 20_000_001), "a.csv")
    assert list(place.iterdir()) == []


def test_what_a_killed_process_left_is_removed_and_nothing_else(place: Path) -> None:
    child = os.fork()
    if child == 0:
        Receiving("a.csv").write(b"x" * 100)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    arriving = Receiving("b.csv")
    arriving.write(b"x")
    looked_at = store_upload(BytesIO(b"x"), "c.csv")
    kept = store_upload(BytesIO(b"x"), "d.csv")
    kept.keep()
    assert len(list(place.iterdir())) == 4
    assert remove_unfinished() == 1
    with looked_at, arriving.finish() as arrived:
        assert {path.name for path in place.iterdir()} == {
            kept.id.hex,
            looked_at.path.name,
            arrived.path.name,
        }
    assert [path.name for path in place.iterdir()] == [kept.id.hex]
