"""What the lists cost over a catalogue of about 10,000 information items: a page, the whole as a
sheet, two states compared, the draft of the notice.

Nothing between the two moments that are compared has changed for the most of the lines, as it is
in a real month. Targets: 200 ms a page, a second for what reads the whole list.
"""

import argparse
import os
import resource
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

import psycopg
from sqlmodel import Session, select

from auth.accounts.models import AppUser
from auth.accounts.service.subjects import subject_of
from bench import catalogue
from bench.catalogue import NEWEST
from bench.measuring import Case, Report, interleaved
from catalog.lists.repository.lines import Wanted
from catalog.lists.schemas import Scope
from catalog.lists.service import comparing, every
from catalog.lists.service.dating import Dated
from catalog.lists.views.notice import notice_page
from catalog.lists.views.pages import list_page, lists_page
from catalog.lists.words import By, ListKind, MadeKnown
from server.process import migrating
from shuqiao import db
from shuqiao.clock import day_of, now
from shuqiao.embedded import EmbeddedPostgres
from shuqiao.settings import settings
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

RESOURCES: Final = 1_200
PAGE_TARGET_MS: Final = 200.0
WHOLE_TARGET_MS: Final = 1_000.0


def run(report: Report, options: argparse.Namespace) -> None:
    """All cases in turn; the database is made up, and gone afterwards."""
    with _running() as (session, subject):
        cases = _cases(session, subject)
        length = every.count(session, subject, _wanted(ListKind.RESPONSIBILITY))
        cases = {name: case for name, case in cases.items() if options.only in name}
        for name, times in interleaved(cases, rounds=options.rounds).items():
            target = PAGE_TARGET_MS if "page" in name else WHOLE_TARGET_MS
            report.line(name, times.median * 1_000, "ms", target=target, rows=length)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_024
        report.line("memory at the most", peak, "MB")


def _wanted(kind: ListKind) -> Wanted:
    return Wanted(kind, now(), Scope())


def _cases(session: Session, subject: Subject) -> dict[str, Case]:
    kept, none = ListKind.RESPONSIBILITY, Dated()
    asked = PageRequest()
    week = NEWEST - timedelta(days=7)

    def whole() -> int:
        return sum(1 for _ in every.lines(session, subject, _wanted(kept)))

    return {
        "front page": lambda: lists_page(session, subject, Scope(), now()),
        "page of items": lambda: list_page(session, subject, _wanted(kept), asked, By.ITEM, none),
        "page of entries": lambda: list_page(
            session, subject, _wanted(kept), asked, By.ENTRY, none
        ),
        "page of the negative list": lambda: list_page(
            session, subject, _wanted(ListKind.NEGATIVE), asked, By.ITEM, none
        ),
        "whole list": whole,
        "comparison": lambda: comparing.between(session, subject, kept, Scope(), week, now()),
        "notice": lambda: notice_page(
            session, subject, Scope(), Dated(on=day_of(week)), none, MadeKnown.ALL
        ),
    }


@contextmanager
def _running() -> Iterator[tuple[Session, Subject]]:
    place = Path(tempfile.mkdtemp(prefix="sq-bench-"))
    place.chmod(0o711)
    os.environ["SHUQIAO_HOME"] = str(place / "home")
    settings.cache_clear()
    try:
        with EmbeddedPostgres(place / "home") as server:
            urls = server.database("lists")
            owner = urls.owner_url.render_as_string(hide_password=False)
            migrating.upgrade(owner)
            with psycopg.connect(owner.replace("+psycopg", ""), autocommit=True) as connection:
                catalogue.fill(connection, RESOURCES)
                connection.execute("ANALYZE")
            engine = db.make_engine(urls.app_url.render_as_string(hide_password=False))
            db.configure(engine)
            with db.reading() as session:
                clerk = session.exec(select(AppUser)).first()
                assert clerk is not None
                yield session, subject_of(session, clerk)
            engine.dispose()
    finally:
        shutil.rmtree(place, ignore_errors=True)
