"""The program ``sq`` against a real server: exit status, what is on stdout and on stderr.

Its entry point is called in this process, ten times as fast as starting it; ``test_cli_process.py``
starts it.
"""

import io
import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import polars
import pytest

from shuqiao.arrow.scans.plan import DeliveryPlan
from shuqiao_client import cli
from tests.sdk.conftest import CODE, ENTRY, GRANT, ITEMS, ME, data, grant, pieces_of, share_request
from tests.sdk.stand_in import Answer, StandIn, answer, problem
from tests.sdk.test_listing import HIT, paged

Done = subprocess.CompletedProcess[str]
Sq = Callable[..., Done]


@pytest.fixture
def sq(
    profile_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Sq:
    """Calls ``sq`` in this process with the profile, in Chinese, without a terminal."""
    monkeypatch.setenv("SHUQIAO_PROFILE", str(profile_file))

    def run(*arguments: str, text: str = "", **environment: str) -> Done:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        with monkeypatch.context() as changed:
            for name, value in environment.items():
                changed.setenv(name, value)
            status = cli.run(arguments)
        seen = capsys.readouterr()
        return Done(arguments, status, seen.out, seen.err)

    return run


FAILURES = pytest.mark.parametrize(
    ("found", "status"),
    [
        (problem(500, "internal"), 1),
        (problem(404, "not_found"), 3),
        (problem(401, "not_signed_in"), 4),
        (problem(403, "not_allowed", detail="仅限申请人"), 5),
        (problem(409, "wrong_state"), 6),
        (problem(412, "changed_meanwhile"), 6),
        (
            problem(
                422,
                "invalid",
                errors=[{"pointer": "#/q", "code": "x", "detail": "太长", "fix": "写短些"}],
            ),
            7,
        ),
        (problem(429, "too_many_requests"), 1),
    ],
)


@FAILURES
def test_the_exit_status_names_the_kind_of_failure(
    service: StandIn, sq: Sq, found: Answer, status: int
) -> None:
    service.on("GET", "/requests/REQ-2026-000001", found)
    plain = sq("request", "show", "req-2026-000001")
    assert (plain.returncode, plain.stdout) == (status, "")
    assert plain.stderr.startswith("错误：")
    as_json = sq("request", "show", "REQ-2026-000001", "--json")
    assert (as_json.returncode, as_json.stdout) == (status, "")
    told = json.loads(as_json.stderr)
    assert told["code"] == json.loads(b"".join(found.pieces))["code"]
    assert told["request_id"] == "r-1"


def test_wrong_usage_is_2_and_json_even_then(sq: Sq, tmp_path: Path) -> None:
    for arguments in (
        ["catalog", "serach"],
        ["resource", "get", CODE],
        ["request", "create", "--until", "2026-12-31"],
        ["resource", "get", CODE, "-o", "x.xlsx"],
        ["--lang", "fr", "auth", "status"],
    ):
        plain = sq(*arguments)
        assert (plain.returncode, plain.stdout) == (2, ""), arguments
        as_json = sq(*arguments, "--json")
        assert (as_json.returncode, as_json.stdout) == (2, "")
        assert json.loads(as_json.stderr)["code"] == "usage"


def test_without_a_profile_login_is_needed(sq: Sq, tmp_path: Path) -> None:
    found = sq("catalog", "search", "学校", SHUQIAO_PROFILE=str(tmp_path / "none.json"))
    assert found.returncode == 4
    assert "sq auth login" in found.stderr


def test_a_profile_others_can_read_is_refused(sq: Sq, profile_file: Path) -> None:
    profile_file.chmod(0o644)
    found = sq("auth", "status", "--json")
    assert found.returncode == 4
    assert json.loads(found.stderr)["code"] == "profile_readable_by_others"


def test_search_prints_lines_for_pipes_and_only_json_for_programs(service: StandIn, sq: Sq) -> None:
    service.on("GET", "/catalog", paged(120))
    lines = sq("catalog", "search", "学校", "名录", "--limit", "2").stdout.splitlines()
    assert lines[0].split("\t") == [
        "307001/000000",
        "中小学校名录",
        "教育厅",
        "conditional",
        "学校名称",
    ]
    assert len(lines) == 2
    assert service.seen[0].query["q"] == ["学校 名录"]
    found = json.loads(sq("catalog", "search", "学校", "--limit", "1", "--json").stdout)
    assert found == [{**HIT, "code": "307001/000000"}]
    service.on("GET", "/catalog", paged(0))
    nothing = sq("catalog", "search", "无此词", "--json")
    assert (nothing.returncode, json.loads(nothing.stdout)) == (0, [])
    assert sq("catalog", "search", "无此词").stdout == ""


def test_text_from_the_service_cannot_steer_a_terminal(service: StandIn, sq: Sq) -> None:
    service.on(
        "GET",
        "/catalog",
        answer({"items": [{**HIT, "title": "a\x1b[31m\tb\nc\u202e"}], "next": None}),
    )
    [line] = sq("catalog", "search").stdout.splitlines()
    assert line.split("\t")[1] == "a [31m b c "


def test_show_has_items_and_json_the_whole_entry(service: StandIn, sq: Sq) -> None:
    service.on("GET", f"/catalog/{CODE}", answer(ENTRY))
    shown = sq("resource", "show", "307001/000001").stdout
    assert "名称\t中小学校名录\n" in shown
    assert "学校名称\tname\tC" in shown
    assert json.loads(sq("resource", "show", CODE, "--json").stdout) == ENTRY


@pytest.mark.parametrize("name", [CODE, GRANT])
def test_get_writes_the_file_and_says_what_it_holds(
    service: StandIn, sq: Sq, ready: DeliveryPlan, tmp_path: Path, name: str
) -> None:
    service.on("GET", "/me", answer(ME))
    service.on("GET", "/grants", answer({"items": [grant(service.origin)], "next": None}))
    service.on("GET", f"/grants/{GRANT}", answer(grant(service.origin)))
    service.on("GET", f"/grants/{GRANT}/data", data(pieces_of(ready)))
    target = tmp_path / "出.parquet"
    done = sq("resource", "get", name, "-o", str(target), "--columns", "学校代码，经度", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    facts = json.loads(done.stdout)
    assert (facts["file"], facts["rows"], facts["delivery_no"]) == (
        str(target),
        5_000,
        "DL-2026-000001",
    )
    assert polars.read_parquet(target).height == 5_000
    assert service.requests(f"/grants/{GRANT}/data")[0].query == {"column": ["学校代码", "经度"]}


def test_a_refused_column_is_5_and_a_missing_grant_3(
    service: StandIn, sq: Sq, tmp_path: Path
) -> None:
    service.on("GET", f"/grants/{GRANT}", answer(grant(service.origin)))
    service.on(
        "GET",
        f"/grants/{GRANT}/data",
        problem(403, "column_not_granted", detail="不在共享授权内：电话"),
    )
    refused = sq("resource", "get", GRANT, "-o", str(tmp_path / "x.csv"), "--columns", "电话")
    assert refused.returncode == 5
    assert "不在共享授权内：电话" in refused.stderr
    service.on("GET", "/me", answer(ME))
    service.on("GET", "/grants", answer({"items": [], "next": None}))
    assert sq("resource", "get", CODE, "-o", str(tmp_path / "x.csv")).returncode == 3


def wanted(**changed: object) -> str:
    five = {"basis": "法", "scenario": "核对", "scope": "支队", "until": "2026-12-31"}
    return json.dumps(
        {"resource": CODE, "items": ["学校名称"], **five, **changed}, ensure_ascii=False
    )


@pytest.mark.parametrize("way", ["file", "stdin", "options"])
def test_a_request_is_drafted_from_file_stdin_or_options_and_submitted(
    service: StandIn, sq: Sq, tmp_path: Path, way: str
) -> None:
    service.on("GET", f"/catalog/{CODE}", answer(ENTRY))
    service.on("POST", "/requests", answer(share_request(), 201))
    service.on(
        "POST",
        "/requests/REQ-2026-000001/submissions",
        answer(share_request(status="own_consent"), 201),
    )
    (tmp_path / "申请.json").write_text(wanted(), encoding="utf-8")
    options = [
        "--resource",
        CODE,
        "--item",
        "学校名称",
        "--basis",
        "法",
        "--scenario",
        "核对",
        "--scope",
        "支队",
        "--until",
        "2026-12-31",
    ]
    ways: dict[str, Sequence[str]] = {
        "file": ["-f", str(tmp_path / "申请.json")],
        "stdin": ["-f", "-"],
        "options": options,
    }
    done = sq("request", "create", *ways[way], "--submit", "--json", text=wanted())
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["status"] == "own_consent"
    assert json.loads(service.requests("/requests")[0].body) == {
        "resource_code": CODE,
        "item_ids": [ITEMS[1]["id"]],
        "basis": "法",
        "scenario": "核对",
        "scope": "支队",
        "share_way": "batch",
        "until": "2026-12-31",
    }


def test_a_draft_that_could_not_be_submitted_is_named(service: StandIn, sq: Sq) -> None:
    service.on("GET", f"/catalog/{CODE}", answer(ENTRY))
    service.on("POST", "/requests", answer(share_request(), 201))
    service.on("POST", "/requests/REQ-2026-000001/submissions", problem(409, "wrong_state"))
    done = sq("request", "create", "-f", "-", "--submit", text=wanted())
    assert done.returncode == 6
    assert "REQ-2026-000001" in done.stderr


def test_a_request_with_unknown_members_or_items_is_not_sent(service: StandIn, sq: Sq) -> None:
    service.on("GET", f"/catalog/{CODE}", answer(ENTRY))
    assert sq("request", "create", "-f", "-", text=wanted(item="x")).returncode == 2
    assert sq("request", "create", "-f", "-", text="[]").returncode == 2
    unknown = sq("request", "create", "-f", "-", "--json", text=wanted(items=["校长电话"]))
    assert unknown.returncode == 7
    assert json.loads(unknown.stderr)["errors"][0]["pointer"] == "#/items/0"
    assert not service.requests("/requests")


def test_requests_and_grants_are_listed_and_shown(service: StandIn, sq: Sq) -> None:
    service.on("GET", "/requests", answer({"items": [share_request()], "next": None}))
    service.on("GET", "/requests/REQ-2026-000001", answer(share_request()))
    service.on("GET", "/grants", answer({"items": [grant(service.origin)], "next": None}))
    service.on("GET", f"/grants/{GRANT}", answer(grant(service.origin)))
    assert sq("request", "list", "--status", "draft").stdout.startswith("REQ-2026-000001\tdraft\t")
    assert service.requests("/requests")[0].query["status"] == ["draft"]
    assert "办理期限\t2026-03-03" in sq("request", "show", "REQ-2026-000001").stdout
    assert sq("grant", "list").stdout.startswith(f"{GRANT}\tactive\t")
    assert "学校代码\t假名" in sq("grant", "show", GRANT).stdout


@pytest.mark.parametrize(
    ("environment", "arguments", "word"),
    [
        ({}, [], "错误："),
        ({"LANG": "C.UTF-8"}, [], "错误："),
        ({"LANG": "en_US.UTF-8"}, [], "Error: "),
        ({}, ["--lang", "en"], "Error: "),
        ({"LANG": "en_US.UTF-8"}, ["--lang=zh"], "错误："),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, [], "错误："),
    ],
)
def test_both_languages_are_spoken(
    sq: Sq, environment: dict[str, str], arguments: list[str], word: str
) -> None:
    assert sq(*arguments, "grant", "show", GRANT, **environment).stderr.startswith(word)
