"""A key is registered where it is first used, and then it is that key or none."""

import shutil
import threading

import pytest
from fixtures.keyed import Installed

from server.keys import repository
from server.keys.service.registering import Registrar
from shuqiao import db, keys
from shuqiao.keys import KeyWrong, key


def test_the_first_use_registers_what_is_not_the_key(installed: Installed) -> None:
    with installed.machine():
        made = key("csrf")
        assert key("csrf") == made
    with db.reading() as session:
        (row,) = repository.all_keys(session)
    assert (row.name, row.generation, len(row.fingerprint)) == ("csrf", 1, 16)
    assert row.fingerprint == keys.fingerprint("csrf", made)
    assert row.fingerprint not in made and row.fingerprint != keys.fingerprint("other", made)
    assert installed.events() == [("server:key:registered", "csrf")]


def test_another_machine_makes_no_second_key_and_goes_on_with_the_right_file(
    installed: Installed,
) -> None:
    with installed.machine("one") as one:
        made = key("mask.somebody")
    with installed.machine("two") as two:
        with pytest.raises(KeyWrong) as refused:
            key("mask.somebody")
        assert refused.value.name == "mask.somebody"
        assert not (two / "keys" / "mask.somebody").exists(), "none is made"
        (two / "keys" / "mask.somebody").write_bytes(b"x" * 32)
        with pytest.raises(KeyWrong):
            key("mask.somebody")
        shutil.copy(one / "keys" / "mask.somebody", two / "keys" / "mask.somebody")
        assert key("mask.somebody") == made


def test_a_lost_file_is_not_made_anew_and_its_return_is_noticed(installed: Installed) -> None:
    with installed.machine() as home:
        made, file = key("sign-in"), home / "keys" / "sign-in"
        away = file.rename(home / "away")
        with pytest.raises(KeyWrong):
            key("sign-in")
        away.rename(file)
        assert key("sign-in") == made


def test_a_file_whose_row_was_never_written_is_registered_at_its_next_use(
    installed: Installed,
) -> None:
    with installed.machine():
        keys.keep_in(None)  # killed between file and row
        made = key("cursor")
        keys.keep_in(Registrar("test"))
        assert installed.events() == []
        assert key("cursor") == made
    assert installed.events() == [("server:key:registered", "cursor")]


def test_of_two_that_register_at_once_one_is_first_and_both_know_it(installed: Installed) -> None:
    registrars, start = [Registrar("one"), Registrar("two")], threading.Barrier(2)
    found: dict[int, bytes] = {}

    def register(place: int) -> None:
        start.wait(10)
        held = registrars[place]("csrf", bytes([place]) * 16)
        assert held is not None
        found[place] = held.fingerprint

    running = [threading.Thread(target=register, args=(place,)) for place in range(2)]
    for each in running:
        each.start()
    for each in running:
        each.join(30)
    assert found[0] == found[1] and found[0] in (b"\0" * 16, b"\1" * 16)
    assert installed.events() == [("server:key:registered", "csrf")]
