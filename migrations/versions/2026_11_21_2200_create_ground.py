"""Create the ground, the accounts, the desk, the job queue and the trail.

Old shape: an empty database.
New shape: number series, idempotency keys, departments, accounts and credentials, working-day
calendar, clocks, to-do, messages, outbox, the job queue in its own schema, and the append-only
trail with its guards.
Why: everything else stands on these. Roles belong to the cluster: the bootstrap creates them, this
only grants.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import context, op
from sqlalchemy.dialects import postgresql

from shuqiao.jobs.schema import grants_sql, install, remove

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

#: What the application role may do with each table; nothing is granted that the code does not use.
_GRANTS = {
    "alembic_version": "SELECT",
    "number_series": "SELECT, INSERT, UPDATE",
    "idempotency_key": "SELECT, INSERT, UPDATE, DELETE",
    "department": "SELECT, INSERT",
    "app_user": "SELECT, INSERT, UPDATE",
    "sign_in_throttle": "SELECT, INSERT, UPDATE, DELETE",
    "login_session": "SELECT, INSERT, UPDATE, DELETE",
    "service_token": "SELECT, INSERT, UPDATE",
    "calendar_year": "SELECT, INSERT, UPDATE, DELETE",
    "work_calendar": "SELECT, INSERT, UPDATE, DELETE",
    "case_clock": "SELECT, INSERT, UPDATE",
    "todo": "SELECT, INSERT, UPDATE",
    "message": "SELECT, INSERT, UPDATE",
    "outbox": "SELECT, INSERT, UPDATE, DELETE",
    "job_error": "SELECT, INSERT, DELETE",
    "audit_event": "SELECT, INSERT",
    "audit_stream": "SELECT, INSERT, UPDATE",
}

_TRAIL_GUARDS = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the trail is append-only' USING ERRCODE = 'insufficient_privilege';
END;
$$;
CREATE FUNCTION audit_check_stream() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.last_seq <> 1 THEN
            RAISE EXCEPTION 'a stream begins with one' USING ERRCODE = 'insufficient_privilege';
        END IF;
    ELSIF NEW.stream <> OLD.stream OR NEW.last_seq <> OLD.last_seq + 1 THEN
        RAISE EXCEPTION 'a stream only counts up by one' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END;
$$;
CREATE FUNCTION audit_check_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM audit_event WHERE stream = NEW.stream AND seq = NEW.last_seq) THEN
        RAISE EXCEPTION 'a number without its event' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END;
$$;
CREATE FUNCTION audit_check_seq() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seq IS DISTINCT FROM (SELECT last_seq FROM audit_stream WHERE stream = NEW.stream) THEN
        RAISE EXCEPTION 'an event takes the next number of its stream' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER audit_event_keep BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_event_keep_all BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_event_seq BEFORE INSERT ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_check_seq();
CREATE TRIGGER audit_stream_count BEFORE INSERT OR UPDATE ON audit_stream
    FOR EACH ROW EXECUTE FUNCTION audit_check_stream();
CREATE CONSTRAINT TRIGGER audit_stream_taken AFTER INSERT OR UPDATE ON audit_stream
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_check_taken();
CREATE TRIGGER audit_stream_keep BEFORE DELETE ON audit_stream
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_stream_keep_all BEFORE TRUNCATE ON audit_stream
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_keep;
ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_keep_all;
ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_seq;
ALTER TABLE audit_stream ENABLE ALWAYS TRIGGER audit_stream_count;
ALTER TABLE audit_stream ENABLE ALWAYS TRIGGER audit_stream_taken;
ALTER TABLE audit_stream ENABLE ALWAYS TRIGGER audit_stream_keep;
ALTER TABLE audit_stream ENABLE ALWAYS TRIGGER audit_stream_keep_all;
"""


def upgrade() -> None:
    role = context.config.attributes["app_role"]
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stream", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("result", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column("actor", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("object_type", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("object_id", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("request_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("canon", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "leaf_hash = sha256('\\x00'::bytea || canon)", name=op.f("audit_event_leaf_hash_check")
        ),
        sa.CheckConstraint(
            "result IN ('allow', 'deny', 'error')", name=op.f("audit_event_result_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("audit_event_pkey")),
        sa.UniqueConstraint("stream", "seq", name=op.f("audit_event_stream_seq_key")),
    )
    op.create_index(
        op.f("audit_event_action_id_idx"), "audit_event", ["action", "id"], unique=False
    )
    op.create_index(op.f("audit_event_actor_id_idx"), "audit_event", ["actor", "id"], unique=False)
    op.create_index(op.f("audit_event_at_idx"), "audit_event", ["at"], unique=False)
    op.create_index(
        op.f("audit_event_department_id_idx"), "audit_event", ["department_id"], unique=False
    )
    op.create_index(
        op.f("audit_event_object_id_id_idx"), "audit_event", ["object_id", "id"], unique=False
    )
    op.create_table(
        "audit_stream",
        sa.Column("stream", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("stream", name=op.f("audit_stream_pkey")),
    )
    op.create_table(
        "calendar_year",
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("calendar_year_pkey")),
    )
    op.create_table(
        "case_clock",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_no", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("article", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("limit_days", sa.Integer(), nullable=False),
        sa.Column("extended_days", sa.Integer(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("spent_days", sa.Integer(), nullable=False),
        sa.Column("counting_from", sa.Date(), nullable=False),
        sa.Column("stopped_on", sa.Date(), nullable=True),
        sa.Column("resumed_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("uninterrupted_due_on", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "running",
                "stopped",
                "closed",
                "calendar_missing",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("derivation", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("history", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_on IS NOT NULL)", name=op.f("case_clock_closed_check")
        ),
        sa.CheckConstraint(
            "(status = 'running') = (due_on IS NOT NULL) OR status = 'closed'",
            name=op.f("case_clock_due_check"),
        ),
        sa.CheckConstraint(
            "limit_days > 0 AND extended_days >= 0 AND spent_days >= 0",
            name=op.f("case_clock_days_check"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("case_clock_pkey")),
    )
    op.create_index(op.f("case_clock_case_no_idx"), "case_clock", ["case_no"], unique=False)
    op.create_index(
        "case_clock_due_idx",
        "case_clock",
        ["due_on"],
        unique=False,
        postgresql_where=sa.text("closed_on IS NULL"),
    )
    op.create_index(
        "case_clock_open_key",
        "case_clock",
        ["case_no", "kind"],
        unique=True,
        postgresql_where=sa.text("closed_on IS NULL"),
    )
    op.create_table(
        "department",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=18), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("department_pkey")),
        sa.UniqueConstraint("code", name=op.f("department_code_key")),
        sa.UniqueConstraint("name", name=op.f("department_name_key")),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("owner", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column(
            "answer", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", "key", name=op.f("idempotency_key_pkey")),
    )
    op.create_index(
        op.f("idempotency_key_created_at_idx"), "idempotency_key", ["created_at"], unique=False
    )
    op.create_table(
        "job_error",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("error", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("job_error_pkey")),
    )
    op.create_index(op.f("job_error_job_id_idx"), "job_error", ["job_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("what", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("href", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("message_pkey")),
    )
    op.create_index("message_inbox_idx", "message", ["user_id", "id"], unique=False)
    op.create_table(
        "number_series",
        sa.Column("prefix", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "year", name=op.f("number_series_pkey")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("outbox_pkey")),
    )
    op.create_index(
        "outbox_unsent_idx",
        "outbox",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("sent_at IS NULL"),
    )
    op.create_table(
        "sign_in_throttle",
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("sign_in_throttle_pkey")),
    )
    op.create_table(
        "todo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_no", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("what", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("href", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("todo_pkey")),
    )
    op.create_index(
        "todo_open_key",
        "todo",
        ["case_no", "kind", "role", "department_id", "user_id"],
        unique=True,
        postgresql_where=sa.text("done_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_index(
        "todo_role_idx",
        "todo",
        ["role", "department_id"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index(op.f("todo_user_id_idx"), "todo", ["user_id"], unique=False)
    op.create_table(
        "app_user",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("password_hash", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "('system_admin' = ANY(roles))::int + ('security_admin' = ANY(roles))::int + "
            "('audit_admin' = ANY(roles))::int <= 1",
            name=op.f("app_user_three_administrators_check"),
        ),
        sa.CheckConstraint(
            "NOT ('security_reviewer' = ANY(roles)) OR roles <@ ARRAY['security_reviewer', "
            "'audit_admin']::text[]",
            name=op.f("app_user_reviewer_changes_nothing_check"),
        ),
        sa.CheckConstraint(
            "NOT (roles && ARRAY['system_admin', 'security_admin', 'audit_admin']::text[]) OR "
            "roles <@ (ARRAY['system_admin', 'security_admin', 'audit_admin']::text[] || "
            "ARRAY['security_reviewer']::text[])",
            name=op.f("app_user_administrator_alone_check"),
        ),
        sa.CheckConstraint(
            "roles <@ ARRAY['registrar', 'department_head', 'applicant', 'sharing_head', "
            "'approver', 'data_admin', 'security_officer', 'security_reviewer', 'system_admin', "
            "'security_admin', 'audit_admin']::text[] AND cardinality(roles) > 0",
            name=op.f("app_user_roles_known_check"),
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("app_user_department_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("app_user_pkey")),
        sa.UniqueConstraint("account", name=op.f("app_user_account_key")),
    )
    op.create_index(op.f("app_user_department_id_idx"), "app_user", ["department_id"], unique=False)
    op.create_table(
        "work_calendar",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_workday", sa.Boolean(), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("notice_year", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_year"], ["calendar_year.year"], name=op.f("work_calendar_notice_year_fkey")
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("work_calendar_pkey")),
    )
    op.create_index(
        op.f("work_calendar_notice_year_idx"), "work_calendar", ["notice_year"], unique=False
    )
    op.create_table(
        "login_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name=op.f("login_session_user_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("login_session_pkey")),
        sa.UniqueConstraint("token_hash", name=op.f("login_session_token_hash_key")),
    )
    op.create_index(op.f("login_session_user_id_idx"), "login_session", ["user_id"], unique=False)
    op.create_table(
        "service_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("public_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name=op.f("service_token_user_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("service_token_pkey")),
        sa.UniqueConstraint("public_id", name=op.f("service_token_public_id_key")),
    )
    op.create_index(op.f("service_token_user_id_idx"), "service_token", ["user_id"], unique=False)
    op.execute(_TRAIL_GUARDS)
    install(op.get_bind())
    op.execute(grants_sql(role))
    op.execute(f'GRANT USAGE ON SCHEMA public TO "{role}"')
    for table, rights in _GRANTS.items():
        op.execute(f'GRANT {rights} ON {table} TO "{role}"')


def downgrade() -> None:
    remove(op.get_bind())
    op.drop_index(op.f("service_token_user_id_idx"), table_name="service_token")
    op.drop_table("service_token")
    op.drop_index(op.f("login_session_user_id_idx"), table_name="login_session")
    op.drop_table("login_session")
    op.drop_index(op.f("work_calendar_notice_year_idx"), table_name="work_calendar")
    op.drop_table("work_calendar")
    op.drop_index(op.f("app_user_department_id_idx"), table_name="app_user")
    op.drop_table("app_user")
    op.drop_index(op.f("todo_user_id_idx"), table_name="todo")
    op.drop_index("todo_role_idx", table_name="todo", postgresql_where=sa.text("done_at IS NULL"))
    op.drop_index(
        "todo_open_key",
        table_name="todo",
        postgresql_where=sa.text("done_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.drop_table("todo")
    op.drop_table("sign_in_throttle")
    op.drop_index(
        "outbox_unsent_idx", table_name="outbox", postgresql_where=sa.text("sent_at IS NULL")
    )
    op.drop_table("outbox")
    op.drop_table("number_series")
    op.drop_index("message_inbox_idx", table_name="message")
    op.drop_table("message")
    op.drop_index(op.f("job_error_job_id_idx"), table_name="job_error")
    op.drop_table("job_error")
    op.drop_index(op.f("idempotency_key_created_at_idx"), table_name="idempotency_key")
    op.drop_table("idempotency_key")
    op.drop_table("department")
    op.drop_index(
        "case_clock_open_key",
        table_name="case_clock",
        postgresql_where=sa.text("closed_on IS NULL"),
    )
    op.drop_index(
        "case_clock_due_idx", table_name="case_clock", postgresql_where=sa.text("closed_on IS NULL")
    )
    op.drop_index(op.f("case_clock_case_no_idx"), table_name="case_clock")
    op.drop_table("case_clock")
    op.drop_table("calendar_year")
    op.drop_table("audit_stream")
    op.drop_index(op.f("audit_event_object_id_id_idx"), table_name="audit_event")
    op.drop_index(op.f("audit_event_department_id_idx"), table_name="audit_event")
    op.drop_index(op.f("audit_event_at_idx"), table_name="audit_event")
    op.drop_index(op.f("audit_event_actor_id_idx"), table_name="audit_event")
    op.drop_index(op.f("audit_event_action_id_idx"), table_name="audit_event")
    op.drop_table("audit_event")
    for function in (
        "audit_refuse_change",
        "audit_check_stream",
        "audit_check_taken",
        "audit_check_seq",
    ):
        op.execute(f"DROP FUNCTION {function}()")
