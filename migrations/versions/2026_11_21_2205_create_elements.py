"""Create the standard: data elements and value domains.

Old shape: ground, accounts, desk and trail.
New shape: data elements (数据元), value domains and their entries.
Why: the first stage of the way of the data.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import context, op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: What the application role may do with each table; nothing is granted that the code does not use.
_GRANTS = {
    "value_domain": "SELECT, INSERT",
    "value_domain_entry": "SELECT, INSERT",
    "data_element": "SELECT, INSERT, UPDATE",
}


def upgrade() -> None:
    role = context.config.attributes["app_role"]
    op.create_table(
        "value_domain",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("edition", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("value_domain_pkey")),
        sa.UniqueConstraint("name", "edition", name=op.f("value_domain_name_edition_key")),
    )
    op.create_table(
        "data_element",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("identifier", sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("definition", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
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
        sa.Column("source_department_id", sa.Uuid(), nullable=True),
        sa.Column("standard_no", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("value_domain_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "recorded",
                "standard",
                "superseded",
                "retired",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'draft') = (adopted_at IS NULL)", name=op.f("data_element_adopted_check")
        ),
        sa.CheckConstraint(
            "identifier ~ '^[A-Z][A-Z0-9]{0,7}-[0-9]{4,12}$'",
            name=op.f("data_element_identifier_check"),
        ),
        sa.ForeignKeyConstraint(
            ["source_department_id"],
            ["department.id"],
            name=op.f("data_element_source_department_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["value_domain_id"], ["value_domain.id"], name=op.f("data_element_value_domain_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("data_element_pkey")),
        sa.UniqueConstraint("identifier", name=op.f("data_element_identifier_key")),
    )
    op.create_index(
        op.f("data_element_source_department_id_idx"),
        "data_element",
        ["source_department_id"],
        unique=False,
    )
    op.create_index(
        op.f("data_element_value_domain_id_idx"), "data_element", ["value_domain_id"], unique=False
    )
    op.create_table(
        "value_domain_entry",
        sa.Column("domain_id", sa.Uuid(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("label", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["domain_id"], ["value_domain.id"], name=op.f("value_domain_entry_domain_id_fkey")
        ),
        sa.PrimaryKeyConstraint("domain_id", "code", name=op.f("value_domain_entry_pkey")),
    )
    for table, rights in _GRANTS.items():
        op.execute(f'GRANT {rights} ON {table} TO "{role}"')


def downgrade() -> None:
    op.drop_table("value_domain_entry")
    op.drop_index(op.f("data_element_value_domain_id_idx"), table_name="data_element")
    op.drop_index(op.f("data_element_source_department_id_idx"), table_name="data_element")
    op.drop_table("data_element")
    op.drop_table("value_domain")
