"""Checks before collecting, and reports of repeated forms.

Old shape: nobody looks whether the data that a form asks for is there already.
New shape: ``collection_check`` and ``collected_field`` hold which fields were checked before
collecting and what each was answered; ``repeated_form`` which forms the grass roots are asked for
again and again. What is there already is collected only with a reason.
Why: Order 809, Arts. 19 and 40: nobody collects again what is to be had by sharing.

Revision ID: 0041
Revises: 0026
"""

import sqlalchemy as sa
import sqlmodel
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0041"
down_revision = "0026"
branch_labels = None
depends_on = None

_GRANTS = (
    "SELECT, INSERT, UPDATE ON collection_check",
    "SELECT, INSERT, UPDATE ON collected_field",
    "SELECT, INSERT, UPDATE ON repeated_form",
)
_GOVERNED = (
    "('collection_check', 'CollectionCheck', 'check_no')",
    "('collected_field', 'CollectionCheck', 'check_no', whole => 'collection_check',"
    " key => 'check_id')",
    "('repeated_form', 'RepeatedForm', 'report_no')",
)
_GUARDS = """
CREATE FUNCTION catalog_keep_collection() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('concluded', 'answered') THEN
        RAISE EXCEPTION 'what was concluded or answered stays as it is'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER collection_check_keep BEFORE UPDATE ON collection_check
    FOR EACH ROW EXECUTE FUNCTION catalog_keep_collection();
CREATE TRIGGER repeated_form_keep BEFORE UPDATE ON repeated_form
    FOR EACH ROW EXECUTE FUNCTION catalog_keep_collection();
CREATE FUNCTION catalog_keep_collected_field() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM collection_check WHERE id = OLD.check_id AND status = 'concluded') THEN
        RAISE EXCEPTION 'what was concluded stays as it is'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER collected_field_keep BEFORE UPDATE ON collected_field
    FOR EACH ROW EXECUTE FUNCTION catalog_keep_collected_field();
CREATE TRIGGER collection_check_refuse_ended BEFORE INSERT ON collection_check
    FOR EACH ROW EXECUTE FUNCTION department_refuse_ended('owner_id');
"""
_Text = sqlmodel.sql.sqltypes.AutoString


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    _create_checks()
    _create_fields()
    _create_repeats()
    op.execute(_GUARDS)
    role = context.config.attributes["app_role"]
    for rights in _GRANTS:
        op.execute(f'GRANT {rights} TO "{role}"')
    for told in _GOVERNED:
        op.execute(f"SELECT guard.govern{told}")


def _create_checks() -> None:
    op.create_table(
        "collection_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_no", _Text(length=20), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("maker_id", sa.Uuid(), nullable=False),
        sa.Column("title", _Text(length=100), nullable=False),
        sa.Column("kind", _words("form_kind", "form", "report", "system"), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("status", _words("status", "open", "concluded"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("concluder_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'concluded') = (concluded_at IS NOT NULL)",
            name=op.f("collection_check_concluded_check"),
        ),
        *_references("collection_check", owner_id="department", maker_id="app_user"),
        *_references("collection_check", concluder_id="app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("collection_check_pkey")),
        sa.UniqueConstraint("check_no", name=op.f("collection_check_check_no_key")),
    )
    op.create_index(op.f("collection_check_owner_id_idx"), "collection_check", ["owner_id"])


def _create_fields() -> None:
    answers = ("own", "shareable", "withheld", "collectable")
    op.create_table(
        "collected_field",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", _Text(length=100), nullable=False),
        sa.Column("answer", _words("answer", *answers), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column("item_name", _Text(length=100), nullable=False),
        sa.Column("resource_code", _Text(length=40), nullable=False),
        sa.Column("resource_title", _Text(length=50), nullable=False),
        sa.Column("provider", _Text(length=100), nullable=False),
        sa.Column(
            "share_type",
            _words("share_type", "unconditional", "conditional", "withheld"),
            nullable=True,
        ),
        sa.Column("basis", _Text(length=500), nullable=False),
        sa.Column("element", _Text(length=24), nullable=False),
        sa.Column("is_corrected", sa.Boolean(), nullable=False),
        sa.Column("is_collected", sa.Boolean(), nullable=False),
        sa.Column("reason", _Text(length=500), nullable=False),
        sa.CheckConstraint(
            "(answer = 'collectable') = (item_name = '') AND (item_name = '') = (item_id IS NULL)",
            name=op.f("collected_field_found_check"),
        ),
        sa.CheckConstraint(
            "NOT is_collected OR answer = 'collectable' OR reason <> ''",
            name=op.f("collected_field_collected_again_check"),
        ),
        *_references("collected_field", check_id="collection_check"),
        sa.PrimaryKeyConstraint("id", name=op.f("collected_field_pkey")),
        sa.UniqueConstraint(
            "check_id", "position", name=op.f("collected_field_check_id_position_key")
        ),
    )


def _create_repeats() -> None:
    op.create_table(
        "repeated_form",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_no", _Text(length=20), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("reporter_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", _Text(length=100), nullable=False),
        sa.Column("form_name", _Text(length=100), nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("remark", _Text(length=500), nullable=False),
        sa.Column("status", _words("status", "reported", "answered"), nullable=False),
        sa.Column("outcome", _words("outcome", "stopped", "prefilled", "kept"), nullable=True),
        sa.Column("answer", _Text(length=500), nullable=False),
        sa.Column("answerer_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'answered') = (answered_at IS NOT NULL)"
            " AND (answered_at IS NULL) = (outcome IS NULL)"
            " AND (answered_at IS NULL) = (answer = '')",
            name=op.f("repeated_form_answered_check"),
        ),
        *_references("repeated_form", owner_id="department", reporter_id="app_user"),
        *_references("repeated_form", answerer_id="app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("repeated_form_pkey")),
        sa.UniqueConstraint("report_no", name=op.f("repeated_form_report_no_key")),
    )
    op.create_index(op.f("repeated_form_owner_id_idx"), "repeated_form", ["owner_id"])


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], [f"{whole}.id"], name=op.f(f"{table}_{name}_fkey"))
        for name, whole in columns.items()
    ]


def downgrade() -> None:
    for table in ("repeated_form", "collected_field", "collection_check"):
        op.execute(f"SELECT guard.release('{table}')")
        op.drop_table(table)
    op.execute("DROP FUNCTION catalog_keep_collected_field()")
    op.execute("DROP FUNCTION catalog_keep_collection()")
