"""The file of a connection: private, whole, and the password in no repr, error or list."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from shuqiao.arrow.connectors import registered
from shuqiao.arrow.connectors.registered import Connection, ConnectionUnknown, ConnectionUnusable
from shuqiao.settings import settings

PASSWORD = "canary-77.geheim"
EDU = Connection("edu", "11150000009900021B", "db.edu.example", "edu", "reader", PASSWORD)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUQIAO_HOME", str(tmp_path / "home"))
    settings.cache_clear()


def test_what_was_saved_is_loaded_and_private() -> None:
    path = EDU.save()
    assert Connection.load("edu") == EDU
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert registered.aliases() == ["edu"]
    assert list(path.parent.iterdir()) == [path], "no draft is left"


def test_the_password_is_in_no_repr() -> None:
    assert PASSWORD not in repr(EDU) + str(EDU)


def test_an_alias_is_taken_once() -> None:
    EDU.save()
    with pytest.raises(ConnectionUnusable):
        replace(EDU, database="other").save()
    assert Connection.load("edu").database == "edu"


def test_another_owner_cannot_tell_that_it_exists() -> None:
    EDU.save()
    with pytest.raises(ConnectionUnknown):
        registered.connection_of("edu", "somebody")
    with pytest.raises(ConnectionUnknown):
        registered.connection_of("nothing", EDU.owner)
    assert registered.connections_of("somebody") == []
    assert registered.connections_of(EDU.owner) == [EDU]


def test_a_removed_one_is_gone_with_its_password() -> None:
    path = EDU.save()
    registered.remove("edu")
    assert not path.exists()
    with pytest.raises(ConnectionUnknown):
        registered.remove("edu")


@pytest.mark.parametrize("alias", ["", "..", "a/b", "../keys", "Ä", "-a", "a" * 41, "a\n"])
def test_no_alias_leaves_the_folder(alias: str) -> None:
    with pytest.raises(ConnectionUnknown):
        Connection.load(alias)
    with pytest.raises(ConnectionUnknown):
        registered.remove(alias)
    with pytest.raises(ConnectionUnusable):
        replace(EDU, alias=alias)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("host", "a\nb"),
        ("host", ""),
        ("database", "x\0y"),
        ("port", 0),
        ("port", 70_000),
        ("sslmode", "prefer"),
        ("sslmode", "allow"),
        ("password", ""),
        ("user", "x\u2028"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused_without_an_echo(
    name: str, value: object
) -> None:
    with pytest.raises(ConnectionUnusable) as caught:
        replace(EDU, **{name: value})
    assert caught.value.errors[0].pointer == f"/{name}"
    assert PASSWORD not in str(caught.value)


def test_a_file_others_can_read_is_not_used() -> None:
    path = EDU.save()
    path.chmod(0o640)
    with pytest.raises(ConnectionUnusable):
        Connection.load("edu")
    assert registered.connections_of(EDU.owner) == []


@pytest.mark.parametrize(
    "raw", ["", "[]", "{}", '{"kind": "mysql"}', '{"kind": "postgresql", "alias": "other"}']
)
def test_a_damaged_file_is_said_to_be_damaged(raw: str) -> None:
    path = EDU.save()
    path.write_text(raw)
    with pytest.raises(ConnectionUnusable):
        Connection.load("edu")


def test_a_file_with_more_than_we_write_is_damaged() -> None:
    path = EDU.save()
    path.write_text(json.dumps({**json.loads(path.read_text()), "options": "-c x=y"}))
    with pytest.raises(ConnectionUnusable):
        Connection.load("edu")


def test_no_byte_of_the_password_is_in_the_home() -> None:
    home = EDU.save().parents[2]
    files = [each for each in home.rglob("*") if each.is_file()]
    assert sorted(each.name for each in files) == ["connections.key", "edu"]
    assert not any(PASSWORD.encode() in each.read_bytes() for each in files)
    assert "password" not in registered.described("edu")


@pytest.mark.parametrize("name", ["host", "alias", "port"])
def test_a_password_cannot_be_sent_elsewhere(name: str) -> None:
    path = EDU.save()
    moved = replace(EDU, **{name: 5433 if name == "port" else "elsewhere"})
    document = json.loads(path.read_text()) | {name: getattr(moved, name)}
    place = path.with_name(moved.alias)
    place.write_text(json.dumps(document))
    place.chmod(0o600)
    with pytest.raises(ConnectionUnusable):
        Connection.load(moved.alias)


def test_a_clear_file_of_before_is_sealed_at_its_first_use() -> None:
    path = EDU.save()
    clear = json.loads(path.read_text()) | {"password": PASSWORD}
    del clear["sealed"]
    path.write_text(json.dumps(clear))
    assert Connection.load("edu") == EDU
    assert PASSWORD not in path.read_text()
    assert Connection.load("edu") == EDU
