"""A rotated key is another one, at once and whatever is cut off; what it closed opens again."""

import pytest
from fixtures.keyed import Installed

from server.keys.errors import KeyUnknown, RotationNeedsReason
from server.keys.service import rotating
from server.keys.service.listing import listed
from server.keys.service.rotating import rotate
from shuqiao import db, installation, keys
from shuqiao.arrow.connectors.registered import Connection, ConnectionUnusable
from shuqiao.keys import KeyWrong, called, key
from shuqiao.subject import Subject

CLI = Subject.system("cli")
EDU = Connection("edu", "11150000009900021B", "db.edu.example", "edu", "reader", "canary-77.geheim")


def here() -> dict[str, str]:
    with db.reading() as session:
        return {each.name: each.here for each in listed(session)}


def test_the_next_use_has_the_new_key(installed: Installed) -> None:
    with installed.settled() as home:
        old = key("csrf")
        made = rotate(CLI, "csrf", "")
        assert key("csrf") != old
        assert made.generation == 2
        assert made.fingerprint == keys.fingerprint("csrf", key("csrf")).hex()
        assert here() == {"csrf": "right"}
        assert sorted(each.name for each in (home / "keys").iterdir()) == ["csrf"], "no draft stays"
    assert installed.events()[1:] == [("server:key:rotated", "csrf")]


def test_a_running_process_takes_it_up(installed: Installed) -> None:
    with installed.settled():
        key("csrf")
        with db.reading() as session:
            installation.look(session)
        rotate(CLI, "csrf", "")
        with db.reading() as session:
            installation.look(session)
        assert installation.wrong_keys() is None
        assert called("csrf") == "csrf~2"


def test_one_that_was_cut_off_before_the_file_took_its_place_is_finished(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    with installed.settled():
        old = key("csrf")
        with monkeypatch.context() as patched:
            patched.setattr(rotating.keys, "fit", lambda _name, _held: None)
            made = rotate(CLI, "csrf", "")
        keys.believe({})  # another process
        assert keys.fingerprint("csrf", key("csrf")).hex() == made.fingerprint
        assert key("csrf") != old


def test_one_that_was_cut_off_before_the_row_changes_nothing(installed: Installed) -> None:
    with installed.settled():
        old = key("csrf")
        keys.draft("csrf")
        assert key("csrf") == old
        assert here() == {"csrf": "right"}


def test_a_lost_key_can_be_given_up(installed: Installed) -> None:
    with installed.settled() as home:
        key("csrf")
        (home / "keys" / "csrf").unlink()
        assert here() == {"csrf": "missing"}
        rotate(CLI, "csrf", "")
        assert here() == {"csrf": "right"}


@pytest.mark.parametrize("name", ["mask.somebody", "seat"])
def test_what_others_hold_wants_a_reason(installed: Installed, name: str) -> None:
    with installed.settled():
        old = key(name)
        with pytest.raises(RotationNeedsReason):
            rotate(CLI, name, "")
        assert key(name) == old
        rotate(CLI, name, "the file was published")
        assert key(name) != old


def test_a_key_that_nobody_registered_is_not_rotated(installed: Installed) -> None:
    with installed.settled() as home, pytest.raises(KeyUnknown):
        rotate(CLI, "store.gmac", "")
    assert not list((home / "keys").glob("*"))


def test_connections_open_under_the_new_key_alone(installed: Installed) -> None:
    with installed.settled() as home:
        EDU.save()
        old = key("connections.key")
        assert rotate(CLI, "connections.key", "").lost == []
        assert Connection.load("edu") == EDU
        with pytest.raises(ConnectionUnusable):
            Connection.load("edu", [old])
        assert EDU.password.encode() not in (home / "keys" / "connections" / "edu").read_bytes()


def test_connections_can_be_read_at_every_moment_of_a_rotation(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    with installed.settled() as home:
        EDU.save()
        seal, replaced = rotating._seal, rotating.repository.replaced

        def looked_at(*given: object) -> object:
            assert Connection.load("edu") == EDU
            return replaced(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(rotating.repository, "replaced", looked_at)
        monkeypatch.setattr(rotating, "_seal", lambda o, c: seal(o, c) if len(c) == 2 else [])
        rotate(CLI, "connections.key", "")  # cut off before the old box was thrown away
        assert Connection.load("edu") == EDU
        (home / "keys" / "connections.key").unlink()
        with pytest.raises(KeyWrong):
            Connection.load("edu")
