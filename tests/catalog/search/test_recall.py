"""What people type finds the title they mean, kind by kind, among thousands of others; what nobody
published is not found.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psycopg
import pytest
from fixtures.database import Cluster
from sqlmodel import Session, select

from auth.accounts.models import AppUser
from auth.accounts.service.subjects import subject_of
from bench import catalogue
from catalog.search import service
from catalog.search.schemas import Asked
from shuqiao import db
from shuqiao.subject import Subject

DATA: Final = Path(__file__).parents[2] / "data"
NOISE: Final = 2_000
#: Kind → the least share of the pairs of it that must be found.
LEAST: Final = {
    "substring": 1.0,
    "traditional": 0.95,
    "pinyin": 0.95,
    "initials": 0.95,
    "wrong": 0.95,
    "synonym": 0.93,
}


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


PAIRS: Final = rows("search_pairs.csv")


@pytest.fixture(scope="module")
def reading(cluster: Cluster) -> Iterator[tuple[Session, Subject]]:
    """The titles of the pairs among as many others as a region has."""
    made = cluster.database("recalled")
    titles = list(dict.fromkeys(pair["title"] for pair in PAIRS))
    address = made.owner_url.render_as_string(hide_password=False).replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        catalogue.fill(connection, NOISE + len(titles), titles=titles)
    engine = db.make_engine(made.app_url.render_as_string(hide_password=False))
    with Session(engine) as session:
        clerk = session.exec(select(AppUser)).first()
        assert clerk is not None
        yield session, subject_of(session, clerk)
    engine.dispose()


def found(reading: tuple[Session, Subject], query: str) -> Iterator[str]:
    session, subject = reading
    search = service.wanted(session, Asked(query))
    for page in service.everything(session, subject, search):
        yield from (hit.title for hit in page)


def recall(reading: tuple[Session, Subject], pairs: list[dict[str, str]]) -> dict[str, float]:
    """Kind → share of its pairs whose title is found."""
    met: dict[str, list[bool]] = defaultdict(list)
    for pair in pairs:
        met[pair["kind"]].append(pair["title"] in found(reading, pair["query"]))
    return {kind: round(sum(each) / len(each), 3) for kind, each in met.items()}


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("is_unseen", [False, True], ids=["seen", "unseen"])
def test_what_people_type_finds_what_they_mean(
    reading: tuple[Session, Subject], is_unseen: bool
) -> None:
    told = recall(reading, [pair for pair in PAIRS if pair["unseen"] == str(int(is_unseen))])
    print(told)
    assert {kind: least for kind, least in LEAST.items() if told[kind] < least} == {}, told


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_what_nobody_published_is_not_found(reading: tuple[Session, Subject]) -> None:
    queries = [row["query"] for row in rows("search_nothing.csv")]
    assert len(queries) == 100
    assert [query for query in queries if next(found(reading, query), None)] == []
