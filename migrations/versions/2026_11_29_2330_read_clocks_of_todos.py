"""A to-do reads its clock, a calendar has versions, and what is overdue is passed on.

Old shape: a to-do held a copy of its clock's date; a clock did not know whether anybody had been
told that it is overdue; the calendar of a year was overwritten by the next one.
New shape: a to-do names the kind of its clock; a clock counts how often it was passed on
(``escalated``); everything loaded for a year is kept as a ``calendar_version``, and
``calendar_year`` says which one is counted with. What is loaded becomes version 1. Changes of law or
duties that concern an entry have a table (``catalogue_change``).
Why: a holiday that is loaded later moves the clock, and the copy stayed behind; what was counted
with must be seen again; the limit of Art. 17 had nothing that starts it.

Revision ID: 0020
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None

#: The clock by which each kind of task is due.
_CLOCKS = {
    "consent_to_resource": "head_consent",
    "review_resource": "catalogue_review",
    "correct_resource": "entry_correction",
    "own_consent_sharing_head": "own_consent",
    "submitted_approver": "reply",
    "reply_prepared_sharing_head": "reply",
    "mend_grant": "delivery",
}


def upgrade() -> None:
    op.add_column(
        "todo", sa.Column("clock", sa.String(40), nullable=False, server_default=sa.text("''"))
    )
    op.alter_column("todo", "clock", server_default=None)
    for kind, clock in _CLOCKS.items():
        named = sa.text("UPDATE todo SET clock = :clock WHERE kind = :kind")
        op.execute(named.bindparams(clock=clock, kind=kind))
    op.drop_column("todo", "due_on")
    op.add_column(
        "case_clock",
        sa.Column("escalated", sa.SmallInteger(), nullable=False, server_default=sa.text("0")),
    )
    op.alter_column("case_clock", "escalated", server_default=None)
    _keep_versions()
    _record_changes()


def _record_changes() -> None:
    kinds = "'law', 'administrative_regulation', 'state_council_decision', 'duty'"
    op.create_table(
        "catalogue_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("change_no", sa.String(20), nullable=False),
        sa.Column("resource_code", sa.String(40), nullable=False),
        sa.Column("resource_title", sa.String(50), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("recorder_id", sa.Uuid(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("basis", sa.String(500), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("extension_days", sa.Integer(), nullable=True),
        sa.Column("extension_reason", sa.String(500), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"kind IN ({kinds})", name=op.f("catalogue_change_kind_check")),
        sa.CheckConstraint(
            "status IN ('due', 'extension_asked', 'extended', 'met')",
            name=op.f("catalogue_change_status_check"),
        ),
        sa.CheckConstraint(
            "(extension_days IS NULL) = (asked_at IS NULL) AND extension_days > 0",
            name=op.f("catalogue_change_extension_check"),
        ),
        sa.CheckConstraint(
            "status = 'due' OR status = 'met' OR asked_at IS NOT NULL",
            name=op.f("catalogue_change_asked_check"),
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["department.id"], name=op.f("catalogue_change_provider_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["recorder_id"], ["app_user.id"], name=op.f("catalogue_change_recorder_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("catalogue_change_pkey")),
        sa.UniqueConstraint("change_no", name=op.f("catalogue_change_change_no_key")),
    )
    for name in ("provider_id", "resource_code"):
        op.create_index(op.f(f"catalogue_change_{name}_idx"), "catalogue_change", [name])
    op.execute("GRANT SELECT, INSERT, UPDATE ON catalogue_change TO shuqiao_app")


def _keep_versions() -> None:
    op.create_table(
        "calendar_version",
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("notice_no", sa.String(60), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("days", JSONB(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("year", "version", name=op.f("calendar_version_pkey")),
    )
    op.execute("GRANT SELECT, INSERT ON calendar_version TO shuqiao_app")
    op.execute(
        "INSERT INTO calendar_version"
        " SELECT year, 1, '', calendar_year.source, coalesce((SELECT jsonb_agg(jsonb_build_object("
        "   'day', day, 'is_workday', is_workday, 'name', note) ORDER BY day)"
        "   FROM work_calendar WHERE notice_year = year), '[]'), loaded_at FROM calendar_year"
    )
    op.add_column(
        "calendar_year",
        sa.Column("version", sa.SmallInteger(), nullable=False, server_default=sa.text("1")),
    )
    op.alter_column("calendar_year", "version", server_default=None)
    op.drop_column("calendar_year", "source")
    op.drop_column("calendar_year", "loaded_at")


def _forget_versions() -> None:
    op.add_column("calendar_year", sa.Column("source", sa.String(200), nullable=True))
    op.add_column("calendar_year", sa.Column("loaded_at", sa.DateTime(timezone=True)))
    op.execute(
        "UPDATE calendar_year SET source = kept.source, loaded_at = kept.loaded_at"
        " FROM calendar_version kept WHERE (kept.year, kept.version)"
        " = (calendar_year.year, calendar_year.version)"
    )
    op.alter_column("calendar_year", "source", nullable=False)
    op.alter_column("calendar_year", "loaded_at", nullable=False)
    op.drop_column("calendar_year", "version")
    op.drop_table("calendar_version")


def downgrade() -> None:
    op.drop_table("catalogue_change")
    _forget_versions()
    op.drop_column("case_clock", "escalated")
    op.add_column("todo", sa.Column("due_on", sa.Date(), nullable=True))
    op.execute(
        "UPDATE todo SET due_on = clock.due_on FROM case_clock clock"
        " WHERE (clock.case_no, clock.kind) = (todo.case_no, todo.clock)"
        " AND clock.closed_on IS NULL AND todo.done_at IS NULL"
    )
    op.drop_column("todo", "clock")
