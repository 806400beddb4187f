"""Create the exchange: requests, decisions, grants, deliveries.

Old shape: the catalogue.
New shape: share requests with their items, steps of the decision, grants with what was granted,
deliveries. A second pair of eyes is a constraint of the database: whoever prepared a reply cannot
release it, nobody decides for the own department.
Why: the second half of the way of the data.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

#: What the application role may do with each table; nothing is granted that the code does not use.
_GRANTS = {
    "share_request": "SELECT, INSERT, UPDATE",
    "requested_item": "SELECT, INSERT",
    "approval_step": "SELECT, INSERT",
    "share_grant": "SELECT, INSERT, UPDATE",
    "granted_item": "SELECT, INSERT",
    "delivery": "SELECT, INSERT, UPDATE",
}

_GUARDS = """
CREATE FUNCTION exchange_check_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM share_request JOIN app_user ON app_user.id = NEW.actor_id
               WHERE share_request.id = NEW.request_id
               AND (app_user.id = share_request.applicant_id OR app_user.department_id = share_request.consumer_id
                    OR app_user.department_id <> share_request.provider_id)) THEN
        RAISE EXCEPTION 'nobody decides for the own department' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.kind = 'released' AND NEW.actor_id = (SELECT actor_id FROM approval_step
            WHERE request_id = NEW.request_id AND kind = 'prepared' ORDER BY id DESC LIMIT 1) THEN
        RAISE EXCEPTION 'whoever prepared a reply cannot release it' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE FUNCTION exchange_keep_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('revoked', 'expired') AND NEW.status <> OLD.status THEN
        RAISE EXCEPTION 'an ended grant never comes back' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.snapshot_id, NEW.row_filter, NEW.consumer_id, NEW.provider_id, NEW.resource_id, NEW.valid_until)
       IS DISTINCT FROM
       (OLD.snapshot_id, OLD.row_filter, OLD.consumer_id, OLD.provider_id, OLD.resource_id, OLD.valid_until) THEN
        RAISE EXCEPTION 'the terms of a grant never change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE FUNCTION exchange_keep_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an ended delivery is kept as it ended' USING ERRCODE = 'integrity_constraint_violation';
END;
$$;
CREATE TRIGGER approval_step_check BEFORE INSERT ON approval_step
    FOR EACH ROW EXECUTE FUNCTION exchange_check_step();
CREATE TRIGGER share_grant_keep_terms BEFORE UPDATE ON share_grant
    FOR EACH ROW EXECUTE FUNCTION exchange_keep_terms();
CREATE TRIGGER delivery_keep_end BEFORE UPDATE ON delivery
    FOR EACH ROW WHEN (old.status <> 'running') EXECUTE FUNCTION exchange_keep_end();
"""


def upgrade() -> None:
    role = context.config.attributes["app_role"]
    op.create_table(
        "share_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("grant_no", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("request_no", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("resource_code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("resource_title", sqlmodel.sql.sqltypes.AutoString(length=50), nullable=False),
        sa.Column("resource_version", sa.Integer(), nullable=False),
        sa.Column("consumer_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("snapshot_id", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column(
            "row_filter", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column(
            "status",
            sa.Enum(
                "pending_delivery",
                "active",
                "revoked",
                "expired",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("plan_fingerprint", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "consumer_id <> provider_id", name=op.f("share_grant_two_departments_check")
        ),
        sa.ForeignKeyConstraint(
            ["consumer_id"], ["department.id"], name=op.f("share_grant_consumer_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["department.id"], name=op.f("share_grant_provider_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["data_resource.id"], name=op.f("share_grant_resource_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("share_grant_pkey")),
        sa.UniqueConstraint("grant_no", name=op.f("share_grant_grant_no_key")),
        sa.UniqueConstraint("request_no", name=op.f("share_grant_request_no_key")),
    )
    op.create_index(
        op.f("share_grant_consumer_id_idx"), "share_grant", ["consumer_id"], unique=False
    )
    op.create_index(
        op.f("share_grant_provider_id_idx"), "share_grant", ["provider_id"], unique=False
    )
    op.create_index(
        op.f("share_grant_resource_id_idx"), "share_grant", ["resource_id"], unique=False
    )
    op.create_index(op.f("share_grant_status_idx"), "share_grant", ["status"], unique=False)
    op.create_table(
        "share_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_no", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("resource_version", sa.Integer(), nullable=False),
        sa.Column("consumer_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("basis", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("scenario", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("scope", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("share_way", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "own_consent",
                "submitted",
                "reply_prepared",
                "approved",
                "partly_approved",
                "refused",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "consumer_id <> provider_id", name=op.f("share_request_two_departments_check")
        ),
        sa.ForeignKeyConstraint(
            ["applicant_id"], ["app_user.id"], name=op.f("share_request_applicant_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["consumer_id"], ["department.id"], name=op.f("share_request_consumer_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["department.id"], name=op.f("share_request_provider_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["data_resource.id"], name=op.f("share_request_resource_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("share_request_pkey")),
        sa.UniqueConstraint("request_no", name=op.f("share_request_request_no_key")),
    )
    op.create_index(
        op.f("share_request_applicant_id_idx"), "share_request", ["applicant_id"], unique=False
    )
    op.create_index(
        op.f("share_request_consumer_id_idx"), "share_request", ["consumer_id"], unique=False
    )
    op.create_index(
        op.f("share_request_provider_id_idx"), "share_request", ["provider_id"], unique=False
    )
    op.create_index(
        op.f("share_request_resource_id_idx"), "share_request", ["resource_id"], unique=False
    )
    op.create_index(op.f("share_request_status_idx"), "share_request", ["status"], unique=False)
    op.create_table(
        "approval_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "prepared",
                "released",
                "sent_back",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("remark", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column(
            "reply", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["app_user.id"], name=op.f("approval_step_actor_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["share_request.id"], name=op.f("approval_step_request_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("approval_step_pkey")),
    )
    op.create_index(
        op.f("approval_step_request_id_idx"), "approval_step", ["request_id"], unique=False
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("delivery_no", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("grant_no", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("consumer_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.Uuid(), nullable=True),
        sa.Column("face", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("columns", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "running",
                "finished",
                "stopped",
                "failed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "end_reason",
            sa.Enum(
                "disconnected",
                "stalled",
                "revoked",
                "expired",
                "unchecked",
                "credential_ended",
                "shutting_down",
                "fault",
                "lost",
                name="end_reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("rows", sa.BigInteger(), nullable=True),
        sa.Column("bytes", sa.BigInteger(), nullable=True),
        sa.Column(
            "receipt", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'running') = (ended_at IS NULL)", name=op.f("delivery_ended_check")
        ),
        sa.ForeignKeyConstraint(
            ["consumer_id"], ["department.id"], name=op.f("delivery_consumer_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["share_grant.id"], name=op.f("delivery_grant_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["department.id"], name=op.f("delivery_provider_id_fkey")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("delivery_user_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("delivery_pkey")),
        sa.UniqueConstraint("delivery_no", name=op.f("delivery_delivery_no_key")),
    )
    op.create_index(op.f("delivery_consumer_id_idx"), "delivery", ["consumer_id"], unique=False)
    op.create_index(op.f("delivery_grant_id_idx"), "delivery", ["grant_id"], unique=False)
    op.create_index(op.f("delivery_provider_id_idx"), "delivery", ["provider_id"], unique=False)
    op.create_index(
        "delivery_running_idx",
        "delivery",
        ["seen_at"],
        unique=False,
        postgresql_where=sa.text("status = 'running'"),
    )
    op.create_table(
        "granted_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("column_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column(
            "mask", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["share_grant.id"], name=op.f("granted_item_grant_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["resource_item.id"], name=op.f("granted_item_item_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("granted_item_pkey")),
        sa.UniqueConstraint("grant_id", "item_id", name=op.f("granted_item_grant_id_item_id_key")),
        sa.UniqueConstraint(
            "grant_id", "position", name=op.f("granted_item_grant_id_position_key")
        ),
    )
    op.create_index(op.f("granted_item_grant_id_idx"), "granted_item", ["grant_id"], unique=False)
    op.create_table(
        "requested_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["resource_item.id"], name=op.f("requested_item_item_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["share_request.id"], name=op.f("requested_item_request_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("requested_item_pkey")),
        sa.UniqueConstraint(
            "request_id", "item_id", name=op.f("requested_item_request_id_item_id_key")
        ),
    )
    op.create_index(
        op.f("requested_item_request_id_idx"), "requested_item", ["request_id"], unique=False
    )
    op.execute(_GUARDS)
    for table, rights in _GRANTS.items():
        op.execute(f'GRANT {rights} ON {table} TO "{role}"')


def downgrade() -> None:
    op.drop_index(op.f("requested_item_request_id_idx"), table_name="requested_item")
    op.drop_table("requested_item")
    op.drop_index(op.f("granted_item_grant_id_idx"), table_name="granted_item")
    op.drop_table("granted_item")
    op.drop_index(
        "delivery_running_idx",
        table_name="delivery",
        postgresql_where=sa.text("status = 'running'"),
    )
    op.drop_index(op.f("delivery_provider_id_idx"), table_name="delivery")
    op.drop_index(op.f("delivery_grant_id_idx"), table_name="delivery")
    op.drop_index(op.f("delivery_consumer_id_idx"), table_name="delivery")
    op.drop_table("delivery")
    op.drop_index(op.f("approval_step_request_id_idx"), table_name="approval_step")
    op.drop_table("approval_step")
    op.drop_index(op.f("share_request_status_idx"), table_name="share_request")
    op.drop_index(op.f("share_request_resource_id_idx"), table_name="share_request")
    op.drop_index(op.f("share_request_provider_id_idx"), table_name="share_request")
    op.drop_index(op.f("share_request_consumer_id_idx"), table_name="share_request")
    op.drop_index(op.f("share_request_applicant_id_idx"), table_name="share_request")
    op.drop_table("share_request")
    op.drop_index(op.f("share_grant_status_idx"), table_name="share_grant")
    op.drop_index(op.f("share_grant_resource_id_idx"), table_name="share_grant")
    op.drop_index(op.f("share_grant_provider_id_idx"), table_name="share_grant")
    op.drop_index(op.f("share_grant_consumer_id_idx"), table_name="share_grant")
    op.drop_table("share_grant")
    for function in ("exchange_check_step", "exchange_keep_terms", "exchange_keep_end"):
        op.execute(f"DROP FUNCTION {function}()")
