"""The Dockerfile without an engine: its build stage step by step below a folder, what it keeps.

Everything is read from the Dockerfile and .dockerignore, so neither can say something else than
what is tried here. What only an engine can do is left out: the base image, its user, volumes, the
final stage's ``RUN``.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import Path
from string import Template

import run as door

ROOT = Path(__file__).resolve().parents[2]
#: Folders of the image, each of which lies below the image's own folder here.
_INSIDE = re.compile(r"(?<![\w./:-])/(?=(?:opt|build|var/lib/shuqiao)\b)")
#: An image must not keep a cache; a machine that has one need not fetch everything again.
_ONLY_IN_AN_IMAGE = {"PIP_NO_CACHE_DIR", "UV_NO_CACHE"}


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile as (instruction, argument), continuations joined, comments left out."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    kept = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    lines = [line for line in re.sub(r"\\\n", " ", kept).splitlines() if line.strip()]
    return [(line.split()[0], line.partition(" ")[2].strip()) for line in lines]


def of(name: str) -> list[str]:
    return [argument for instruction, argument in instructions() if instruction == name]


def stages() -> list[list[tuple[str, str]]]:
    """The instructions of each stage, from its ``FROM`` on."""
    found: list[list[tuple[str, str]]] = []
    for instruction in instructions():
        if instruction[0] == "FROM":
            found.append([])
        if found:  # before the first stand the arguments of all
            found[-1].append(instruction)
    return found


def context(folder: Path) -> None:
    """The context of the build as the engine would send it: what .dockerignore lets through."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    left_out = [line for line in lines if not line.startswith(("!", "#"))]

    def ignored(inside: str, names: list[str]) -> set[str]:
        paths = {name: Path(inside, name).relative_to(ROOT).as_posix() for name in names}
        return {
            name for name, path in paths.items() if any(covers(each, path) for each in left_out)
        }

    for name in [line[1:] for line in lines if line.startswith("!")]:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=ignored, symlinks=True)
        else:
            shutil.copyfile(ROOT / name, folder / name)


def covers(pattern: str, path: str) -> bool:
    """Whether a line of .dockerignore means this path; ``**/`` is any folder."""
    anywhere = pattern.removeprefix("**/")
    name = path.rpartition("/")[2]
    return path == pattern if anywhere == pattern else fnmatchcase(name, anywhere)


class Image:
    """What the Dockerfile builds, below ``folder``: ``/opt/shuqiao`` is ``folder/opt/shuqiao``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.build_stage, self.final_stage = stages()
        self.program = [*json.loads(dict(self.final_stage)["ENTRYPOINT"])]
        self.workplace = self.placed(dict(self.final_stage)["WORKDIR"])

    def build(self) -> None:
        """Run the build stage; raises AssertionError with a step and its words when one fails."""
        kept = {
            name: value
            for name, value in door.mirror_env().items()
            if not name.startswith(("SHUQIAO_", "PYTHON"))
        }
        environment = {**kept, "PATH": f"{Path(sys.executable).parent}:{kept['PATH']}"}
        place = self.folder
        for instruction, argument in self.build_stage:
            if instruction == "ENV":
                environment |= dict(self._variables(argument, environment))
                environment = {n: environment[n] for n in environment.keys() - _ONLY_IN_AN_IMAGE}
            elif instruction == "WORKDIR":
                place = Path(self.placed(argument))
                place.mkdir(parents=True)
            elif instruction == "COPY":
                self._copy(argument.split()[:-1], place)
            elif instruction == "RUN":
                self._step(argument, place, environment)
        self._keep_only(*dict(self.final_stage)["COPY"].split()[1:])
        Path(self.workplace).mkdir(parents=True)

    def environment(self, **changed: str) -> dict[str, str]:
        """What a process of the image sees: the ``ENV`` of the final stage, and nothing of ours."""
        environment = {"PATH": os.defpath, "LANG": "C.UTF-8"}
        for instruction, argument in self.final_stage:
            if instruction == "ENV":
                environment |= dict(self._variables(argument, environment))
        return environment | changed

    def run(
        self, words: Sequence[str], environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """A program of the image, run to its end from its working folder."""
        return subprocess.run(
            words, env=environment, cwd=self.workplace, capture_output=True, text=True, timeout=300
        )

    def _step(self, command: str, place: Path, environment: Mapping[str, str]) -> None:
        command = self.placed(command)
        done = subprocess.run(
            ["sh", "-c", command], cwd=place, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, f"RUN {command}\n{done.stdout[-2000:]}{done.stderr[-4000:]}"

    def _copy(self, names: Sequence[str], place: Path) -> None:
        if names == ["."]:
            context(place)
        for name in names if names != ["."] else ():
            shutil.copyfile(ROOT / name, place / name)

    def _keep_only(self, source: str, target: str) -> None:
        """Of the build stage nothing is left but what the final stage copies, at the same place."""
        assert source == target, "an environment carries its own path"
        kept = Path(self.placed(source))
        for place in chain(list(self.folder.iterdir()), list(kept.parent.iterdir())):
            if not kept.is_relative_to(place):
                shutil.rmtree(place)

    def placed(self, text: str) -> str:
        return _INSIDE.sub(f"{self.folder}/", text)

    def _variables(self, argument: str, known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for word in shlex.split(argument):
            name, _, value = word.partition("=")
            yield name, Template(self.placed(value)).substitute(known)
