"""Every text of the client exists in both languages, with the same facts in it, and is used."""

import re
import string
from pathlib import Path

import pytest

from shuqiao_client import cli_headings, words


def facts(text: str) -> set[str]:
    return {name for _text, name, _format, _conversion in string.Formatter().parse(text) if name}


def test_both_languages_say_the_same_facts() -> None:
    for key, (chinese, english) in words._WORDS.items():
        assert facts(chinese) == facts(english), key
        assert re.search("[\u4e00-\u9fff]", chinese), key
        assert not re.search("[\u4e00-\u9fff]", english), key


def test_every_text_is_used_and_every_used_text_exists(checkout: Path) -> None:
    source = "\n".join(
        path.read_text(encoding="utf-8") for path in (checkout / "sdk/shuqiao_client").glob("*.py")
    )
    used = set(re.findall(r'say\(\s*"([a-z._]+)"', source))
    assert used == set(words._WORDS)


def test_every_heading_has_both_languages() -> None:
    assert [
        name for name, pair in cli_headings.HEADINGS.items() if len(pair) != 2 or not all(pair)
    ] == []


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LC_MESSAGES": "en_US", "LANG": "zh_CN"}, "en"),
    ],
)
def test_the_environment_chooses_the_language(environment: dict[str, str], language: str) -> None:
    assert words.from_environment(environment) == language
