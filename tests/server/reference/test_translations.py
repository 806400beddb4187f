"""The translations beside the templates: as the command writes them, complete, and of one mind."""

import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from server.reference import translations
from server.reference.translations import HOUSE, Key, entries, found, is_translated, kept, written
from tests.architecture.sources import PACKAGES

_HOLE = re.compile(r"%\((\w+)\)s|%%")


def test_the_files_are_what_the_command_writes() -> None:
    files = written()
    assert {path: path.read_bytes() for path in kept()} == files
    assert {path.relative_to(HOUSE).parts[0] for path in files} == set(PACKAGES)


def test_every_text_has_its_chinese() -> None:
    wanting = [
        f"{path.relative_to(HOUSE)}: {entry.id}"
        for path, texts in kept().items()
        for entry in texts.values()
        if not is_translated(entry)
    ]
    assert wanting == []


def test_chinese_fills_the_same_holes() -> None:
    differing = [
        f"{path.relative_to(HOUSE)}: {forms[-1]} → {string}"
        for path, texts in kept().items()
        for (_context, text), entry in texts.items()
        for forms in [(text,) if isinstance(text, str) else text]
        for string in [entry.string if isinstance(entry.string, str) else entry.string[0]]
        if set(_HOLE.findall(string)) != set(_HOLE.findall(forms[-1]))
    ]
    assert differing == []


def test_rooms_that_show_the_same_text_say_it_in_the_same_words() -> None:
    said: dict[Key, set[str]] = defaultdict(set)
    for texts in kept().values():
        for key, entry in texts.items():
            said[key].add(str(entry.string))
    assert len(said) > 2_500
    assert {key: strings for key, strings in said.items() if len(strings) > 1} == {}


def test_a_text_stands_where_it_is_shown() -> None:
    texts = found()
    requests = texts[HOUSE / "exchange" / "requests" / "locale" / "zh_CN.po"]
    places = {place for files in requests.values() for place in files}
    assert all(place.startswith("exchange/requests/") for place in places)
    assert {Path(place).suffix for place in places} == {".py", ".html"}
    of_routes = texts[HOUSE / "exchange" / "grants" / "locale" / "zh_CN.po"]
    assert of_routes[None, "Revoke a grant at once"] == ["exchange/grants/endpoints.py"]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], dict[str, str]]:
    """A package of one room; called with the code of its pages it writes its translations and
    gives them by text.
    """
    room = tmp_path / "desk" / "letters"
    room.mkdir(parents=True)
    monkeypatch.setattr(translations, "HOUSE", tmp_path)
    monkeypatch.setattr(translations, "packages", lambda: iter([tmp_path / "desk"]))
    monkeypatch.setattr(translations, "translations", lambda _: iter(sorted(room.rglob("*.po"))))

    def write(code: str) -> dict[str, str]:
        (room / "pages.py").write_text(code, encoding="utf-8")
        translations.main()
        file = room / "locale" / "zh_CN.po"
        content = file.read_bytes() if file.exists() else b""
        return {str(key[1]): str(entry.string) for key, entry in entries(content).items()}

    return write


def test_a_new_text_comes_in_empty_and_one_nobody_shows_goes(
    house: Callable[[str], dict[str, str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert house("_('Letter')\n_('Stamp')") == {"Letter": "", "Stamp": ""}
    assert "desk/letters/locale/zh_CN.po: Letter" in capsys.readouterr().out
    file = tmp_path / "desk" / "letters" / "locale" / "zh_CN.po"
    text = file.read_text("utf-8")
    assert "#: desk/letters/pages.py\n" in text
    file.write_text(text.replace('"Letter"\nmsgstr ""', '"Letter"\nmsgstr "信件"'), "utf-8")
    assert house("_('Letter')\n\n_('Seal')") == {"Letter": "信件", "Seal": ""}
    assert house("") == {}
    assert not file.exists()


def test_contexts_and_counted_texts_are_found(house: Callable[[str], dict[str, str]]) -> None:
    texts = house("pgettext('post', 'Letter')\nngettext('%(count)s seal', '%(count)s seals', n)")
    assert set(texts) == {"Letter", "('%(count)s seal', '%(count)s seals')"}
