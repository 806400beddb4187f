"""Stored rows that are not what was written are marked; cells outside of the store go.

Old shape: a transfer of damaged rows ended as any fault, and the next one began. The values that a
conformity report names stayed when the rows they are of were removed.
New shape: ``edition.damaged_at`` says since when the rows are known to be damaged, and a transfer
that met them ends with ``data_damaged``. Of a report the named values may be taken out, all of
them, and nothing else.
Why: rows that do not hold are not handed over, and somebody mends them; what is removed by the
rules of retention is removed everywhere.

Revision ID: 0055
Revises: 0054
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

_CHECK = "delivery_end_reason_check"
_ENDS = (
    *("disconnected", "stalled", "too_slow", "no_place", "revoked", "expired", "item_suspended"),
    *("negative_entry", "drifted", "source_away", "unchecked", "credential_ended", "not_allowed"),
    *("shutting_down", "fault", "lost"),
)
_KEEP_REPORT = """
CREATE OR REPLACE FUNCTION catalog_keep_conformity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {but}RAISE EXCEPTION 'a report stays as it was made'
        USING ERRCODE = 'integrity_constraint_violation';
END;
$$;
"""
_BUT_CELLS = """IF NEW.failures = '[]' AND to_jsonb(NEW) - 'failures' = to_jsonb(OLD) - 'failures' THEN
        RETURN NEW;
    END IF;
    """


def upgrade() -> None:
    op.add_column("edition", sa.Column("damaged_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("edition_damaged_check"), "edition", "damaged_at IS NULL OR snapshot_id IS NOT NULL"
    )
    op.create_index(
        "edition_damaged_idx",
        "edition",
        ["snapshot_id"],
        postgresql_where=sa.text("damaged_at IS NOT NULL"),
    )
    _allow(*_ENDS[:-2], "data_damaged", *_ENDS[-2:])
    op.execute(_KEEP_REPORT.format(but=_BUT_CELLS))
    role = context.config.attributes["app_role"]
    op.execute(f'GRANT UPDATE (failures) ON conformity_report TO "{role}"')


def downgrade() -> None:
    role = context.config.attributes["app_role"]
    op.execute(f'REVOKE UPDATE (failures) ON conformity_report FROM "{role}"')
    op.execute(_KEEP_REPORT.format(but=""))
    op.execute("ALTER TABLE delivery DISABLE TRIGGER delivery_keep_end")
    op.execute("UPDATE delivery SET end_reason = 'fault' WHERE end_reason = 'data_damaged'")
    op.execute("ALTER TABLE delivery ENABLE TRIGGER delivery_keep_end")
    _allow(*_ENDS)
    op.drop_index("edition_damaged_idx", table_name="edition")
    op.drop_constraint(op.f("edition_damaged_check"), "edition")
    op.drop_column("edition", "damaged_at")


def _allow(*reasons: str) -> None:
    words = ", ".join(f"'{reason}'" for reason in reasons)
    op.drop_constraint(op.f(_CHECK), "delivery", type_="check")
    op.create_check_constraint(op.f(_CHECK), "delivery", f"end_reason IN ({words})")
