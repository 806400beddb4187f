"""The first start takes a home with what is in it; from then on another home is found out."""

import json
import shutil
from pathlib import Path

from fixtures.keyed import Installed

from server.keys.service.settling import Settling
from shuqiao import db, home, installation, keys
from shuqiao.arrow.connectors.registered import Connection
from shuqiao.keys import KeyWrong, key

PASSWORD = "canary-77.geheim"


def look() -> None:
    Settling("test")(db.engine())


def before(*names: str) -> None:
    """Keys as they were made before anybody registered them."""
    keys.keep_in(None)
    for name in names:
        key(name)


def test_what_is_there_is_registered_once(installed: Installed) -> None:
    with installed.machine():
        before("csrf", "mask.somebody")
        look()
        look()
        assert installation.refusal() is None
        assert home.belongs_to() is not None
    assert installed.events() == [
        ("server:key:registered", "csrf"),
        ("server:key:registered", "mask.somebody"),
    ]


def test_a_second_machine_serves_nothing_until_it_has_the_keys(installed: Installed) -> None:
    with installed.machine("one") as one:
        before("csrf", "sign-in")
        look()
    with installed.machine("two") as two:
        before("csrf")
        look()
        refusal = installation.refusal()
        assert isinstance(refusal, installation.HomeForeign | KeyWrong)
        told = installation.wrong_keys()
        assert told is not None
        assert "csrf is another one than registered" in told
        assert "sign-in is not in this home" in told
        assert installed.events() == [
            ("server:key:registered", "csrf"),
            ("server:key:registered", "sign-in"),
        ]

        for name in ("csrf", "sign-in"):
            shutil.copy(one / "keys" / name, two / "keys" / name)
        look()

        assert installation.refusal() is None
        assert installation.wrong_keys() is None


def test_a_lost_key_stops_a_process_that_serves_and_its_return_starts_it(
    installed: Installed,
) -> None:
    with installed.machine() as here:
        before("csrf")
        look()
        away = (here / "keys" / "csrf").rename(here / "away")
        look()
        refusal = installation.refusal()
        assert isinstance(refusal, KeyWrong) and refusal.name == "csrf"
        away.rename(here / "keys" / "csrf")
        look()
        assert installation.refusal() is None


def test_the_home_of_another_installation_is_refused(installed: Installed) -> None:
    with installed.machine() as here:
        here.mkdir()
        (here / home.BELONGS).write_text("00000000-0000-4000-8000-000000000000\n")
        look()
        assert isinstance(installation.refusal(), installation.HomeForeign)
        told = installation.wrong_home()
        assert told is not None and "another installation" in told
        (here / home.BELONGS).unlink()
        look()
        assert installation.refusal() is None


def test_nothing_is_done_before_the_first_look(installed: Installed) -> None:
    with installed.machine():
        assert isinstance(installation.refusal(), installation.NotLooked)


def test_clear_passwords_of_before_are_sealed_at_the_start(installed: Installed) -> None:
    with installed.machine() as here:
        folder = here / "keys" / "connections"
        folder.mkdir(parents=True)
        clear = {
            "kind": "postgresql", "alias": "edu", "owner": "11150000009900021B",
            "host": "db.edu.example", "database": "edu", "user": "reader",
            "password": PASSWORD, "port": 5432, "sslmode": "verify-full", "root_certificate": "",
        }  # fmt: skip
        (folder / "edu").write_text(json.dumps(clear))
        (folder / "edu").chmod(0o600)
        look()
        assert not holds(here, PASSWORD)
        assert Connection.load("edu").password == PASSWORD
    assert installed.events() == [("server:key:registered", "connections.key")]


def holds(folder: Path, secret: str) -> bool:
    """Whether the bytes stand in any file below ``folder``."""
    files = [each for each in folder.rglob("*") if each.is_file()]
    assert files
    return any(secret.encode() in each.read_bytes() for each in files)
