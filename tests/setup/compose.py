"""docker-compose.yml without an engine: each service a process, with what the file gives it."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import URL, make_url

from tests.setup.image import ROOT, Image

FILE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = FILE["services"]
#: The only service that is no process of ours.
DATABASE = "db"
_VARIABLE = re.compile(r"\$\{(\w+)(?::([?-])([^}]*))?\}")


def in_order() -> Iterator[tuple[str, bool]]:
    """Our services, each after those it waits for, and whether another waits for its end."""
    waits = {name: service.get("depends_on", {}) for name, service in SERVICES.items()}
    ends = {
        name
        for conditions in waits.values()
        for name, wait in conditions.items()
        if wait["condition"] == "service_completed_successfully"
    }
    for name in TopologicalSorter(waits).static_order():
        if name != DATABASE:
            yield name, name in ends


class Deployment:
    """The services of the file on ``image``, with secrets made by the script that operators run."""

    def __init__(self, image: Image, database: URL, **changed: str) -> None:
        self.image, self.database, self.changed = image, database, changed
        self.folder = image.folder / "deployment"
        shutil.copytree(ROOT / "deploy" / "compose", self.folder / "deploy" / "compose")
        shutil.rmtree(self.folder / "deploy" / "compose" / "secrets", ignore_errors=True)
        subprocess.run(
            ["sh", "deploy/compose/make-secrets.sh"],
            cwd=self.folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        example = (self.folder / "deploy" / "compose" / "env.example").read_text(encoding="utf-8")
        stated = re.findall(r"^(\w+)=(.*)$", example, re.MULTILINE)
        self.variables = {key: "".join(shlex.split(value)) for key, value in stated}  # as Compose

    def environment(self, name: str) -> dict[str, str]:
        """What image and file say, secrets as files; ``changed``
        differs from machine to machine.
        """
        stated = {
            key: self.image.placed(self._filled(str(value)))
            for key, value in SERVICES[name]["environment"].items()
        }
        secrets = {"CREDENTIALS_DIRECTORY": str(self._secrets(name))}
        return self.image.environment(**stated | secrets | self.changed)

    def command(self, name: str) -> list[str]:
        return [*self.image.program, *SERVICES[name]["command"]]

    def health(self, name: str) -> list[str]:
        """The words of its health check; empty when it has none."""
        kind, *words = SERVICES[name].get("healthcheck", {}).get("test", ["NONE"])
        assert kind in ("CMD", "NONE"), "there is no shell to rely on"
        return words

    def run(self, name: str, words: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
        return self.image.run(words or self.command(name), self.environment(name))

    def _secrets(self, name: str) -> Path:
        """``/run/secrets`` of a service: only its own, with the address of the database here."""
        folder = self.folder / f"secrets-of-{name}"
        folder.mkdir(exist_ok=True)
        for secret in SERVICES[name]["secrets"]:
            url = make_url(
                (self.folder / FILE["secrets"][secret]["file"]).read_text(encoding="utf-8")
            )
            assert (url.host, url.port) == (DATABASE, 5432), secret
            ours = self.database.set(
                username=url.username, password=url.password, database=url.database
            )
            here = self.database if "admin" in secret else ours
            (folder / secret).write_text(
                here.render_as_string(hide_password=False), encoding="utf-8"
            )
        return folder

    def _filled(self, text: str) -> str:
        """``${NAME}``, ``${NAME:-default}`` and ``${NAME:?reason}`` as the engine replaces them."""

        def value(found: re.Match[str]) -> str:
            name, kind, rest = found.groups()
            given = self.variables.get(name, "")
            assert given or kind == "-", f"{name} is not in env.example: {rest}"
            return given or rest

        return _VARIABLE.sub(value, text)
