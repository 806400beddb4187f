"""A backup and the way back, on databases of their own beside a serving one."""

import hashlib
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from fixtures.backed_up import KEY, Installation, shuqiao, told

from audit.append import ObjectRef, append
from audit.events import Event
from server.backups.errors import BackupRefused
from server.backups.schemas import read_backup
from server.backups.service import dumping
from server.tables import REVISION
from shuqiao import db
from shuqiao.home import HomeUnfinished
from shuqiao.subject import Subject

pytestmark = pytest.mark.timeout(300)


def refused(*words: object) -> str:
    """The sentence with which a command refuses."""
    done = shuqiao(*words)
    assert isinstance(done.exception, BackupRefused | HomeUnfinished), (done.output, done.exception)
    return str(done.exception)


def trail(of: Installation) -> dict[str, tuple[str, int, str]]:
    rows = of.sql("SELECT id::text, stream, seq, encode(leaf_hash, 'hex') FROM audit_event")
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


class Writer(threading.Thread):
    """Somebody who goes on working while a backup is made."""

    def __init__(self, of: Installation) -> None:
        super().__init__()
        self.engine = db.make_engine(of.cluster.app_url.set(database=of.database))
        self.done, self.count = threading.Event(), 0

    def run(self) -> None:
        while not self.done.is_set():
            with db.unit_of_work(self.engine) as session:
                append(
                    session,
                    Subject.system("test"),
                    Event.TRAIL_EXPORTED,
                    stream=f"trail:{self.count % 7}",
                    obj=ObjectRef("Trail", "trail"),
                )
            self.count += 1
        self.engine.dispose()


class TestRoundTrip:
    def test_it_comes_back_as_it_was_at_one_moment_and_is_proved(
        self, here: Installation, there: Installation, tmp_path: Path, phrase: Path
    ) -> None:
        folder, writer = tmp_path / "backup", Writer(here)
        writer.start()
        try:
            with here.entered():
                made = told("backup", folder, "--passphrase-file", phrase)
        finally:
            writer.done.set()
            writer.join()
        assert writer.count > 0
        with there.entered():
            done = told("restore", folder, "--passphrase-file", phrase, "--bootstrap", "--thorough")
            look = told("check-home", "--thorough")
        assert (done["verified"], done["manifest"]) == (True, made["manifest"])
        assert (look["ok"], look["findings"], look["files"]) == (True, [], made["files"] - 2)

        then, later = trail(there), trail(here)
        own = {key: row for key, row in then.items() if row[0].startswith("backup:")}
        assert [row[1] for row in own.values()] == [1]
        old = {key: row for key, row in then.items() if key not in own}
        assert len(old) == made["events"] <= len(later) - 1
        assert old.items() <= later.items()
        for stream in {row[0] for row in old.values()}:
            numbers = sorted(row[1] for row in old.values() if row[0] == stream)
            assert numbers == list(range(1, len(numbers) + 1)), stream
        assert (there.home / "keys" / KEY).read_bytes() == (here.home / "keys" / KEY).read_bytes()
        assert (there.home / "keys" / KEY).stat().st_mode & 0o777 == 0o600
        assert not (there.home / "restoring").exists()

    def test_the_restored_database_grants_what_the_migrations_grant(
        self, here: Installation, there: Installation, tmp_path: Path
    ) -> None:
        with here.entered():
            told("backup", tmp_path / "backup", "--without-keys")
        with there.entered():
            done = shuqiao("restore", tmp_path / "backup", "--without-keys", "--bootstrap")
        assert done.exit_code == 0, (done.output, done.exception)
        assert "pseudonyms of every recipient change" in done.output
        assert "in force again" in done.output
        asked = (
            "SELECT relname, relacl::text, relowner::regrole::text FROM pg_class"
            " WHERE relnamespace::regnamespace::text IN ('public', 'guard') ORDER BY relname",
            "SELECT proname, proacl::text, prosecdef FROM pg_proc"
            " WHERE pronamespace::regnamespace::text IN ('public', 'guard')"
            " ORDER BY oid::regprocedure::text",
            "SELECT tgname, tgenabled, tgrelid::regclass::text FROM pg_trigger"
            " WHERE NOT tgisinternal ORDER BY 1, 3",
            "SELECT nspname, nspacl::text FROM pg_namespace WHERE nspname IN ('public', 'guard')"
            " ORDER BY 1",
        )
        for query in asked:
            assert there.sql(query) == here.sql(query), query

    def test_both_acts_are_recorded(
        self, here: Installation, there: Installation, tmp_path: Path
    ) -> None:
        with here.entered():
            made = told("backup", tmp_path / "backup", "--without-keys")
        with there.entered():
            told("restore", tmp_path / "backup", "--without-keys", "--bootstrap")
        raw = (tmp_path / "backup" / "backup.json").read_bytes()
        assert hashlib.sha256(raw).hexdigest() == made["manifest"]
        asked = "SELECT action, canon FROM audit_event WHERE stream LIKE 'backup:%'"
        for of, action in (here, "server:backup:made"), (there, "server:backup:restored"):
            ((found, canon),) = of.sql(asked)
            why: dict[str, Any] = json.loads(bytes(canon))["why"]
            assert found == action
            assert (why["manifest"], why["events"], why["head"]) == (
                made["manifest"],
                made["events"],
                made["head"],
            )


class TestFolder:
    def test_an_incremental_backup_links_what_is_there_already(
        self, here: Installation, tmp_path: Path
    ) -> None:
        first, second, third = (tmp_path / name for name in ("first", "second", "third"))
        with here.entered():
            told("backup", first, "--without-keys")
            made = told("backup", second, "--without-keys", "--since", first)
            ((path, *_),) = [[e.path for e in read_backup(first)[0].files if "uploads" in e.path]]
            rotten = second / path
            content = rotten.read_bytes()
            rotten.unlink()
            rotten.write_bytes(b"x" * len(content))
            told("backup", third, "--without-keys", "--since", second, "--thorough")
        stored = [each.path for each in read_backup(second)[0].files][1:]
        assert made["linked"] == len(stored) > 0
        for each in stored:
            if each != path:
                assert (first / each).stat().st_ino == (second / each).stat().st_ino
        assert (third / path).read_bytes() == content, "a rotten one is copied anew"

    def test_a_lost_and_a_damaged_file_are_told_and_the_backup_is_made(
        self, here: Installation, there: Installation, tmp_path: Path
    ) -> None:
        (snapshot,) = (here.home / "snapshots").glob("*/data.arrow")
        part = next(each for each in snapshot.parent.iterdir() if each.suffix == ".parquet")
        part.chmod(0o600)
        part.write_bytes(part.read_bytes()[:-1] + b"!")
        with here.entered():
            done = shuqiao("backup", tmp_path / "backup", "--without-keys")
        assert done.exit_code == 1
        assert f"{part.name} is not in the backup: it was damaged." in done.output
        with there.entered():
            again = told("restore", tmp_path / "backup", "--without-keys", "--bootstrap")
        assert again["lacking"] == [str(part.relative_to(here.home))]

    def test_what_the_rules_removed_after_the_dump_is_no_loss(
        self, here: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The file goes, and the row says so, between the dump and the copy."""
        dump = dumping.dump
        (upload,) = here.sql("SELECT id FROM attachment WHERE source = 'file'")
        gone = here.home / "uploads" / upload[0].hex

        def and_clear(*given: Any, **named: Any) -> None:
            dump(*given, **named)
            gone.unlink()
            here.do("ALTER TABLE attachment DISABLE TRIGGER USER")
            here.do("UPDATE attachment SET stored_at = '2000-01-01', created_at = '2000-01-01'")

        monkeypatch.setattr(dumping, "dump", and_clear)
        with here.entered():
            made = told("backup", tmp_path / "backup", "--without-keys")
        assert made["cleared"] == [f"uploads/{upload[0].hex}"]

    def test_dated_backups_lie_beside_one_another_and_share_their_files(
        self, here: Installation, tmp_path: Path
    ) -> None:
        with here.entered():
            first = told("backup", tmp_path / "all", "--dated", "--without-keys")
            second = told("backup", tmp_path / "all", "--dated", "--without-keys")
        folders = sorted(path.name for path in (tmp_path / "all").iterdir())
        assert [Path(each["folder"]).name for each in (first, second)] == folders
        assert (first["linked"], second["linked"]) == (0, first["files"] - 1)

    def test_a_folder_with_anything_in_it_is_refused(
        self, here: Installation, tmp_path: Path
    ) -> None:
        folder = tmp_path / "folder"
        folder.mkdir()
        (folder / "mine").write_text("mine", encoding="utf-8")
        with here.entered():
            assert "is not empty" in refused("backup", folder, "--without-keys")
            assert "outside of the home" in refused("backup", here.home / "b", "--without-keys")

    def test_a_backup_that_fails_leaves_nothing(
        self, here: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with here.entered():
            here.do("UPDATE alembic_version SET version_num = '0001'")
            assert "back up with the program" in refused("backup", tmp_path / "b", "--without-keys")
        assert list((tmp_path / "b").iterdir()) == []

    def test_what_becomes_of_the_keys_has_to_be_said(self, tmp_path: Path) -> None:
        done = shuqiao("backup", tmp_path / "backup")
        assert (done.exit_code, "--without-keys" in done.output) == (2, True)


class TestKeys:
    def test_lost_ones_are_put_back_and_no_other_is_touched(
        self, here: Installation, tmp_path: Path, phrase: Path
    ) -> None:
        folder, keys = tmp_path / "backup", here.home / "keys"
        (keys / "csrf").write_bytes(b"old")
        with here.entered():
            told("backup", folder, "--passphrase-file", phrase)
            (keys / KEY).unlink()
            (keys / "csrf").write_bytes(b"new")
            done = told("restore", folder, "--passphrase-file", phrase, "--keys-only")
            assert done["keys"] == [KEY]
            again = shuqiao("restore", folder, "--without-keys", "--keys-only")
        assert ((keys / KEY).read_bytes(), (keys / "csrf").read_bytes()) == (b"k" * 32, b"new")
        assert again.exit_code == 2


class TestRefusals:
    def test_another_passphrase_a_changed_file_no_manifest_a_newer_program(
        self, here: Installation, there: Installation, tmp_path: Path, phrase: Path
    ) -> None:
        folder, wrong = tmp_path / "backup", tmp_path / "wrong"
        wrong.write_text("another passphrase", encoding="utf-8")
        with here.entered():
            told("backup", folder, "--passphrase-file", phrase)
        with there.entered():
            words = ("restore", folder, "--bootstrap", "--passphrase-file")
            assert "not the passphrase" in refused(*words, wrong)
            upload = next((folder / "uploads").iterdir())
            content = upload.read_bytes()
            upload.chmod(0o600)
            upload.write_bytes(content + b"!")
            assert "1 files are missing or changed" in refused(*words, phrase)
            upload.write_bytes(content)
            manifest = folder / "backup.json"
            raw = manifest.read_text(encoding="utf-8")
            manifest.chmod(0o600)
            manifest.write_text(raw.replace(f'"{REVISION}"', '"9999"'), encoding="utf-8")
            assert "newer program" in refused(*words, phrase)
            manifest.write_text(raw.replace('"uploads/', '"uploads/../'), encoding="utf-8")
            assert "not a manifest" in refused(*words, phrase)
            manifest.unlink()
            assert "no finished backup" in refused(*words, phrase)
        assert not there.home.exists(), "nothing was touched"

    def test_a_home_or_a_database_that_is_not_empty(
        self, here: Installation, there: Installation, tmp_path: Path
    ) -> None:
        folder = tmp_path / "backup"
        with here.entered():
            told("backup", folder, "--without-keys")
            assert "is not empty" in refused("restore", folder, "--without-keys")
        full = Installation(there.home, here.database, here.cluster, here.monkeypatch)
        with full.entered():
            assert "The database" in refused("restore", folder, "--without-keys")
        assert list(there.home.iterdir()) == []

    def test_a_changed_trail_is_found(
        self, here: Installation, there: Installation, tmp_path: Path
    ) -> None:
        """The dump is another one than the manifest's, with the right digest."""
        folder = tmp_path / "backup"
        with here.entered():
            told("backup", folder, "--without-keys")
        manifest = folder / "backup.json"
        said = json.loads(manifest.read_bytes())
        said["trail"]["events"] += 1
        manifest.chmod(0o600)
        manifest.write_text(json.dumps(said), encoding="utf-8")
        with there.entered():
            words = ("restore", folder, "--without-keys", "--bootstrap")
            assert "not the one of the manifest" in refused(*words)
            assert "broken off" in refused(*words)
            assert "broken off" in refused("user", "list")
            look = shuqiao("check-home")
            assert (look.exit_code, "broken off" in look.output) == (1, True)
