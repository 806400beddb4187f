"""Versions of the three lists (三张清单).

Old shape: what is published says which items there are; nothing says when the lists changed.
New shape: each change of a list of a department is a version with its moment and its cause. Triggers
write it in the transaction of the cause – a publication, a taking-down, an entry that goes to another
department –; the application only reads it. What was published before is told in its order.
Why: the lists are kept current and dated (动态更新), and nobody types them.

Revision ID: 0047
Revises: 0040
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0047"
down_revision = "0040"
branch_labels = None
depends_on = None

_KINDS = ("responsibility", "negative", "demand")
_CAUSES = (
    *("published", "changed", "taken_down", "reorganised"),
    *("withheld", "released", "reviewed", "demanded"),
)
_ADD = """
CREATE FUNCTION list_version_add(
    list text, department uuid, moment timestamptz, why text, about text, published integer,
    bundle bigint DEFAULT pg_current_xact_id()::text::bigint
) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    -- numbers follow commit order and have no gap
    PERFORM pg_advisory_xact_lock(8092047, hashtext(list || department::text));
    INSERT INTO list_version
        (kind, department_id, number, at, cause, reference, published_version, transaction)
    SELECT list, department, coalesce(max(number), 0) + 1, moment, why, about, published, bundle
    FROM list_version WHERE kind = list AND department_id = department
    ON CONFLICT (kind, department_id, transaction)
        DO UPDATE SET at = greatest(list_version.at, excluded.at);
END;
$$;
REVOKE ALL ON FUNCTION list_version_add FROM PUBLIC;

-- which of the two lists of items an entry stands in, the responsibility list first: locks are taken
-- in one order
CREATE FUNCTION list_version_kinds(entry jsonb) RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT DISTINCT CASE WHEN 'withheld' IN (item ->> 'share_type', entry ->> 'share_type')
        THEN 'negative' ELSE 'responsibility' END AS kind
    FROM jsonb_array_elements(entry -> 'items') AS item ORDER BY kind DESC;
$$;
REVOKE ALL ON FUNCTION list_version_kinds FROM PUBLIC;
"""
_TRIGGERS = """
CREATE FUNCTION list_version_of_publication() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM list_version_add(kind, r.provider_id, NEW.published_at,
        CASE WHEN NEW.version = 1 THEN 'published' ELSE 'changed' END, r.code, NEW.version)
    FROM data_resource r, (
        SELECT list_version_kinds(NEW.entry) AS kind
        UNION SELECT list_version_kinds(p.entry) FROM publication p
        WHERE p.resource_id = NEW.resource_id AND p.version = NEW.version - 1
        ORDER BY kind DESC
    ) AS lists
    WHERE r.id = NEW.resource_id;
    RETURN NULL;
END;
$$;
CREATE TRIGGER list_version AFTER INSERT ON publication
    FOR EACH ROW EXECUTE FUNCTION list_version_of_publication();

CREATE FUNCTION list_version_of_resource() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    moment timestamptz := coalesce(NEW.taken_down_at, NEW.updated_at);
    cause text := CASE WHEN NEW.provider_id = OLD.provider_id THEN 'taken_down'
        ELSE 'reorganised' END;
BEGIN
    IF NEW.updated_at = OLD.updated_at THEN
        moment := greatest(moment, clock_timestamp());
    END IF;
    PERFORM list_version_add(kind, department, moment, cause, NEW.code, NULL)
    FROM publication p, list_version_kinds(p.entry) AS kind,
        (SELECT DISTINCT unnest(ARRAY[OLD.provider_id, NEW.provider_id]) ORDER BY 1)
            AS departments (department)
    WHERE p.resource_id = NEW.id AND p.version = NEW.published_version;
    RETURN NULL;
END;
$$;
CREATE TRIGGER list_version AFTER UPDATE OF taken_down_at, provider_id ON data_resource
    FOR EACH ROW WHEN (
        NEW.copy_of IS NULL AND (OLD.taken_down_at IS NULL AND NEW.taken_down_at IS NOT NULL
            OR OLD.taken_down_at IS NULL AND NEW.provider_id <> OLD.provider_id)
    ) EXECUTE FUNCTION list_version_of_resource();
"""
#: A negative number: told afterwards, one for each publication and taking-down.
_TOLD = """
SELECT list_version_add(kind, told.provider_id, told.at, told.cause, told.code, told.version,
    -told.place)
FROM (
    SELECT *, row_number() OVER (ORDER BY at, version, code) AS place FROM (
        SELECT r.provider_id, r.code, p.entry, p.version, p.published_at AS at,
            CASE WHEN p.version = 1 THEN 'published' ELSE 'changed' END AS cause
        FROM publication p JOIN data_resource r ON r.id = p.resource_id
        UNION ALL
        SELECT r.provider_id, r.code, p.entry, NULL, r.taken_down_at, 'taken_down'
        FROM publication p JOIN data_resource r ON r.id = p.resource_id
        WHERE r.taken_down_at IS NOT NULL AND p.version = r.published_version
    ) AS facts ORDER BY place
) AS told, list_version_kinds(told.entry) AS kind
"""


def _word(name: str, words: tuple[str, ...]) -> sa.Column[str]:
    kind = sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, kind, nullable=False)


def upgrade() -> None:
    op.create_table(
        "list_version",
        _word("kind", _KINDS),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _word("cause", _CAUSES),
        sa.Column("reference", sa.String(40), nullable=False),
        sa.Column("published_version", sa.Integer(), nullable=True),
        sa.Column("transaction", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("number > 0", name="number"),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("list_version_department_id_fkey")
        ),
        sa.PrimaryKeyConstraint("kind", "department_id", "number", name=op.f("list_version_pkey")),
        sa.UniqueConstraint(
            "kind",
            "department_id",
            "transaction",
            name=op.f("list_version_kind_department_id_transaction_key"),
        ),
    )
    op.create_index("list_version_at_idx", "list_version", ["at"])
    op.execute(_ADD)
    op.execute(_TRIGGERS)
    op.execute(_TOLD)
    role = context.config.attributes["app_role"]
    op.execute(f'GRANT SELECT ON list_version TO "{role}"')


def downgrade() -> None:
    op.execute("DROP TRIGGER list_version ON data_resource")
    op.execute("DROP TRIGGER list_version ON publication")
    op.execute("DROP FUNCTION list_version_of_resource, list_version_of_publication")
    op.execute("DROP FUNCTION list_version_kinds, list_version_add")
    op.drop_table("list_version")
