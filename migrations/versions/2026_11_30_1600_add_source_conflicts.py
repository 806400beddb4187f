"""Source conflicts: two departments that each claim to be the source of an element.

Old shape: where a source stands, or a claim waits, another department can claim nothing.
New shape: it disputes the claim with one of its own; both sides state, the data administration
decides, and once another person of it reviews the decision. Whoever acted for a side decides
nothing, whoever decided does not review: stated by CHECKs. What was said stays as it was said.
Why: Order 809, Art. 19 leaves the naming to the data administration; hearing and review are set by
the platform.

Revision ID: 0038
Revises: 0041
"""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0038"
down_revision = "0041"
branch_labels = None
depends_on = None

_GRANTS = (
    "SELECT, INSERT, UPDATE (status, actor_ids, opinion, opinion_document, named_claim_id, reasons,"
    " basis, decider_id, decided_at, is_self_reviewed, review_until, review_claim_id, review_plea,"
    " review_asked_at, reviewer_id, review_reasons, reviewed_at, version) ON source_conflict",
    "SELECT, INSERT ON source_statement",
)
_GUARDS = """
CREATE FUNCTION source_conflict_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('upheld', 'changed', 'withdrawn')
        OR NOT OLD.actor_ids <@ NEW.actor_ids
        OR OLD.decider_id IS NOT NULL AND
            (NEW.named_claim_id, NEW.reasons, NEW.basis, NEW.decider_id, NEW.decided_at,
                NEW.is_self_reviewed, NEW.review_until)
            IS DISTINCT FROM
            (OLD.named_claim_id, OLD.reasons, OLD.basis, OLD.decider_id, OLD.decided_at,
                OLD.is_self_reviewed, OLD.review_until)
        OR OLD.review_claim_id IS NOT NULL AND
            (NEW.review_claim_id, NEW.review_plea) IS DISTINCT FROM
            (OLD.review_claim_id, OLD.review_plea)
    THEN
        RAISE EXCEPTION 'what a source conflict says and decides stays as it is'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER source_conflict_keep BEFORE UPDATE ON source_conflict
    FOR EACH ROW EXECUTE FUNCTION source_conflict_keep();
"""
_NO_GUARDS = """
DROP TRIGGER source_conflict_keep ON source_conflict;
DROP FUNCTION source_conflict_keep();
"""
_GOVERNED = (
    "('source_conflict', 'SourceConflict', 'conflict_no')",
    "('source_statement', 'SourceConflict', 'conflict_no', whole => 'source_conflict',"
    " key => 'conflict_id')",
)
_CLOCKS = "'source_statement', 'source_conflict', 'source_review'"
_SETTLED = "status IN ('decided', 'reviewing', 'upheld', 'changed')"
_REVIEWED = "status IN ('reviewing', 'upheld', 'changed')"
_CHECKS = {
    "two_sides": "opener_id <> rival_id AND claim_id <> own_claim_id",
    "decided": f"({_SETTLED}) = (decider_id IS NOT NULL) AND (decider_id IS NULL) = (decided_at IS"
    " NULL) AND (decider_id IS NULL) = (named_claim_id IS NULL)"
    " AND (decider_id IS NULL OR reasons <> '' AND basis <> '')",
    "review_asked": f"({_REVIEWED}) = (review_claim_id IS NOT NULL)"
    " AND (review_claim_id IS NULL) = (review_asked_at IS NULL)"
    " AND (review_claim_id IS NULL OR review_plea <> '')",
    "reviewed": "(status IN ('upheld', 'changed')) = (reviewer_id IS NOT NULL)"
    " AND (reviewer_id IS NULL) = (reviewed_at IS NULL)"
    " AND (reviewer_id IS NULL OR review_reasons <> '')",
    "not_a_party": "decider_id <> ALL (actor_ids) AND reviewer_id <> ALL (actor_ids)",
    "another_person": "reviewer_id <> decider_id",
    "opinion": "(opinion = '') = (opinion_document = '')",
}
_POINTS = {
    "element_id": "data_element",
    "claim_id": "source_claim",
    "own_claim_id": "source_claim",
    "opener_id": "department",
    "rival_id": "department",
    "named_claim_id": "source_claim",
    "decider_id": "app_user",
    "review_claim_id": "source_claim",
    "reviewer_id": "app_user",
}


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def _id(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _at(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _points(table: str, targets: dict[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"{table}_{name}_fkey"))
        for name, target in targets.items()
    ]


def upgrade() -> None:
    _create_conflict()
    _create_statement()
    op.execute(_GUARDS)
    role = context.config.attributes["app_role"]
    for rights in _GRANTS:
        op.execute(f'GRANT {rights} TO "{role}"')
    for told in _GOVERNED:
        op.execute(f"SELECT guard.govern{told}")


def _create_conflict() -> None:
    states = ("opened", "heard", "decided", "reviewing", "upheld", "changed", "withdrawn")
    status = sa.Enum(*states, name="status", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "source_conflict",
        _id("id"),
        _text("conflict_no", 20),
        _id("element_id"),
        _text("element_name", 100),
        _id("claim_id"),
        _id("own_claim_id"),
        _id("opener_id"),
        _id("rival_id"),
        sa.Column("status", status, nullable=False),
        sa.Column("actor_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        _text("opinion", 4_000),
        _text("opinion_document", 200),
        _id("named_claim_id", nullable=True),
        _text("reasons", 4_000),
        _text("basis", 500),
        _id("decider_id", nullable=True),
        _at("decided_at", nullable=True),
        sa.Column("is_self_reviewed", sa.Boolean(), nullable=False),
        sa.Column("review_until", sa.Date(), nullable=True),
        _id("review_claim_id", nullable=True),
        _text("review_plea", 4_000),
        _at("review_asked_at", nullable=True),
        _id("reviewer_id", nullable=True),
        _text("review_reasons", 4_000),
        _at("reviewed_at", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _at("opened_at"),
        *_points("source_conflict", _POINTS),
        *(sa.CheckConstraint(rule, name=name) for name, rule in _CHECKS.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("source_conflict_pkey")),
        sa.UniqueConstraint("conflict_no", name=op.f("source_conflict_conflict_no_key")),
        sa.UniqueConstraint("own_claim_id", name=op.f("source_conflict_own_claim_id_key")),
    )
    for name in ("element_id", "claim_id", "opener_id", "rival_id", "status"):
        op.create_index(op.f(f"source_conflict_{name}_idx"), "source_conflict", [name])
    op.create_index(
        "source_conflict_open_key",
        "source_conflict",
        ["claim_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('opened', 'heard')"),
    )


def _create_statement() -> None:
    op.create_table(
        "source_statement",
        _id("conflict_id"),
        _id("department_id"),
        _text("statement", 4_000),
        _text("document", 200),
        _text("article", 100),
        _text("duty_no", 40),
        sa.Column("entries", postgresql.ARRAY(sa.Text()), nullable=False),
        _id("stated_by"),
        _at("stated_at"),
        *_points(
            "source_statement",
            {
                "conflict_id": "source_conflict",
                "department_id": "department",
                "stated_by": "app_user",
            },
        ),
        sa.CheckConstraint("statement <> ''", name="statement"),
        sa.PrimaryKeyConstraint("conflict_id", "department_id", name=op.f("source_statement_pkey")),
    )


def downgrade() -> None:
    op.execute("SELECT guard.excuse('source conflicts are told no more')")
    op.execute("DELETE FROM number_series WHERE prefix = 'CF'")
    op.execute(f"DELETE FROM case_clock WHERE kind IN ({_CLOCKS})")
    op.execute(_NO_GUARDS)
    for table in ("source_statement", "source_conflict"):
        op.execute(f"SELECT guard.release('{table}')")
        op.drop_table(table)
