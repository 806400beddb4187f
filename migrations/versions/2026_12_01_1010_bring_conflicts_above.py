"""Who decides a source conflict is computed; what no administration here decides goes above. A
report on a connected table says whether all its rows were looked at.

Old shape: any data administration decides any conflict.
New shape: ``instance`` is the level and area that decide, ``judge_id`` the administration of it on
this platform. Where there is none, the conflict is brought before it by a document
(``referred``), and what it decides is recorded as the decision.
Why: Order 809, Art. 19 (own level) and Art. 28 (the common superior administration).

Revision ID: 0050
Revises: 0049
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

_COLUMNS = "instance, judge_id, referred_to, referred_document, referred_at, referrer_id"
_STATES = (
    *("opened", "heard", "referred", "decided", "reviewing", "upheld", "changed", "withdrawn"),
)
_REFERRED = (
    "(referred_at IS NULL) = (referrer_id IS NULL)"
    " AND (referred_at IS NULL) = (referred_document = '')"
    " AND (referred_at IS NULL) = (referred_to = '')"
    " AND (status <> 'referred' OR referred_at IS NOT NULL)"
)
_KEEP = """
CREATE FUNCTION source_conflict_keep_referral() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.referred_at IS NOT NULL AND
        (NEW.referred_at, NEW.referred_to, NEW.referred_document, NEW.referrer_id)
        IS DISTINCT FROM
        (OLD.referred_at, OLD.referred_to, OLD.referred_document, OLD.referrer_id)
    THEN
        RAISE EXCEPTION 'before whom a source conflict was brought stays as it is'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.decider_id IS NOT NULL AND OLD.decider_id IS NULL AND NEW.judge_id IS NULL
        AND NEW.instance <> '' AND NEW.referred_at IS NULL
    THEN
        RAISE EXCEPTION 'another administration decides this source conflict'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER source_conflict_keep_referral BEFORE UPDATE ON source_conflict
    FOR EACH ROW EXECUTE FUNCTION source_conflict_keep_referral();
"""


def _states(*words: str) -> None:
    listed = ", ".join(f"'{word}'" for word in words)
    name = op.f("source_conflict_status_check")
    op.drop_constraint(name, "source_conflict")
    op.create_check_constraint(name, "source_conflict", f"status IN ({listed})")


def _open(*words: str) -> None:
    """The states in which a conflict has two sides, and one about a claim is the only one."""
    listed = ", ".join(f"'{word}'" for word in words)
    name = op.f("source_conflict_two_sides_check")
    op.drop_constraint(name, "source_conflict")
    op.create_check_constraint(
        name,
        "source_conflict",
        f"(opener_id <> rival_id OR NOT (status IN ({listed}, 'reviewing')))"
        " AND claim_id <> own_claim_id",
    )
    op.drop_index("source_conflict_open_key", "source_conflict")
    op.create_index(
        "source_conflict_open_key",
        "source_conflict",
        ["claim_id"],
        unique=True,
        postgresql_where=sa.text(f"status IN ({listed})"),
    )


def upgrade() -> None:
    op.add_column(
        "conformity_report",
        sa.Column("is_whole", sa.Boolean(), nullable=False, server_default="true"),
    )
    said = {"nullable": False, "server_default": ""}
    for column in (
        sa.Column("instance", sa.String(20), **said),
        sa.Column("judge_id", sa.Uuid(), nullable=True),
        sa.Column("referred_to", sa.String(200), **said),
        sa.Column("referred_document", sa.String(200), **said),
        sa.Column("referred_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("referrer_id", sa.Uuid(), nullable=True),
    ):
        op.add_column("source_conflict", column)
    for name, target in (("judge_id", "department"), ("referrer_id", "app_user")):
        op.create_foreign_key(
            op.f(f"source_conflict_{name}_fkey"), "source_conflict", target, [name], ["id"]
        )
    op.create_index(op.f("source_conflict_judge_id_idx"), "source_conflict", ["judge_id"])
    _states(*_STATES)
    _open("opened", "heard", "referred")
    for name, rule in (
        ("referred", _REFERRED),
        ("instance", "judge_id IS NULL OR instance <> ''"),
    ):
        op.create_check_constraint(op.f(f"source_conflict_{name}_check"), "source_conflict", rule)
    op.execute(_KEEP)
    role = context.config.attributes["app_role"]
    op.execute(f'GRANT UPDATE ({_COLUMNS}) ON source_conflict TO "{role}"')


def downgrade() -> None:
    op.drop_column("conformity_report", "is_whole")
    op.execute("SELECT guard.excuse('what was brought above is to be decided here again')")
    op.execute("DROP TRIGGER source_conflict_keep_referral ON source_conflict")
    op.execute("DROP FUNCTION source_conflict_keep_referral()")
    for name in ("referred", "instance"):
        op.drop_constraint(op.f(f"source_conflict_{name}_check"), "source_conflict")
    op.execute("UPDATE source_conflict SET status = 'heard' WHERE status = 'referred'")
    _states(*(word for word in _STATES if word != "referred"))
    _open("opened", "heard")
    for name in (each.strip() for each in _COLUMNS.split(",")):
        op.drop_column("source_conflict", name)
    op.execute("UPDATE todo SET clock = '' WHERE clock = 'source_superior'")
    op.execute("DELETE FROM case_clock WHERE kind = 'source_superior'")
