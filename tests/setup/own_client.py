"""The client as whoever uses the data has it: its wheel in an environment of its own."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import run as door
from server.demo.fetching import Fetched
from tests.setup.image import ROOT
from tests.setup.test_wheel import built

#: What the environment runs: one fetch, told as JSON.
_FETCH = """
import json, sys
from shuqiao_client import Client, Profile, ShuqiaoError
origin, token, grant, columns = sys.argv[1:]
with Client(Profile(origin, token)) as client:
    try:
        with client.grant(grant).fetch(json.loads(columns)) as stream:
            table = stream.read_all()
    except ShuqiaoError as refusal:
        told = {"status": refusal.status or 0, "code": refusal.code, "detail": refusal.detail}
    else:
        said = stream.receipt
        told = {
            "columns": table.column_names, "rows": table.num_rows, "bytes": said.bytes,
            "event_id": said.event_id, "leaf_hash": said.leaf_hash, "is_same_everywhere": True,
        }
print(json.dumps(told))
"""


class Wheel:
    """The wheel built and installed below ``folder``, its dependencies in the locked versions."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        wheel = built(ROOT / "sdk", ("shuqiao_client",), folder / "source").filename
        self.bin = folder / "environment" / "bin"
        uv = str(Path(sys.executable).with_name("uv"))
        pins = folder / "pins"
        text = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
        pins.write_text("\n".join(line.rstrip(" \\") for line in text if "==" in line))
        install = [uv, "pip", "install", "-q", "--python", str(self.bin / "python")]
        for command in (
            [uv, "venv", "-q", "--python", sys.executable, str(self.bin.parent)],
            [*install, "--only-binary", ":all:", "--constraint", str(pins), str(wheel)],
        ):
            subprocess.run(command, env=door.mirror_env(), check=True)
        shutil.rmtree(folder / "source")

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A program of the environment; it finds nothing of the checkout."""
        command = [str(self.bin / words[0]), *words[1:]]
        return subprocess.run(
            command, cwd=self.bin, env={"LANG": "C.UTF-8"}, capture_output=True, text=True
        )

    def fetch(
        self, origin: str, token: str, grant_no: str, columns: list[str] | None = None
    ) -> Fetched:
        words = ("python", "-P", "-c", _FETCH, origin, token, grant_no, json.dumps(columns))
        done = self.run(*words)
        assert done.returncode == 0, done.stderr
        return Fetched(**json.loads(done.stdout))
