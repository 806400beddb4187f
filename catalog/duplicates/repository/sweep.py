"""Every SQL statement of the sweep: what is looked at, and its result, each as a set."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import numpy as np
from psycopg.types.json import Jsonb
from sqlalchemy import Row, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from catalog.duplicates.fields import ColumnProfile, Digests
from catalog.duplicates.models import DuplicateSweep, KeptProfile
from catalog.elements.words import DataType
from shuqiao.codes.rules import CodeKind
from shuqiao.ids import uuid7

#: A column of a snapshot.
Column = tuple[str, str]

#: Entries as they stand, each with the snapshot of its data: the current edition of what is
#: published, of a draft what was stored last. Live tables have none.
_DATA: Final = """
    SELECT data_resource.id, data_resource.provider_id, coalesce(edition.snapshot_id,
        (SELECT snapshot_id FROM attachment
         WHERE attachment.resource_id = data_resource.id AND attachment.status = 'stored'
            AND data_resource.status <> 'published'
         ORDER BY stored_at DESC, attachment.id DESC LIMIT 1)) AS snapshot_id
    FROM data_resource
    LEFT JOIN edition ON edition.resource_id = data_resource.id AND edition.status = 'current'
        AND edition.cleared_at IS NULL
    WHERE copy_of IS NULL AND data_resource.status <> 'taken_down'
"""
_UNBOUND: Final = text(f"""
    WITH data AS ({_DATA})
    SELECT item.id, data.id AS resource_id, data.provider_id, item.name,
        item.column_name, item.description, item.data_type, data.snapshot_id
    FROM resource_item AS item JOIN data ON data.id = item.resource_id
    WHERE item.element_id IS NULL AND item.removed_in IS NULL
    ORDER BY item.id
""")
_BOUND: Final = text(f"""
    WITH data AS ({_DATA})
    SELECT item.element_id, item.column_name, data.snapshot_id
    FROM resource_item AS item JOIN data ON data.id = item.resource_id
    WHERE item.element_id IS NOT NULL AND item.removed_in IS NULL AND data.snapshot_id IS NOT NULL
""")
#: Digests of values do not outlive the rows that they were made from.
_FORGET: Final = text(f"""
    WITH data AS ({_DATA})
    DELETE FROM column_profile
    WHERE NOT EXISTS (SELECT FROM data WHERE data.snapshot_id = column_profile.snapshot_id)
""")
_WRITE: Final = text("""
    INSERT INTO suspected_duplicate AS old (id, item_id, element_id, resource_id, provider_id,
        score, evidence, fingerprint, sweep_id, found_at)
    SELECT found.*, :sweep, :now FROM unnest(cast(:ids AS uuid[]), cast(:items AS uuid[]),
        cast(:elements AS uuid[]), cast(:resources AS uuid[]), cast(:providers AS uuid[]),
        cast(:scores AS int[]), cast(:evidence AS jsonb[]), cast(:fingerprints AS text[]))
        AS found (id, item_id, element_id, resource_id, provider_id, score, evidence, fingerprint)
    JOIN resource_item ON resource_item.id = found.item_id  -- one may be gone since it was read
    ON CONFLICT (item_id, element_id) DO UPDATE SET score = excluded.score,
        evidence = excluded.evidence, fingerprint = excluded.fingerprint,
        sweep_id = excluded.sweep_id, provider_id = excluded.provider_id,
        found_at = CASE WHEN old.fingerprint = excluded.fingerprint THEN old.found_at
            ELSE excluded.found_at END
""")
#: What is bound by now stays as it was found.
_REPLACE: Final = text("""
    DELETE FROM suspected_duplicate USING resource_item
    WHERE resource_item.id = item_id AND sweep_id <> :sweep
        AND resource_item.element_id IS DISTINCT FROM suspected_duplicate.element_id
""")
_ONE_AT_A_TIME: Final = text("SELECT pg_advisory_xact_lock(hashtext('catalog.duplicates.sweep'))")


@dataclass(frozen=True, slots=True)
class Unbound:
    """An item that follows no element, and where its values are."""

    id: UUID
    resource_id: UUID
    provider_id: UUID
    name: str
    column_name: str
    description: str
    data_type: DataType
    snapshot_id: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """A suspicion as it is written."""

    item: Unbound
    element_id: UUID
    #: In thousandths.
    score: int
    evidence: Sequence[Mapping[str, object]]
    fingerprint: str


def unbound(session: Session) -> list[Unbound]:
    rows = session.connection().execute(_UNBOUND)
    return [_unbound(row) for row in rows]


def _unbound(row: Row[Any]) -> Unbound:
    told = dict(row._mapping)
    return Unbound(**{**told, "data_type": DataType(told["data_type"])})


def bound(session: Session) -> list[tuple[UUID, Column]]:
    """Element and column of every item that follows one and has stored data."""
    return [(row[0], (row[2], row[1])) for row in session.connection().execute(_BOUND)]


def profiles(session: Session) -> dict[Column, ColumnProfile]:
    """Every column that was looked at."""
    return {
        (row.snapshot_id, row.column_name): _profile(row)
        for row in session.exec(select(KeptProfile))
    }


def known(session: Session) -> set[tuple[str | None, str]]:
    """Columns that were looked at."""
    rows = session.exec(select(KeptProfile.snapshot_id, KeptProfile.column_name))
    return {(row[0], row[1]) for row in rows}


def held(session: Session) -> dict[UUID, list[Digests]]:
    """Of each element the sketches of items that follow it."""
    columns = bound(session)
    wanted = [column for _element, column in columns]
    kept = (col(KeptProfile.snapshot_id), col(KeptProfile.column_name))
    rows = session.exec(select(KeptProfile).where(tuple_(*kept).in_(wanted))) if wanted else ()
    known = {(row.snapshot_id, row.column_name): _profile(row).digests for row in rows}
    found: dict[UUID, list[Digests]] = {}
    for element, column in columns:
        if column in known and len(known[column]):
            found.setdefault(element, []).append(known[column])
    return found


def keep(session: Session, found: Mapping[Column, ColumnProfile]) -> None:
    """Write profiles; what is there already stays."""
    rows = [
        {
            "snapshot_id": snapshot_id,
            "column_name": column_name,
            "rows": each.rows,
            "kinds": {kind.value: share for kind, share in each.kinds.items()},
            "prefixes": {str(digits): share for digits, share in each.prefixes.items()},
            "digests": each.digests.tobytes(),
            "counts": each.counts.tobytes(),
        }
        for (snapshot_id, column_name), each in found.items()
    ]
    if rows:
        session.connection().execute(insert(KeptProfile).on_conflict_do_nothing(), rows)


def forget(session: Session) -> None:
    session.connection().execute(_FORGET)


def replace(session: Session, sweep: DuplicateSweep, found: Collection[Found]) -> None:
    """Let what was found take the place of what an earlier sweep found, in two statements."""
    session.connection().execute(
        _WRITE,
        {
            "sweep": sweep.id,
            "now": sweep.swept_at,
            "ids": [uuid7() for _each in found],
            "items": [each.item.id for each in found],
            "elements": [each.element_id for each in found],
            "resources": [each.item.resource_id for each in found],
            "providers": [each.item.provider_id for each in found],
            "scores": [each.score for each in found],
            "evidence": [Jsonb(each.evidence) for each in found],
            "fingerprints": [each.fingerprint for each in found],
        },
    )
    session.connection().execute(_REPLACE, {"sweep": sweep.id})


def alone(session: Session) -> None:
    """Whoever writes a sweep waits until another one has ended."""
    session.connection().execute(_ONE_AT_A_TIME)


def _profile(row: KeptProfile) -> ColumnProfile:
    return ColumnProfile(
        rows=row.rows,
        kinds={CodeKind(kind): share for kind, share in row.kinds.items()},
        prefixes={int(digits): share for digits, share in row.prefixes.items()},
        digests=np.frombuffer(row.digests, np.uint64),
        counts=np.frombuffer(row.counts, np.int64),
    )
