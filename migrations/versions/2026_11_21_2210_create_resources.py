"""Create the registration: data resources, items, attached files, search index.

Old shape: the standard.
New shape: data resources (数据资源) with items, attached files and a search index; guards keep a
resource's code, and its items in review or published, as they are.
Why: the second stage of the way of the data.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

#: What the application role may do with each table; nothing is granted that the code does not use.
_GRANTS = {
    "resource_series": "SELECT, INSERT, UPDATE",
    "data_resource": "SELECT, INSERT, UPDATE",
    "resource_item": "SELECT, INSERT, UPDATE, DELETE",
    "attachment": "SELECT, INSERT, UPDATE",
}

_GUARDS = """
CREATE FUNCTION catalog_keep_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.code <> OLD.code OR NEW.class_code <> OLD.class_code OR NEW.provider_id <> OLD.provider_id THEN
        RAISE EXCEPTION 'the code of a resource never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.published_version < OLD.published_version THEN
        RAISE EXCEPTION 'a published version never goes back' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE FUNCTION catalog_keep_items() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM data_resource WHERE id = coalesce(OLD.resource_id, NEW.resource_id)
               AND status IN ('published', 'in_review')) THEN
        RAISE EXCEPTION 'items in review or published stay as they are'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END;
$$;
CREATE TRIGGER data_resource_keep_code BEFORE UPDATE ON data_resource
    FOR EACH ROW EXECUTE FUNCTION catalog_keep_code();
CREATE TRIGGER resource_item_keep BEFORE INSERT OR UPDATE OR DELETE ON resource_item
    FOR EACH ROW EXECUTE FUNCTION catalog_keep_items();
"""


def upgrade() -> None:
    role = context.config.attributes["app_role"]
    op.create_table(
        "resource_series",
        sa.Column("class_code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("class_code", name=op.f("resource_series_pkey")),
    )
    op.create_table(
        "data_resource",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("class_code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=50), nullable=False),
        sa.Column("abstract", sqlmodel.sql.sqltypes.AutoString(length=256), nullable=False),
        sa.Column("category", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column(
            "format",
            sa.Enum(
                "document",
                "spreadsheet",
                "database",
                "image",
                "stream",
                "self_described",
                "service",
                name="format",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("registrar_id", sa.Uuid(), nullable=False),
        sa.Column(
            "share_type",
            sa.Enum(
                "unconditional",
                "conditional",
                "withheld",
                name="share_type",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("share_condition", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("use_condition", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column(
            "share_way",
            sa.Enum(
                "service",
                "batch",
                "file",
                name="share_way",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "withheld_kind",
            sa.Enum(
                "law",
                "administrative_regulation",
                "state_council_decision",
                name="withheld_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("withheld_basis", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("withheld_reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("open_condition", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column(
            "update_cycle",
            sa.Enum(
                "realtime",
                "daily",
                "weekly",
                "ten_days",
                "monthly",
                "quarterly",
                "half_yearly",
                "yearly",
                "irregular",
                name="update_cycle",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("keywords", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("related_code", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column(
            "security_level",
            sa.Enum(
                "general_1",
                "general_2",
                "general_3",
                "general_4",
                "important",
                "core",
                name="security_level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "secrecy_conclusion",
            sa.Enum(
                "no_secret",
                "secret_found",
                name="secrecy_conclusion",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("secrecy_assessor", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("secrecy_assessed_on", sa.Date(), nullable=True),
        sa.Column(
            "privacy_conclusion",
            sa.Enum(
                "no_personal_information",
                "acceptable",
                "not_acceptable",
                name="privacy_conclusion",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("privacy_assessor", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("privacy_assessed_on", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "in_review",
                "returned",
                "published",
                "changing",
                "taken_down",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "review_step",
            sa.Enum(
                "head_consent",
                "administration",
                name="review_step_word",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_version", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title_terms", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("terms", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "setweight(to_tsvector('simple', title_terms), 'A') || "
                "setweight(to_tsvector('simple', terms), 'B')",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(status = 'in_review') = (review_step IS NOT NULL)",
            name=op.f("data_resource_review_step_check"),
        ),
        sa.CheckConstraint(
            "code = class_code || '/' || split_part(code, '/', 2)",
            name=op.f("data_resource_class_check"),
        ),
        sa.CheckConstraint(
            "code ~ '^[123][0-9]{5}[0-9]*/[0-9]+$'", name=op.f("data_resource_code_check")
        ),
        sa.CheckConstraint(
            "status <> 'published' OR (secrecy_conclusion IS NOT DISTINCT FROM 'no_secret' AND "
            "secrecy_assessed_on IS NOT NULL AND privacy_conclusion IS NOT NULL AND "
            "privacy_assessed_on IS NOT NULL)",
            name=op.f("data_resource_assessed_check"),
        ),
        sa.CheckConstraint(
            "status <> 'published' OR published_version > 0",
            name=op.f("data_resource_published_check"),
        ),
        sa.CheckConstraint(
            "status <> 'published' OR share_type <> 'withheld' OR (withheld_kind IS NOT NULL AND "
            "withheld_basis <> '' AND withheld_reason <> '')",
            name=op.f("data_resource_withheld_basis_check"),
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["department.id"], name=op.f("data_resource_provider_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["registrar_id"], ["app_user.id"], name=op.f("data_resource_registrar_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("data_resource_pkey")),
        sa.UniqueConstraint("code", name=op.f("data_resource_code_key")),
    )
    op.create_index(
        op.f("data_resource_provider_id_idx"), "data_resource", ["provider_id"], unique=False
    )
    op.create_index(
        "data_resource_published_idx", "data_resource", ["published_at", "id"], unique=False
    )
    op.create_index(
        op.f("data_resource_registrar_id_idx"), "data_resource", ["registrar_id"], unique=False
    )
    op.create_index(
        "data_resource_search_idx",
        "data_resource",
        ["search"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(
        op.f("data_resource_share_type_idx"), "data_resource", ["share_type"], unique=False
    )
    op.create_index(op.f("data_resource_status_idx"), "data_resource", ["status"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("uploader_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "previewed",
                "confirmed",
                "stored",
                "refused",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("preview", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "options", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("snapshot_id", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column("rows", sa.BigInteger(), nullable=True),
        sa.Column(
            "refusal", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'refused') = (refusal IS NOT NULL)", name=op.f("attachment_refusal_check")
        ),
        sa.CheckConstraint(
            "(status = 'stored') = (snapshot_id IS NOT NULL)",
            name=op.f("attachment_snapshot_check"),
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["data_resource.id"], name=op.f("attachment_resource_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["uploader_id"], ["app_user.id"], name=op.f("attachment_uploader_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("attachment_pkey")),
    )
    op.create_index(op.f("attachment_resource_id_idx"), "attachment", ["resource_id"], unique=False)
    op.create_index(op.f("attachment_snapshot_id_idx"), "attachment", ["snapshot_id"], unique=False)
    op.create_table(
        "resource_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("column_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column(
            "data_type",
            sa.Enum(
                "C",
                "N",
                "Y",
                "D",
                "T",
                "L",
                "M",
                "G",
                "B",
                "I",
                "F",
                name="data_type",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("element_id", sa.Uuid(), nullable=True),
        sa.Column("is_personal", sa.Boolean(), nullable=False),
        sa.Column(
            "share_type",
            sa.Enum(
                "unconditional",
                "conditional",
                "withheld",
                name="share_type",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "security_level",
            sa.Enum(
                "general_1",
                "general_2",
                "general_3",
                "general_4",
                "important",
                "core",
                name="security_level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("description", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["element_id"], ["data_element.id"], name=op.f("resource_item_element_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["data_resource.id"], name=op.f("resource_item_resource_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("resource_item_pkey")),
        sa.UniqueConstraint(
            "resource_id",
            "name",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("resource_item_resource_id_name_key"),
        ),
        sa.UniqueConstraint(
            "resource_id",
            "position",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("resource_item_resource_id_position_key"),
        ),
    )
    op.create_index(
        op.f("resource_item_element_id_idx"), "resource_item", ["element_id"], unique=False
    )
    op.execute(_GUARDS)
    for table, rights in _GRANTS.items():
        op.execute(f'GRANT {rights} ON {table} TO "{role}"')


def downgrade() -> None:
    op.drop_index(op.f("resource_item_element_id_idx"), table_name="resource_item")
    op.drop_table("resource_item")
    op.drop_index(op.f("attachment_snapshot_id_idx"), table_name="attachment")
    op.drop_index(op.f("attachment_resource_id_idx"), table_name="attachment")
    op.drop_table("attachment")
    op.drop_index(op.f("data_resource_status_idx"), table_name="data_resource")
    op.drop_index(op.f("data_resource_share_type_idx"), table_name="data_resource")
    op.drop_index("data_resource_search_idx", table_name="data_resource", postgresql_using="gin")
    op.drop_index(op.f("data_resource_registrar_id_idx"), table_name="data_resource")
    op.drop_index("data_resource_published_idx", table_name="data_resource")
    op.drop_index(op.f("data_resource_provider_id_idx"), table_name="data_resource")
    op.drop_table("data_resource")
    op.drop_table("resource_series")
    for function in ("catalog_keep_code", "catalog_keep_items"):
        op.execute(f"DROP FUNCTION {function}()")
