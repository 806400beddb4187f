"""Pages of transfers: the list, one that runs, one that is over, and what they say about its
receipt.
"""

import html as markup
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fixtures import callers
from fixtures.callers import client
from fixtures.exchanging import east_of, grant_now, granting, prepare_anew, release
from fixtures.page_forms import shown
from fixtures.worlds import World

from exchange.deliveries import repository
from exchange.deliveries.tasks import prove
from exchange.deliveries.views.progress import advice
from exchange.deliveries.views.snippets import verification
from exchange.deliveries.words import EndReason
from shuqiao.db import unit_of_work
from tests.exchange.deliveries.service.test_recording import LEFT, Transfer

At = Callable[[str], World]
FRAGMENT = {"accept": "text/html", "hx-request": "true"}


def hand_over(transfer: Transfer, rows: int, size: int) -> None:
    with unit_of_work() as session:
        repository.sign_of_life(session, {transfer.id: (rows, size)})


def test_a_running_transfer_shows_how_far_it_is_and_asks_again(world_at: At) -> None:
    world = world_at("active_grant")
    transfer = Transfer(world)
    path = f"/deliveries/{transfer.no}"
    applicant = client(world, "applicant")
    assert 'hx-trigger="every 2s"' in shown(applicant, path)
    hand_over(transfer, 3, 1_536)
    part = applicant.get(path, headers={**FRAGMENT, "accept-language": "zh-CN"})
    assert "<html" not in part.text
    assert '<progress id="rows-handed-over" max="4" value="3">' in part.text
    assert "已传出 3 行，共 4 行" in part.text
    assert "1.5 KB" in part.text
    transfer.end(LEFT)
    last = applicant.get(path, headers={**FRAGMENT, "accept-language": "zh-CN"})
    assert "hx-trigger" not in last.text
    assert "data-announce" in last.text
    assert "已送达：至少 96 B，至多 1.0 KB" in last.text
    assert "<progress" not in last.text


def test_filtered_rows_have_no_bar_because_nobody_knows_the_end(world_at: At) -> None:
    world = world_at("prepared_request")
    prepare_anew(world, granting(world, row_filter=east_of(world)))
    release(world)
    world.grant_no = grant_now(world).grant_no
    prove(world.grant_no)
    html = shown(client(world, "applicant"), f"/deliveries/{Transfer(world).no}")
    assert "<progress" not in html
    assert "总行数事先未知" in html


def test_the_end_keeps_its_own_truth(world_at: At) -> None:
    world = world_at("active_grant")
    transfer = Transfer(world)
    hand_over(transfer, 3, 1_536)
    transfer.end(LEFT)
    hand_over(transfer, 4, 9_999)
    delivery = transfer.now()
    assert (delivery.rows, delivery.bytes) == (2, 1_024)


def test_a_transfer_that_broke_off_says_why_and_what_to_do(world_at: At) -> None:
    world = world_at("active_grant")
    transfer = Transfer(world)
    transfer.end(LEFT)
    html = shown(client(world, "applicant"), f"/deliveries/{transfer.no}")
    assert str(EndReason.DISCONNECTED.label) in html
    assert str(advice(EndReason.DISCONNECTED)) in html
    assert "交付回执" not in html


@pytest.mark.parametrize("reason", EndReason)
def test_every_reason_has_its_advice(reason: EndReason) -> None:
    assert advice(reason).render("zh_CN") != advice(reason).render("en")


def test_a_finished_transfer_shows_its_receipt_in_words(world_at: At) -> None:
    world = world_at("finished_delivery")
    html = shown(client(world, "applicant"), f"/deliveries/{world.delivery_no}")
    assert "共 4 行、4 列，已完整传出" in html
    assert "根摘要" in html
    assert f'href="/api/v1/deliveries/{world.delivery_no}/receipt"' in html
    assert (
        markup.escape(verification(world.grant_no).splitlines()[-1], quote=True).replace(
            "&quot;", "&#34;"
        )
        in html
    )
    shown(client(world, "stranger"), f"/deliveries/{world.delivery_no}", status=404)


def test_the_code_of_the_page_checks_a_kept_stream(committed_world: At, tmp_path: Path) -> None:
    world = committed_world("active_grant")
    with callers.data_client(world, "applicant") as caller:
        stream = caller.get(f"/api/v1/grants/{world.grant_no}/data").content
    (tmp_path / "kept.arrows").write_bytes(stream)
    done = subprocess.run(
        [sys.executable, "-c", verification("kept")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("agrees: ")
    (tmp_path / "kept.arrows").write_bytes(stream.replace("一小".encode(), "九小".encode()))
    changed = subprocess.run(
        [sys.executable, "-c", verification("kept")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert changed.stdout.startswith("differs in: ")


def test_the_list_is_narrowed_and_leads_on(world_at: At) -> None:
    world = world_at("active_grant")
    running, broken = Transfer(world), Transfer(world)
    broken.end(LEFT)
    applicant = client(world, "applicant")
    html = shown(applicant, "/deliveries")
    assert html.index(broken.no) < html.index(running.no)
    assert "中小学校名录" in html
    stopped = shown(applicant, "/deliveries?status=stopped")
    assert broken.no in stopped
    assert running.no not in stopped
    assert "没有符合条件的交付记录" in shown(applicant, "/deliveries?grant_no=GR-2026-999999")
    first = shown(applicant, "/deliveries?limit=1")
    assert 'rel="next"' in first
    assert running.no not in first
    assert "尚未取数" in shown(client(world, "stranger"), "/deliveries")


def test_the_grant_tells_the_use_so_far(world_at: At) -> None:
    world = world_at("finished_delivery")
    html = shown(client(world, "provider_head"), f"/grants/{world.grant_no}")
    assert "使用情况" in html
    assert f'href="/deliveries/{world.delivery_no}"' in html


def test_the_interface_filters_by_state_too(world_at: At) -> None:
    world = world_at("active_grant")
    running, broken = Transfer(world), Transfer(world)
    broken.end(LEFT)
    found = (
        client(world, "applicant")
        .get("/api/v1/deliveries", params={"status": "running"})
        .json()["items"]
    )
    assert [each["delivery_no"] for each in found] == [running.no]
    read = client(world, "applicant").get(f"/api/v1/deliveries/{broken.no}").json()
    assert (read["bytes"], read["acknowledged_bytes"]) == (1_024, 96)
