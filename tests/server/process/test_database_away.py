"""A role that starts while the database is away: it lives, says why it is not ready, and is ready
by itself when the database comes.
"""

from pathlib import Path
from typing import Any

import httpx2
import pytest
from fixtures.keyed import Installed
from fixtures.processes import eventually, free_ports, surroundings
from fixtures.warm_roles import WarmRole
from sqlalchemy import make_url

from server.process.readiness import UNKNOWN
from server.process.role import PORTS, Role

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.mark.parametrize("role", ["control", "data", "worker"])
def test_it_waits_for_the_database_and_says_so(installed: Installed, role: Role) -> None:
    there = make_url(installed.url)
    folder = installed.folder / "socket"
    away = there.update_query_dict({"host": str(folder)}).render_as_string(hide_password=False)
    port, log = free_ports()[0], installed.folder / "log"
    environment = surroundings(
        installed.folder / "one",
        SHUQIAO_DATABASE_URL=away,
        SHUQIAO_CLOCK_CHECK_SECONDS="0.2",
        **{PORTS[role]: str(port)},
    )
    process = WarmRole(role, environment, stderr=log)

    def asked(path: str) -> tuple[int, dict[str, Any]]:
        try:
            answer = httpx2.get(f"http://127.0.0.1:{port}{path}", timeout=10)
        except httpx2.TransportError:
            return 0, {}
        return answer.status_code, answer.json()

    try:
        assert eventually(lambda: asked("/healthz")[0] == 200), log.read_text("utf-8")
        status, told = asked("/readyz")
        assert status == 503
        assert told["causes"].pop("database").startswith("no answer (OperationalError): ")
        assert set(told["causes"].values()) == {UNKNOWN}
        if role == "control":
            assert asked("/api/v1/resources")[0] == 503

        folder.symlink_to(Path(str(there.query["host"])))

        assert eventually(lambda: asked("/readyz")[0] == 200), asked("/readyz")
        assert process.poll() is None
        said = log.read_text("utf-8")
        assert "Traceback" not in said and str(there.password) not in said
        process.terminate()
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
