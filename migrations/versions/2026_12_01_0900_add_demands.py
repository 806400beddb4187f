"""Demands: what has no entry in the catalogue.

Old shape: what a search does not find can be asked for nowhere.
New shape: a demand with its wanted items, the voices of the departments that want it, and the
answers; a request may cite the demand that it serves, and keeps that once it is no draft. What was
asked and answered stays as it was said; what has ended stays ended; nothing is merged into what was
merged itself.
Why: Order 809, Art. 20 has supply and demand matched by a defined process.

Revision ID: 0045
Revises: 0040
"""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_GRANTS = (
    "SELECT, INSERT, UPDATE (status, consumer_id, filer_id, provider_id, party_ids, voice_ids,"
    " answerer_id, resource_id, collect_by, into_id, unmet_reason, end_note, delivery_no, ended_at,"
    " version) ON demand",
    "SELECT, INSERT ON demand_item",
    "SELECT, INSERT, UPDATE (demand_id, request_no, delivery_no, met_at, left_at) ON demand_voice",
    "SELECT, INSERT ON demand_answer",
)
_GUARDS = """
CREATE FUNCTION demand_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL OR NOT OLD.party_ids <@ NEW.party_ids THEN
        RAISE EXCEPTION 'a demand that has ended, and who had to do with it, stays as it is'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.into_id IS NOT NULL THEN
        PERFORM 1 FROM demand WHERE id = NEW.into_id AND ended_at IS NULL FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a demand is merged into one that goes on'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER demand_keep BEFORE UPDATE ON demand
    FOR EACH ROW EXECUTE FUNCTION demand_keep();
"""
_NO_GUARDS = """
DROP TRIGGER demand_keep ON demand;
DROP FUNCTION demand_keep();
"""
_ASKED = (
    "resource_id",
    "resource_version",
    "basis",
    "scenario",
    "scope",
    "share_way",
    "until",
)
_GOVERNED = (
    "('demand', 'Demand', 'demand_no')",
    "('demand_item', 'Demand', 'demand_no', whole => 'demand', key => 'demand_id')",
    "('demand_voice', 'Demand', 'demand_no', whole => 'demand', key => 'demand_id')",
    "('demand_answer', 'Demand', 'demand_no', whole => 'demand', key => 'demand_id')",
)
_CLOCKS = (
    "'demand_assignment', 'demand_answer', 'demand_application', 'demand_objection',"
    " 'demand_mediation'"
)
_WORDS = {
    "basis_kind": (
        "law",
        "administrative_regulation",
        "state_council_decision",
        "document",
        "duty",
    ),
    "share_way": ("service", "batch", "file"),
    "update_cycle": (
        *("realtime", "daily", "weekly", "ten_days", "monthly", "quarterly", "half_yearly"),
        *("yearly", "irregular"),
    ),
    "status": (
        *("filed", "claimed", "answered", "collecting", "refused", "contested", "being_shared"),
        *("met", "unmet", "withdrawn", "merged"),
    ),
    "unmet_reason": (
        *("withheld_by_law", "nobody_has", "not_suitable", "no_longer_needed", "too_late"),
    ),
    "kind": ("share", "collect", "not_ours", "refuse"),
    "legal_kind": ("law", "administrative_regulation", "state_council_decision"),
}
_CHECKS = {
    "demand": {
        "not_of_the_provider": "provider_id <> ALL (voice_ids)",
        "claimed": "status IN ('filed', 'unmet', 'withdrawn', 'merged') OR provider_id IS NOT NULL",
        "served": "status NOT IN ('answered', 'being_shared', 'met') OR resource_id IS NOT NULL",
        "collected": "status <> 'collecting' OR collect_by IS NOT NULL",
        "merged": "(status = 'merged') = (into_id IS NOT NULL) AND into_id <> id",
        "unmet": "(status = 'unmet') = (unmet_reason IS NOT NULL)",
        "met": "(status = 'met') = (delivery_no <> '')",
        "ended": "(status IN ('met', 'unmet', 'withdrawn', 'merged')) = (ended_at IS NOT NULL)",
    },
    "demand_item": {"name": "name <> ''"},
    "demand_voice": {"met": "(met_at IS NULL) = (delivery_no = '')"},
    "demand_answer": {
        "share": "kind <> 'share' OR resource_id IS NOT NULL",
        "collect": "kind <> 'collect' OR collect_by IS NOT NULL",
        "not_ours": "kind <> 'not_ours' OR reason <> ''",
        "refuse": "kind <> 'refuse' OR reason <> '' AND (negative_no <> '' OR legal_kind IS NOT"
        " NULL AND legal_document <> '' AND legal_article <> '')",
        "another": "suggested_id <> department_id",
    },
}
_POINTS = {
    "demand": {
        "consumer_id": "department",
        "filer_id": "app_user",
        "item_id": "resource_item",
        "proposed_id": "department",
        "provider_id": "department",
        "answerer_id": "app_user",
        "resource_id": "data_resource",
        "into_id": "demand",
    },
    "demand_item": {"demand_id": "demand", "element_id": "data_element"},
    "demand_voice": {
        "filed_as_id": "demand",
        "demand_id": "demand",
        "department_id": "department",
        "speaker_id": "app_user",
    },
    "demand_answer": {
        "demand_id": "demand",
        "department_id": "department",
        "resource_id": "data_resource",
        "suggested_id": "department",
        "answerer_id": "app_user",
    },
}
_INDEXED = {
    "demand": (
        *("consumer_id", "provider_id", "status", "resource_id", "into_id", "filed_at"),
        "ended_at",
    ),
    "demand_item": ("element_id",),
    "demand_voice": ("demand_id", "department_id"),
    "demand_answer": ("department_id",),
}


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def _id(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _at(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _word(name: str, *, nullable: bool = False) -> sa.Column[str]:
    kind = sa.Enum(*_WORDS[name], name=name, native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, kind, nullable=nullable)


def _create(table: str, *columns: sa.Column[str], key: tuple[str, ...] = ("id",)) -> None:
    op.create_table(
        table,
        *columns,
        *(
            sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"{table}_{name}_fkey"))
            for name, target in _POINTS[table].items()
        ),
        *(sa.CheckConstraint(rule, name=name) for name, rule in _CHECKS[table].items()),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"{table}_pkey")),
    )
    for name in _INDEXED[table]:
        op.create_index(op.f(f"{table}_{name}_idx"), table, [name])


def _keep_asked(columns: tuple[str, ...]) -> str:
    new, old = (", ".join(f"{row}.{name}" for name in columns) for row in ("NEW", "OLD"))
    return f"""
CREATE OR REPLACE FUNCTION exchange_keep_asked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'draft' AND
       ({new})
       IS DISTINCT FROM
       ({old}) THEN
        RAISE EXCEPTION 'a request that is no draft keeps what it asks for'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
"""


def upgrade() -> None:
    _create_demand()
    _create_parts()
    op.add_column("share_request", sa.Column("demand_no", sa.String(20), nullable=True))
    op.create_foreign_key(
        op.f("share_request_demand_no_fkey"),
        "share_request",
        "demand",
        ["demand_no"],
        ["demand_no"],
    )
    op.create_index(op.f("share_request_demand_no_idx"), "share_request", ["demand_no"])
    op.execute(_GUARDS)
    op.execute(_keep_asked((*_ASKED, "demand_no")))
    role = context.config.attributes["app_role"]
    for rights in _GRANTS:
        op.execute(f'GRANT {rights} TO "{role}"')
    for told in _GOVERNED:
        op.execute(f"SELECT guard.govern{told}")


def _create_demand() -> None:
    _create(
        "demand",
        _id("id"),
        sa.Column("demand_no", sa.String(20), nullable=False, unique=True),
        _id("consumer_id"),
        _id("filer_id"),
        _text("title", 200),
        _text("need", 4_000),
        _word("basis_kind"),
        _text("basis_document", 200),
        _text("basis_article", 100),
        _text("duty_no", 40),
        _text("matter", 200),
        _text("scenario", 1_000),
        _text("scope", 500),
        _word("share_way", nullable=True),
        _word("update_cycle", nullable=True),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        _id("item_id", nullable=True),
        _id("proposed_id", nullable=True),
        _id("provider_id", nullable=True),
        sa.Column("party_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("voice_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        _word("status"),
        _id("answerer_id", nullable=True),
        _id("resource_id", nullable=True),
        sa.Column("collect_by", sa.Date(), nullable=True),
        _id("into_id", nullable=True),
        _word("unmet_reason", nullable=True),
        _text("end_note", 1_000),
        _text("delivery_no", 20),
        _at("filed_at"),
        _at("ended_at", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
    )


def _create_parts() -> None:
    position = sa.Column("position", sa.Integer(), nullable=False)
    _create(
        "demand_item",
        _id("demand_id"),
        position,
        _text("name", 100),
        _text("definition", 500),
        _id("element_id", nullable=True),
        _text("why", 500),
        key=("demand_id", "position"),
    )
    _create(
        "demand_voice",
        _id("filed_as_id"),
        _id("demand_id"),
        _id("department_id"),
        _id("speaker_id"),
        _text("filed_as", 20),
        _text("need", 4_000),
        _text("scenario", 1_000),
        sa.Column("until", sa.Date(), nullable=False),
        _text("request_no", 20),
        _text("delivery_no", 20),
        _at("met_at", nullable=True),
        _at("left_at", nullable=True),
        key=("filed_as_id",),
    )
    _create(
        "demand_answer",
        _id("demand_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        _id("department_id"),
        _word("kind"),
        _text("reason", 2_000),
        _id("resource_id", nullable=True),
        sa.Column("collect_by", sa.Date(), nullable=True),
        _id("suggested_id", nullable=True),
        _word("legal_kind", nullable=True),
        _text("legal_document", 200),
        _text("legal_number", 100),
        _text("legal_article", 100),
        _text("negative_no", 20),
        _id("answerer_id"),
        _at("answered_at"),
        sa.Column("due_on", sa.Date(), nullable=True),
        key=("demand_id", "position"),
    )


def downgrade() -> None:
    op.execute("SELECT guard.excuse('demands are told no more')")
    op.execute("DELETE FROM number_series WHERE prefix = 'DM'")
    op.execute(f"DELETE FROM case_clock WHERE kind IN ({_CLOCKS})")
    op.execute(_keep_asked(_ASKED))
    op.drop_column("share_request", "demand_no")
    op.execute(_NO_GUARDS)
    for table in ("demand_answer", "demand_voice", "demand_item", "demand"):
        op.execute(f"SELECT guard.release('{table}')")
        op.drop_table(table)
