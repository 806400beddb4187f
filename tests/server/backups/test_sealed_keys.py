"""Keys in escrow: what only a passphrase opens."""

from pathlib import Path

import pytest

from server.backups.errors import BackupRefused
from server.backups.service.sealed_keys import put_back, read_passphrase, seal, unseal

PHRASE = b"correct horse battery staple"


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    made = tmp_path / "keys"
    (made / "connections").mkdir(parents=True)
    (made / "csrf").write_bytes(b"\x00\xff" * 16)
    (made / "connections" / "schools").write_bytes(b"secret")
    (made / "postgres_owner").write_bytes(b"of the cluster")
    (made / ".draft").write_bytes(b"half")
    return made


def test_they_come_back_and_those_of_the_cluster_do_not(keys: Path, tmp_path: Path) -> None:
    sealed = seal(keys, PHRASE)
    assert b"secret" not in sealed and b"csrf" not in sealed
    held = unseal(sealed, PHRASE)
    assert held == {"connections/schools": b"secret", "csrf": b"\x00\xff" * 16}
    put_back(tmp_path / "new", held)
    found = tmp_path / "new" / "connections" / "schools"
    assert (found.read_bytes(), found.stat().st_mode & 0o777) == (b"secret", 0o600)


def test_twice_the_same_is_never_the_same_file(keys: Path) -> None:
    assert seal(keys, PHRASE) != seal(keys, PHRASE)


@pytest.mark.parametrize("place", [0, 20, 35, -1])
def test_a_changed_byte_opens_nothing(keys: Path, place: int) -> None:
    sealed = bytearray(seal(keys, PHRASE))
    sealed[place] ^= 1
    with pytest.raises(BackupRefused):
        unseal(bytes(sealed), PHRASE)


def test_a_short_passphrase_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "phrase"
    file.write_bytes(b"short\n" + PHRASE)
    with pytest.raises(BackupRefused, match="fewer than 12"):
        read_passphrase(file)
