"""The reference as pages: everything is there, in both languages, found by words, and light."""

import gzip
import re
import subprocess

import pytest
from fixtures import callers
from starlette.testclient import TestClient

from server.reference import calls, reading
from server.reference.document import document
from shuqiao.web.security_headers import CONTENT_SECURITY_POLICY

PAGE = {"accept": "text/html"}

pytestmark = pytest.mark.usefixtures("session")


def page(path: str, language: str = "zh") -> str:
    answer = TestClient(callers.control_app()).get(
        path, headers={**PAGE, "accept-language": language}
    )
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    return answer.text


def shown() -> list[reading.OperationShown]:
    whole = document(callers.control_app(), "zh_CN")
    lines = [line for group in reading.groups(whole) for line in group.lines]
    return [found for line in lines if (found := reading.operation(whole, line.id)) is not None]


def operations_on(path: str) -> list[str]:
    return re.findall(r'href="/docs/operations/(\w+)"', page(path))


def test_every_operation_is_listed_once_and_has_a_page() -> None:
    whole = document(callers.control_app(), "zh_CN")
    groups = re.findall(r'href="(/docs\?group=[^"]+)"', page("/docs"))
    listed = [name for group in groups for name in operations_on(group)]
    ids = [
        operation["operationId"]
        for methods in whole["paths"].values()
        for operation in methods.values()
    ]
    assert sorted(listed) == sorted(ids)
    for name in ids:
        assert f">{name}<" in page(f"/docs/operations/{name}")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_are_light(language: str) -> None:
    for path in ("/docs", "/docs?group=requests", "/docs/operations/requests_decide"):
        assert len(gzip.compress(page(path, language).encode())) < 20_000


def test_operations_are_found_by_word_path_and_name() -> None:
    for words in ("立即终止共享", "/grants/{no}/revocations", "grants_revoke"):
        assert operations_on(f"/docs?q={words}") == ["grants_revoke"]
    assert "没有同时包含这些词的接口" in page("/docs?q=nothing-of-this-name")


@pytest.mark.parametrize("path", ["/docs/operations/nothing", "/docs?group=nothing"])
def test_what_is_unknown_is_not_found(path: str) -> None:
    assert TestClient(callers.control_app()).get(path, headers=PAGE).status_code == 404


@pytest.mark.parametrize("one", shown(), ids=lambda one: one.line.id)
def test_the_line_for_the_shell_is_one_command(one: reading.OperationShown) -> None:
    """Bash reads it, and every word that is needed is in it."""
    line = calls.as_curl(one, "https://shuqiao.example.gov.cn")
    words = subprocess.run(
        ["bash", "-c", f"curl() {{ printf '%s\\n' \"$@\"; }}; uuidgen() {{ echo 1; }}; {line}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "{" not in words.splitlines()[-1]
    assert ("If-Match" in words) == any(each.name == "If-Match" for each in one.parameters)
    assert one.line.method in ("GET", "POST") or f"-X\n{one.line.method}" in words


def test_swagger_ui_comes_from_here() -> None:
    text = page("/docs/try")
    assert "//" not in "".join(re.findall(r'(?:src|href)="([^"]+)"', text))
    for name in ("swagger-ui.css", "swagger-ui-bundle.js"):
        assert f"/static/vendor/{name}?v=" in text
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]*src=)", text)
