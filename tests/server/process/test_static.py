"""Static files of the rooms: served under the one prefix, kept by browsers, found by their name."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from server.wiring import wire
from shuqiao.web.static import FOLDER, PREFIX, StaticApp, folders, static

wire()
OF_ROOMS: Final = [
    (folder, file.relative_to(folder).as_posix())
    for folder in folders()
    if folder != FOLDER
    for file in sorted(folder.rglob("*"))
    if file.is_file()
]


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(Starlette(routes=[Mount(PREFIX, StaticApp())])) as client:
        yield client


def without_comments(sheet: bytes) -> bytes:
    return re.sub(rb"(?s)/\*.*?\*/\n?", b"", sheet)


def bare(written: bytes) -> bytes:
    """A style sheet of ours as it travels: no comments, no blanks around what separates rules."""
    return re.sub(rb"\s*([{};])\s*", rb"\1", without_comments(written))


def without_comment_lines(script: bytes) -> bytes:
    """A script of ours as it travels: no lines of comment, nothing before the first word of one."""
    plain = re.sub(rb"(?m)^[ \t]*(//.*|/\*(?s:.*?)\*/)[ \t]*\n", b"", script)
    return re.sub(rb"(?m)^[ \t]+", b"", plain)


def test_rooms_have_static_files() -> None:
    assert OF_ROOMS


def test_what_style_sheets_say_travels_unchanged(client: TestClient) -> None:
    """A blank within a text is no blank around a rule."""
    texts = re.compile(rb"\"[^\"]*\"")
    written = without_comments((FOLDER / "shuqiao.css").read_bytes())
    assert b'": "' in written
    assert texts.findall(client.get(static("shuqiao.css")).content) == texts.findall(written)


@pytest.mark.parametrize(("folder", "path"), OF_ROOMS)
def test_a_file_of_a_room_is_served_and_kept(client: TestClient, folder: Path, path: str) -> None:
    answer = client.get(static(path))
    written = (folder / path).read_bytes()
    of_style, of_script = bare(written), without_comment_lines(written)
    sent = {".css": of_style, ".js": of_script}.get(Path(path).suffix, written)
    assert answer.content == sent
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get(f"{PREFIX}/{path}").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(("folder", "path"), OF_ROOMS)
def test_a_file_of_a_room_lies_below_the_rooms_name(folder: Path, path: str) -> None:
    """So that no room hides a file of another."""
    assert path.split("/")[0] == folder.parent.name


@pytest.mark.parametrize(("folder", "path"), [each for each in OF_ROOMS if each[1].endswith(".js")])
def test_no_text_of_a_script_goes_over_two_lines(folder: Path, path: str) -> None:
    """It would lose the blanks before its second one."""
    lines = (folder / path).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.count("`") % 2 or line.endswith("\\")] == []


def test_nothing_beside_the_folders_is_served(client: TestClient) -> None:
    assert client.get(f"{PREFIX}/../pages/entries.py").status_code == 404
    assert client.get(f"{PREFIX}/%2e%2e/schemas.py").status_code == 404


def test_a_style_sheet_travels_without_its_comments_and_is_kept(client: TestClient) -> None:
    answer = client.get(static("shuqiao.css"))
    written = (FOLDER / "shuqiao.css").read_bytes()
    assert b"/*" in written and answer.content == bare(written)
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    address = f"{PREFIX}/shuqiao.css"
    again = client.get(address, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.text, again.headers["cache-control"]) == (304, "", "no-cache")
    assert client.head(address).headers["content-length"] == str(len(answer.content))


def test_what_names_a_licence_travels_with_it(client: TestClient) -> None:
    assert "/*!" in client.get(static("vendor/bootstrap.min.css")).text


def test_lines_that_are_comments_of_our_scripts_stay_here(client: TestClient) -> None:
    answer = client.get(static("shuqiao.js"))
    kept = (FOLDER / "shuqiao.js").read_text(encoding="utf-8")
    assert re.search(r"^\s*//", kept, re.MULTILINE), "there are some"
    assert not re.search(r"^\s*(//|/\*)", answer.text, re.MULTILINE)
    assert answer.headers["content-type"].startswith("text/javascript")
    vendor = (FOLDER / "vendor" / "htmx.min.js").read_bytes()
    assert client.get(static("vendor/htmx.min.js")).content == vendor
