"""Grants bind to the shape and follow the editions; a department asks once for a purpose.

Old shape: a grant names one snapshot for ever, its row filter reads the items as they are at the
moment, an item that is granted leaves whatever becomes of the entry; requests of the same words ran
beside each other.
New shape: a grant says whether it follows the entry's editions and on which it was decided, and
keeps the columns of its filter; a granted item keeps its type and may be suspended; a delivery
names edition and snapshot and may end because an item was suspended. The digest of the purpose
(basis and scenario, folded) stands with each request, with a unique index over department, resource
and digest of the requests that are open.
Why: new rows of the same shape reach whoever may have them without a new decision, and nothing
else does; a second request is refused and leads to the first.

Grants that were there stay pinned to what they name. Of twins that were open already the first
keeps the digest; each later one gets one of its own number, so that all of them go on.

Revision ID: 0018
Revises: 0021
"""

import hashlib
import unicodedata

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0021"
branch_labels = None
depends_on = None

_OPEN = "status IN ('own_consent', 'submitted', 'reply_prepared')"
_OPEN_STATES = ("own_consent", "submitted", "reply_prepared")


_TYPES = sa.Enum(
    *"CNYDTLMGBIF",
    name="data_type",
    native_enum=False,
    create_constraint=True,
    length=40,
)
_WHY = sa.Enum(
    *("removed", "withheld", "retyped"),
    name="suspended_why",
    native_enum=False,
    create_constraint=True,
    length=40,
)
_FIRST_ENDS = ("disconnected", "stalled", "revoked", "expired")
_LAST_ENDS = ("unchecked", "credential_ended", "not_allowed", "shutting_down", "fault", "lost")
_FILL = """
ALTER TABLE share_grant DISABLE TRIGGER share_grant_keep_terms;
UPDATE share_grant SET
    edition_no = (SELECT number FROM edition WHERE edition.resource_id = share_grant.resource_id
        AND (edition.snapshot_id = share_grant.snapshot_id
             OR edition.attachment_id = share_grant.live_id)),
    filter_columns = (SELECT coalesce(jsonb_object_agg(id, jsonb_build_array(name, column_name)), '{}')
        FROM resource_item WHERE resource_id = share_grant.resource_id AND removed_in IS NULL);
ALTER TABLE share_grant ENABLE TRIGGER share_grant_keep_terms;
UPDATE granted_item SET data_type = (SELECT data_type FROM resource_item WHERE id = item_id);
ALTER TABLE delivery DISABLE TRIGGER delivery_keep_end;
UPDATE delivery SET edition_no = share_grant.edition_no, snapshot_id = share_grant.snapshot_id
    FROM share_grant WHERE share_grant.id = grant_id;
ALTER TABLE delivery ENABLE TRIGGER delivery_keep_end;
"""
_KEEP_TERMS = """
CREATE OR REPLACE FUNCTION exchange_keep_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('revoked', 'expired') AND NEW.status <> OLD.status THEN
        RAISE EXCEPTION 'an ended grant never comes back' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF ({new}) IS DISTINCT FROM ({old}) THEN
        RAISE EXCEPTION 'the terms of a grant never change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
"""
_OLD_TERMS = (
    "snapshot_id",
    "row_filter",
    "consumer_id",
    "provider_id",
    "resource_id",
    "valid_until",
)
_TERMS = (*_OLD_TERMS, "live_id", "follows_editions", "edition_no", "filter_columns")


def upgrade() -> None:
    role = context.config.attributes["app_role"]
    _ask_once()
    op.add_column(
        "share_grant",
        sa.Column("follows_editions", sa.Boolean(), server_default="false", nullable=False),
    )
    op.alter_column("share_grant", "follows_editions", server_default=None)
    op.add_column("share_grant", sa.Column("edition_no", sa.Integer(), nullable=True))
    op.add_column(
        "share_grant",
        sa.Column("filter_columns", postgresql.JSONB(), server_default="{}", nullable=False),
    )
    op.alter_column("share_grant", "filter_columns", server_default=None)
    op.add_column("granted_item", sa.Column("data_type", _TYPES, nullable=True))
    op.add_column("granted_item", sa.Column("column_type", sa.String(60), nullable=True))
    op.add_column(
        "granted_item", sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("granted_item", sa.Column("suspended_why", _WHY, nullable=True))
    op.create_check_constraint(
        op.f("granted_item_suspended_check"),
        "granted_item",
        "(suspended_at IS NULL) = (suspended_why IS NULL)",
    )
    op.add_column("delivery", sa.Column("edition_no", sa.Integer(), nullable=True))
    op.add_column("delivery", sa.Column("snapshot_id", sa.String(80), nullable=True))
    op.execute(_FILL)
    op.alter_column("granted_item", "data_type", nullable=False)
    _end_reasons(*_FIRST_ENDS, "item_suspended", *_LAST_ENDS)
    op.execute(_keep(_TERMS))
    op.execute(f'GRANT UPDATE (suspended_at, suspended_why) ON granted_item TO "{role}"')


def _keep(columns: tuple[str, ...]) -> str:
    new, old = (", ".join(f"{row}.{name}" for name in columns) for row in ("NEW", "OLD"))
    return _KEEP_TERMS.format(new=new, old=old)


def _end_reasons(*reasons: str) -> None:
    op.drop_constraint(op.f("delivery_end_reason_check"), "delivery")
    listed = ", ".join(f"'{reason}'" for reason in reasons)
    op.create_check_constraint(
        op.f("delivery_end_reason_check"), "delivery", f"end_reason IN ({listed})"
    )


def _ask_once() -> None:
    op.add_column("share_request", sa.Column("purpose_digest", sa.String(64), nullable=True))
    _fill_digests(op.get_bind())
    op.alter_column("share_request", "purpose_digest", nullable=False)
    op.create_index(
        "share_request_asked_once_idx",
        "share_request",
        ["consumer_id", "resource_id", "purpose_digest"],
        unique=True,
        postgresql_where=sa.text(_OPEN),
    )


def _fill_digests(connection: sa.Connection) -> None:
    asked = connection.execute(
        sa.text(
            "SELECT id, request_no, consumer_id, resource_id, basis, scenario, status"
            " FROM share_request ORDER BY id"
        )
    ).all()
    taken = set()
    for row in asked:
        digest = _digest(row.basis, row.scenario)
        place = row.consumer_id, row.resource_id, digest
        if row.status in _OPEN_STATES:
            if place in taken:
                digest = _digest(row.request_no, "")
            taken.add(place)
        connection.execute(
            sa.text("UPDATE share_request SET purpose_digest = :digest WHERE id = :id"),
            {"digest": digest, "id": row.id},
        )


def _digest(basis: str, scenario: str) -> str:
    return hashlib.sha256("\0".join(map(_folded, (basis, scenario))).encode()).hexdigest()


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(unicodedata.normalize("NFKC", folded).split())


def downgrade() -> None:
    """What ended because of a suspended item ends as not allowed; what follows becomes pinned to
    the edition of its decision, where the plan is tried again only by a new grant.
    """
    role = context.config.attributes["app_role"]
    op.execute(f'REVOKE UPDATE (suspended_at, suspended_why) ON granted_item FROM "{role}"')
    op.execute(_keep(_OLD_TERMS))
    op.execute("ALTER TABLE delivery DISABLE TRIGGER delivery_keep_end")
    op.execute("UPDATE delivery SET end_reason = 'not_allowed' WHERE end_reason = 'item_suspended'")
    op.execute("ALTER TABLE delivery ENABLE TRIGGER delivery_keep_end")
    _end_reasons(*_FIRST_ENDS, *_LAST_ENDS)
    op.drop_column("delivery", "snapshot_id")
    op.drop_column("delivery", "edition_no")
    for name in ("suspended_why", "suspended_at", "column_type", "data_type"):
        op.drop_column("granted_item", name)
    for name in ("filter_columns", "edition_no", "follows_editions"):
        op.drop_column("share_grant", name)
    op.drop_index("share_request_asked_once_idx", table_name="share_request")
    op.drop_column("share_request", "purpose_digest")
