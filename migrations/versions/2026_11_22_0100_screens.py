"""Forms that save what was typed, preferences that stay with the
account, reviews that keep what they looked at.

Why: a draft of a form must never be lost, whatever is wrong with it; a review after a correction
shows what changed since the one before. An account may stand without roles until the security
administrator gives it some.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
import sqlmodel
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ROLES = (
    "'registrar', 'department_head', 'applicant', 'sharing_head', 'approver', 'data_admin', "
    "'security_officer',"
    " 'security_reviewer', 'system_admin', 'security_admin', 'audit_admin'"
)


def upgrade() -> None:
    role = context.config.attributes["app_role"]
    op.create_table(
        "form_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("form", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("case_no", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("form_draft_pkey")),
        sa.UniqueConstraint(
            "user_id", "form", "case_no", name=op.f("form_draft_user_id_form_case_no_key")
        ),
    )
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON form_draft TO "{role}"')
    op.add_column(
        "app_user",
        sa.Column(
            "language",
            sa.Enum(
                "zh_CN", "en", name="language", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
    )
    op.add_column(
        "app_user", sa.Column("is_large_type", sa.Boolean(), server_default="false", nullable=False)
    )
    op.add_column(
        "app_user",
        sa.Column("is_high_contrast", sa.Boolean(), server_default="false", nullable=False),
    )
    op.add_column(
        "app_user",
        sa.Column("is_password_temporary", sa.Boolean(), server_default="false", nullable=False),
    )
    op.alter_column("app_user", "is_password_temporary", server_default=None)
    op.execute(
        f'GRANT UPDATE (name) ON department TO "{role}"'
    )  # a department's code never changes
    op.alter_column("app_user", "is_large_type", server_default=None)
    op.alter_column("app_user", "is_high_contrast", server_default=None)
    op.drop_constraint(op.f("app_user_roles_known_check"), "app_user", type_="check")
    op.create_check_constraint(
        op.f("app_user_roles_known_check"), "app_user", f"roles <@ ARRAY[{_ROLES}]::text[]"
    )
    op.add_column(
        "publication_review",
        sa.Column("entry", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    )


def downgrade() -> None:
    op.drop_column("publication_review", "entry")
    op.drop_constraint(op.f("app_user_roles_known_check"), "app_user", type_="check")
    op.create_check_constraint(
        op.f("app_user_roles_known_check"),
        "app_user",
        f"roles <@ ARRAY[{_ROLES}]::text[] AND cardinality(roles) > 0",
    )
    role = context.config.attributes["app_role"]
    op.execute(f'REVOKE UPDATE (name) ON department FROM "{role}"')
    op.drop_column("app_user", "is_password_temporary")
    op.drop_column("app_user", "is_high_contrast")
    op.drop_column("app_user", "is_large_type")
    op.drop_column("app_user", "language")
    op.drop_table("form_draft")
