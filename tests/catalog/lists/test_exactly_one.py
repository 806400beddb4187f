"""Every published item is in exactly one of the responsibility and the negative list, whatever the
catalogue is like and whenever it is looked at (rule 29).
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from unittest import mock
from uuid import UUID

import pytest
from fixtures.database import run_sql
from fixtures.worlds import World
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.lists.repository import lines as repository
from catalog.lists.repository.lines import Wanted
from catalog.lists.schemas import Scope
from catalog.lists.service import comparing, lines
from catalog.lists.words import OF_ITEMS, By, ListKind
from catalog.resources.models import _TABLE as TABLE
from shuqiao.clock import now
from shuqiao.db import reading
from shuqiao.ids import uuid7

At = Callable[[str], World]

_COLUMNS = ", ".join(each.name for each in TABLE.columns if each.computed is None)
_ENTRY = f"""
INSERT INTO data_resource ({_COLUMNS}) SELECT {_COLUMNS} FROM (
    SELECT (jsonb_populate_record(r, CAST(:said AS jsonb))).*
    FROM data_resource r WHERE r.id = CAST(:like AS uuid)
) AS copied
"""
_ITEM = """
INSERT INTO resource_item SELECT (jsonb_populate_record(i, CAST(:said AS jsonb))).*
FROM resource_item i WHERE i.resource_id = CAST(:like AS uuid) LIMIT 1
"""
_REVIEW = """
INSERT INTO publication_review SELECT (jsonb_populate_record(v, CAST(:said AS jsonb))).*
FROM publication_review v WHERE v.resource_id = CAST(:like AS uuid) AND step = :step
"""
_PUBLICATION = """
INSERT INTO publication (id, resource_id, version, entry, published_at, published_by,
    is_self_reviewed)
SELECT gen_random_uuid(), CAST(:entry AS uuid), CAST(:version AS integer),
    p.entry || jsonb_build_object('items', CAST(:items AS jsonb), 'share_type', 'conditional'),
    CAST(:at AS timestamptz), p.published_by, false
FROM publication p WHERE p.resource_id = CAST(:like AS uuid) LIMIT 1
"""
_NEGATIVE = """
INSERT INTO negative_entry (id, entry_no, department_id, proposer_id, status, basis_kind,
    basis_name, basis_number, basis_article, basis_text, reason, business, reach_clause,
    reaches_all, is_self_reviewed, approver_id, in_force_at, review_on, end_reason, version,
    created_at)
SELECT CAST(:id AS uuid), CAST(:no AS text), r.provider_id, r.registrar_id, 'in_force', 'law',
    '测绘法', '', '第四十七条', '', '位置不得公开', '', '', false, false, p.published_by,
    p.published_at, '2099-01-01', '', 1, p.published_at
FROM data_resource r JOIN publication p ON p.resource_id = r.id
WHERE r.id = CAST(:like AS uuid) LIMIT 1
"""
_COVER = """
INSERT INTO negative_cover (id, entry_id, item_id, since, until)
VALUES (gen_random_uuid(), :entry, :item, :since, :until)
"""
DAYS = st.integers(1, 30)
SHARED = st.sampled_from(("unconditional", "conditional", "withheld"))


@dataclass(frozen=True)
class Cover:
    since: int
    until: int | None

    def acts(self, day: int) -> bool:
        return self.since <= day and (self.until is None or self.until > day)


@dataclass(frozen=True)
class Entry:
    """An entry over thirty days: from which day which items are published, and how shared."""

    versions: dict[int, dict[int, str]]
    covers: dict[int, list[Cover]]
    gone: int | None

    def published(self, day: int) -> dict[int, str]:
        """The items that are published at the end of a day."""
        if self.gone is not None and self.gone <= day:
            return {}
        known = [each for each in sorted(self.versions) if each <= day]
        return self.versions[known[-1]] if known else {}

    def withheld(self, day: int) -> set[int]:
        return {
            item
            for item, share_type in self.published(day).items()
            if share_type == "withheld" or any(c.acts(day) for c in self.covers.get(item, ()))
        }


_SPANS = st.tuples(DAYS, st.none() | DAYS).map(
    lambda span: Cover(span[0], None if span[1] is None else max(span))
)
ENTRIES = st.builds(
    Entry,
    versions=st.dictionaries(
        DAYS, st.dictionaries(st.integers(1, 4), SHARED, min_size=1), min_size=1, max_size=3
    ),
    covers=st.dictionaries(st.integers(1, 4), st.lists(_SPANS, min_size=1, max_size=1)),
    gone=st.none() | DAYS,
)


@pytest.fixture
def world(world_at: At) -> World:
    return world_at("published_resource")


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(catalogue=st.lists(ENTRIES, min_size=1, max_size=4), days=st.sets(DAYS, max_size=3))
def test_rule_29_a_published_item_is_in_exactly_one_list(
    world: World, catalogue: list[Entry], days: set[int]
) -> None:
    begins = now() - timedelta(days=31)
    known = dict(_arranged(world, catalogue, begins))
    ids = {item for items in known.values() for item in items.values()}
    for day in (*sorted(days), 30):
        at = begins + timedelta(days=day)
        found = _listed(world, at, ids)
        assert not found[ListKind.NEGATIVE] & found[ListKind.RESPONSIBILITY]
        wanted = {
            known[place][item] for place, e in enumerate(catalogue) for item in e.withheld(day)
        }
        every = {
            known[place][item] for place, e in enumerate(catalogue) for item in e.published(day)
        }
        assert found[ListKind.NEGATIVE] == wanted
        assert found[ListKind.RESPONSIBILITY] == every - wanted
        _compare(world, at, now())


def _listed(world: World, at: datetime, ids: set[UUID]) -> dict[ListKind, set[UUID]]:
    """The items of each list, by item and by entry, in pages and counted: all the same."""
    subject = world.subjects["applicant"]
    found = {}
    with reading() as session:
        for kind in OF_ITEMS:
            wanted = Wanted(kind, at, Scope())
            by_item = list(lines.everything(session, subject, wanted))
            by_entry = list(lines.everything(session, subject, wanted, By.ENTRY))
            listed = [UUID(line.item_ids[0]) for line in by_item]
            assert sorted(listed) == sorted(UUID(i) for line in by_entry for i in line.item_ids)
            assert len(set(listed)) == len(listed) == repository.count(session, subject, wanted)
            found[kind] = set(listed) & ids
        totals = repository.totals(session, subject, at, Scope())
        assert sum(row[1] + row[2] for row in totals) == sum(
            repository.count(session, subject, Wanted(kind, at, Scope())) for kind in OF_ITEMS
        )
    return found


def _compare(world: World, before: datetime, after: datetime) -> None:
    """What was not touched in between differs in nothing: compared whole, it is the same."""
    subject = world.subjects["applicant"]
    with reading() as session:
        for kind in OF_ITEMS:
            asked = (session, subject, kind, Scope(), before, after)
            found = comparing.between(*asked)
            with mock.patch.object(comparing, "touched", return_value=None):
                assert comparing.between(*asked) == found


def _arranged(
    world: World, catalogue: list[Entry], begins: datetime
) -> Iterator[tuple[int, dict[int, UUID]]]:
    """Write the catalogue down; of each entry the identities of its items."""

    def moment(day: int | None) -> datetime | None:
        return None if day is None else begins + timedelta(days=day)

    like = world.resource_id
    for place, entry in enumerate(catalogue):
        entry_id, negative = uuid7(), uuid7()
        code = f"307001/{entry_id.int % 10**12:012d}"
        said: dict[str, object] = {"id": str(entry_id), "code": code}
        # what stands as published must say what its publication says; these are over some day
        gone = moment(entry.gone) or begins + timedelta(days=10_000)
        said |= {"published_version": 0, "status": "taken_down"}
        said |= {"taken_down_at": f"{gone}", "taken_down_reason": "职责已划转"}
        run_sql(_ENTRY, said=json.dumps(said), like=like)
        for step in ("head_consent", "administration"):
            review = {"id": str(uuid7()), "resource_id": str(entry_id)}
            run_sql(_REVIEW, said=json.dumps(review), step=step, like=like)
        run_sql(_NEGATIVE, id=negative, no=f"NE-{negative.int % 10**12}", like=like)
        items = {number: uuid7() for number in range(1, 5)}
        for number, item in items.items():
            said = {"id": str(item), "resource_id": str(entry_id), "position": number}
            run_sql(_ITEM, said=json.dumps(said | {"name": f"第{number}项"}), like=like)
        for version, (day, shared) in enumerate(sorted(entry.versions.items()), start=1):
            shown = [
                {"id": str(items[number]), "name": f"第{number}项", "share_type": share_type}
                for number, share_type in sorted(shared.items())
            ]
            told = {"items": json.dumps(shown), "at": moment(day), "version": version}
            run_sql(_PUBLICATION, entry=entry_id, like=like, **told)
        for number, covers in entry.covers.items():
            for cover in covers:
                span = {"since": moment(cover.since), "until": moment(cover.until)}
                run_sql(_COVER, entry=negative, item=items[number], **span)
        yield place, items
