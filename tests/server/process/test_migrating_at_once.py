"""Two operators migrate at once: both end well, and one of them has waited."""

import subprocess
from pathlib import Path

import pytest
from fixtures.database import Cluster
from fixtures.processes import PROGRAM, surroundings
from sqlalchemy import create_engine, text

from server.tables import REVISION

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def test_the_second_waits_and_finds_nothing_left_to_do(cluster: Cluster, tmp_path: Path) -> None:
    urls = cluster.empty("at_once")
    owner, app = (
        url.render_as_string(hide_password=False) for url in (urls.owner_url, urls.app_url)
    )
    environment = surroundings(
        tmp_path / "home", SHUQIAO_OWNER_DATABASE_URL=owner, SHUQIAO_DATABASE_URL=app
    )
    running = [
        subprocess.Popen(
            [*PROGRAM, "server.cli", "migrate"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    try:
        ended = [each.communicate(timeout=500) for each in running]
    finally:
        for each in running:
            each.kill()
            each.wait()
    assert [each.returncode for each in running] == [0, 0], ended
    assert all(f"migrated to {REVISION}" in out for out, _ in ended)
    loaded = sorted("none new" in out for out, _ in ended)
    assert loaded == [False, True], "the calendars are loaded once"
    waited = ["waits_for_another_migration" in out + err for out, err in ended]
    assert sorted(waited) == [False, True], ended
    assert "none new" in ended[waited.index(True)][0]
    engine = create_engine(app)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    engine.dispose()
    assert found == [REVISION]
