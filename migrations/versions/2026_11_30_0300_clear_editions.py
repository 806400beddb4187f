"""The upkeep of what is published: rows that are over, who submitted, who decided about itself.

Old shape: the rows of every edition were kept for ever; a held edition and a suspended item had no
clock; who submitted a version was one of its writers, told apart by the trail only; more time that
the data administration gave its own department was not marked; a grant did not say which coverage
its rows lie in.
New shape: live rows are measured against the coverage (``edition.profile``); an edition says when its rows were removed (``cleared_at``) and that they are gone
(``erased_at``, a sweeper's note), and the database refuses to clear one that a live grant is pinned
to or a running transfer reads; one event may tell of several editions. ``submitter_id`` stands with
the version, its reviews and its publication, and no submitter reviews. A decided extension names who
decided, and is marked. ``share_grant.coverage`` is what the entry declared on the day of the
decision, or says ``all``. What waits has its clock.
Why: nothing is kept for ever unasked, nothing waits for ever, and each fact stands by itself.

What was held or suspended before gets a clock that is counted by the next upkeep; whoever submitted
is read from the trail.

Revision ID: 0022
Revises: 0019
"""

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0019"
branch_labels = None
depends_on = None

_KEEP_EDITION = """
CREATE OR REPLACE FUNCTION catalog_keep_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'an edition is kept as it was' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.id, NEW.resource_id, NEW.number, NEW.attachment_id, NEW.snapshot_id, NEW.rows,
        NEW.made_by, NEW.arrived_at)
       IS DISTINCT FROM
       (OLD.id, OLD.resource_id, OLD.number, OLD.attachment_id, OLD.snapshot_id, OLD.rows,
        OLD.made_by, OLD.arrived_at)
       OR OLD.current_from IS NOT NULL AND NEW.current_from IS DISTINCT FROM OLD.current_from
       OR OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at
       {kept}OR OLD.status IN ('current', 'kept', 'removed') AND NEW.report IS DISTINCT FROM OLD.report THEN
        RAISE EXCEPTION 'what an edition consists of never changes'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.status = 'removed' AND NEW.status <> OLD.status
       OR OLD.status = 'kept' AND NEW.status NOT IN ('kept', 'removed')
       OR OLD.status = 'current' AND NEW.status NOT IN ('current', 'kept') THEN
        RAISE EXCEPTION 'an edition that is over never comes back'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    {needed}RETURN NEW;
END;
$$;
"""
_KEPT = """OR OLD.cleared_at IS NOT NULL AND NEW.cleared_at IS DISTINCT FROM OLD.cleared_at
       OR OLD.profile IS NOT NULL AND NEW.profile IS DISTINCT FROM OLD.profile
       OR OLD.erased_at IS NOT NULL AND NEW.erased_at IS DISTINCT FROM OLD.erased_at
       """
_NEEDED = """IF OLD.status = 'kept' AND NEW.status = 'removed' AND NEW.cleared_at IS NULL THEN
        RAISE EXCEPTION 'an edition that was current is removed by the rules of retention only'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.cleared_at IS NOT NULL AND OLD.cleared_at IS NULL AND (
        EXISTS (SELECT FROM share_grant WHERE snapshot_id = NEW.snapshot_id AND NOT follows_editions
                AND status IN ('pending_delivery', 'active'))
        OR EXISTS (SELECT FROM delivery WHERE snapshot_id = NEW.snapshot_id AND status = 'running')
    ) THEN
        RAISE EXCEPTION 'rows that a grant or a transfer needs are kept'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    """
_EDITION = (
    "'edition', 'Edition', 'code', whole => 'data_resource', key => 'resource_id',"
    " number => 'number'"
)
#: One event may be about several parts of one whole: ``code#1,2,5``.
_SETTLE = """
CREATE OR REPLACE FUNCTION guard.settle() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM guard.pending
    WHERE xact = NEW.xact AND tab = NEW.tab AND object = NEW.object;
    IF NOT FOUND
        OR EXISTS (SELECT FROM public.audit_event
            WHERE xact = NEW.xact AND written_at = transaction_timestamp() AND result <> 'deny'
            AND object_id = NEW.object AND object_type = NEW.kind)
        OR NEW.stream IS NOT NULL AND EXISTS (SELECT FROM public.audit_event
            WHERE xact = NEW.xact AND written_at = transaction_timestamp() AND result <> 'deny'
            AND stream = NEW.stream)
        {several}OR EXISTS (SELECT FROM guard.excused
            WHERE xact = NEW.xact AND began_at = transaction_timestamp())
    THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'a change of % without an event about % %', NEW.tab, NEW.kind, NEW.object
        USING ERRCODE = 'insufficient_privilege', SCHEMA = 'guard', TABLE = NEW.tab;
END;
$$;
"""
_SEVERAL = """OR EXISTS (SELECT FROM public.audit_event AS event, guard.governed
            WHERE governed.tab = NEW.tab AND governed.number IS NOT NULL
            AND event.xact = NEW.xact AND event.written_at = transaction_timestamp()
            AND event.result <> 'deny' AND event.object_type = NEW.kind
            AND split_part(event.object_id, '#', 1) = split_part(NEW.object, '#', 1)
            AND split_part(NEW.object, '#', 2)
                = ANY (string_to_array(split_part(event.object_id, '#', 2), ',')))
        """
_REVIEWER = """
CREATE OR REPLACE FUNCTION catalog_check_reviewer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM data_resource AS entry JOIN data_resource AS work USING (code)
               WHERE entry.id = NEW.resource_id AND NEW.reviewer_id = ANY (work.writer_ids)) THEN
        RAISE EXCEPTION 'nobody reviews what they wrote' USING ERRCODE = 'check_violation';
    END IF;
    {submitted}IF NEW.step = 'administration' AND NOT EXISTS (
        SELECT FROM (SELECT * FROM publication_review
                     WHERE resource_id = NEW.resource_id AND step = 'head_consent'
                     ORDER BY id DESC LIMIT 1) AS consent
        WHERE consent.outcome = 'consented' AND consent.reviewer_id <> NEW.reviewer_id) THEN
        RAISE EXCEPTION 'a review follows the consent of somebody else' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.is_self_reviewed <> (NEW.step = 'administration' AND coalesce((
        SELECT reviewer.department_id = entry.provider_id
        FROM data_resource AS entry, app_user AS reviewer
        WHERE entry.id = NEW.resource_id AND reviewer.id = NEW.reviewer_id), false)) THEN
        RAISE EXCEPTION 'a review of the own department is marked' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END;
$$;
"""
_SUBMITTED = """IF EXISTS (SELECT FROM data_resource AS entry JOIN data_resource AS work USING (code)
               WHERE entry.id = NEW.resource_id AND work.status = 'in_review'
               AND work.submitter_id IS DISTINCT FROM NEW.submitter_id) THEN
        RAISE EXCEPTION 'a review says who submitted' USING ERRCODE = 'check_violation';
    END IF;
    """
_DECIDERS = {"publication_review": "reviewer_id", "publication": "published_by"}
_MARKED = """
CREATE FUNCTION catalog_check_extension() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.decided_at IS DISTINCT FROM OLD.decided_at AND NEW.is_self_reviewed <> coalesce((
        SELECT decider.department_id = NEW.provider_id FROM app_user AS decider
        WHERE decider.id = NEW.decider_id), false) THEN
        RAISE EXCEPTION 'a decision about the own department is marked' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER catalogue_change_extension BEFORE UPDATE ON catalogue_change
    FOR EACH ROW EXECUTE FUNCTION catalog_check_extension();
"""
#: The last submission after the last publication, recall or return; of what is on its way only.
_FILL_SUBMITTERS = """
UPDATE data_resource SET submitter_id = (
    SELECT app_user.id FROM audit_event JOIN app_user ON app_user.account = audit_event.actor
    WHERE audit_event.stream = data_resource.code AND audit_event.result = 'allow'
      AND audit_event.action = 'catalog:resource:submitted'
    ORDER BY audit_event.seq DESC LIMIT 1)
WHERE status = 'in_review'
"""
#: Of a decision the person who wrote its event; the number of the version orders submissions.
_FILL_EXTENSIONS = """
UPDATE catalogue_change SET decider_id = app_user.id, decided_at = event.at,
    is_self_reviewed = app_user.department_id = catalogue_change.provider_id
FROM (SELECT DISTINCT ON (stream) stream, actor, at FROM audit_event
      WHERE action IN ('catalog:update:extended', 'catalog:update:extension_refused')
      ORDER BY stream, seq DESC) AS event
JOIN app_user ON app_user.account = event.actor
WHERE event.stream = catalogue_change.change_no
"""
#: What the version of the decision declared; of an entry that declared nothing: all of it.
_FILL_COVERAGE = """
ALTER TABLE share_grant DISABLE TRIGGER share_grant_keep_terms;
UPDATE share_grant SET coverage = coalesce((
    SELECT nullif(publication.entry -> 'coverage', 'null'::jsonb) FROM publication
    WHERE publication.resource_id = share_grant.resource_id
      AND publication.version = share_grant.resource_version), '{"all": true}');
ALTER TABLE share_grant ENABLE TRIGGER share_grant_keep_terms;
"""
_TERMS = (
    *("snapshot_id", "row_filter", "consumer_id", "provider_id", "resource_id", "valid_until"),
    *("live_id", "follows_editions", "edition_no", "filter_columns"),
)
_KEEP_TERMS = """
CREATE OR REPLACE FUNCTION exchange_keep_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('revoked', 'expired') AND NEW.status <> OLD.status THEN
        RAISE EXCEPTION 'an ended grant never comes back' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF ({new}) IS DISTINCT FROM ({old}) THEN
        RAISE EXCEPTION 'the terms of a grant never change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
"""
#: Without a date: the next upkeep counts it from the day on which the waiting began.
_FILL_CLOCKS = """
INSERT INTO case_clock (id, case_no, kind, article, basis, instrument, limit_days, extended_days,
    started_on, spent_days, counting_from, status, derivation, history, version, escalated)
SELECT uuidv7(), waiting.case_no, :kind, '', 'policy', CAST(:instrument AS jsonb), :days, 0,
    waiting.since, 0, waiting.since, 'calendar_missing', '[]', '[]', 1, 0
FROM ({waiting}) AS waiting
WHERE NOT EXISTS (SELECT FROM case_clock AS running WHERE running.case_no = waiting.case_no
    AND running.kind = :kind AND running.closed_on IS NULL)
"""
_DAY = "(({moment}) AT TIME ZONE 'Asia/Shanghai')::date"
#: Tasks of an edition hang on its own number, those of a renewal beside the entry's.
_OWN_CASES = """
INSERT INTO todo (id, case_no, kind, role, department_id, user_id, what, href, clock, created_at)
SELECT uuidv7(), todo.case_no || '#' || number, kind, role, department_id, user_id, what, href, '',
    todo.created_at
FROM todo JOIN data_resource AS entry ON entry.code = todo.case_no AND entry.copy_of IS NULL
JOIN edition ON edition.resource_id = entry.id AND edition.status = 'held'
WHERE todo.kind IN ('settle_edition', 'overdue_settle_edition') AND done_at IS NULL;
UPDATE todo SET done_at = now() WHERE kind IN ('settle_edition', 'overdue_settle_edition')
    AND done_at IS NULL AND case_no NOT LIKE '%#%';
UPDATE todo SET case_no = case_no || '#refresh' WHERE kind = 'mend_refresh' AND done_at IS NULL;
"""
#: Kind of clock → its task, its days, and (case_no, since) of what waits.
_WAITING = {
    "held_edition": (
        "settle_edition",
        5,
        "SELECT code || '#' || number AS case_no, {day} AS since FROM edition"
        " JOIN data_resource AS entry ON entry.id = edition.resource_id"
        " WHERE edition.status = 'held'",
        "edition.arrived_at",
    ),
    "refresh_mending": (
        "mend_refresh",
        5,
        "SELECT code || '#refresh' AS case_no, {day} AS since FROM data_refresh"
        " JOIN data_resource AS entry ON entry.id = resource_id WHERE failed_at IS NOT NULL"
        " AND EXISTS (SELECT FROM todo WHERE todo.case_no = code || '#refresh'"
        " AND done_at IS NULL)",
        "failed_at",
    ),
    "suspended_item": (
        "settle_grant_items",
        10,
        "SELECT grant_no AS case_no, {day} AS since FROM granted_item JOIN share_grant"
        " ON share_grant.id = grant_id WHERE suspended_at IS NOT NULL"
        " AND EXISTS (SELECT FROM todo WHERE todo.case_no = grant_no AND done_at IS NULL"
        " AND kind = 'settle_grant_items') GROUP BY grant_no",
        "min(suspended_at)",
    ),
    "head_consent": (
        "consent_to_resource",
        5,
        "SELECT code AS case_no, {day} AS since FROM data_resource"
        " WHERE review_step = 'head_consent'",
        "updated_at",
    ),
    "entry_correction": (
        "correct_resource",
        10,
        "SELECT code AS case_no, {day} AS since FROM data_resource WHERE status = 'returned'",
        "updated_at",
    ),
    "own_consent": (
        "own_consent_sharing_head",
        3,
        "SELECT request_no AS case_no, {day} AS since FROM share_request"
        " WHERE status = 'own_consent'",
        "coalesce((SELECT max(at) FROM audit_event WHERE stream = request_no), created_at)",
    ),
}
_ADDED = "('held_edition', 'refresh_mending', 'suspended_item')"
_INSTRUMENT = {
    "zh": "政务数据共享条例",
    "en": "Regulation on the Sharing of Government Data",
    "number": "国务院令第809号",
    "number_en": "Order 809",
}


def upgrade() -> None:
    op.execute("SELECT guard.excuse('migration 0022: facts that stood elsewhere')")
    _clear_editions()
    _tell_submitters()
    _mark_extensions()
    op.add_column("share_grant", sa.Column("coverage", postgresql.JSONB(), nullable=True))
    op.execute(_FILL_COVERAGE)
    op.alter_column("share_grant", "coverage", nullable=False)
    op.execute(_keep((*_TERMS, "coverage")))
    op.execute(_OWN_CASES)
    for kind, (task, days, waiting, moment) in _WAITING.items():
        fill = _FILL_CLOCKS.format(waiting=waiting.format(day=_DAY.format(moment=moment)))
        op.execute(
            sa.text(fill).bindparams(kind=kind, days=days, instrument=json.dumps(_INSTRUMENT))
        )
        named = sa.text("UPDATE todo SET clock = :kind WHERE kind = :task AND done_at IS NULL")
        op.execute(named.bindparams(kind=kind, task=task))


def _keep(columns: tuple[str, ...]) -> str:
    new, old = (", ".join(f"{row}.{name}" for name in columns) for row in ("NEW", "OLD"))
    return _KEEP_TERMS.format(new=new, old=old)


def _clear_editions() -> None:
    for name in ("cleared_at", "erased_at"):
        op.add_column("edition", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("edition", sa.Column("profile", postgresql.JSONB(), nullable=True))
    op.create_check_constraint(
        op.f("edition_cleared_check"),
        "edition",
        "(cleared_at IS NULL OR status = 'removed' AND snapshot_id IS NOT NULL)"
        " AND (erased_at IS NULL OR cleared_at IS NOT NULL)",
    )
    op.create_index(
        "edition_unerased_idx",
        "edition",
        ["snapshot_id"],
        postgresql_where=sa.text("cleared_at IS NOT NULL AND erased_at IS NULL"),
    )
    op.execute(_KEEP_EDITION.format(kept=_KEPT, needed=_NEEDED))
    op.execute("SELECT guard.release('edition')")
    op.execute(f"SELECT guard.govern({_EDITION}, apart => '{{erased_at}}')")
    op.execute(_SETTLE.format(several=_SEVERAL))


def _tell_submitters() -> None:
    for table in ("data_resource", "publication_review", "publication"):
        op.add_column(table, sa.Column("submitter_id", sa.Uuid(), nullable=True))
        op.create_foreign_key(
            op.f(f"{table}_submitter_id_fkey"), table, "app_user", ["submitter_id"], ["id"]
        )
    op.execute(_FILL_SUBMITTERS)
    for table, person in _DECIDERS.items():
        op.create_check_constraint(
            op.f(f"{table}_two_people_check"), table, f"submitter_id <> {person}"
        )
    op.execute(_REVIEWER.format(submitted=_SUBMITTED))


def _mark_extensions() -> None:
    op.add_column("catalogue_change", sa.Column("decider_id", sa.Uuid(), nullable=True))
    op.add_column(
        "catalogue_change", sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "catalogue_change",
        sa.Column("is_self_reviewed", sa.Boolean(), server_default="false", nullable=False),
    )
    op.alter_column("catalogue_change", "is_self_reviewed", server_default=None)
    op.create_foreign_key(
        op.f("catalogue_change_decider_id_fkey"),
        "catalogue_change",
        "app_user",
        ["decider_id"],
        ["id"],
    )
    op.execute(_FILL_EXTENSIONS)
    op.create_check_constraint(
        op.f("catalogue_change_decided_check"),
        "catalogue_change",
        "(decider_id IS NULL) = (decided_at IS NULL)"
        " AND (NOT is_self_reviewed OR decider_id IS NOT NULL)",
    )
    op.execute(_MARKED)


def downgrade() -> None:
    """Editions that were cleared stay removed; that their rows are gone is then told by nothing."""
    op.execute(_keep(_TERMS))
    op.drop_column("share_grant", "coverage")
    op.execute("DROP TRIGGER catalogue_change_extension ON catalogue_change")
    op.execute("DROP FUNCTION catalog_check_extension()")
    op.drop_constraint(op.f("catalogue_change_decided_check"), "catalogue_change")
    for name in ("is_self_reviewed", "decided_at", "decider_id"):
        op.drop_column("catalogue_change", name)
    op.execute(_REVIEWER.format(submitted=""))
    for table in _DECIDERS:
        op.drop_constraint(op.f(f"{table}_two_people_check"), table)
    for table in ("publication", "publication_review", "data_resource"):
        op.drop_column(table, "submitter_id")
    op.execute(_SETTLE.format(several=""))
    op.execute("SELECT guard.release('edition')")
    op.execute(f"SELECT guard.govern({_EDITION})")
    op.execute(_KEEP_EDITION.format(kept="", needed=""))
    op.drop_index("edition_unerased_idx", table_name="edition")
    op.drop_constraint(op.f("edition_cleared_check"), "edition")
    for name in ("profile", "erased_at", "cleared_at"):
        op.drop_column("edition", name)
    op.execute(f"DELETE FROM case_clock WHERE kind IN {_ADDED}")
    op.execute(f"UPDATE todo SET clock = '' WHERE clock IN {_ADDED}")
    op.execute(
        "UPDATE todo SET case_no = split_part(case_no, '#', 1)"
        " WHERE case_no LIKE '%#%' AND done_at IS NULL AND kind = 'mend_refresh'"
    )
    op.execute(
        "UPDATE todo SET case_no = split_part(case_no, '#', 1) FROM (SELECT DISTINCT ON"
        " (split_part(case_no, '#', 1)) id FROM todo WHERE case_no LIKE '%#%' AND done_at IS NULL"
        " AND kind = 'settle_edition') AS first WHERE first.id = todo.id"
    )
