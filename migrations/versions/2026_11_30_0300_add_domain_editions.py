"""Value domains in dated editions.

Old shape: each edition of a list was a value domain of its own, at most 5,000 codes, written with
the element that needed it; an element went by one edition for ever.
New shape: a domain has an identifier, ``domain_version`` its editions with the days on which each
is in force, ``value_domain_entry`` the codes of an edition with their parents and validity. An
element goes by the domain. Lists of one name are editions of one domain, in force from the day on
which each was written.
Why: codes are given up and used again; which list is right depends on the day.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
import sqlmodel
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_EXCUSE = "SELECT guard.excuse('editions of value domains are set apart')"
#: Ids of the old lists stay those of the editions, so that their codes need no change.
_VERSIONS = r"""
INSERT INTO domain_version (id, domain_id, reference, number, label, source, in_force_from,
    in_force_until, digest, code_count, acknowledged, imported_at)
SELECT id, domain_id, '', number, edition, source, day,
    lead(day) OVER (PARTITION BY name ORDER BY number),
    (SELECT encode(sha256(convert_to(coalesce(string_agg(
        code || E'\t' || label || E'\t\t\t\t0\n', '' ORDER BY position), ''), 'UTF8')), 'hex')
     FROM value_domain_entry WHERE value_domain_entry.domain_id = numbered.id),
    (SELECT count(*) FROM value_domain_entry WHERE value_domain_entry.domain_id = numbered.id),
    '{}', created_at
FROM (
    SELECT *, (created_at AT TIME ZONE 'Asia/Shanghai')::date AS day,
        row_number() OVER (PARTITION BY name ORDER BY created_at, id) AS number,
        first_value(id) OVER (PARTITION BY name ORDER BY created_at, id) AS domain_id
    FROM value_domain
) AS numbered
"""
_IDENTIFIERS = """
UPDATE value_domain SET identifier = 'VD-' || lpad(numbered.place::text, 6, '0')
FROM (SELECT id, row_number() OVER (ORDER BY created_at, id) AS place FROM value_domain) AS numbered
WHERE numbered.id = value_domain.id
"""
_SERIES = """
INSERT INTO number_series (prefix, year, last) SELECT 'VD', 0, count(*) FROM value_domain
HAVING count(*) > 0
"""
_KEEP = """
CREATE FUNCTION catalog_keep_domain_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.in_force_until IS NOT NULL
       OR to_jsonb(NEW) - 'in_force_until' IS DISTINCT FROM to_jsonb(OLD) - 'in_force_until' THEN
        RAISE EXCEPTION 'what an edition of a value domain consists of never changes'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER domain_version_keep BEFORE UPDATE OR DELETE ON domain_version
    FOR EACH ROW EXECUTE FUNCTION catalog_keep_domain_version();
"""
_RENAME = """ALTER TABLE value_domain_entry
    RENAME CONSTRAINT value_domain_entry_{}_id_not_null TO value_domain_entry_{}_id_not_null"""
#: What a change is a change of: an edition brings its codes along.
_GOVERNED = (
    "('value_domain', 'ValueDomain', 'identifier', in_stream => true)",
    "('domain_version', 'DomainVersion', 'reference')",
    "('value_domain_entry', 'DomainVersion', 'reference', whole => 'domain_version',"
    " key => 'version_id')",
)


def upgrade() -> None:
    role = context.config.attributes["app_role"]
    op.execute(_EXCUSE)
    _create_version()
    op.execute(_VERSIONS)
    _move_entries()
    op.execute(
        "UPDATE data_element SET value_domain_id = domain_version.domain_id FROM domain_version"
        " WHERE domain_version.id = data_element.value_domain_id"
    )
    op.execute("DELETE FROM value_domain WHERE id NOT IN (SELECT domain_id FROM domain_version)")
    _widen_domain()
    op.execute(
        "UPDATE domain_version SET reference = value_domain.identifier || '#' || number"
        " FROM value_domain WHERE value_domain.id = domain_version.domain_id"
    )
    op.create_unique_constraint(
        op.f("domain_version_reference_key"), "domain_version", ["reference"]
    )
    op.create_foreign_key(
        op.f("domain_version_domain_id_fkey"),
        "domain_version",
        "value_domain",
        ["domain_id"],
        ["id"],
    )
    op.execute(_KEEP)
    for told in _GOVERNED:
        op.execute(f"SELECT guard.govern{told}")
    op.execute(f'GRANT SELECT, INSERT, UPDATE (in_force_until) ON domain_version TO "{role}"')
    op.execute(f'GRANT UPDATE (version) ON value_domain TO "{role}"')


def _create_version() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "domain_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("domain_id", sa.Uuid(), nullable=False),
        sa.Column("reference", text(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", text(length=100), nullable=False),
        sa.Column("source", text(length=200), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("in_force_until", sa.Date(), nullable=True),
        sa.Column("digest", text(length=64), nullable=False),
        sa.Column("code_count", sa.Integer(), nullable=False),
        sa.Column("acknowledged", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("domain_version_number_check")),
        sa.CheckConstraint(
            "in_force_until >= in_force_from", name=op.f("domain_version_in_force_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("domain_version_pkey")),
        sa.UniqueConstraint(
            "domain_id", "number", name=op.f("domain_version_domain_id_number_key")
        ),
        sa.UniqueConstraint("domain_id", "label", name=op.f("domain_version_domain_id_label_key")),
    )


def _move_entries() -> None:
    """Codes belong to an edition from now on, and a code may stand in it twice."""
    table = "value_domain_entry"
    op.drop_constraint("value_domain_entry_domain_id_fkey", table)
    op.drop_constraint("value_domain_entry_pkey", table)
    op.alter_column(table, "domain_id", new_column_name="version_id")
    op.execute(_RENAME.format("domain", "version"))
    op.create_primary_key(op.f("value_domain_entry_pkey"), table, ["version_id", "position"])
    op.create_foreign_key(
        op.f("value_domain_entry_version_id_fkey"), table, "domain_version", ["version_id"], ["id"]
    )
    op.create_index(op.f("value_domain_entry_version_id_code_idx"), table, ["version_id", "code"])
    op.add_column(
        table,
        sa.Column(
            "parent_code",
            sqlmodel.sql.sqltypes.AutoString(length=100),
            server_default="",
            nullable=False,
        ),
    )
    op.add_column(table, sa.Column("valid_from", sa.Date(), nullable=True))
    op.add_column(table, sa.Column("valid_until", sa.Date(), nullable=True))
    op.add_column(
        table, sa.Column("is_revoked", sa.Boolean(), server_default="false", nullable=False)
    )
    for column in ("parent_code", "is_revoked"):
        op.alter_column(table, column, server_default=None)


def _widen_domain() -> None:
    text, table = sqlmodel.sql.sqltypes.AutoString, "value_domain"
    op.drop_constraint("value_domain_name_edition_key", table)
    op.drop_column(table, "edition")
    op.drop_column(table, "source")
    for column in (
        sa.Column("identifier", text(length=24), server_default="", nullable=False),
        sa.Column("name_en", text(length=200), server_default="", nullable=False),
        sa.Column("standard_no", text(length=100), server_default="", nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
    ):
        op.add_column(table, column)
        op.alter_column(table, column.name, server_default=None)
    op.execute(_IDENTIFIERS)
    op.execute(_SERIES)
    op.create_unique_constraint(op.f("value_domain_identifier_key"), table, ["identifier"])
    op.create_unique_constraint(op.f("value_domain_name_key"), table, ["name"])
    op.create_index(op.f("value_domain_owner_id_idx"), table, ["owner_id"])
    op.create_foreign_key(
        op.f("value_domain_owner_id_fkey"), table, "department", ["owner_id"], ["id"]
    )


def downgrade() -> None:
    role = context.config.attributes["app_role"]
    op.execute(_EXCUSE)
    for table in ("value_domain_entry", "domain_version", "value_domain"):
        op.execute(f"SELECT guard.release('{table}')")
    op.execute("DROP TRIGGER domain_version_keep ON domain_version")
    op.execute("DROP FUNCTION catalog_keep_domain_version()")
    op.execute(f'REVOKE UPDATE (version) ON value_domain FROM "{role}"')
    _narrow_domain()
    table = "value_domain_entry"
    op.execute(
        "DELETE FROM value_domain_entry AS later USING value_domain_entry AS first WHERE"
        " first.version_id = later.version_id AND first.code = later.code"
        " AND first.position < later.position"
    )
    for column in ("parent_code", "valid_from", "valid_until", "is_revoked"):
        op.drop_column(table, column)
    op.drop_index(op.f("value_domain_entry_version_id_code_idx"), table)
    op.drop_constraint("value_domain_entry_version_id_fkey", table)
    op.drop_constraint("value_domain_entry_pkey", table)
    op.alter_column(table, "version_id", new_column_name="domain_id")
    op.execute(_RENAME.format("version", "domain"))
    op.create_primary_key(op.f("value_domain_entry_pkey"), table, ["domain_id", "code"])
    op.drop_table("domain_version")
    op.create_foreign_key(
        op.f("value_domain_entry_domain_id_fkey"), table, "value_domain", ["domain_id"], ["id"]
    )
    op.execute("DELETE FROM number_series WHERE prefix = 'VD'")


def _narrow_domain() -> None:
    """Each edition is a domain again; an element goes by the newest one."""
    text, table = sqlmodel.sql.sqltypes.AutoString, "value_domain"
    op.drop_constraint("domain_version_domain_id_fkey", "domain_version")
    op.drop_constraint("value_domain_name_key", table)
    op.drop_constraint("value_domain_identifier_key", table)
    for name, length in (("edition", 100), ("source", 200)):
        op.add_column(
            table, sa.Column(name, text(length=length), server_default="", nullable=False)
        )
        op.alter_column(table, name, server_default=None)
    op.execute(
        "CREATE TEMPORARY TABLE kept ON COMMIT DROP AS SELECT v.id, d.id AS domain_id, d.name, v.label,"
        " v.source, v.imported_at FROM domain_version v JOIN value_domain d ON d.id = v.domain_id"
    )
    op.drop_constraint("data_element_value_domain_id_fkey", "data_element")
    op.execute(
        "UPDATE data_element SET value_domain_id = (SELECT id FROM kept WHERE"
        " domain_id = data_element.value_domain_id ORDER BY imported_at DESC, id DESC LIMIT 1)"
    )
    op.execute("DELETE FROM value_domain")
    for column in ("identifier", "name_en", "standard_no", "owner_id", "version"):
        op.drop_column(table, column)
    op.execute(
        "INSERT INTO value_domain (id, name, edition, source, created_at)"
        " SELECT id, name, label, source, imported_at FROM kept"
    )
    op.create_unique_constraint(op.f("value_domain_name_edition_key"), table, ["name", "edition"])
    op.create_foreign_key(
        op.f("data_element_value_domain_id_fkey"),
        "data_element",
        table,
        ["value_domain_id"],
        ["id"],
    )
