"""What the negative list does to grants: suspended, consulted about, filed, terminated.

Old shape: a grant runs until it is revoked or expires; a transfer that carried an item which may
leave no more ends because that was suspended, whatever the cause.
New shape: a grant that a negative entry left empty is suspended, with its ground, and is terminated
only after a concluded consultation and a filing, whose numbers it keeps: stated by CHECKs and a
trigger. Consultations are one of a grant at a time, with the items, both sides' statements, which
stay as they were said, and one filing each. A granted item says that a negative entry keeps it, a
delivery names the entries that ended it.
Why: Order 809, Art. 27: a provider ends a running share only for reason, after consultation and
filing.

Revision ID: 0048
Revises: 0044
"""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

_OLD_STATES = ("pending_delivery", "active", "revoked", "expired")
_STATES = ("pending_delivery", "active", "suspended", "revoked", "expired", "terminated")
_OLD_WHY = ("removed", "withheld", "retyped", "succession")
_OLD_ENDS = (
    *("disconnected", "stalled", "revoked", "expired", "item_suspended", "unchecked"),
    *("credential_ended", "not_allowed", "shutting_down", "fault", "lost"),
)
_ENDED = "OLD.status IN ('revoked', 'expired')"
_TERMS = (
    *("snapshot_id", "row_filter", "resource_id", "valid_until"),
    *("live_id", "follows_editions", "edition_no", "filter_columns", "coverage"),
)
_KEEP_TERMS = """
CREATE OR REPLACE FUNCTION exchange_keep_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {ended} AND NEW.status <> OLD.status THEN
        RAISE EXCEPTION 'an ended grant never comes back' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF ({new}) IS DISTINCT FROM ({old}) THEN
        RAISE EXCEPTION 'the terms of a grant never change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
"""
_GUARDS = """
CREATE FUNCTION exchange_check_termination() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'suspended' OR NOT EXISTS (
        SELECT FROM grant_consultation
        JOIN grant_filing ON grant_filing.consultation_id = grant_consultation.id
        WHERE grant_consultation.grant_id = NEW.id AND grant_consultation.status = 'concluded'
        AND grant_consultation.consultation_no = NEW.consultation_no
        AND grant_filing.filing_no = NEW.filing_no AND grant_filing.status = 'filed'
    ) OR EXISTS (
        SELECT FROM grant_consultation WHERE grant_id = NEW.id AND status = 'open'
    ) THEN
        RAISE EXCEPTION 'a termination needs its consultation and its filing'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER share_grant_check_termination BEFORE UPDATE ON share_grant
    FOR EACH ROW WHEN (new.status = 'terminated' AND old.status <> 'terminated')
    EXECUTE FUNCTION exchange_check_termination();
CREATE FUNCTION grant_consultation_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'open' AND (NEW.status, NEW.outcome, NEW.conclusion, NEW.concluded_by,
        NEW.concluded_at) IS DISTINCT FROM
        (OLD.status, OLD.outcome, OLD.conclusion, OLD.concluded_by, OLD.concluded_at)
    THEN
        RAISE EXCEPTION 'a consultation record stays as it was concluded'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.status = 'concluded' AND (
        NOT EXISTS (SELECT FROM consultation_statement
            WHERE consultation_id = NEW.id AND side = 'provider')
        OR (NEW.outcome = 'unanswered') = EXISTS (SELECT FROM consultation_statement
            WHERE consultation_id = NEW.id AND side = 'consumer'))
    THEN
        RAISE EXCEPTION 'a consultation is concluded by what the sides stated'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER grant_consultation_keep BEFORE UPDATE ON grant_consultation
    FOR EACH ROW EXECUTE FUNCTION grant_consultation_keep();
CREATE FUNCTION grant_filing_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'due' AND (NEW.status, NEW.statement, NEW.filed_by, NEW.filed_at)
        IS DISTINCT FROM (OLD.status, OLD.statement, OLD.filed_by, OLD.filed_at)
    THEN
        RAISE EXCEPTION 'a filing stays as it was made'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER grant_filing_keep BEFORE UPDATE ON grant_filing
    FOR EACH ROW EXECUTE FUNCTION grant_filing_keep();
"""
_NO_GUARDS = """
DROP TRIGGER share_grant_check_termination ON share_grant;
DROP FUNCTION exchange_check_termination();
DROP TRIGGER grant_consultation_keep ON grant_consultation;
DROP FUNCTION grant_consultation_keep();
DROP TRIGGER grant_filing_keep ON grant_filing;
DROP FUNCTION grant_filing_keep();
"""
_GRANTS = (
    "SELECT, INSERT, UPDATE (consumer_id, provider_id, status, outcome, conclusion, concluded_by,"
    " concluded_at, version) ON grant_consultation",
    "SELECT, INSERT, UPDATE (entry_id, entry_no, basis, since) ON consultation_item",
    "SELECT, INSERT ON consultation_statement",
    "SELECT, INSERT, UPDATE (consumer_id, provider_id, status, statement, filed_by, filed_at,"
    " version) ON grant_filing",
)
_GOVERNED = (
    "('grant_consultation', 'Consultation', 'consultation_no')",
    "('consultation_item', 'Consultation', 'consultation_no', whole => 'grant_consultation',"
    " key => 'consultation_id')",
    "('consultation_statement', 'Consultation', 'consultation_no', whole => 'grant_consultation',"
    " key => 'consultation_id')",
    "('grant_filing', 'Filing', 'filing_no')",
)
_MADE = ("grant_filing", "consultation_statement", "consultation_item", "grant_consultation")


def _text(name: str, length: int, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), server_default=default, nullable=False)


def _id(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _at(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _word(name: str, *words: str, nullable: bool = False) -> sa.Column[str]:
    kind = sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, kind, nullable=nullable)


def _points(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"{table}_{name}_fkey"))
        for name, target in targets.items()
    ]


def upgrade() -> None:
    role = context.config.attributes["app_role"]
    _widen()
    _create_consultation()
    _create_parts()
    _create_filing()
    op.execute(_GUARDS)
    for rights in _GRANTS:
        op.execute(f'GRANT {rights} TO "{role}"')
    for told in _GOVERNED:
        op.execute(f"SELECT guard.govern{told}")


def _widen() -> None:
    _listed("share_grant", "status", *_STATES)
    _listed("granted_item", "suspended_why", *_OLD_WHY, "negative_entry")
    _listed("delivery", "end_reason", *_OLD_ENDS[:5], "negative_entry", *_OLD_ENDS[5:])
    op.add_column("share_grant", _word("ground", "basis_changed", nullable=True))
    for name in ("consultation_no", "filing_no"):
        op.add_column("share_grant", _text(name, 20, default=""))
        op.alter_column("share_grant", name, server_default=None)
    op.create_check_constraint(
        op.f("share_grant_grounded_check"),
        "share_grant",
        "(status = 'suspended') = (ground IS NOT NULL)",
    )
    op.create_check_constraint(
        op.f("share_grant_terminated_check"),
        "share_grant",
        "(status = 'terminated') = (consultation_no <> '')"
        " AND (consultation_no = '') = (filing_no = '')"
        " AND (status <> 'terminated' OR end_reason <> '')",
    )
    op.add_column(
        "delivery",
        sa.Column("struck_by", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )
    op.alter_column("delivery", "struck_by", server_default=None)
    op.create_check_constraint(
        op.f("delivery_struck_check"),
        "delivery",
        "(end_reason IS NOT DISTINCT FROM 'negative_entry') = (struck_by <> '{}')",
    )
    op.execute(_keep("OLD.status IN ('revoked', 'expired', 'terminated')"))


def _keep(ended: str) -> str:
    new, old = (", ".join(f"{row}.{name}" for name in _TERMS) for row in ("NEW", "OLD"))
    return _KEEP_TERMS.format(ended=ended, new=new, old=old)


def _listed(table: str, column: str, *words: str) -> None:
    op.drop_constraint(op.f(f"{table}_{column}_check"), table)
    listed = ", ".join(f"'{word}'" for word in words)
    op.create_check_constraint(op.f(f"{table}_{column}_check"), table, f"{column} IN ({listed})")


def _create_consultation() -> None:
    op.create_table(
        "grant_consultation",
        _id("id"),
        _text("consultation_no", 20),
        _id("grant_id"),
        _text("grant_no", 20),
        _text("resource_title", 50),
        _id("consumer_id"),
        _id("provider_id"),
        _word("status", "open", "concluded", "dropped"),
        _word("outcome", "agreed", "disagreed", "unanswered", nullable=True),
        _text("conclusion", 4_000),
        _id("concluded_by", nullable=True),
        _at("concluded_at", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _at("opened_at"),
        *_points(
            "grant_consultation",
            grant_id="share_grant",
            consumer_id="department",
            provider_id="department",
            concluded_by="app_user",
        ),
        sa.CheckConstraint(
            "(status = 'concluded') = (outcome IS NOT NULL)"
            " AND (outcome IS NULL) = (concluded_by IS NULL)"
            " AND (outcome IS NULL) = (concluded_at IS NULL)"
            " AND (outcome IS NULL) = (conclusion = '')",
            name="concluded",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("grant_consultation_pkey")),
        sa.UniqueConstraint("consultation_no", name=op.f("grant_consultation_consultation_no_key")),
    )
    for name in ("grant_id", "consumer_id", "provider_id"):
        op.create_index(op.f(f"grant_consultation_{name}_idx"), "grant_consultation", [name])
    op.create_index(
        "grant_consultation_open_key",
        "grant_consultation",
        ["grant_id"],
        unique=True,
        postgresql_where=sa.text("status = 'open'"),
    )


def _create_parts() -> None:
    op.create_table(
        "consultation_item",
        _id("consultation_id"),
        _id("item_id"),
        _text("name", 200),
        _id("entry_id"),
        _text("entry_no", 20),
        _text("basis", 1_000),
        _at("since"),
        *_points(
            "consultation_item",
            consultation_id="grant_consultation",
            item_id="resource_item",
            entry_id="negative_entry",
        ),
        sa.PrimaryKeyConstraint("consultation_id", "item_id", name=op.f("consultation_item_pkey")),
    )
    op.create_index(op.f("consultation_item_entry_id_idx"), "consultation_item", ["entry_id"])
    op.create_table(
        "consultation_statement",
        _id("id"),
        _id("consultation_id"),
        _word("side", "provider", "consumer"),
        _id("department_id"),
        _text("statement", 4_000),
        _id("stated_by"),
        _at("stated_at"),
        *_points(
            "consultation_statement",
            consultation_id="grant_consultation",
            department_id="department",
            stated_by="app_user",
        ),
        sa.CheckConstraint("statement <> ''", name="statement"),
        sa.PrimaryKeyConstraint("id", name=op.f("consultation_statement_pkey")),
    )
    op.create_index(
        op.f("consultation_statement_consultation_id_idx"),
        "consultation_statement",
        ["consultation_id"],
    )


def _create_filing() -> None:
    op.create_table(
        "grant_filing",
        _id("id"),
        _text("filing_no", 20),
        _id("consultation_id"),
        _text("consultation_no", 20),
        _text("grant_no", 20),
        _id("consumer_id"),
        _id("provider_id"),
        _word("status", "due", "filed", "dropped"),
        _text("statement", 4_000),
        _id("filed_by", nullable=True),
        _at("filed_at", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _at("opened_at"),
        *_points(
            "grant_filing",
            consultation_id="grant_consultation",
            consumer_id="department",
            provider_id="department",
            filed_by="app_user",
        ),
        sa.CheckConstraint(
            "(status = 'filed') = (filed_by IS NOT NULL)"
            " AND (filed_by IS NULL) = (filed_at IS NULL)"
            " AND (filed_by IS NULL) = (statement = '')",
            name="filed",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("grant_filing_pkey")),
        sa.UniqueConstraint("filing_no", name=op.f("grant_filing_filing_no_key")),
        sa.UniqueConstraint("consultation_id", name=op.f("grant_filing_consultation_id_key")),
    )


def downgrade() -> None:
    """What was terminated counts as revoked, with its reason; what is suspended as active, its
    items as withheld: they leave no more than before.
    """
    op.execute("SELECT guard.excuse('consultations and filings are told no more')")
    op.execute("DELETE FROM number_series WHERE prefix IN ('CO', 'FL')")
    op.execute("DELETE FROM case_clock WHERE kind IN ('consultation', 'consultation_filing')")
    op.execute(_NO_GUARDS)
    for table in _MADE:
        op.execute(f"SELECT guard.release('{table}')")
        op.drop_table(table)
    for name in ("grounded", "terminated"):
        op.drop_constraint(op.f(f"share_grant_{name}_check"), "share_grant")
    op.drop_constraint(op.f("delivery_struck_check"), "delivery")
    op.execute("ALTER TABLE share_grant DISABLE TRIGGER share_grant_keep_terms")
    op.execute("UPDATE share_grant SET status = 'revoked' WHERE status = 'terminated'")
    op.execute("UPDATE share_grant SET status = 'active' WHERE status = 'suspended'")
    op.execute("ALTER TABLE share_grant ENABLE TRIGGER share_grant_keep_terms")
    op.execute(
        "UPDATE granted_item SET suspended_why = 'withheld' WHERE suspended_why = 'negative_entry'"
    )
    op.execute("ALTER TABLE delivery DISABLE TRIGGER delivery_keep_end")
    op.execute(
        "UPDATE delivery SET end_reason = 'item_suspended' WHERE end_reason = 'negative_entry'"
    )
    op.execute("ALTER TABLE delivery ENABLE TRIGGER delivery_keep_end")
    for name in ("ground", "consultation_no", "filing_no"):
        op.drop_column("share_grant", name)
    op.drop_column("delivery", "struck_by")
    _listed("share_grant", "status", *_OLD_STATES)
    _listed("granted_item", "suspended_why", *_OLD_WHY)
    _listed("delivery", "end_reason", *_OLD_ENDS)
    op.execute(_keep(_ENDED))
