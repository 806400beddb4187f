"""The negative list: entries with their legal basis, what they name, what they strike, contests.

Old shape: an item or a resource that is not shared carries a text as its basis; nothing acts.
New shape: an entry names its basis, its reach and the day on which it is looked at again; a cover
says which published item it strikes, kept in the transaction of every step; a contest has the basis
looked at again. What an entry says stays as it was published, a cover is opened and closed once,
and none of an item that is published as not shared is closed before another one is open.
Why: Order 809, Arts. 14 and 15: not shared is only what a law, an administrative regulation or a
decision of the State Council expressly forbids to share.

Revision ID: 0043
Revises: 0040
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_GRANTS = (
    "SELECT, INSERT, UPDATE (status, review_step, reaches_all, reach_confirmed_by, consented_at,"
    " consenter_id, approver_id, is_self_reviewed, in_force_at, review_on, ended_at, end_kind,"
    " end_reason, department_id, version) ON negative_entry",
    "SELECT, INSERT ON negative_target",
    "SELECT, INSERT, UPDATE (until) ON negative_cover",
    "SELECT, INSERT, UPDATE (status, answer, answerer_id, answered_at, decision, decider_id,"
    " decided_at, is_self_reviewed, department_id, version) ON negative_contest",
)
_GUARDS = """
CREATE FUNCTION negative_entry_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('superseded', 'withdrawn') AND OLD.department_id = NEW.department_id
        OR OLD.in_force_at IS NOT NULL AND
            (NEW.in_force_at, NEW.approver_id, NEW.reaches_all, NEW.reach_confirmed_by)
            IS DISTINCT FROM
            (OLD.in_force_at, OLD.approver_id, OLD.reaches_all, OLD.reach_confirmed_by)
    THEN
        RAISE EXCEPTION 'an entry of the negative list stays as it was published'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER negative_entry_keep BEFORE UPDATE ON negative_entry
    FOR EACH ROW EXECUTE FUNCTION negative_entry_keep();

CREATE FUNCTION negative_target_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM negative_entry WHERE id = NEW.entry_id AND status <> 'proposed') THEN
        RAISE EXCEPTION 'what an entry names stays as it was published'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER negative_target_keep BEFORE INSERT ON negative_target
    FOR EACH ROW EXECUTE FUNCTION negative_target_keep();

CREATE FUNCTION negative_cover_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.until IS NOT NULL THEN
        RAISE EXCEPTION 'a cover is closed once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER negative_cover_keep BEFORE UPDATE ON negative_cover
    FOR EACH ROW EXECUTE FUNCTION negative_cover_keep();

CREATE FUNCTION negative_cover_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM resource_item AS item JOIN data_resource AS entry ON entry.id = item.resource_id
        WHERE item.id = NEW.item_id AND item.removed_in IS NULL AND entry.status = 'published'
            AND 'withheld' IN (item.share_type, entry.share_type)
    ) AND NOT EXISTS (
        SELECT FROM negative_cover WHERE item_id = NEW.item_id AND until IS NULL
    ) THEN
        RAISE EXCEPTION 'what is published as not shared is struck by an entry'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END;
$$;
CREATE CONSTRAINT TRIGGER negative_cover_check AFTER UPDATE ON negative_cover
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.until IS NOT NULL)
    EXECUTE FUNCTION negative_cover_check();

CREATE FUNCTION negative_contest_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('upheld', 'changed') AND OLD.department_id = NEW.department_id
        OR OLD.answerer_id IS NOT NULL AND
            (NEW.answer, NEW.answerer_id) IS DISTINCT FROM (OLD.answer, OLD.answerer_id)
        OR OLD.decider_id IS NOT NULL AND
            (NEW.decision, NEW.decider_id) IS DISTINCT FROM (OLD.decision, OLD.decider_id)
    THEN
        RAISE EXCEPTION 'what is said in a contest stays as it was said'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER negative_contest_keep BEFORE UPDATE ON negative_contest
    FOR EACH ROW EXECUTE FUNCTION negative_contest_keep();
"""
_GUARDED = {
    "negative_entry": ("negative_entry_keep",),
    "negative_target": ("negative_target_keep",),
    "negative_cover": ("negative_cover_keep", "negative_cover_check"),
    "negative_contest": ("negative_contest_keep",),
}
_GOVERNED = (
    "('negative_entry', 'NegativeEntry', 'entry_no')",
    "('negative_target', 'NegativeEntry', 'entry_no', whole => 'negative_entry', key => 'entry_id')",
    "('negative_cover', 'NegativeEntry', 'entry_no', whole => 'negative_entry', key => 'entry_id')",
    "('negative_contest', 'NegativeContest', 'contest_no')",
)
_CLOCKS = "'negative_review', 'negative_answer', 'negative_contest', 'negative_change'"
_ACTED = "status IN ('in_force', 'review_due', 'lapsed', 'superseded')"
_ENTRY_CHECKS = {
    "basis": "basis_name <> '' AND reason <> ''",
    "in_force": f"({_ACTED} OR end_kind IS NOT DISTINCT FROM 'reclassified')"
    " = (in_force_at IS NOT NULL) AND (in_force_at IS NULL) = (approver_id IS NULL)",
    "ended": "(status IN ('lapsed', 'superseded', 'withdrawn')) = (ended_at IS NOT NULL)"
    " AND (ended_at IS NULL) = (end_kind IS NULL)",
    "reach": "NOT reaches_all OR (reach_clause <> '' AND reach_confirmed_by IS NOT NULL)",
    "review_step": "review_step IS NULL OR status = 'proposed'",
    "consented": "review_step IS DISTINCT FROM 'administration' OR consented_at IS NOT NULL",
    "supersedes": "supersedes_id <> id",
    "two_people": "proposer_id <> approver_id AND consenter_id <> approver_id",
}
_CONTEST_CHECKS = {
    "raised": "opener_id <> department_id AND reasons <> ''",
    "answered": "(answerer_id IS NULL) = (answered_at IS NULL)",
    "decided": "(status IN ('upheld', 'to_change', 'changed')) = (decider_id IS NOT NULL)"
    " AND (decider_id IS NULL) = (decided_at IS NULL) AND (decider_id IS NULL OR decision <> '')",
    "not_a_party": "decider_id <> raised_by AND decider_id <> answerer_id",
}


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def _id(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _at(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _word(name: str, *words: str, rule: str = "", nullable: bool = False) -> sa.Column[str]:
    kind = sa.Enum(*words, name=rule or name, native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, kind, nullable=nullable)


def _checks(rules: dict[str, str]) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(rule, name=name) for name, rule in rules.items()]


def _points(table: str, targets: dict[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"{table}_{name}_fkey"))
        for name, target in targets.items()
    ]


def _index(table: str, *names: str) -> None:
    for name in names:
        op.create_index(op.f(f"{table}_{name}_idx"), table, [name])


def upgrade() -> None:
    _create_entry()
    _create_target()
    _create_cover()
    _create_contest()
    op.execute(_GUARDS)
    role = context.config.attributes["app_role"]
    for rights in _GRANTS:
        op.execute(f'GRANT {rights} TO "{role}"')
    for told in _GOVERNED:
        op.execute(f"SELECT guard.govern{told}")


def _create_entry() -> None:
    kinds = ("law", "administrative_regulation", "state_council_decision")
    states = ("proposed", "in_force", "review_due", "lapsed", "superseded", "withdrawn")
    ends = ("basis_repealed", "basis_expired", "superseded", "reclassified")
    never = ("not_consented", "refused", "taken_back")
    steps = ("head_consent", "administration")
    op.create_table(
        "negative_entry",
        _id("id"),
        _text("entry_no", 20),
        _id("department_id"),
        _id("proposer_id"),
        _id("resource_id", nullable=True),
        _word("status", *states),
        _word("review_step", *steps, rule="review_step_word", nullable=True),
        _word("basis_kind", *kinds),
        _text("basis_name", 500),
        _text("basis_number", 100),
        _text("basis_article", 100),
        _text("basis_text", 4_000),
        _text("reason", 2_000),
        _text("business", 100),
        _text("reach_clause", 4_000),
        _flag("reaches_all"),
        _id("reach_confirmed_by", nullable=True),
        _at("consented_at", nullable=True),
        _id("consenter_id", nullable=True),
        _id("approver_id", nullable=True),
        _flag("is_self_reviewed"),
        _at("in_force_at", nullable=True),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("basis_ends_on", sa.Date(), nullable=True),
        _at("ended_at", nullable=True),
        _word("end_kind", *ends, *never, nullable=True),
        _text("end_reason", 2_000),
        _id("supersedes_id", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _at("created_at"),
        *_points(
            "negative_entry",
            {
                "department_id": "department",
                "proposer_id": "app_user",
                "reach_confirmed_by": "app_user",
                "consenter_id": "app_user",
                "approver_id": "app_user",
                "supersedes_id": "negative_entry",
            },
        ),
        *_checks(_ENTRY_CHECKS),
        sa.PrimaryKeyConstraint("id", name=op.f("negative_entry_pkey")),
        sa.UniqueConstraint("entry_no", name=op.f("negative_entry_entry_no_key")),
    )
    _index("negative_entry", "department_id", "resource_id", "status")


def _create_target() -> None:
    op.create_table(
        "negative_target",
        _id("id"),
        _id("entry_id"),
        _id("item_id", nullable=True),
        _id("resource_id", nullable=True),
        _id("element_id", nullable=True),
        _text("name", 100),
        _text("skeleton", 400),
        *_points("negative_target", {"entry_id": "negative_entry", "element_id": "data_element"}),
        *_checks(
            {
                "one": "num_nonnulls(item_id, resource_id, element_id) = 1",
                "named": "name <> '' AND skeleton <> ''",
            }
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("negative_target_pkey")),
    )
    _index("negative_target", "entry_id", "item_id", "resource_id", "element_id", "skeleton")


def _create_cover() -> None:
    op.create_table(
        "negative_cover",
        _id("id"),
        _id("entry_id"),
        _id("item_id"),
        _at("since"),
        _at("until", nullable=True),
        *_points("negative_cover", {"entry_id": "negative_entry", "item_id": "resource_item"}),
        *_checks({"span": "until IS NULL OR until >= since"}),
        sa.PrimaryKeyConstraint("id", name=op.f("negative_cover_pkey")),
    )
    _index("negative_cover", "entry_id", "item_id")
    op.create_index(
        "negative_cover_open_key",
        "negative_cover",
        ["item_id", "entry_id"],
        unique=True,
        postgresql_where=sa.text("until IS NULL"),
    )


def _create_contest() -> None:
    op.create_table(
        "negative_contest",
        _id("id"),
        _text("contest_no", 20),
        _id("entry_id"),
        _text("entry_no", 20),
        _id("opener_id"),
        _id("department_id"),
        _word("status", "raised", "answered", "upheld", "to_change", "changed"),
        _text("reasons", 4_000),
        _id("raised_by"),
        _at("raised_at"),
        _text("answer", 4_000),
        _id("answerer_id", nullable=True),
        _at("answered_at", nullable=True),
        _text("decision", 4_000),
        _id("decider_id", nullable=True),
        _at("decided_at", nullable=True),
        _flag("is_self_reviewed"),
        sa.Column("version", sa.Integer(), nullable=False),
        *_points(
            "negative_contest",
            {
                "entry_id": "negative_entry",
                "opener_id": "department",
                "department_id": "department",
                "raised_by": "app_user",
                "answerer_id": "app_user",
                "decider_id": "app_user",
            },
        ),
        *_checks(_CONTEST_CHECKS),
        sa.PrimaryKeyConstraint("id", name=op.f("negative_contest_pkey")),
        sa.UniqueConstraint("contest_no", name=op.f("negative_contest_contest_no_key")),
    )
    _index("negative_contest", "entry_id", "opener_id", "department_id", "status")
    op.create_index(
        "negative_contest_open_key",
        "negative_contest",
        ["entry_id", "opener_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('raised', 'answered', 'to_change')"),
    )


def downgrade() -> None:
    op.execute("SELECT guard.excuse('the negative list is kept no more')")
    op.execute("DELETE FROM number_series WHERE prefix IN ('NE', 'NC')")
    op.execute(f"DELETE FROM case_clock WHERE kind IN ({_CLOCKS})")
    for table, triggers in reversed(_GUARDED.items()):
        for trigger in triggers:
            op.execute(f"DROP TRIGGER {trigger} ON {table}")
            op.execute(f"DROP FUNCTION {trigger}()")
        op.execute(f"SELECT guard.release('{table}')")
        op.drop_table(table)
