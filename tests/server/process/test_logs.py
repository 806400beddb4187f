"""Operators' logs: every line is JSON, whoever writes it, and no secret gets through."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest

from server.process.logs import redact

TOKEN = "sq_0123456789ab_" + "A1b2C3d4E5f6G7h8I9j0-_k"
URL = "postgresql+psycopg://shuqiao_app:geheim-Wort_9@/shuqiao?host=/tmp"
_SCRIPT = """
import logging, threading, warnings
import structlog
from server.process import logs
logs.configure("control")
{body}
"""


def logged(body: str) -> list[dict[str, Any]]:
    """What a process that runs ``body`` writes to standard error, line by line."""
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT.format(body=body)],
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_every_source_of_lines_writes_json_with_the_role() -> None:
    lines = logged(
        'structlog.get_logger("a").warning("own", what="数据")\n'
        'logging.getLogger("uvicorn.error").error("library %s", 1)\n'
        'warnings.warn("watch out")\n'
        "thread = threading.Thread(target=lambda: 1 / 0); thread.start(); thread.join()\n"
        'raise RuntimeError("broken")\n'
    )

    assert {line["role"] for line in lines} == {"control"}
    for line in lines:
        written = datetime.fromisoformat(line["timestamp"])
        assert abs((datetime.now(UTC) - written).total_seconds()) < 60
    own, library, warning, in_thread, uncaught = lines
    assert (own["event"], own["what"], own["level"]) == ("own", "数据", "warning")
    assert (library["event"], library["logger"], library["level"]) == (
        "library 1",
        "uvicorn.error",
        "error",
    )
    assert "watch out" in warning["event"]
    assert "ZeroDivisionError" in in_thread["exception"]
    assert (uncaught["event"], uncaught["level"]) == ("RuntimeError", "critical")
    assert "broken" in uncaught["exception"]


def test_lines_of_a_request_or_job_have_its_id_whoever_writes_them() -> None:
    lines = logged(
        "from shuqiao.context import working_on\n"
        'with working_on(request_id="job-17"):\n'
        '    structlog.get_logger("a").warning("own")\n'
        '    logging.getLogger("sqlalchemy.pool").error("library")\n'
        'logging.getLogger("asyncio").error("of nobody")\n'
    )
    assert [line.get("request_id") for line in lines] == ["job-17", "job-17", None]


def test_what_python_would_print_itself_is_a_line_too() -> None:
    """A finaliser that fails, and a line that cannot be made."""
    lines = logged(
        "class Broken:\n"
        "    def __del__(self): raise ValueError('broken')\n"
        "thing = Broken(); del thing\n"
        'logging.getLogger("library").error("%d of %d", "one")\n'
    )
    assert [(line["event"], line["role"]) for line in lines] == [
        ("ValueError", "control"),
        ("line_not_written", "control"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        'structlog.get_logger("a").error("x", secret={secret!r})',
        'structlog.get_logger("a").error("x", deep={{"deeper": [{secret!r}]}})',
        'structlog.get_logger("a").error({secret!r})',
        'logging.getLogger("library").error("x %s", {secret!r})',
        "raise RuntimeError({secret!r})",
    ],
)
@pytest.mark.parametrize(("secret", "core"), [(TOKEN, TOKEN[16:]), (URL, "geheim-Wort_9")])
def test_no_line_shows_a_token_or_a_database_password(line: str, secret: str, core: str) -> None:
    (found,) = logged(line.format(secret=secret))

    assert core not in json.dumps(found)
    assert "…" in json.dumps(found, ensure_ascii=False), "what was there is marked"


def test_redacting_leaves_the_rest() -> None:
    assert redact(f"a {TOKEN}, b") == "a sq_…, b"
    assert redact(URL) == "postgresql+psycopg://shuqiao_app:…@/shuqiao?host=/tmp"
    assert redact("sq_short and postgresql://host/db") == "sq_short and postgresql://host/db"


def test_rule_25_an_identity_number_is_masked_and_other_numbers_stay() -> None:
    number = "11010519491231002X"
    assert redact(f'{{"value": "{number}", "n": 150203202302301238}}') == (
        '{"value": "110105********002X", "n": 150203202302301238}'
    )
    assert redact(f"a{number} {number}1") == f"a{number} {number}1"
