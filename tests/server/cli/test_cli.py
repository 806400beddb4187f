"""The operators' program: what it prints, what it refuses, with which exit status."""

import json
import re
import subprocess
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from fixtures.announced import NOTICE, csv_of, days
from fixtures.database import Cluster
from fixtures.processes import PROGRAM, surroundings
from sqlmodel import select
from typer.testing import CliRunner, Result

from audit.models import AuditEvent
from auth.accounts.errors import StateAlready
from auth.seats.errors import TwoCould
from server.cli.main import app, main
from server.process.output import aligned, width
from shuqiao import db
from shuqiao.errors import Conflict, Invalid, NotFound
from shuqiao.settings import settings

pytestmark = pytest.mark.timeout(200)
SAMPLES = Path(__file__).resolve().parents[3] / "samples"
_FIRST = tomllib.loads((SAMPLES / "departments.toml").read_text(encoding="utf-8"))["department"][0]
CODE, NAME = _FIRST["code"], _FIRST["name"]
COMMANDS = (
    "",
    "serve",
    "worker",
    "migrate",
    "backup",
    "restore",
    "check-home",
    "store",
    "store usage",
    "demo",
    "department",
    "department add",
    "department list",
    "department describe",
    "department quota",
    "department rename",
    "department reorganise",
    "duty add",
    "duty end",
    "duty list",
    "area load",
    "area add",
    "area end",
    "area list",
    "user",
    "user add",
    "user list",
    "user roles",
    "user suspend",
    "user restore",
    "user reset-password",
    "audit",
    "audit export",
    "audit verify",
    "calendar load",
    "calendar list",
    "domain check",
    "domain list",
)


@pytest.fixture(scope="module")
def database_url(cluster: Cluster) -> str:
    """A database for this module's commits."""
    return cluster.database("command_line").app_url.render_as_string(hide_password=False)


@pytest.fixture
def operator(database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Commands of the test work on the module's database; afterwards nothing is configured."""
    monkeypatch.setenv("SHUQIAO_DATABASE_URL", database_url)
    settings.cache_clear()
    yield
    db.engine().dispose()


def shuqiao(*words: str, stdin: str = "") -> Result:
    return CliRunner().invoke(app, list(words), input=stdin)


@pytest.mark.parametrize("words", COMMANDS)
def test_help_is_plain_and_complete(words: str) -> None:
    shown = shuqiao(*words.split(), "--help")

    assert shown.exit_code == 0
    assert "Usage: " in shown.stdout
    assert not re.search(r"``|\[\]|<class|None\b|Any\b", shown.stdout), (
        "markup and Python are not for operators"
    )
    lines = [*shown.stdout.splitlines(), ""]
    options = [place for place, line in enumerate(lines) if re.match(r"  --", line)]
    assert options
    told = r"  --.*\S {2,}\S|  --\S+( \S+)?\n {5,}[^ -]"  # beside it, or below where it is long
    unsaid = [n for n in options if not re.match(told, f"{lines[n]}\n{lines[n + 1]}")]
    assert [lines[place] for place in unsaid] == []


def test_help_answers_at_once() -> None:
    """Nothing heavy is imported: neither the web framework nor the database."""
    heavy = {"fastapi", "sqlalchemy", "pyarrow", "alembic"}
    question = f"import sys, server.cli.main; print(sorted({heavy} & sys.modules.keys()))"
    done = subprocess.run([PROGRAM[0], "-c", question], capture_output=True, text=True)

    assert done.stdout == "[]\n"


def test_departments_and_accounts_are_made_from_files_and_listed(operator: None) -> None:
    departments = str(SAMPLES / "departments.toml")
    assert shuqiao("department", "add", "--from", departments).exit_code == 0

    made = shuqiao(
        "user",
        "add",
        "--from",
        str(SAMPLES / "accounts.toml"),
        "--departments",
        departments,
        "--json",
    )
    accounts = json.loads(made.stdout)
    listed = json.loads(shuqiao("user", "list", "--json").stdout)

    assert len(accounts) == 8
    assert {entry["account"] for entry in accounts} <= {entry["account"] for entry in listed}
    assert len({entry["password"] for entry in accounts}) == 8, (
        "everybody has a password of his own"
    )
    assert "password" not in listed[0]
    assert not any(entry["password"] in made.stdout for entry in listed if "password" in entry)


def test_a_list_is_checked_and_none_is_there_yet(operator: None, tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text("代码,名称\n01,汉族\n01,蒙古族\n02,\n", encoding="utf-8")
    checked = shuqiao("domain", "check", str(listed), "--json")
    assert checked.exit_code == 1
    found = {each["defect"]: each["first"] for each in json.loads(checked.stdout)}
    assert found == {"repeated_code": 3, "blank_label": 4}
    right = shuqiao("domain", "check", str(SAMPLES / "parties.csv"), "--json")
    assert (right.exit_code, json.loads(right.stdout)) == (0, [])
    assert json.loads(shuqiao("domain", "list", "--json").stdout) == []


def test_the_register_of_departments_is_written_by_commands(operator: None) -> None:
    departments = str(SAMPLES / "departments.toml")
    assert shuqiao("area", "load", str(SAMPLES / "areas.csv"), "--json").exit_code == 0
    zone = ("150271", "稀土高新区", "--parent", "150200", "--basis", "示例")
    assert shuqiao("area", "add", *zone).exit_code == 0
    assert "outside_parent" in refusal("area", "add", "150371", *zone[1:])
    shuqiao("department", "add", "--from", departments)
    described = shuqiao("department", "describe", "--from", departments, "--json")
    assert {(row["level"], row["area"]) for row in json.loads(described.stdout)} == {
        ("province", "150000")
    }
    wrong = refusal("department", "describe", CODE, "--level", "city")
    assert "level_and_area" in wrong
    [duty] = json.loads(shuqiao("duty", "list", CODE, "--json").stdout)
    ended = shuqiao("duty", "end", CODE, duty["duty_no"], "--on", "2026-02-01", "--json")
    assert json.loads(ended.stdout)[0]["valid_until"] == "2026-02-01"
    renamed = shuqiao("department", "rename", CODE, "内蒙古自治区大数据局", "--json")
    assert json.loads(renamed.stdout)[0]["formerly"] == NAME
    sides = ("--before", "111500000099000483", "--after", CODE)
    told = ("--document", "示例", "--on", "2026-02-10", "--json")
    act = json.loads(shuqiao("department", "reorganise", "merged", *sides, *told).stdout)
    assert act[0]["act_no"].startswith("RO-")
    listed = json.loads(shuqiao("department", "list", "--json").stdout)
    assert [row["code"] for row in listed if row["ended_on"]] == ["111500000099000483"]


def refusal(*words: str) -> str:
    """The codes of the fields for which a command is refused."""
    error = shuqiao(*words).exception
    assert isinstance(error, Invalid)
    return " ".join(each.code for each in error.errors)


def test_columns_of_chinese_names_stand_under_one_another(operator: None) -> None:
    shuqiao("department", "add", CODE, NAME)
    lines = shuqiao("department", "list").stdout.splitlines()

    assert len({width(line[: line.index(line.split()[1])]) for line in lines}) == 1


def test_an_account_is_made_with_a_password_of_standard_input_which_is_not_shown(
    operator: None,
) -> None:
    shuqiao("department", "add", CODE, NAME)
    words = (
        "user",
        "add",
        "zhang.san",
        "--name",
        "张三",
        "--department",
        CODE,
        "--role",
        "registrar",
    )

    made = shuqiao(*words, "--password-stdin", "--json", stdin="Lang-genug-und-geheim-7\n")

    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)[0]["account"] == "zhang.san"
    assert "geheim" not in made.output


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (
            ("serve", "king"),
            2,
            "no role is called king: name one of control, data, worker, or none for all of them",
        ),
        (("department", "add"), 2, "give CODE and NAME, or --from FILE"),
        (("user", "add", "x"), 2, "give ACCOUNT, --name, --department and --role, or --from FILE"),
        (
            ("department", "add", "--from", "nowhere"),
            2,
            "nowhere: [Errno 2] No such file or directory: 'nowhere'",
        ),
        (
            ("user", "add", "--from", str(SAMPLES / "departments.toml")),
            2,
            "departments.toml has no [[account]]",
        ),
    ],
)
def test_a_wrong_call_is_one_sentence(words: tuple[str, ...], status: int, sentence: str) -> None:
    done = shuqiao(*words)

    assert done.exit_code == status
    assert done.stderr.strip().endswith(sentence)
    assert len(done.stderr.splitlines()) == 1


def test_an_account_goes_through_roles_suspension_and_a_new_password(operator: None) -> None:
    shuqiao("department", "add", CODE, NAME)
    shuqiao("user", "add", "wang.wu", "--name", "王五", "--department", CODE, "--role", "registrar")

    roles = shuqiao(
        "user", "roles", "wang.wu", "--role", "registrar", "--role", "applicant", "--json"
    )
    gone = shuqiao("user", "suspend", "wang.wu", "--reason", "已调离", "--json")
    twice = shuqiao("user", "suspend", "wang.wu", "--reason", "已调离")
    back = shuqiao("user", "restore", "wang.wu", "--json")
    fresh = shuqiao("user", "reset-password", "wang.wu", "--json")

    assert json.loads(roles.stdout)[0]["roles"] == ["applicant", "registrar"]
    assert json.loads(gone.stdout)[0]["active"] is False
    assert (twice.exit_code, type(twice.exception)) == (1, StateAlready)
    assert json.loads(back.stdout)[0]["active"] is True
    assert re.fullmatch(r"[a-z2-9]{5}(-[a-z2-9]{5}){3}", json.loads(fresh.stdout)[0]["password"])
    clash = shuqiao("user", "roles", "wang.wu", "--role", "approver", "--role", "system_admin")
    assert (clash.exit_code, type(clash.exception)) == (1, Invalid)
    nobody = shuqiao("user", "restore", "nobody")
    assert (nobody.exit_code, type(nobody.exception)) == (1, NotFound)


def test_of_a_seat_the_command_says_why_the_two_offices_cannot(operator: None) -> None:
    shuqiao("department", "add", CODE, NAME)
    for account, role in (("xi.tong", "system_admin"), ("an.quan", "security_admin")):
        shuqiao("user", "add", account, "--name", account, "--department", CODE, "--role", role)
    shuqiao("user", "add", "zhu.ren", "--name", "主任", "--department", CODE, "--role", "approver")
    for order in (("reset-password",), ("roles", "--role", "sharing_head")):
        command = ("user", order[0], "zhu.ren", *order[1:])
        refused = shuqiao(*command)
        assert (refused.exit_code, type(refused.exception)) == (1, TwoCould), order
        told = shuqiao(*command, "--because", "三员均失联", "--json")
        assert told.exit_code == 0, told.output
    with db.reading() as session:
        rows = session.exec(select(AuditEvent)).all()
    told = [json.loads(row.canon).get("why", {}).get("operator") for row in rows]
    said = [each for each in told if each]
    assert said == ["三员均失联", "三员均失联"]


def test_the_notice_of_a_year_is_loaded_from_a_file_once(operator: None, tmp_path: Path) -> None:
    file = tmp_path / "2027.csv"
    file.write_bytes(csv_of(days()))
    about = ("--notice", NOTICE["notice_no"], "--source", NOTICE["source"], "--json")

    loaded = shuqiao("calendar", "load", str(file), "--year", "2027", *about)
    assert json.loads(loaded.stdout)[0]["days_off"] == 28
    again = shuqiao("calendar", "load", str(file), "--year", "2027", *about)
    assert (again.exit_code, type(again.exception)) == (1, Conflict)
    listed = json.loads(shuqiao("calendar", "list", "--json").stdout)
    assert [each["year"] for each in listed] == [2027]


def test_a_role_nobody_knows_is_named_with_those_that_exist(operator: None) -> None:
    done = shuqiao("user", "add", "li.si", "--name", "李四", "--department", CODE, "--role", "king")

    assert done.exit_code == 2
    assert done.stderr.startswith("no role is called king: the roles are registrar, ")


@pytest.mark.parametrize(
    ("changed", "words", "sentence"),
    [
        (
            {"SHUQIAO_PORT": "99999"},
            ("serve",),
            "SHUQIAO_PORT: Input should be less than or equal to 65535",
        ),
        (
            {"SHUQIAO_ENVIRONMENT": "production", "SHUQIAO_CLOCK": "2026-02-11T09:00:00+08:00"},
            ("user", "list"),
            "SHUQIAO_CLOCK is refused outside development: deadlines must run on real time",
        ),
        (
            {"SHUQIAO_DATABASE_URL": "postgresql+psycopg://a:geheim@127.0.0.1:1/x"},
            ("user", "list"),
            'the database cannot be used: connection failed: connection to server at "127.0.0.1", '
            "port 1 failed:"
            " Connection refused",
        ),
        (
            {"SHUQIAO_DATABASE_URL": "postgresql+psycopg://a:geheim@127.0.0.1:1/x"},
            ("migrate",),
            "SHUQIAO_OWNER_DATABASE_URL is not set: migrations run as the owner role",
        ),
    ],
)
def test_a_failure_an_operator_can_mend_is_one_sentence(
    changed: dict[str, str],
    words: tuple[str, ...],
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in changed.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    monkeypatch.setattr("sys.argv", ["shuqiao", *words])

    with pytest.raises(SystemExit) as ended:
        main()

    shown = capsys.readouterr().err
    assert ended.value.code in (1, 2)
    assert shown == f"{sentence}\n"
    assert "geheim" not in shown


def test_a_known_refusal_speaks_the_operators_language(
    operator: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["shuqiao", "department", "add", "000", "部门"])
    shown = []
    for language in ("zh_CN.UTF-8", "en_GB.UTF-8"):
        monkeypatch.setenv("LANG", language)
        with pytest.raises(SystemExit, match="1"):
            main()
        shown.append(capsys.readouterr().err)

    assert shown[0] != shown[1]
    assert re.search("[一-龥]", shown[0])
    assert shown[1].isascii()


def test_an_export_verifies_and_a_changed_one_does_not(operator: None, tmp_path: Path) -> None:
    shuqiao("department", "add", CODE, NAME)
    file = tmp_path / "trail.jsonl"
    exported = shuqiao("audit", "export", str(file))
    assert (exported.exit_code, exported.stdout) == (
        0,
        f"{len(file.read_text().splitlines()) - 1} events\n",
    )

    verified = shuqiao("audit", "verify", str(file), "--json")
    file.write_text(file.read_text().replace("created", "crested", 1))
    changed = shuqiao("audit", "verify", str(file))

    assert (verified.exit_code, json.loads(verified.stdout)["verified"]) == (0, True)
    assert changed.exit_code == 1
    assert "\nchanged_bytes\t" in changed.stdout
    stream = next(iter(json.loads(file.read_text().partition("\n")[0])["streams"]))
    part = shuqiao("audit", "export", str(tmp_path / "part"), "--stream", stream)
    assert part.exit_code == 0
    for words, status, verdict in (((), 8, "less"), (("--part",), 0, "verified")):
        told = shuqiao("audit", "verify", str(tmp_path / "part"), *words, "--lang", "en")
        assert (told.exit_code, told.stdout.splitlines()[0]) == (status, "Not checked:")
        assert told.stdout.splitlines()[-1].startswith(f"{verdict}; ")
    (tmp_path / "kept").write_text("{}")
    refused = shuqiao("audit", "verify", str(file), "--expect", str(tmp_path / "kept"))
    assert (refused.exit_code, refused.stdout) == (2, "") and refused.stderr


def test_an_export_never_overwrites_and_a_refused_one_is_not_recorded(
    operator: None, tmp_path: Path
) -> None:
    first, second, taken = tmp_path / "1", tmp_path / "2", tmp_path / "taken"
    taken.write_text("precious")
    shuqiao("audit", "export", str(first))

    refused = shuqiao("audit", "export", str(taken))
    shuqiao("audit", "export", str(second))

    assert (refused.exit_code, refused.stderr) == (1, f"{taken} cannot be written: File exists\n")
    assert taken.read_text() == "precious"
    assert len(second.read_text().splitlines()) == len(first.read_text().splitlines()) + 1


def test_the_verifier_needs_no_database(tmp_path: Path) -> None:
    file = tmp_path / "no-export"
    file.write_text("{}\n")
    started = time.monotonic()
    done = subprocess.run(
        [*PROGRAM, "server.cli", "audit", "verify", str(file)],
        env=surroundings(tmp_path / "home"),
        capture_output=True,
        text=True,
    )

    assert done.returncode == 9
    assert done.stdout.startswith("not_an_export\t第 1 行\t")
    assert not (tmp_path / "home").exists()
    assert time.monotonic() - started < 30


def test_wide_characters_take_two_places() -> None:
    assert [width("ab"), width("数桥"), width("（）"), width("")] == [2, 4, 4, 0]
    assert aligned([["数桥", "x"], ["a", "yy"]]) == ["数桥  x", "a     yy"]
