"""What is not shared states its basis in full, and what is published so is struck by an entry.

Old shape: kind, one text and a reason of what is not shared, on the resource and on the item.
New shape: beside the text, which is the name of the basis, its number, its article and how that
reads, the business and the day of the next review. Whatever is published as not shared is struck by
an entry of the negative list. What is published so already gets one: its text is the name, and it
is due for review at once, since its article is not stated apart.
Why: Order 809, Arts. 14 and 15; a basis in one text can neither be checked nor looked at again.

Revision ID: 0044
Revises: 0043
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import op

from shuqiao.skeletons import skeleton

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

_TABLES = ("data_resource", "resource_item")
_TEXTS = {"number": 100, "article": 100, "text": 4_000, "business": 100}

_CHECK_PUBLISHED = """
CREATE OR REPLACE FUNCTION catalog_check_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry data_resource;
    shown jsonb;
    kept jsonb;
BEGIN
    SELECT * INTO entry FROM data_resource WHERE id = NEW.id;
    IF entry.id IS NULL OR entry.copy_of IS NOT NULL OR entry.published_version = 0 THEN
        RETURN NULL;
    END IF;
    IF entry.status NOT IN ('published', 'taken_down') THEN
        RAISE EXCEPTION 'a published entry is changed in a working copy'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT publication.entry INTO kept FROM publication
        WHERE resource_id = entry.id AND version = entry.published_version;
    shown := to_jsonb(entry);
    IF kept IS NULL
        OR EXISTS (
            SELECT FROM jsonb_each(kept) AS said
            WHERE shown ? said.key AND shown -> said.key <> said.value AND said.key <> ALL
            ('{status,review_step,version,published_version,published_at,updated_at}'::text[])
        )
        OR entry.withheld_kind IS DISTINCT FROM kept #>> '{withholding,kind}'
        OR entry.withheld_basis <> coalesce(kept #>> '{withholding,basis}', '')%s
        OR entry.withheld_reason <> coalesce(kept #>> '{withholding,reason}', '')
        OR entry.secrecy_conclusion IS DISTINCT FROM kept #>> '{secrecy_assessment,conclusion}'
        OR entry.secrecy_assessed_on::text IS DISTINCT FROM kept #>> '{secrecy_assessment,assessed_on}'
        OR entry.privacy_conclusion IS DISTINCT FROM kept #>> '{privacy_assessment,conclusion}'
        OR entry.privacy_assessed_on::text IS DISTINCT FROM kept #>> '{privacy_assessment,assessed_on}'
        OR jsonb_array_length(kept -> 'items') <>
            (SELECT count(*) FROM resource_item WHERE resource_id = entry.id AND removed_in IS NULL)
        OR EXISTS (
            SELECT id::text, name, column_name, data_type, share_type FROM resource_item
            WHERE resource_id = entry.id AND removed_in IS NULL
            EXCEPT
            SELECT item ->> 'id', item ->> 'name', item ->> 'column_name', item ->> 'data_type', item ->> 'share_type'
            FROM jsonb_array_elements(kept -> 'items') AS item
        )
    THEN
        RAISE EXCEPTION 'a published entry says what its publication says'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END;
$$;
"""
_IN_FULL = """
        OR entry.withheld_number <> coalesce(kept #>> '{withholding,number}', '')
        OR entry.withheld_article <> coalesce(kept #>> '{withholding,article}', '')
        OR entry.withheld_text <> coalesce(kept #>> '{withholding,text}', '')
        OR entry.withheld_business <> coalesce(kept #>> '{withholding,business}', '')
        OR entry.withheld_review_on::text IS DISTINCT FROM kept #>> '{withholding,review_on}'"""
_SHARES_NOTHING = """
    IF entry.share_type <> 'withheld' AND (
        SELECT bool_and(share_type = 'withheld') FROM resource_item
        WHERE resource_id = NEW.id AND removed_in IS NULL
    ) THEN
        RAISE EXCEPTION 'a resource that shares no item is not shared' USING ERRCODE = 'check_violation';
    END IF;"""
#: An item has a basis of its own, or is named by an entry that is in force already; either way an
#: entry strikes it. Of a taken down entry nothing is struck.
_CHECK_STRUCK = f"""
CREATE OR REPLACE FUNCTION catalog_check_withheld() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry data_resource;
BEGIN
    SELECT * INTO entry FROM data_resource WHERE id = NEW.id;{_SHARES_NOTHING}
    IF entry.status = 'published' AND EXISTS (
        SELECT FROM resource_item AS item
        WHERE item.resource_id = NEW.id AND item.removed_in IS NULL
            AND 'withheld' IN (item.share_type, entry.share_type)
            AND NOT EXISTS (
                SELECT FROM negative_cover WHERE item_id = item.id AND until IS NULL
            )
    ) THEN
        RAISE EXCEPTION 'what is published as not shared has its legal basis in an entry in force'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END;
$$;
"""
_CHECK_TOLD = """
CREATE OR REPLACE FUNCTION catalog_check_withheld() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM data_resource WHERE id = NEW.id AND share_type = 'withheld') THEN
        RETURN NULL;
    END IF;
    IF EXISTS (SELECT FROM resource_item WHERE resource_id = NEW.id AND removed_in IS NULL
               AND share_type = 'withheld' AND withheld_kind IS NULL) THEN
        RAISE EXCEPTION 'an item that is not shared has its legal basis' USING ERRCODE = 'check_violation';
    END IF;
    IF (SELECT bool_and(share_type = 'withheld') FROM resource_item
        WHERE resource_id = NEW.id AND removed_in IS NULL) THEN
        RAISE EXCEPTION 'a resource that shares no item is not shared' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END;
$$;
"""

_PUBLISHED = """
SELECT r.id AS resource_id, r.provider_id, r.title, r.share_type = 'withheld' AS is_whole,
    r.withheld_kind AS kind, r.withheld_basis AS basis, r.withheld_reason AS reason,
    p.published_by, p.published_at, coalesce(p.submitter_id, r.registrar_id) AS proposer,
    i.id AS item_id, i.name, i.withheld_kind AS own_kind, i.withheld_basis AS own_basis,
    i.withheld_reason AS own_reason
FROM data_resource AS r
JOIN publication AS p ON p.resource_id = r.id AND p.version = r.published_version
JOIN resource_item AS i ON i.resource_id = r.id AND i.removed_in IS NULL
WHERE r.status = 'published' AND r.copy_of IS NULL AND 'withheld' IN (r.share_type, i.share_type)
ORDER BY r.id, i.position
"""
_NUMBER = """
INSERT INTO number_series (prefix, year, last)
VALUES ('NE', extract(year FROM current_date), 1)
ON CONFLICT (prefix, year) DO UPDATE SET last = number_series.last + 1
RETURNING format('NE-%s-%s', year, lpad(last::text, 6, '0'))
"""
_ENTRY = """
INSERT INTO negative_entry (id, entry_no, department_id, proposer_id, resource_id, status,
    basis_kind, basis_name, basis_number, basis_article, basis_text, reason, business,
    reach_clause, reaches_all, approver_id, is_self_reviewed, in_force_at, review_on, end_reason,
    version, created_at)
VALUES (:id, :no, :department, :proposer, :resource, 'proposed', :kind, :basis, '', '', '',
    :reason, '', '', false, NULL, false, NULL, current_date, '', 1, now())
"""
#: What it names is written down while it is proposed.
_ENTER = """
UPDATE negative_entry SET status = 'in_force', approver_id = :approver, in_force_at = :at
WHERE id = :id
"""
_TARGET = """
INSERT INTO negative_target (id, entry_id, item_id, resource_id, name, skeleton)
VALUES (:id, :entry, :item, :resource, :name, :skeleton)
"""
_COVER = (
    "INSERT INTO negative_cover (id, entry_id, item_id, since) VALUES (:id, :entry, :item, :at)"
)


def upgrade() -> None:
    for table in _TABLES:
        for name, length in _TEXTS.items():
            op.add_column(
                table,
                sa.Column(f"withheld_{name}", sa.String(length), nullable=False, server_default=""),
            )
            op.alter_column(table, f"withheld_{name}", server_default=None)
        op.add_column(table, sa.Column("withheld_review_on", sa.Date(), nullable=True))
    op.execute(_CHECK_PUBLISHED % _IN_FULL)
    op.execute(_CHECK_STRUCK)
    rows = op.get_bind().execute(sa.text(_PUBLISHED)).mappings().all()
    if rows:
        op.execute("SELECT guard.excuse('what is published as not shared gets its entry')")
    for group in _grouped(rows):
        _strike(group)


def _grouped(rows: Sequence[Any]) -> Iterator[list[Any]]:
    """What one basis strikes: a whole resource, or the items of it that state the same."""
    found: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        own = (row["own_kind"], row["own_basis"], row["own_reason"])
        found.setdefault((row["resource_id"], *(() if row["is_whole"] else own)), []).append(row)
    yield from found.values()


def _strike(group: list[Any]) -> None:
    bind, first, entry = op.get_bind(), group[0], uuid4()
    whole = first["is_whole"]
    bind.execute(
        sa.text(_ENTRY),
        {
            "id": entry,
            "no": bind.execute(sa.text(_NUMBER)).scalar_one(),
            "department": first["provider_id"],
            "proposer": first["proposer"],
            "resource": first["resource_id"],
            "kind": first["kind"] if whole else first["own_kind"],
            "basis": first["basis"] if whole else first["own_basis"],
            "reason": first["reason"] if whole else first["own_reason"],
        },
    )
    if whole:
        _name(entry, None, first["resource_id"], first["title"])
    for row in group:
        if not whole:
            _name(entry, row["item_id"], None, row["name"])
        said = {"id": uuid4(), "entry": entry, "item": row["item_id"], "at": first["published_at"]}
        bind.execute(sa.text(_COVER), said)
    entered = {"id": entry, "approver": first["published_by"], "at": first["published_at"]}
    bind.execute(sa.text(_ENTER), entered)


def _name(entry: UUID, item: UUID | None, resource: UUID | None, name: str) -> None:
    said = {"id": uuid4(), "entry": entry, "item": item, "resource": resource, "name": name}
    op.get_bind().execute(sa.text(_TARGET), said | {"skeleton": skeleton(name)})


def downgrade() -> None:
    op.execute(_CHECK_TOLD)
    op.execute(_CHECK_PUBLISHED % "")
    for table in _TABLES:
        for name in (*_TEXTS, "review_on"):
            op.drop_column(table, f"withheld_{name}")
