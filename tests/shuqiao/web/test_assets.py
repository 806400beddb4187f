"""Browser files: what is copied, what is refused, and nothing is fetched when all is there."""

import base64
import hashlib
import sys
from pathlib import Path

import pytest

from shuqiao.web.assets import AssetError, AssetFile, copy_checked, install, manifest, problems

PACKAGE = "toy"
CONTENT = b"console.log('toy')\n"


def sha384_of(content: bytes) -> str:
    return base64.b64encode(hashlib.sha384(content).digest()).decode()


@pytest.fixture
def toy(tmp_path: Path) -> AssetFile:
    """One file of a package that the npm below can "fetch"."""
    return AssetFile(
        PACKAGE,
        "1.0.0",
        "MIT",
        True,
        "dist/toy.js",
        tmp_path / "vendor" / "toy.js",
        sha384_of(CONTENT),
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the three npm files."""
    folder = tmp_path / "数 桥"
    folder.mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc"):
        (folder / name).write_text("{}", encoding="utf-8")
    return folder


def npm(tmp_path: Path, content: bytes = CONTENT, code: int = 0) -> list[str]:
    """A command in npm's place: writes the package into node_modules of
    the working folder and exits with ``code``.
    """
    program = tmp_path / f"npm-{code}-{len(content)}.py"
    program.write_text(
        "import pathlib, sys\n"
        "assert sys.argv[1] == 'ci' and '--ignore-scripts' in sys.argv\n"
        f"file = pathlib.Path('node_modules', {PACKAGE!r}, 'dist', 'toy.js')\n"
        f"file.parent.mkdir(parents=True); file.write_bytes({content!r})\n"
        f"sys.stderr.write('answer {code}'); raise SystemExit({code})\n",
        encoding="utf-8",
    )
    return [sys.executable, str(program)]


class TestInstall:
    def test_copies_the_named_file_and_leaves_nothing_else(
        self, toy: AssetFile, checkout: Path, tmp_path: Path
    ) -> None:
        assert install([toy], checkout, [npm(tmp_path)])
        assert toy.target.read_bytes() == CONTENT
        assert [path.name for path in toy.target.parent.iterdir()] == ["toy.js"]
        assert list((checkout / "build").iterdir()) == []

    def test_fetches_nothing_when_all_is_in_place(
        self, toy: AssetFile, checkout: Path, tmp_path: Path
    ) -> None:
        assert install([toy], checkout, [npm(tmp_path)])
        assert not install([toy], checkout, [["/nonexistent/npm"]])

    def test_repairs_a_changed_file(self, toy: AssetFile, checkout: Path, tmp_path: Path) -> None:
        toy.target.parent.mkdir()
        toy.target.write_bytes(b"changed")
        assert len(problems([toy])) == 1
        assert install([toy], checkout, [npm(tmp_path)])
        assert problems([toy]) == []

    def test_tries_the_next_npm_when_one_fails(
        self, toy: AssetFile, checkout: Path, tmp_path: Path
    ) -> None:
        assert install(
            [toy], checkout, [["/nonexistent/npm"], npm(tmp_path, code=1), npm(tmp_path)]
        )

    def test_tells_every_answer_when_all_fail(
        self, toy: AssetFile, checkout: Path, tmp_path: Path
    ) -> None:
        with pytest.raises(AssetError, match=r"(?s)nonexistent.*answer 1"):
            install([toy], checkout, [["/nonexistent/npm"], npm(tmp_path, code=1)])

    def test_refuses_a_file_with_another_content(
        self, toy: AssetFile, checkout: Path, tmp_path: Path
    ) -> None:
        """npm's own check passed, but the file is not the one that was
        read when the manifest was written.
        """
        with pytest.raises(AssetError, match=r"assets\.toml says"):
            install([toy], checkout, [npm(tmp_path, content=b"other")])
        assert not toy.target.exists()

    def test_needs_a_checkout(self, toy: AssetFile, tmp_path: Path) -> None:
        with pytest.raises(AssetError, match=r"package-lock\.json"):
            install([toy], tmp_path, [npm(tmp_path)])


def test_a_file_that_the_package_does_not_have_is_refused(toy: AssetFile, tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="no such file"):
        copy_checked(toy, tmp_path)


class TestManifest:
    def test_names_what_the_pages_and_the_tests_need(self) -> None:
        names = {(file.target.name, file.shipped) for file in manifest()}
        assert {("bootstrap.min.css", True), ("htmx.min.js", True), ("axe.min.js", False)} <= names

    def test_what_is_shipped_comes_with_its_licence_text(self) -> None:
        shipped = [file for file in manifest() if file.shipped]
        assert {f.package for f in shipped} == {f.package for f in shipped if f.source == "LICENSE"}

    def test_files_are_in_place_after_the_set_up(self) -> None:
        assert problems(manifest()) == []
