"""Data elements are proposed, heard, published in versions, replaced and retired.

Old shape: the data administration adopts an element at once; what it says may be changed in place.
New shape: ``element_proposal`` is what a department wants a new or a published element to be or to
become, ``element_opinion`` what the departments said of it, ``element_version`` every published
version with its digest. An element says which version is in force, whose draft it is, and of one
that ended since when, why and what replaces it. What is adopted already is version 1 of itself.
Why: a standard that everybody follows is discussed by those who follow it, and may be read as it
was.

Revision ID: 0026
Revises: 0039
"""

import hashlib
import json

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0039"
branch_labels = None
depends_on = None

_GRANTS = {
    "element_version": "SELECT, INSERT",
    "element_proposal": "SELECT, INSERT, UPDATE",
    "element_opinion": "SELECT, INSERT",
}
_GOVERNED = (
    "('element_version', 'DataElement', 'identifier', whole => 'data_element',"
    " key => 'element_id')",
    "('element_proposal', 'ElementProposal', 'proposal_no')",
    "('element_opinion', 'ElementProposal', 'proposal_no', whole => 'element_proposal',"
    " key => 'proposal_id')",
)
_KEEP = """
CREATE FUNCTION catalog_keep_element_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was published or said of a data element stays'
        USING ERRCODE = 'integrity_constraint_violation';
END;
$$;
CREATE TRIGGER element_version_keep BEFORE UPDATE OR DELETE ON element_version
    FOR EACH ROW EXECUTE FUNCTION catalog_keep_element_version();
CREATE TRIGGER element_opinion_keep BEFORE UPDATE OR DELETE ON element_opinion
    FOR EACH ROW EXECUTE FUNCTION catalog_keep_element_version();
"""
#: What a version says, in this order, beside the identifier of its domain.
_SAID = (
    *("name", "name_en", "synonyms", "object_class", "property_name", "representation"),
    *("definition", "sourcing", "derivation", "data_type", "max_length", "precision", "scale"),
    *("unit", "code_kind", "counting_rule", "time_point", "reporting_period"),
    *("aggregation_level", "standard_kind", "standard_no", "standard_edition", "in_force_from"),
)
_KINDS = ("adopt", "change", "replace", "retire")
_STATES = ("proposed", "recorded", "returned", "published", "withdrawn")
_CHECKS = {
    "adopted": "(status <> 'draft' OR adopted_at IS NULL)"
    " AND (status <> 'standard' OR adopted_at IS NOT NULL)",
    "ended": "(ended_on IS NOT NULL) = (status IN ('superseded', 'retired'))",
    "successor": "(successor_id IS NOT NULL) = (status = 'superseded') AND successor_id <> id",
    "published": "(published_version > 0) = (status IN ('standard', 'superseded', 'retired'))",
}


def upgrade() -> None:
    role = context.config.attributes["app_role"]
    op.execute("SELECT guard.excuse('versions of the elements that are adopted already')")
    _widen_element()
    _create_proposal()
    _create_version()
    _create_opinion()
    _keep_first_versions()
    op.drop_constraint(op.f("data_element_adopted_check"), "data_element")
    for name, condition in _CHECKS.items():
        op.create_check_constraint(op.f(f"data_element_{name}_check"), "data_element", condition)
    op.execute(_KEEP)
    for told in _GOVERNED:
        op.execute(f"SELECT guard.govern{told}")
    for table, rights in _GRANTS.items():
        op.execute(f'GRANT {rights} ON {table} TO "{role}"')


def _widen_element() -> None:
    table = "data_element"
    op.add_column(
        table, sa.Column("published_version", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column(table, sa.Column("proposer_id", sa.Uuid()))
    op.add_column(table, sa.Column("successor_id", sa.Uuid()))
    op.add_column(table, sa.Column("ended_on", sa.Date()))
    op.add_column(
        table, sa.Column("end_reason", sa.String(1_000), server_default="", nullable=False)
    )
    for name, other in (("proposer_id", "department"), ("successor_id", table)):
        op.create_foreign_key(op.f(f"{table}_{name}_fkey"), table, other, [name], ["id"])
        op.create_index(op.f(f"{table}_{name}_idx"), table, [name])


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, length=40, create_constraint=True)


def _text(name: str, longest: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(longest), nullable=False)


def _create_proposal() -> None:
    table = "element_proposal"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        _text("proposal_no", 20),
        sa.Column("element_id", sa.Uuid(), nullable=False),
        _text("title", 100),
        sa.Column("kind", _words("kind", *_KINDS), nullable=False),
        sa.Column("proposer_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(none_as_null=True)),
        sa.Column("successor_id", sa.Uuid()),
        _text("reason", 1_000),
        sa.Column("status", _words("status", *_STATES), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True)),
        sa.Column("asked_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("heard_until", sa.Date()),
        sa.Column("decider_id", sa.Uuid()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("is_self_reviewed", sa.Boolean(), nullable=False),
        _text("remark", 1_000),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(content IS NOT NULL) = (kind IN ('adopt', 'change'))",
            name=op.f(f"{table}_content_check"),
        ),
        sa.CheckConstraint(
            "(successor_id IS NOT NULL) = (kind = 'replace')", name=op.f(f"{table}_successor_check")
        ),
        sa.CheckConstraint("successor_id <> element_id", name=op.f(f"{table}_another_check")),
        sa.CheckConstraint(
            "(decider_id IS NULL) = (decided_at IS NULL)"
            " AND (NOT is_self_reviewed OR decider_id IS NOT NULL)",
            name=op.f(f"{table}_decided_check"),
        ),
        sa.CheckConstraint("decider_id <> author_id", name=op.f(f"{table}_own_check")),
        sa.CheckConstraint(
            "status NOT IN ('recorded', 'published') OR recorded_at IS NOT NULL",
            name=op.f(f"{table}_heard_check"),
        ),
        sa.CheckConstraint(
            "status <> 'published' OR decider_id IS NOT NULL", name=op.f(f"{table}_published_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"{table}_pkey")),
        sa.UniqueConstraint("proposal_no", name=op.f(f"{table}_proposal_no_key")),
        *_keys(
            table,
            element_id="data_element",
            proposer_id="department",
            author_id="app_user",
            successor_id="data_element",
            decider_id="app_user",
        ),
    )
    for name in ("element_id", "proposer_id"):
        op.create_index(op.f(f"{table}_{name}_idx"), table, [name])
    op.create_index(
        "element_proposal_open_key",
        table,
        ["element_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('proposed', 'recorded', 'returned')"),
    )


def _keys(table: str, **others: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], [f"{other}.id"], name=op.f(f"{table}_{name}_fkey"))
        for name, other in others.items()
    ]


def _create_version() -> None:
    table = "element_version"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("element_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        _text("digest", 64),
        sa.Column("proposal_no", sa.String(20), nullable=False),
        sa.Column("publisher_id", sa.Uuid()),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f(f"{table}_number_check")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"{table}_pkey")),
        sa.UniqueConstraint("element_id", "number", name=op.f(f"{table}_element_id_number_key")),
        *_keys(
            table,
            element_id="data_element",
            publisher_id="app_user",
        ),
    )


def _create_opinion() -> None:
    table = "element_opinion"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", _words("verdict", "agrees", "comments"), nullable=False),
        _text("remark", 1_000),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "verdict = 'agrees' OR remark <> ''", name=op.f(f"{table}_remark_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"{table}_pkey")),
        sa.UniqueConstraint(
            "proposal_id",
            "round",
            "department_id",
            name=op.f(f"{table}_proposal_id_round_department_id_key"),
        ),
        *_keys(
            table,
            proposal_id="element_proposal",
            department_id="department",
            author_id="app_user",
        ),
    )
    op.create_index(op.f(f"{table}_department_id_idx"), table, ["department_id"])


def _keep_first_versions() -> None:
    """The digest is that of the service: canonical JSON, by key, without spaces."""
    found = op.get_bind().execute(
        sa.text(
            f"SELECT e.id, e.adopted_at, v.identifier AS domain, {', '.join(f'e.{n}' for n in _SAID)}"
            " FROM data_element e LEFT JOIN value_domain v ON v.id = e.value_domain_id"
            " WHERE e.status IN ('standard', 'superseded', 'retired')"
        )
    )
    versions = []
    for row in found.mappings():
        said = {name: row[name] for name in (*_SAID, "domain")}
        if said["in_force_from"] is not None:
            said["in_force_from"] = said["in_force_from"].isoformat()
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        versions.append(
            {
                "element": row["id"],
                "content": text,
                "digest": hashlib.sha256(text.encode()).hexdigest(),
                "at": row["adopted_at"],
            }
        )
    if versions:
        op.get_bind().execute(
            sa.text(
                "INSERT INTO element_version (id, element_id, number, content, digest, proposal_no,"
                " published_at)"
                " VALUES (gen_random_uuid(), :element, 1, CAST(:content AS jsonb), :digest, '',"
                " :at)"
            ),
            versions,
        )
        op.execute(
            "UPDATE data_element SET published_version = 1"
            " WHERE status IN ('standard', 'superseded', 'retired')"
        )


def downgrade() -> None:
    op.execute("SELECT guard.excuse('versions of elements are given up')")
    for table in ("element_opinion", "element_version", "element_proposal"):
        op.execute(f"SELECT guard.release('{table}')")
        op.drop_table(table)
    op.execute("DROP FUNCTION catalog_keep_element_version()")
    op.execute("DELETE FROM number_series WHERE prefix = 'EP'")
    for name in _CHECKS:
        op.drop_constraint(op.f(f"data_element_{name}_check"), "data_element")
    # what is being heard was no element yet; whoever follows it would have lost it
    op.execute(
        "UPDATE data_element SET status = 'draft', adopted_at = NULL WHERE status = 'recorded'"
    )
    op.create_check_constraint(
        op.f("data_element_adopted_check"),
        "data_element",
        "(status = 'draft') = (adopted_at IS NULL)",
    )
    for name in ("published_version", "proposer_id", "successor_id", "ended_on", "end_reason"):
        op.drop_column("data_element", name)
