"""The job: one report for each edition, how far it is, what is told, who sees values."""

import json
import logging
from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg.errors
import pytest
from fixtures import conforming, department_database
from fixtures.callers import client
from fixtures.conforming import checked_draft, checked_edition, element, registered, renewed, rules
from fixtures.database import run_sql
from fixtures.exchanging import last_fact, trail
from fixtures.page_forms import shown
from fixtures.worlds import World
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from catalog.conformity import repository, tasks
from catalog.conformity.service import checking
from catalog.editions import repository as editions
from shuqiao.arrow.connectors.causes import ConnectorFailed
from shuqiao.db import reading, unit_of_work
from shuqiao.desk import messages
from shuqiao.i18n import Message
from shuqiao.jobs import list_jobs

At = Callable[[str], World]
IDENTITY = "11010519491231002X"
GOOD = "码,备注\n01,甲\n02,乙\n".encode()
WORSE = "码,备注\n1,甲\n02,乙\n".encode()


@pytest.fixture
def world(world_at: At) -> World:
    """A published entry whose codes have two characters at most, all of them as they should be."""
    found = world_at("accounts")
    two = element(found, "两位代码", max_length=2, code_kind=None)
    item = {"name": "码", "column_name": "码", "element": two, "is_key": True}
    registered(found, item, {"name": "备注", "column_name": "备注"})
    conforming.stored(found, GOOD)
    conforming.published(found)
    return found


def inbox_of(world: World, account: str) -> list[dict[str, str]]:
    with reading() as session:
        rows = messages.inbox(session, world.subjects[account])
        return [
            {"what": Message.from_json(row.what).render("zh_CN"), "href": row.href} for row in rows
        ]


def path_of(world: World, number: int = 1) -> str:
    return f"/resources/{world.resource_code}/editions/{number}/conformity"


def test_an_edition_has_one_report_however_often_the_job_runs(world: World) -> None:
    with reading() as session:
        ordered = [each.task for each in list_jobs(session, limit=50)]
    assert "catalog.conformity.check_edition" in ordered
    before = client(world, "applicant").get(f"/api/v1{path_of(world)}").json()
    assert (before["state"], before["rows_known"], before["columns"]) == ("waiting", 2, [])
    found = checked_edition(world)
    assert (found["state"], found["rows"], found["failed"]) == ("done", 2, 0)
    (column,) = found["columns"]
    assert (column["element_version"], column["checked"], column["held_to"]) == (1, 2, None)
    assert checked_edition(world)["made_at"] == found["made_at"]
    told = trail(world.resource_code.replace("-", "/"))
    assert told.count("conformity:checked") == 1, "that of the edition; no job ran for the draft"


def test_a_report_stays_as_it_was_made(world: World) -> None:
    checked_edition(world)
    with pytest.raises(DBAPIError) as refused:
        run_sql("UPDATE conformity_report SET failed = 0")
    assert isinstance(
        refused.value.orig,
        psycopg.errors.InsufficientPrivilege | psycopg.errors.IntegrityConstraintViolation,
    )


def test_a_worker_that_dies_leaves_a_check_that_is_done_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with reading() as session:
        edition = editions.current(session, world.resource_id)
        assert edition is not None
        edition_id = edition.id

    def dies(*_given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(checking, "examined", dies)
    with pytest.raises(KeyboardInterrupt):
        tasks.check_edition(str(edition_id))
    with unit_of_work() as session:
        repository.note(session, edition_id, 1)
    running = client(world, "registrar").get(f"/api/v1{path_of(world)}").json()
    assert (running["state"], running["rows_done"], running["rows_known"]) == ("running", 1, 2)
    page = shown(client(world, "registrar"), path_of(world))
    assert 'hx-trigger="every 2s"' in page and "已核验 2 行中的 1 行" in page
    listed = shown(client(world, "registrar"), f"/resources/{world.resource_code}/editions")
    assert 'hx-trigger="every 2s"' in listed
    run_sql("UPDATE conformity_run SET touched_at = touched_at - interval '2 minutes'")
    assert client(world, "registrar").get(f"/api/v1{path_of(world)}").json()["state"] == "waiting"
    monkeypatch.undo()
    assert checked_edition(world)["state"] == "done"
    assert 'hx-trigger="every 2s"' not in shown(client(world, "registrar"), path_of(world))
    with reading() as session:
        assert repository.runs(session, [edition_id]) == {}


def test_how_far_it_is_is_told_while_rows_are_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.conformity.service.reading._NOTE_SECONDS", 0.0)
    with reading() as session:
        edition = editions.current(session, world.resource_id)
        assert edition is not None
        edition_id = edition.id
    with unit_of_work() as session:
        order = checking.ordered(session, edition_id)
    assert order is not None
    noted: list[int] = []
    checking.examined(order, noted.append)
    assert noted == [2]


def test_who_registers_learns_of_an_edition_that_keeps_to_its_standards_less(world: World) -> None:
    checked_edition(world)
    renewed(world, WORSE)
    run_sql("UPDATE data_element SET max_length = 1")
    found = checked_edition(world, 2)
    assert rules(found, "码") == {"too_long": (1, 2)}
    (message,) = [
        each for each in inbox_of(world, "registrar") if "贯标情况不如上一批" in each["what"]
    ]
    assert message["href"] == path_of(world, 2)
    run_sql("UPDATE data_element SET max_length = 9")
    renewed(world, GOOD)
    assert checked_edition(world, 3)["failed"] == 0
    told = [each for each in inbox_of(world, "registrar") if "贯标" in each["what"]]
    assert len(told) == 1, "better is no message"


def test_worse_is_a_larger_share_of_the_values() -> None:
    before = [{"item": "码", "failed": 2, "checked": 10}]
    for failed, checked, names in ((4, 20, []), (3, 20, []), (5, 20, ["码"]), (0, 0, [])):
        after = [{"item": "码", "failed": failed, "checked": checked}]
        assert checking.worse_columns(before, after) == names
    assert checking.worse_columns(before, [{"item": "名", "failed": 1, "checked": 1}]) == []


def test_values_are_for_those_who_attach_the_data(world_at: At) -> None:
    world = world_at("checked_edition")
    assert "查看不符合标准的值" in shown(client(world, "registrar"), path_of(world))
    others = shown(client(world, "applicant"), path_of(world))
    assert "查看不符合标准的值" not in others and "只有提供部门的编目员可以查看" in others
    for path in (f"{path_of(world)}/failures", f"{path_of(world)}/failures.csv"):
        assert client(world, "applicant").get(path).status_code == 403
        assert client(world, "data_admin").get(path).status_code == 403


def test_items_bound_anew_have_the_draft_checked_again(world_at: At) -> None:
    world = world_at("checked_draft")
    found = checked_draft(world)
    assert rules(found, "学校代码") == {"too_long": (4, 4)}
    assert checked_draft(world)["made_at"] == found["made_at"]
    run_sql("UPDATE data_element SET max_length = 9, version = version + 1")
    path = f"/api/v1/resources/{world.resource_code}/conformity"
    assert client(world, "registrar").get(path).json()["state"] == "waiting"
    assert checked_draft(world)["failed"] == 0


def test_the_review_names_what_breaks_its_standard_and_blocks_nothing(world_at: At) -> None:
    world = world_at("checked_draft")
    conforming.step(world, "registrar", "submissions", None)
    page = shown(client(world, "head"), f"/resources/{world.resource_code}/review")
    assert "“学校代码”：4 个值中有 4 个不符合" in page
    conforming.step(world, "head", "consents", {})
    conforming.step(world, "data_admin", "reviews", {"outcome": "published"})


def test_rule_25_no_page_export_or_log_shows_an_identity_number_whole(
    world_at: At, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    world = world_at("accounts")
    caplog.set_level(logging.DEBUG)
    number = element(world, "公民身份号码", code_kind="identity_number")
    note = element(world, "备注", max_length=5)
    registered(
        world,
        {"name": "身份号码", "column_name": "号码", "element": number, "is_personal": True},
        {"name": "备注", "column_name": "备注", "element": note},
    )
    rows = f"号码,备注\n{IDENTITY},见{IDENTITY}\n{IDENTITY[:-1]}1,短\n".encode()
    conforming.stored(world, rows)
    assert checked_draft(world)["failed"] == 2
    caller, base = client(world, "registrar"), f"/resources/{world.resource_code}/conformity"
    seen = [
        shown(caller, base),
        shown(caller, f"{base}/failures"),
        caller.get(f"{base}/failures.csv").text,
        caller.get(f"/api/v1{base}/failures").text,
        json.dumps([each["what"] for each in inbox_of(world, "registrar")]),
        caplog.text,
        "".join(capfd.readouterr()),
    ]
    assert seen[2].startswith("\ufeff行号,信息项,问题,") or seen[2].startswith("\ufeffRow number,")
    assert "110105********0021" in seen[2] and "见110105********002X" in seen[3]
    with reading() as session:
        events = session.connection().execute(text("SELECT canon::text FROM audit_event")).all()
    seen.append(str(events))
    assert [place for place, shown_text in enumerate(seen) if "19491231" in shown_text] == []


class TestConnectedTables:
    """Their rows stay where they are: the first ones are looked at, and how many is said."""

    def checked(self, world: World) -> Any:
        with reading() as session:
            edition = editions.current(session, world.resource_id)
            assert edition is not None
            edition_id = str(edition.id)
        tasks.check_edition(edition_id)
        return client(world, "registrar").get(f"/api/v1{path_of(world)}").json()

    @pytest.fixture
    def connected(self, world_at: At) -> World:
        """School codes are longer than the standard allows."""
        world = world_at("live_resource")
        run_sql("UPDATE data_element SET max_length = 3")
        run_sql(
            "UPDATE resource_item SET element_id = (SELECT id FROM data_element LIMIT 1),"
            """ origin = '{"kind": "collected"}'"""
            " WHERE column_name = 'code'"
        )
        conforming.published(world)
        return world

    def test_all_rows_of_a_small_one_are_looked_at_once(self, connected: World) -> None:
        with reading() as session:
            asked = [each.task for each in list_jobs(session, limit=50)]
        assert "catalog.conformity.check_edition" in asked, "with the first edition"
        found = self.checked(connected)
        assert (found["state"], found["is_whole"]) == ("done", True)
        assert found["rows"] == found["failed"] > 0
        again = self.checked(connected)
        assert again["made_at"] == found["made_at"]

    def test_of_a_long_one_the_first_are(
        self, connected: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("catalog.conformity.service.reading.MOST_COUNTED", 2)
        found = self.checked(connected)
        assert (found["rows"], found["failed"], found["is_whole"]) == (2, 2, False)
        page = client(connected, "registrar").get(path_of(connected)).text
        assert "抽样 2 行" in page
        assert last_fact(connected.resource_code.replace("-", "/"))["why"]["is_whole"] is False

    def test_a_draft_of_one_is_held_to_its_standards_before_the_review(
        self, world_at: At, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As an uploaded file is; of a long table the first rows, and it says so."""
        world = world_at("live_resource")
        run_sql("UPDATE data_element SET max_length = 3")
        run_sql(
            "UPDATE resource_item SET element_id = (SELECT id FROM data_element LIMIT 1)"
            " WHERE column_name = 'code'"
        )
        monkeypatch.setattr("catalog.conformity.service.reading.MOST_COUNTED", 2)
        path = f"/resources/{world.resource_code}/conformity"
        before = client(world, "registrar").get(f"/api/v1{path}").json()
        assert before["state"] == "waiting"
        tasks.check_draft(str(world.resource_id))
        found = client(world, "registrar").get(f"/api/v1{path}").json()
        assert (found["state"], found["rows"], found["failed"]) == ("done", 2, 2)
        assert found["is_whole"] is False
        assert "抽样 2 行" in client(world, "registrar").get(path).text
        made_at = found["made_at"]
        tasks.check_draft(str(world.resource_id))
        again = client(world, "registrar").get(f"/api/v1{path}").json()
        assert again["made_at"] == made_at, "once"

    def test_what_is_away_leaves_no_report_and_is_tried_again(
        self, connected: World, cluster: Any
    ) -> None:
        database = department_database.of_cluster(cluster)
        database.do("ALTER TABLE school RENAME TO moved")
        try:
            with pytest.raises(ConnectorFailed):
                self.checked(connected)
        finally:
            database.do("ALTER TABLE moved RENAME TO school")
        read = client(connected, "registrar").get(f"/api/v1{path_of(connected)}").json()
        assert read["state"] in ("waiting", "running")
        assert tasks.catch_up() == 1


def test_editions_that_nobody_checked_are_ordered_every_hour(world: World) -> None:
    run_sql("DELETE FROM jobs.procrastinate_jobs")
    assert tasks.catch_up() == 1
    assert tasks.catch_up() == 1, "once in the queue"
    with reading() as session:
        waiting = [each for each in list_jobs(session, limit=50) if "conformity" in each.task]
    assert len(waiting) == 1
    checked_edition(world)
    assert tasks.catch_up() == 0


def test_an_edition_is_held_to_the_domain_of_its_own_day(
    world_at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = world_at("imported_domain")
    code = element(world, "行政区划代码", domain="VD-000001")
    registered(world, {"name": "区划", "column_name": "区划", "element": code})
    conforming.stored(world, "区划\n410307\n410322\n410308\n".encode())
    conforming.published(world)
    monkeypatch.setattr(checking, "day_of", lambda _edition: date(2020, 1, 1))
    found = checked_edition(world)
    assert found["held_on"] == "2020-01-01"
    (column,) = found["columns"]
    assert (column["domain"], column["domain_edition_label"]) == ("VD-000001", "2019")
    assert rules(found, "区划") == {"outside_domain": (1, 3)}, "410308 is of the later edition"
