"""The database itself refuses a change without its event, whoever makes it and by which way.

Old shape: the sessions of the service refused to commit a change without an event; raw SQL, COPY
and an event about something else went by.
New shape: a statement that changes a governed table marks every object it changed in
``guard.pending``, and the commit settles each mark by an event of the same transaction about that
very object. ``audit_event`` says in which transaction, begun when, an event was written; nobody
may state that.
Why: what must always be true is kept where nothing can go round it (see
``docs/decisions/2026-11-29-change-and-event.md``).

Revision ID: 0019
Revises: 0020
"""

from alembic import context, op

revision = "0019"
down_revision = "0020"
branch_labels = None
depends_on = None

#: What a change is a change of: table, kind and identity as its events name it, and, of a part, by
#: which column it belongs to its whole. Later tables add themselves: ``SELECT guard.govern(…)``.
_GOVERNED = (
    "('department', 'Department', 'code')",
    "('app_user', 'User', 'id')",
    "('service_token', 'Token', 'id')",
    "('calendar_year', 'Calendar', 'year')",
    "('calendar_version', 'Calendar', 'year')",
    "('work_calendar', 'Calendar', 'notice_year')",
    "('data_element', 'DataElement', 'identifier')",
    # an attached file has events of its own, and they change the version of its resource
    "('data_resource', 'DataResource', 'code', in_stream => true)",
    "('resource_item', 'DataResource', 'code', whole => 'data_resource', key => 'resource_id')",
    "('attachment', 'Attachment', 'id')",
    "('edition', 'Edition', 'code', whole => 'data_resource', key => 'resource_id',"
    " number => 'number')",
    "('data_refresh', 'DataRefresh', 'code', whole => 'data_resource', key => 'resource_id')",
    "('publication', 'DataResource', 'code', whole => 'data_resource', key => 'resource_id')",
    "('publication_review', 'DataResource', 'code', whole => 'data_resource',"
    " key => 'resource_id')",
    "('catalogue_change', 'CatalogueChange', 'change_no')",
    "('share_request', 'ShareRequest', 'request_no')",
    "('requested_item', 'ShareRequest', 'request_no', whole => 'share_request',"
    " key => 'request_id')",
    "('approval_step', 'ShareRequest', 'request_no', whole => 'share_request',"
    " key => 'request_id')",
    "('share_grant', 'Grant', 'grant_no')",
    "('granted_item', 'Grant', 'grant_no', whole => 'share_grant', key => 'grant_id')",
    # a sign of life of a running transfer is no change of it
    "('delivery', 'Delivery', 'delivery_no', apart => '{seen_at,rows,bytes}')",
)

#: What the application may state of an event: everything but the transaction it was written in.
_STATED = (
    *("id", "at", "stream", "seq", "action", "result", "actor", "department_id"),
    *("object_type", "object_id", "request_id", "canon", "leaf_hash"),
)

_TABLES = """
CREATE SCHEMA guard;
CREATE UNLOGGED TABLE guard.pending (
    xact xid8 NOT NULL,
    tab name NOT NULL,
    object text NOT NULL,
    kind text NOT NULL,
    stream text,
    PRIMARY KEY (xact, tab, object)
);
COMMENT ON TABLE guard.pending IS
    'what the running transactions changed; outside of them it is empty';
CREATE TABLE guard.governed (
    tab name PRIMARY KEY,
    kind text NOT NULL,
    object name NOT NULL,
    whole name,
    key name,
    number name,
    in_stream boolean NOT NULL,
    apart text[] NOT NULL
);
COMMENT ON TABLE guard.governed IS 'the tables whose changes need an event, and about what';
CREATE TABLE guard.excused (
    xact xid8 DEFAULT pg_current_xact_id(),
    began_at timestamptz DEFAULT transaction_timestamp(),
    by name NOT NULL DEFAULT session_user,
    reason text NOT NULL CHECK (reason <> ''),
    PRIMARY KEY (xact, began_at)
);
COMMENT ON TABLE guard.excused IS 'transactions of the owner that need no events, and why';
"""

_FUNCTIONS = """
CREATE FUNCTION guard.excuse(reason text) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO guard.excused (reason) VALUES (reason) ON CONFLICT DO NOTHING;
$$;
COMMENT ON FUNCTION guard.excuse IS
    'The changes of this transaction need no events: a data migration, a load. Of the owner only.';

CREATE FUNCTION guard.settle() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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
        OR EXISTS (SELECT FROM guard.excused
            WHERE xact = NEW.xact AND began_at = transaction_timestamp())
    THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'a change of % without an event about % %', NEW.tab, NEW.kind, NEW.object
        USING ERRCODE = 'insufficient_privilege', SCHEMA = 'guard', TABLE = NEW.tab;
END;
$$;

CREATE FUNCTION guard.keep_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a governed table is not emptied'
        USING ERRCODE = 'insufficient_privilege', SCHEMA = 'guard', TABLE = TG_TABLE_NAME;
END;
$$;

CREATE FUNCTION guard.govern(
    tab name, kind text, object name,
    whole name DEFAULT NULL, key name DEFAULT NULL, number name DEFAULT NULL,
    in_stream boolean DEFAULT false, apart text[] DEFAULT '{}'
) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $govern$
DECLARE
    -- of a part, marked is its whole, and kept is by which column it belongs to it; one that goes
    -- with its whole is told by what is told of that
    kept name := coalesce(key, object);
    origin text := CASE WHEN whole IS NULL THEN format('c.%I::text', object)
        ELSE format('(SELECT w.%I::text FROM public.%I w WHERE w.id = c.%I)', object, whole, key)
        END;
    stream text := CASE WHEN in_stream THEN origin ELSE 'NULL::text' END;
    identity text := origin
        || CASE WHEN number IS NULL THEN '' ELSE format(' || ''#'' || c.%I', number) END;
    columns text := concat_ws(', ', quote_ident(kept), quote_ident(number));
    changed text := CASE WHEN apart = '{}'
        THEN format('SELECT %1$s FROM gone UNION SELECT %1$s FROM come', columns)
        ELSE format($$SELECT %1$s FROM (
            (SELECT to_jsonb(gone) - %3$L::text[] FROM gone
                EXCEPT SELECT to_jsonb(come) - %3$L::text[] FROM come)
            UNION (SELECT to_jsonb(come) - %3$L::text[] FROM come
                EXCEPT SELECT to_jsonb(gone) - %3$L::text[] FROM gone)
            ) AS changed (r), jsonb_populate_record(NULL::public.%2$I, r)$$, columns, tab, apart)
        END;
    mark text := format(
        'INSERT INTO guard.pending (xact, tab, object, kind, stream)'
        ' SELECT DISTINCT pg_current_xact_id(), %1$L::name, %2$s, %3$L, %4$s FROM (%%s) c'
        ' WHERE %2$s IS NOT NULL ON CONFLICT DO NOTHING', tab, identity, kind, stream);
    moment text;
    tables text;
BEGIN
    INSERT INTO guard.governed
        VALUES (tab, kind, object, whole, key, number, in_stream, apart);
    EXECUTE format($make$
        CREATE FUNCTION guard.%1$I() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp AS $mark$
        BEGIN
            IF EXISTS (SELECT FROM guard.excused
                WHERE xact = pg_current_xact_id() AND began_at = transaction_timestamp())
            THEN
                RETURN NULL;
            ELSIF TG_OP = 'INSERT' THEN
                %2$s;
            ELSIF TG_OP = 'DELETE' THEN
                %3$s;
            ELSE
                %4$s;
            END IF;
            RETURN NULL;
        END;
        $mark$$make$, 'mark_' || tab,
        format(mark, format('SELECT DISTINCT %s FROM come', columns)),
        format(mark, format('SELECT DISTINCT %s FROM gone', columns)),
        format(mark, changed));
    EXECUTE format('REVOKE ALL ON FUNCTION guard.%I() FROM PUBLIC', 'mark_' || tab);
    FOR moment, tables IN VALUES
        ('insert', 'NEW TABLE AS come'),
        ('update', 'OLD TABLE AS gone NEW TABLE AS come'),
        ('delete', 'OLD TABLE AS gone')
    LOOP
        EXECUTE format('CREATE TRIGGER guard_%1$s AFTER %1$s ON public.%2$I REFERENCING %3$s'
            ' FOR EACH STATEMENT EXECUTE FUNCTION guard.%4$I()',
            moment, tab, tables, 'mark_' || tab);
        EXECUTE format('ALTER TABLE public.%I ENABLE ALWAYS TRIGGER guard_%s', tab, moment);
    END LOOP;
    EXECUTE format('CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON public.%I'
        ' FOR EACH STATEMENT EXECUTE FUNCTION guard.keep_all()', tab);
    EXECUTE format('ALTER TABLE public.%I ENABLE ALWAYS TRIGGER guard_truncate', tab);
END;
$govern$;
COMMENT ON FUNCTION guard.govern IS
    'Changes of "tab" need an event whose object is of "kind" and bears the value of "object": a'
    ' column of the table, or of its "whole" that "key" refers to, then perhaps # and the "number"'
    ' of the part. "in_stream": any event in the stream of that name will do. "apart": what changes'
    ' by itself.';

CREATE FUNCTION guard.release(tab name) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format('DROP FUNCTION guard.%I() CASCADE', 'mark_' || tab);
    EXECUTE format('DROP TRIGGER guard_truncate ON public.%I', tab);
    DELETE FROM guard.governed WHERE governed.tab = release.tab;
END;
$$;
COMMENT ON FUNCTION guard.release IS 'Takes back guard.govern, before the table is dropped.';

CREATE CONSTRAINT TRIGGER settle AFTER INSERT ON guard.pending
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard.settle();
ALTER TABLE guard.pending ENABLE ALWAYS TRIGGER settle;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA guard FROM PUBLIC;
"""


def upgrade() -> None:
    role = context.config.attributes["app_role"]
    op.execute("ALTER TABLE audit_event ADD xact xid8, ADD written_at timestamptz")
    op.execute(
        "ALTER TABLE audit_event ALTER xact SET DEFAULT pg_current_xact_id(),"
        " ALTER written_at SET DEFAULT transaction_timestamp()"
    )
    op.create_index("audit_event_xact_object_id_idx", "audit_event", ["xact", "object_id"])
    op.execute(f'REVOKE INSERT ON audit_event FROM "{role}"')
    op.execute(f'GRANT INSERT ({", ".join(_STATED)}) ON audit_event TO "{role}"')
    op.execute(_TABLES)
    op.execute(_FUNCTIONS)
    for told in _GOVERNED:
        op.execute(f"SELECT guard.govern{told}")


def downgrade() -> None:
    role = context.config.attributes["app_role"]
    op.execute("SELECT guard.release(tab) FROM guard.governed")
    op.execute("DROP SCHEMA guard CASCADE")
    op.execute(f'REVOKE INSERT ({", ".join(_STATED)}) ON audit_event FROM "{role}"')
    op.execute(f'GRANT INSERT ON audit_event TO "{role}"')
    op.drop_index("audit_event_xact_object_id_idx", "audit_event")
    op.execute("ALTER TABLE audit_event DROP xact, DROP written_at")
