"""The code to copy: complete, about this grant, and without any secret in it."""

import ast
from importlib.metadata import version

import pytest

from exchange.deliveries.views.snippets import verification
from exchange.grants.views.snippets import install, snippets

NO, URL = "GR-2026-000007", "https://data.example.gov.cn/api/v1/grants/GR-2026-000007/data"


@pytest.mark.parametrize("snippet", snippets(NO, URL), ids=lambda each: each.id)
def test_each_names_the_grant_and_carries_no_token(snippet) -> None:  # type: ignore[no-untyped-def]
    assert NO in snippet.text
    assert "sq_" not in snippet.text
    assert snippet.title.render("zh_CN")
    assert snippet.hint.render("zh_CN") != snippet.hint.render("en")


def test_python_is_python_and_uses_the_profile() -> None:
    texts = {snippet.id: snippet.text for snippet in snippets(NO, URL)}
    for name in ("polars", "pandas", "duckdb"):
        ast.parse(texts[name])
        assert "Client.from_profile()" in texts[name]
    ast.parse(verification(NO))


def test_curl_keeps_the_token_off_the_command_line() -> None:
    (curl,) = (each.text for each in snippets(NO, URL) if each.id == "curl")
    assert "--config -" in curl
    assert f'"{URL}"' in curl
    assert "-H" not in curl


def test_two_lines_install_the_client_and_name_the_service() -> None:
    get, sign_in = install("https://sq.example.gov.cn").splitlines()
    assert get == f"pip install shuqiao_client-{version('shuqiao-client')}-py3-none-any.whl"
    assert sign_in == "sq auth login --endpoint https://sq.example.gov.cn"
