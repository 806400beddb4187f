"""What leads to a seat takes two people; refusals are counted; states move by steps alone.

Old shape: one administrator resets a password, gives a role, restores an account; every refusal is
an event of its own, in the case it was about.
New shape: ``seat_change`` is proposed by one office and confirmed by another: the database holds
the three people and the two offices apart. ``denial_tally`` counts the refusals of an account from
an address. ``guard.step`` says which states follow which, by which event; a table that is held
(``guard.hold``) refuses at the commit whatever else moved, raw SQL included. ``shuqiao migrate``
writes it from the tables of steps.
Why: a right to take over an account is that account's right; whoever is refused without an end
must not fill the trail; a state is what law and rules hang on.

Revision ID: 0058
Revises: 0057
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

_GRANTS = (
    "SELECT, INSERT, UPDATE, DELETE ON denial_tally",
    "SELECT, INSERT ON seat_change",
    "UPDATE (status, decider_id, decided_office, decided_at, remark, version) ON seat_change",
)
_OFFICES = "('system_admin', 'security_admin', 'audit_admin')"
_GUARDS = """
CREATE FUNCTION seat_change_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'proposed' THEN
        RAISE EXCEPTION 'a change of a seat that was decided stays as it is'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER seat_change_keep BEFORE UPDATE ON seat_change
    FOR EACH ROW EXECUTE FUNCTION seat_change_keep();
"""

_STEPS = """
CREATE TABLE guard.step (
    tab name NOT NULL,
    was text NOT NULL,
    becomes text NOT NULL,
    event text NOT NULL,
    PRIMARY KEY (tab, was, becomes, event)
);
COMMENT ON TABLE guard.step IS
    'which states follow which by which event; a new row was nothing (empty)';
CREATE UNLOGGED TABLE guard.moved (
    xact xid8 NOT NULL,
    tab name NOT NULL,
    object text NOT NULL,
    was text NOT NULL,
    becomes text NOT NULL,
    PRIMARY KEY (xact, tab, object, was, becomes)
);
COMMENT ON TABLE guard.moved IS
    'what the running transactions moved to another state; outside of them it is empty';

CREATE FUNCTION guard.note_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    told guard.governed;
    identity text;
BEGIN
    IF EXISTS (SELECT FROM guard.excused
        WHERE xact = pg_current_xact_id() AND began_at = transaction_timestamp())
    THEN
        RETURN NULL;
    END IF;
    SELECT * INTO told FROM guard.governed WHERE tab = TG_TABLE_NAME;
    IF told.whole IS NULL THEN
        identity := to_jsonb(NEW) ->> told.object;
    ELSE
        EXECUTE format('SELECT w.%I::text FROM public.%I w WHERE w.id = $1', told.object,
            told.whole) INTO identity USING (to_jsonb(NEW) ->> told.key)::uuid;
    END IF;
    IF told.number IS NOT NULL THEN
        identity := identity || '#' || (to_jsonb(NEW) ->> told.number);
    END IF;
    INSERT INTO guard.moved VALUES (pg_current_xact_id(), TG_TABLE_NAME, identity,
        CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) ->> 'status' ELSE '' END, NEW.status)
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END;
$$;

CREATE FUNCTION guard.settle_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM guard.moved WHERE xact = NEW.xact AND tab = NEW.tab AND object = NEW.object
        AND was = NEW.was AND becomes = NEW.becomes;
    IF NOT FOUND OR EXISTS (
        SELECT FROM guard.step s JOIN guard.governed g ON g.tab = s.tab
        JOIN public.audit_event e ON e.action = s.event AND e.xact = NEW.xact
            AND e.written_at = transaction_timestamp() AND e.result <> 'deny'
            AND (g.in_stream AND e.stream = NEW.object OR e.object_type = g.kind
                -- one event may be about several parts of one whole: code#1,2,5
                AND (e.object_id = NEW.object OR g.number IS NOT NULL
                    AND split_part(e.object_id, '#', 1) = split_part(NEW.object, '#', 1)
                    AND split_part(NEW.object, '#', 2)
                        = ANY (string_to_array(split_part(e.object_id, '#', 2), ','))))
        WHERE s.tab = NEW.tab AND s.was = NEW.was AND s.becomes = NEW.becomes)
    THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'a change of % from "%" to "%" without an event about such a step of %',
        NEW.tab, NEW.was, NEW.becomes, NEW.object
        USING ERRCODE = 'insufficient_privilege', SCHEMA = 'guard', TABLE = NEW.tab;
END;
$$;

CREATE FUNCTION guard.hold(tab name) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = format('public.%I', tab)::regclass
        AND tgname = 'guard_move')
    THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TRIGGER guard_move AFTER UPDATE OF status ON public.%I FOR EACH ROW'
        ' WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION guard.note_move()', tab);
    EXECUTE format('CREATE TRIGGER guard_state AFTER INSERT ON public.%I FOR EACH ROW'
        ' EXECUTE FUNCTION guard.note_move()', tab);
    EXECUTE format('ALTER TABLE public.%I ENABLE ALWAYS TRIGGER guard_move', tab);
    EXECUTE format('ALTER TABLE public.%I ENABLE ALWAYS TRIGGER guard_state', tab);
END;
$$;
COMMENT ON FUNCTION guard.hold IS 'The "status" of "tab" moves only as guard.step says.';

CREATE CONSTRAINT TRIGGER settle_move AFTER INSERT ON guard.moved
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard.settle_move();
ALTER TABLE guard.moved ENABLE ALWAYS TRIGGER settle_move;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA guard FROM PUBLIC;
"""


def upgrade() -> None:
    op.create_table(
        "denial_tally",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("is_strange", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name=op.f("denial_tally_user_id_fkey")
        ),
        sa.PrimaryKeyConstraint("user_id", "address", "is_strange", name=op.f("denial_tally_pkey")),
    )
    op.create_index(op.f("denial_tally_last_at_idx"), "denial_tally", ["last_at"])
    _create_seat_change()
    op.execute(_GUARDS)
    op.execute(_STEPS)
    role = context.config.attributes["app_role"]
    for rights in _GRANTS:
        op.execute(f'GRANT {rights} TO "{role}"')
    op.execute("SELECT guard.govern('seat_change', 'SeatChange', 'seat_no')")


def _create_seat_change() -> None:
    op.create_table(
        "seat_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seat_no", sa.String(40), nullable=False),
        sa.Column("kind", _words("kind", "password_reset", "roles", "restoration"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("roles", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("roles_before", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("office", sa.String(40), nullable=False),
        sa.Column("proposer_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "status",
            _words("status", "proposed", "confirmed", "refused", "expired"),
            nullable=False,
        ),
        sa.Column("decider_id", sa.Uuid(), nullable=True),
        sa.Column("decided_office", sa.String(40), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remark", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"office IN {_OFFICES}", name="office"),
        sa.CheckConstraint(
            "decider_id IS DISTINCT FROM proposer_id AND decider_id IS DISTINCT FROM user_id"
            " AND proposer_id <> user_id",
            name="three_people",
        ),
        sa.CheckConstraint(
            "CASE WHEN status IN ('confirmed', 'refused') THEN decider_id IS NOT NULL"
            f" AND decided_office IN {_OFFICES} AND decided_office <> office"
            " ELSE decider_id IS NULL AND decided_office = '' END",
            name="two_offices",
        ),
        *(
            sa.ForeignKeyConstraint([name], ["app_user.id"], name=op.f(f"seat_change_{name}_fkey"))
            for name in ("user_id", "proposer_id", "decider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("seat_change_pkey")),
        sa.UniqueConstraint("seat_no", name=op.f("seat_change_seat_no_key")),
    )
    op.create_index(
        "seat_change_one_open",
        "seat_change",
        ["user_id", "kind"],
        unique=True,
        postgresql_where=sa.text("status = 'proposed'"),
    )


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, length=40, create_constraint=True)


def downgrade() -> None:
    op.execute("DROP FUNCTION guard.note_move() CASCADE")
    op.execute("DROP FUNCTION guard.settle_move() CASCADE")
    op.execute("DROP FUNCTION guard.hold(name)")
    op.execute("DROP TABLE guard.moved")
    op.execute("DROP TABLE guard.step")
    op.execute("SELECT guard.release('seat_change')")
    op.drop_table("seat_change")
    op.execute("DROP FUNCTION seat_change_keep()")
    op.drop_table("denial_tally")
    op.execute("DELETE FROM todo WHERE clock = 'seat_change'")
    op.execute("DELETE FROM case_clock WHERE kind = 'seat_change'")
