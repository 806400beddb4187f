"""Versions of the three lists (三张清单).

Old shape: what is published says which items there are; nothing says when the lists changed.
New shape: each change of a list of a department is a version with its moment, its cause and the event
of that. Triggers write it in the transaction of the cause – a publication, a taking-down, an entry
that goes to another department, a step of a negative entry or of a demand –; the application only
reads it. Demands keep where they stood when. What was published before is told in its order.
Why: the lists are kept current and dated (动态更新), and nobody types them.

Revision ID: 0047
Revises: 0043, 0045
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

_KINDS = ("responsibility", "negative", "demand")
_CAUSES = (
    *("published", "changed", "taken_down", "reorganised"),
    *("withheld", "released", "review_due", "reviewed", "lapsed", "demanded"),
)
_DEMAND_STATES = (
    *("filed", "claimed", "answered", "collecting", "refused", "contested"),
    *("being_shared", "met", "unmet", "withdrawn", "merged"),
)
_ADD = """
-- the event of this transaction about what caused a version, if it owed one
CREATE FUNCTION list_version_event(about text, OUT event uuid, OUT moment timestamptz)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT id, at FROM audit_event
    WHERE xact = pg_current_xact_id() AND written_at = transaction_timestamp()
        AND result <> 'deny' AND object_id = about
    ORDER BY id DESC LIMIT 1;
$$;
REVOKE ALL ON FUNCTION list_version_event FROM PUBLIC;

CREATE FUNCTION list_version_add(
    list text, department uuid, since timestamptz, why text, about text,
    published integer DEFAULT NULL,
    bundle bigint DEFAULT pg_current_xact_id()::text::bigint
) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    told uuid;
    told_at timestamptz;
BEGIN
    SELECT event, moment INTO told, told_at FROM list_version_event(about);
    -- numbers follow commit order and have no gap
    PERFORM pg_advisory_xact_lock(8092047, hashtext(list || department::text));
    INSERT INTO list_version (kind, department_id, number, at, cause, reference,
        published_version, event_id, transaction)
    SELECT list, department, coalesce(max(number), 0) + 1,
        coalesce(greatest(since, told_at), clock_timestamp()), why, about, published,
        told, bundle
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
            OR EXISTS (SELECT FROM negative_cover AS struck
                WHERE struck.item_id = (item ->> 'id')::uuid AND struck.until IS NULL)
        THEN 'negative' ELSE 'responsibility' END AS kind
    FROM jsonb_array_elements(entry -> 'items') AS item ORDER BY kind DESC;
$$;
REVOKE ALL ON FUNCTION list_version_kinds FROM PUBLIC;
"""
#: Each looks at the end of the transaction, when its events are written.
_TRIGGERS = {
    "publication": (
        "AFTER INSERT ON publication",
        "",
        """
    PERFORM list_version_add(kind, r.provider_id, NEW.published_at,
        CASE WHEN NEW.version = 1 THEN 'published' ELSE 'changed' END, r.code, NEW.version)
    FROM data_resource r, (
        SELECT list_version_kinds(NEW.entry) AS kind
        UNION SELECT list_version_kinds(p.entry) FROM publication p
        WHERE p.resource_id = NEW.resource_id AND p.version = NEW.version - 1
        ORDER BY kind DESC
    ) AS lists
    WHERE r.id = NEW.resource_id;
""",
    ),
    "data_resource": (
        "AFTER UPDATE OF taken_down_at, provider_id ON data_resource",
        "NEW.copy_of IS NULL AND OLD.taken_down_at IS NULL"
        " AND (NEW.taken_down_at IS NOT NULL OR NEW.provider_id <> OLD.provider_id)",
        """
    PERFORM list_version_add(kind, department, NEW.taken_down_at,
        CASE WHEN NEW.taken_down_at IS NULL THEN 'reorganised' ELSE 'taken_down' END, NEW.code)
    FROM publication p, list_version_kinds(p.entry) AS kind,
        (SELECT DISTINCT unnest(ARRAY[OLD.provider_id, NEW.provider_id]) ORDER BY 1)
            AS departments (department)
    WHERE p.resource_id = NEW.id AND p.version = NEW.published_version;
""",
    ),
    "negative_cover": (
        "AFTER INSERT OR UPDATE ON negative_cover",
        "",
        """
    PERFORM list_version_add(list, r.provider_id, coalesce(NEW.until, NEW.since),
        CASE WHEN NEW.until IS NULL THEN 'withheld' ELSE 'released' END, e.entry_no)
    FROM negative_entry e, resource_item i JOIN data_resource r ON r.id = i.resource_id,
        unnest(ARRAY['responsibility', 'negative']) AS list
    WHERE e.id = NEW.entry_id AND i.id = NEW.item_id
        AND (list = 'negative' OR 'withheld' NOT IN (i.share_type, r.share_type));
""",
    ),
    "negative_entry": (
        "AFTER UPDATE OF status, review_on ON negative_entry",
        "NEW.in_force_at IS NOT NULL AND OLD.in_force_at IS NOT NULL"
        " AND (NEW.status <> OLD.status OR NEW.review_on <> OLD.review_on)",
        """
    PERFORM list_version_add('negative', struck.provider_id, NEW.ended_at,
        CASE NEW.status WHEN 'review_due' THEN 'review_due' WHEN 'in_force' THEN 'reviewed'
            ELSE 'lapsed' END, NEW.entry_no)
    FROM (
        SELECT DISTINCT r.provider_id
        FROM negative_cover c JOIN resource_item i ON i.id = c.item_id
            JOIN data_resource r ON r.id = i.resource_id
        WHERE c.entry_id = NEW.id AND c.until IS NULL ORDER BY 1
    ) AS struck;
""",
    ),
    "demand": (
        "AFTER INSERT OR UPDATE ON demand",
        "",
        """
    INSERT INTO demand_state (demand_id, transaction, at, status, provider_id, resource_id)
    SELECT NEW.id, pg_current_xact_id()::text::bigint,
        coalesce(greatest(NEW.filed_at, moment), clock_timestamp()),
        NEW.status, NEW.provider_id, NEW.resource_id
    FROM list_version_event(NEW.demand_no)
    ON CONFLICT (demand_id, transaction) DO UPDATE SET
        (at, status, provider_id, resource_id)
        = (excluded.at, excluded.status, excluded.provider_id, excluded.resource_id);
    PERFORM list_version_add('demand', NEW.consumer_id, NEW.filed_at, 'demanded', NEW.demand_no);
""",
    ),
}
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
        sa.Column("event_id", sa.Uuid(), nullable=True),
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
    _create_demand_state()
    op.execute(_ADD)
    for table, (moment, condition, body) in _TRIGGERS.items():
        when = f"WHEN ({condition})" if condition else ""
        op.execute(
            f"CREATE FUNCTION guard.list_version_of_{table}() RETURNS trigger LANGUAGE plpgsql"
            " SECURITY DEFINER SET search_path = public, pg_temp AS $$"
            f"\nBEGIN{body}    RETURN NULL;\nEND;\n$$"
        )
        op.execute(
            f"CREATE CONSTRAINT TRIGGER list_version {moment} DEFERRABLE INITIALLY DEFERRED"
            f" FOR EACH ROW {when} EXECUTE FUNCTION guard.list_version_of_{table}()"
        )
        op.execute(f"REVOKE ALL ON FUNCTION guard.list_version_of_{table}() FROM PUBLIC")
    op.execute(_TOLD)
    role = context.config.attributes["app_role"]
    op.execute(f'GRANT SELECT ON list_version, demand_state TO "{role}"')


def _create_demand_state() -> None:
    op.create_table(
        "demand_state",
        sa.Column("demand_id", sa.Uuid(), nullable=False),
        sa.Column("transaction", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _word("status", _DEMAND_STATES),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("resource_id", sa.Uuid(), nullable=True),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"demand_state_{name}_fkey"))
            for name, table in (
                ("demand_id", "demand"),
                ("provider_id", "department"),
                ("resource_id", "data_resource"),
            )
        ),
        sa.PrimaryKeyConstraint("demand_id", "transaction", name=op.f("demand_state_pkey")),
    )


def downgrade() -> None:
    for table in _TRIGGERS:
        op.execute(f"DROP TRIGGER list_version ON {table}")
        op.execute(f"DROP FUNCTION guard.list_version_of_{table}")
    op.execute("DROP FUNCTION list_version_kinds, list_version_add, list_version_event")
    op.drop_table("demand_state")
    op.drop_table("list_version")
