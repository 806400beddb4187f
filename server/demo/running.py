"""Starts a service of its own on sample data, plays the story, stays up
for a browser, leaves nothing behind.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2

from server.demo import telling
from server.demo.actors import Actor, Ledger, StoryFailed
from server.demo.lists import Lists
from server.demo.operating import SAMPLES, bootstrap, connect, people_of
from server.demo.plot import Facts
from server.demo.region import ACCOUNTS, Region, cast_of
from server.demo.second import LiveStory
from server.demo.story import Story
from server.process import logs
from server.process.database import Database, ready_database
from server.process.last_one_out import PROGRAM
from server.process.launcher import STOPPING, Launcher, RoleCannotStart
from server.process.role import (
    PORTS,
    ROLES,
    CannotStart,
    Role,
    configured_port,
    listening,
    port_of,
)
from shuqiao import real_time
from shuqiao.disk import refusal_of
from shuqiao.embedded import EmbeddedPostgresError
from shuqiao.settings import settings
from shuqiao_client import ShuqiaoError

#: Who plays whom: part in the story → account of ``samples/accounts.toml``.
CAST = {
    "data_admin": "shuju.guanli",
    "registrar": "jiaoyu.bianmu",
    "head": "jiaoyu.fuze",
    "approver": "jiaoyu.shenpi",
    "provider_head": "jiaoyu.gongxiang",
    "applicant": "gongan.shenqing",
    "consumer_head": "gongan.gongxiang",
    "reviewer": "anquan.shencha",
}
#: Who plays in the second resource's part beside them: accounts of ``samples/second.toml``.
SECOND_CAST = {"civil_registrar": "minzheng.bianmu", "civil_head": "minzheng.fuze"}
#: Who of these enters what the region's catalogue has of their departments.
REGIONAL_CAST = {
    ("education", "bianmu"): "registrar",
    ("education", "fuze"): "head",
    ("civil_affairs", "bianmu"): "civil_registrar",
    ("civil_affairs", "fuze"): "civil_head",
}
#: Who has no part in the story, but pages of their own: accounts of
#: ``samples/administrators.toml``.
ADMINISTRATORS = {
    "system_admin": "shuju.xitong",
    "security_admin": "shuju.anquan",
    "audit_admin": "shuju.shenji",
}
_BROKEN = (
    StoryFailed,
    RoleCannotStart,
    EmbeddedPostgresError,
    ShuqiaoError,
    httpx2.HTTPError,
    OSError,
)
_INTERRUPTED = 130


def main(*, once: bool, keep: Path | None = None) -> int:
    """Exit status: 0 when every step ended as it must and the trail verified, 1 with a sentence
    when not.
    """
    started = time.monotonic()
    _heed_signals()
    try:
        with _workplace(keep) as workplace, _service(workplace) as (launcher, database):
            return _play(launcher, database, workplace, once=once, started=started)
    except KeyboardInterrupt:
        print("\n已停止。", flush=True)
        return _INTERRUPTED if once else 0
    except Exception as failure:
        full = refusal_of(failure)
        if full is None and not isinstance(failure, _BROKEN):
            raise
        said = failure if full is None else full.title.render("zh_CN")
        print(f"演示没有完成：{said}", file=sys.stderr, flush=True)
        return 1


def _play(
    launcher: Launcher, database: Database, workplace: Path, *, once: bool, started: float
) -> int:
    origin, ledger = settings().control_origin, Ledger()
    accounts = bootstrap() | connect(database) | people_of(ACCOUNTS)
    cast = CAST | SECOND_CAST
    with _kept_alive(launcher):
        telling.opening(origin, settings().data_origin)

        def played(account: str, part: str) -> Actor:
            name = f"{accounts[account]['name']}（{part}）"
            return Actor(account, accounts[account]["password"], name, origin, ledger)

        people = {part: played(account, telling.PARTS[part]) for part, account in cast.items()}

        def say(*told: str) -> None:
            _heed_signals()
            telling.step(origin, *told)

        story = Story(people, SAMPLES, workplace, ledger, say)
        regional = {key: played(account, "各部门") for key, account in cast_of(SAMPLES).items()}
        own = {key: people[part] for key, part in REGIONAL_CAST.items()}
        lists = Lists(story, regional | own)
        region = Region(story, regional | own)

        def around() -> None:
            region.play()
            lists.play()

        try:
            facts = story.play(
                around=around,
                before_asking=lists.ask,
                meanwhile=LiveStory(story, people).play,
            )
        except _BROKEN as failure:
            raise StoryFailed(f"第 {story.facts.steps + 1} 步：{failure}") from failure
        is_verified = verify(facts, ledger, workplace)
        if not once:
            telling.accounts(cast | ADMINISTRATORS, accounts | people_of("administrators.toml"))
        telling.closing(
            {
                "steps": facts.steps,
                "rows": facts.rows,
                "bytes": facts.bytes,
                "seconds": round(time.monotonic() - started, 1),
                "audit_events": facts.audit_events,
                "verified": is_verified,
            }
        )
        if not once:
            telling.staying_up(origin)
            _heed_signals()
            threading.Event().wait()
        return 0 if is_verified else 1


def verify(facts: Facts, ledger: Ledger, workplace: Path) -> bool:
    """The offline check as a process of its own; its exit status is the answer."""
    if facts.export is None:
        return False
    expectation = workplace / "expected.json"
    ledger.write(expectation)
    command = [
        *PROGRAM,
        "server.cli",
        "audit",
        "verify",
        str(facts.export),
        "--expect",
        str(expectation),
    ]
    environment = {
        name: value for name, value in os.environ.items() if name != "SHUQIAO_DATABASE_URL"
    }
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, env=environment)
    telling.verified(done.stdout.strip())
    return done.returncode == 0


@contextlib.contextmanager
def _workplace(keep: Path | None) -> Iterator[Path]:
    """A folder for this demo alone; gone afterwards, with the database
    wherever it lay, unless it is to be kept.
    """
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        if any(keep.iterdir()):
            raise StoryFailed(f"{keep} 不是空文件夹")
        yield keep.resolve()
        return
    folder = Path(tempfile.mkdtemp(prefix="shuqiao-demo-"))
    if os.geteuid() == 0:
        folder.chmod(0o711)  # the database server runs as another user and must be able to enter
    try:
        yield folder
    finally:
        note = folder / "home" / "postgres.where"
        if note.exists():
            shutil.rmtree(note.read_text(encoding="utf-8").strip(), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _service(workplace: Path) -> Iterator[tuple[Launcher, Database]]:
    """Every process of the service on free ports, on the story's
    business day, with a home of its own.
    """
    opened = {role: _listening(role) for role in ROLES}
    home = workplace / "home"
    home.mkdir(mode=0o711)
    os.environ.update({PORTS[role]: str(port_of(listener)) for role, listener in opened.items()})
    os.environ.update(
        SHUQIAO_ENVIRONMENT="development",
        SHUQIAO_HOME=str(home),
        SHUQIAO_LOG_LEVEL=os.environ.get("SHUQIAO_LOG_LEVEL", "error"),
        SHUQIAO_CLOCK=f"2026-02-11T09:00:00+08:00@{real_time.now_ns() // 1_000_000_000}",
    )
    for name in (
        "SHUQIAO_DATABASE_URL",
        "SHUQIAO_PUBLIC_URL",
        "SHUQIAO_DATA_URL",
        "SHUQIAO_ALLOWED_HOSTS",
    ):
        os.environ.pop(name, None)
    settings.cache_clear()
    logs.configure("launcher")
    with ready_database() as database:
        os.environ["SHUQIAO_DATABASE_URL"] = database.app_url  # for the operator's commands
        with Launcher(database, ROLES, opened) as launcher:
            launcher.wait_ready()
            yield launcher, database


@contextlib.contextmanager
def _kept_alive(launcher: Launcher) -> Iterator[None]:
    """Processes that die while the block runs are started again."""
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.25):
            launcher.keep_alive()

    thread = threading.Thread(target=look, name="launcher", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(10)


def _listening(role: Role) -> socket.socket:
    """Taken now and held to the end: the configured port where it is free, else another."""
    try:
        return listening(role, configured_port(role) or 0)
    except CannotStart:
        return listening(role, 0)


def _heed_signals() -> None:
    """Called again and again: polars, once used, takes Ctrl-C for
    itself and then may swallow it.
    """
    for sign in STOPPING:
        signal.signal(sign, _interrupt)


def _interrupt(_number: int, _frame: object) -> None:
    """The first signal ends the demo; later ones must not disturb the clearing up."""
    for sign in STOPPING:
        signal.signal(sign, signal.SIG_IGN)
    raise KeyboardInterrupt
