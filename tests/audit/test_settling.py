"""A change without an event about it cannot be committed, whoever makes it and by which way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from hashlib import sha256
from uuid import uuid4

import psycopg
import pytest
from fixtures.world import Worlds
from fixtures.worlds import World
from psycopg import sql
from psycopg.errors import CheckViolation, InsufficientPrivilege

from shuqiao.roles import administering

At = Callable[[str], World]
NO_EVENT = "without an event about"
#: A department that nobody has told the trail about.
NEW = "gen_random_uuid(), '11150000009900099X', '临时部门', now()"
RENAMED = "UPDATE department SET name = name || '（改）' WHERE code = '11150000009900013G'"
BUREAU, EDUCATION = "11150000009900013G", "11150000009900021B"
#: How a table is changed where its identity is not written: a change of nothing is one too.
CHANGED = {"delivery": "face = 'x'", "area": "name = name", "edition": "rows = rows + 1"}
PROPOSED = """
INSERT INTO element_proposal (id, proposal_no, element_id, title, kind, proposer_id, author_id,
        base_version, reason, status, round, asked_ids, is_self_reviewed, remark, version,
        created_at)
    SELECT uuidv7(), 'EP-1', element.id, 'x', 'retire', department_id, app_user.id, 1, 'x',
        'proposed', 0, '{}', false, '', 1, now()
    FROM app_user, data_element AS element WHERE department_id IS NOT NULL LIMIT 1;
INSERT INTO element_opinion (id, proposal_id, round, department_id, author_id, verdict, remark,
        given_at)
    SELECT uuidv7(), id, 1, proposer_id, author_id, 'agrees', '', now() FROM element_proposal;
"""
SOURCED = """
INSERT INTO object_scope (id, element_id, name, belongs, registered_at)
    SELECT uuidv7(), id, 'x', 'x', now() FROM data_element LIMIT 1;
INSERT INTO source_claim (id, claim_no, element_id, element_name, department_id, area_code,
    element_number, area_span, document, article, collected_by, is_upper, is_by_administration,
    is_rival, status, ground, is_self_reviewed, reason, confirmed_on, end_reason, version,
    created_at)
    SELECT uuidv7(), 'SC-1', e.id, e.name, d.id, '150000', e.number, '{[150000,160000)}', 'x', '',
        '', false, false, false, 'confirmed', 'adopted', false, '', '2026-02-11', '', 1, now()
    FROM data_element e, department d LIMIT 1;
INSERT INTO source_claim (id, claim_no, element_id, element_name, department_id, area_code,
    element_number, area_span, document, article, collected_by, is_upper, is_by_administration,
    is_rival, status, is_self_reviewed, reason, end_reason, version, created_at, proposer_id)
    SELECT uuidv7(), 'SC-2', c.element_id, 'x', d.id, '150000', c.element_number, c.area_span, 'x',
        '', '', false, false, true, 'proposed', false, '', '', 1, now(), u.id
    FROM source_claim c, department d, app_user u WHERE d.id <> c.department_id LIMIT 1;
INSERT INTO source_exception (claim_id, area_code, reason, recorded_at)
    SELECT id, '150200', 'x', now() FROM source_claim WHERE claim_no = 'SC-1';
INSERT INTO source_countersign (id, countersign_no, claim_id, department_id, element_name, status,
    reason, version, asked_at)
    SELECT uuidv7(), 'SC-1#1', id, department_id, 'x', 'asked', '', 1, now() FROM source_claim
    WHERE claim_no = 'SC-1';
INSERT INTO source_conflict (id, conflict_no, element_id, element_name, claim_id, own_claim_id,
    opener_id, rival_id, status, actor_ids, opinion, opinion_document, reasons, basis,
    is_self_reviewed, review_plea, review_reasons, version, opened_at)
    SELECT uuidv7(), 'CF-1', a.element_id, 'x', a.id, b.id, b.department_id, a.department_id,
        'opened', '{}', '', '', '', '', false, '', '', 1, now()
    FROM source_claim a JOIN source_claim b ON a.claim_no = 'SC-1' AND b.claim_no = 'SC-2';
INSERT INTO source_statement
    SELECT c.id, c.opener_id, 'x', '', '', '', '{}', u.id, now()
    FROM source_conflict c, app_user u LIMIT 1;
"""
ORGANISED = """
INSERT INTO seat_change (id, seat_no, kind, user_id, roles, roles_before, reason, office,
        proposer_id, proposed_at, status, decided_office, remark, version)
    SELECT uuidv7(), 'SE-1', 'restoration', a.id, '{}', '{}', 'x', 'system_admin', b.id, now(),
        'proposed', '', '', 1 FROM app_user a JOIN app_user b ON a.id <> b.id LIMIT 1;
INSERT INTO area (code, name, kind, basis, registered_at)
    VALUES ('150000', '内蒙古自治区', 'division', '', now());
INSERT INTO duty
    SELECT uuidv7(), 'DU-1', id, 'x', 'x', '', '', '2026-02-10', NULL, now()
    FROM department LIMIT 1;
INSERT INTO reorganisation VALUES (uuidv7(), 'RO-1', 'merged', '', '2026-02-10', now());
INSERT INTO reorganised_department
    SELECT r.id, 'before', d.id, d.name FROM reorganisation r, department d LIMIT 1;
INSERT INTO information_system (id, system_no, owner_id, registrar_id, name, purpose, filing_no,
        contractor, contract_no, contact, build, network, protection, status, version,
        registered_at, updated_at)
    SELECT uuidv7(), 'IS-1', department_id, id, 'x', '', '', '', '', '', 'shared', 'internet',
        'none', 'planned', 1, now(), now() FROM app_user LIMIT 1;
INSERT INTO system_duty SELECT s.id, d.id FROM information_system s, duty d LIMIT 1;
INSERT INTO system_census (id, census_no, year, status, opener_id, opened_at, version)
    SELECT uuidv7(), 'PC-1', 2026, 'open', id, now(), 1 FROM app_user LIMIT 1;
INSERT INTO census_return (id, return_no, census_id, year, owner_id, status, version)
    SELECT uuidv7(), 'SR-1', c.id, 2026, d.id, 'due', 1 FROM system_census c, department d LIMIT 1;
INSERT INTO succession (id, act_no, reorganisation_id, status, opened_at, version)
    SELECT uuidv7(), act_no, id, 'open', now(), 1 FROM reorganisation LIMIT 1;
INSERT INTO succeeded_object
    SELECT uuidv7(), s.id, 'entry', 'x', 'x', u.department_id, d.id, 'x', 'x', true, u.id, now()
    FROM succession s, app_user u, department d WHERE d.id <> u.department_id LIMIT 1;
INSERT INTO system_confirmation
    SELECT c.id, s.id, 'confirmed', 1, c.opener_id, now() FROM system_census c, information_system s
    LIMIT 1;
"""
COLLECTED = """
INSERT INTO collection_check SELECT uuidv7(), 'CK-1', department_id, id, 'x', 'form', 0, 'open',
    now(), NULL, NULL, 1 FROM app_user LIMIT 1;
INSERT INTO collected_field SELECT uuidv7(), id, 1, 'x', 'collectable', NULL, '', '', '', '', NULL,
    '', '', false, true, '' FROM collection_check;
INSERT INTO repeated_form SELECT uuidv7(), 'CF-1', department_id, id, 'x', 'x', '{}', '',
    'reported', NULL, '', NULL, NULL, now(), 1 FROM app_user LIMIT 1;
"""
ASSIGNED = """
INSERT INTO list_template (id, template_no, title, document, document_no, status, author_id,
        written_at, version)
    SELECT uuidv7(), 'LT-1', 'x', '', '', 'draft', id, now(), 1 FROM app_user LIMIT 1;
INSERT INTO template_line
    SELECT uuidv7(), id, 1, 'entry', 'x', '', '', NULL, '', NULL, '', '' FROM list_template;
INSERT INTO assignment (id, assignment_no, template_id, line_id, title, department_id, status,
        part, rest, reason, duplicate_of, matter, table_name, made_at, version)
    SELECT uuidv7(), 'AS-1', template_id, l.id, 'x', d.id, 'open', '', '', '', '', '', '', now(), 1
    FROM template_line l, department d LIMIT 1;
"""
DEMANDED = """
INSERT INTO demand SELECT id, 'DM-1', department_id, id, 'x', 'x', 'law', 'x', '', '', '', 'x', 'x',
    NULL, NULL, '2026-12-31', false, NULL, NULL, NULL, ARRAY[department_id],
    ARRAY[department_id], 'filed', NULL, NULL, NULL, NULL, NULL, '', '', now(), NULL, 1
    FROM app_user LIMIT 1;
INSERT INTO demand_item SELECT id, 1, 'x', '', NULL, '' FROM demand;
INSERT INTO demand_voice SELECT id, id, consumer_id, filer_id, 'DM-1', 'x', 'x', '2026-12-31', '',
    '', NULL, NULL FROM demand;
INSERT INTO demand_answer SELECT id, 1, consumer_id, 'not_ours', 'x', NULL, NULL, NULL, NULL, '',
    '', '', '', filer_id, now(), NULL FROM demand;
"""
STRUCK = """
INSERT INTO negative_entry (id, entry_no, department_id, proposer_id, status, basis_kind,
        basis_name, basis_number, basis_article, basis_text, reason, business, reach_clause,
        reaches_all, is_self_reviewed, review_on, end_reason, version, created_at)
    SELECT uuidv7(), 'NE-1', department_id, id, 'proposed', 'law', 'x', '', '', '', 'x', '', '',
        false, false, '2027-02-11', '', 1, now() FROM app_user LIMIT 1;
INSERT INTO negative_target (id, entry_id, resource_id, name, skeleton)
    SELECT uuidv7(), id, id, 'x', 'x' FROM negative_entry;
INSERT INTO negative_cover (id, entry_id, item_id, since)
    SELECT uuidv7(), e.id, i.id, now() FROM negative_entry e, resource_item i LIMIT 1;
INSERT INTO negative_contest (id, contest_no, entry_id, entry_no, opener_id, department_id, status,
        reasons, raised_by, raised_at, answer, decision, is_self_reviewed, version)
    SELECT uuidv7(), 'NC-1', e.id, entry_no, d.id, department_id, 'raised', 'x', proposer_id,
        now(), '', '', false, 1 FROM negative_entry e, department d
    WHERE d.id <> e.department_id LIMIT 1;
INSERT INTO grant_consultation (id, consultation_no, grant_id, grant_no, resource_title,
        consumer_id, provider_id, status, conclusion, version, opened_at)
    SELECT uuidv7(), 'CO-1', id, grant_no, 'x', consumer_id, provider_id, 'open', '', 1, now()
    FROM share_grant LIMIT 1;
INSERT INTO consultation_item SELECT c.id, i.id, 'x', e.id, 'NE-1', 'x', now()
    FROM grant_consultation c, resource_item i, negative_entry e LIMIT 1;
INSERT INTO consultation_statement (id, consultation_id, side, department_id, statement, stated_by,
        stated_at)
    SELECT uuidv7(), c.id, 'provider', c.provider_id, 'x', u.id, now()
    FROM grant_consultation c, app_user u LIMIT 1;
INSERT INTO grant_filing (id, filing_no, consultation_id, consultation_no, grant_no, consumer_id,
        provider_id, status, statement, version, opened_at)
    SELECT uuidv7(), 'FL-1', id, 'CO-1', grant_no, consumer_id, provider_id, 'due', '', 1, now()
    FROM grant_consultation;
"""
SUSPECTED = """
INSERT INTO duplicate_sweep VALUES (uuidv7(), 'DS-1', now(), 0, 0, 0);
INSERT INTO duplicate_ruling (id, resource_id, item_id, element_id, fingerprint, reason, ruled_by,
    ruled_at)
    SELECT uuidv7(), r.id, r.id, e.id, '', 'x', registrar_id, now()
    FROM data_resource r, data_element e LIMIT 1;
"""
COUNT = """
INSERT INTO audit_stream (stream, last_seq) VALUES (%(stream)s, 1)
ON CONFLICT (stream) DO UPDATE SET last_seq = audit_stream.last_seq + 1 RETURNING last_seq
"""
RECORD = """
INSERT INTO audit_event (id, at, stream, seq, action, result, actor, object_type, object_id,
    request_id, canon, leaf_hash)
VALUES (%(id)s, now(), %(stream)s, %(seq)s, %(action)s, %(result)s, 'x', %(kind)s, %(object)s, 'r',
    '{}', %(leaf)s)
"""


def record(
    connection: psycopg.Connection,
    kind: str,
    identity: str,
    *,
    stream: str = "case",
    result: str = "allow",
    action: str = "a:b:c",
) -> None:
    """An event by hand, as whoever writes SQL past the services would have to write it."""
    row = connection.execute(COUNT, {"stream": stream}).fetchone()
    assert row is not None
    values = {"id": uuid4(), "stream": stream, "seq": row[0], "result": result, "kind": kind}
    values |= {"action": action, "object": identity, "leaf": sha256(b"\0{}").digest()}
    connection.execute(RECORD, values)


@contextmanager
def as_app(world: World) -> Iterator[psycopg.Connection]:
    """The serving role's own connection."""
    with administering(world.url) as connection:
        yield connection


@pytest.mark.parametrize(
    "statement",
    [
        RENAMED,
        f"INSERT INTO department VALUES ({NEW})",
        f"WITH made AS (INSERT INTO department VALUES ({NEW}) RETURNING id) SELECT id FROM made",
        f"""MERGE INTO department d USING (VALUES ({NEW})) AS n (id, code, name, created_at)
            ON d.code = n.code WHEN NOT MATCHED THEN INSERT VALUES (n.id, n.code, n.name,
            n.created_at)""",
        f"""INSERT INTO department VALUES (gen_random_uuid(), '{BUREAU}', '别的局', now())
            ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name""",
        f"SET CONSTRAINTS ALL IMMEDIATE; {RENAMED}",
        f"SAVEPOINT here; {RENAMED}; RELEASE here",
        "UPDATE app_user SET roles = '{security_admin}' WHERE account = 'system_admin'",
        "UPDATE delivery SET status = 'finished', ended_at = now()",
        "UPDATE share_grant SET status = 'revoked'",
    ],
)
def test_a_statement_that_tells_nothing_is_refused(worlds: Worlds, statement: str) -> None:
    with (
        worlds.cloned("finished_delivery") as world,
        as_app(world) as app,
        worlds.as_superuser(world) as superuser,
    ):
        superuser.execute("ALTER TABLE delivery DISABLE TRIGGER delivery_keep_end")
        before = app.execute("SELECT array_agg(d ORDER BY id) FROM department d").fetchone()
        with pytest.raises(InsufficientPrivilege, match=NO_EVENT), app.transaction():
            app.execute(statement.encode())
        after = app.execute("SELECT array_agg(d ORDER BY id) FROM department d").fetchone()
        assert before == after


def test_rows_that_are_copied_in_are_refused(worlds: Worlds) -> None:
    with (
        worlds.cloned("accounts") as world,
        as_app(world) as app,
        pytest.raises(InsufficientPrivilege, match=NO_EVENT),
        app.cursor() as cursor,
        cursor.copy("COPY department (id, code, name, created_at) FROM STDIN") as copy,
    ):
        copy.write_row([uuid4(), "11150000009900099X", "临时部门", "2026-02-11"])


def test_every_governed_table_is_held_to_it_by_every_way(worlds: Worlds) -> None:
    """Even a superuser who has put the ordinary triggers to sleep."""
    with worlds.cloned("crowded") as world, worlds.as_superuser(world) as superuser:
        superuser.execute("SET session_replication_role = replica")
        with superuser.transaction():
            superuser.execute("SELECT guard.excuse('of every table a row')")
            superuser.execute(
                """INSERT INTO data_refresh (resource_id, is_on, attachment_id, set_by, version)
                SELECT resource_id, true, id, uploader_id, 1 FROM attachment LIMIT 1"""
            )
            superuser.execute(
                """WITH cause AS (INSERT INTO update_cause (id, cause_no, kind, changed_on, basis,
                    about_type, about_no, created_at)
                SELECT uuidv7(), 'UC-1', 'law', '2026-02-10', 'x', 'Department', 'x', now()
                RETURNING id)
                INSERT INTO catalogue_change (id, change_no, cause_id, resource_code,
                    resource_title, provider_id, changed_on, kind, basis, status,
                    extension_reason, dismissed_for, is_self_reviewed, version, created_at)
                SELECT uuidv7(), 'CE-1', cause.id, code, title, provider_id, '2026-02-10',
                    'law', 'x', 'due', '', '', false, 1, now() FROM data_resource, cause LIMIT 1"""
            )
            superuser.execute(PROPOSED)
            superuser.execute(
                """INSERT INTO installation_key (name, fingerprint, generation, registered_at)
                VALUES ('csrf', decode(repeat('00', 16), 'hex'), 1, now())"""
            )
            superuser.execute(
                """INSERT INTO conformity_report (id, resource_id, attachment_id, standards,
                    held_on, rows, failed, columns, failures, made_at)
                SELECT uuidv7(), resource_id, id, '', '2026-02-10', 0, 0, '[]', '[]', now()
                FROM attachment LIMIT 1"""
            )
            superuser.execute(COLLECTED)
            superuser.execute(DEMANDED)
            superuser.execute(STRUCK)
            superuser.execute(SUSPECTED)
            superuser.execute(ORGANISED)
            superuser.execute(ASSIGNED)
            superuser.execute(SOURCED)
        tables = superuser.execute("SELECT tab, object, key FROM guard.governed").fetchall()
        assert len(tables) > 10
        for table, identity, key in tables:
            told = sql.SQL(", ").join(sql.Identifier(name) for name in _columns(superuser, table))
            names = {
                "t": sql.Identifier(table),
                "same": sql.Identifier(key or identity),
                "kept": sql.Identifier(f"kept_{table}"),
                "told": told,
            }
            changed = CHANGED.get(table, "{same} = {same}")
            for way in (f"UPDATE {{t}} SET {changed}", "DELETE FROM {t}"):
                assert _refused(superuser, way, names), (table, way)
            with superuser.transaction():
                superuser.execute("SELECT guard.excuse('the rows are wanted elsewhere')")
                superuser.execute(sql.SQL("CREATE TABLE {kept} AS TABLE {t}").format(**names))
                superuser.execute(sql.SQL("DELETE FROM {t}").format(**names))
            back = "INSERT INTO {t} ({told}) SELECT {told} FROM {kept}"
            assert _refused(superuser, back, names), table
            with superuser.transaction():
                superuser.execute("SELECT guard.excuse('and back')")
                superuser.execute(sql.SQL(back).format(**names))
            assert _refused(superuser, "TRUNCATE {t} CASCADE", names), table


def _columns(connection: psycopg.Connection, table: str) -> list[str]:
    query = """SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0
        AND NOT attisdropped AND attgenerated = '' AND attidentity = ''"""
    return [row[0] for row in connection.execute(query, [table])]


def _refused(
    connection: psycopg.Connection, statement: str, names: dict[str, sql.Composable]
) -> bool:
    try:
        with connection.transaction():
            met = connection.execute(sql.SQL(statement).format(**names)).rowcount
            assert met, f"{statement} met no row"
    except InsufficientPrivilege as refusal:
        return refusal.diag.schema_name == "guard"
    return False


def test_the_event_must_be_about_that_very_object(worlds: Worlds) -> None:
    with worlds.cloned("accounts") as world, as_app(world) as app:
        for told in (
            {"kind": "Department", "identity": EDUCATION},
            {"kind": "User", "identity": BUREAU},
            {"kind": "Department", "identity": BUREAU, "result": "deny"},
            {"kind": "Connection", "identity": "x", "stream": BUREAU},
        ):
            with pytest.raises(InsufficientPrivilege, match=NO_EVENT), app.transaction():  # noqa: PT012
                app.execute(RENAMED)
                record(app, **told)  # type: ignore[arg-type]
        for first in (True, False):
            with app.transaction():
                if first:
                    record(app, "Department", BUREAU)
                app.execute(RENAMED)
                if not first:
                    record(app, "Department", BUREAU)
        row = app.execute("SELECT name FROM department WHERE code = %s", [BUREAU]).fetchone()
        assert row is not None
        assert row[0].endswith("（改）（改）")


def test_an_event_of_another_transaction_or_of_one_taken_back_covers_nothing(
    worlds: Worlds,
) -> None:
    with worlds.cloned("accounts") as world, as_app(world) as app:
        with app.transaction():
            record(app, "Department", BUREAU)
        with pytest.raises(InsufficientPrivilege, match=NO_EVENT), app.transaction():
            app.execute(RENAMED)
        with pytest.raises(InsufficientPrivilege, match=NO_EVENT), app.transaction():  # noqa: PT012
            with app.transaction(force_rollback=True):
                record(app, "Department", BUREAU)
            app.execute(RENAMED)
        with app.transaction(), app.transaction():  # each in a savepoint of its own
            with app.transaction():
                app.execute(RENAMED)
            record(app, "Department", BUREAU)


def test_a_change_taken_back_and_one_that_meets_nothing_owe_nothing(worlds: Worlds) -> None:
    with worlds.cloned("active_grant") as world, as_app(world) as app:
        app.execute("UPDATE department SET name = 'x' WHERE code = 'none'")
        app.execute("INSERT INTO department SELECT * FROM department ON CONFLICT (code) DO NOTHING")
        with app.transaction(), app.transaction(force_rollback=True):
            app.execute(RENAMED)


def test_a_sign_of_life_of_a_transfer_is_no_change_of_it(worlds: Worlds) -> None:
    with worlds.cloned("finished_delivery") as world, worlds.as_superuser(world) as superuser:
        superuser.execute("ALTER TABLE delivery DISABLE TRIGGER delivery_keep_end")
        superuser.execute("UPDATE delivery SET seen_at = now(), rows = 7, bytes = 70")
        with pytest.raises(InsufficientPrivilege, match=NO_EVENT):
            superuser.execute("UPDATE delivery SET seen_at = now(), face = 'x'")


def test_a_part_that_is_moved_is_a_change_of_both_wholes(worlds: Worlds) -> None:
    moved = """UPDATE granted_item SET grant_id = (SELECT id FROM share_grant WHERE grant_no = %s)
        WHERE id = (SELECT i.id FROM granted_item i JOIN share_grant g ON g.id = grant_id
            WHERE grant_no = %s LIMIT 1)"""
    with worlds.cloned("active_grant") as world, worlds.as_superuser(world) as superuser:
        with superuser.transaction():
            superuser.execute("SELECT guard.excuse('another grant')")
            superuser.execute(
                """INSERT INTO share_grant SELECT (jsonb_populate_record(g, '{"id":
                "00000000-0000-7000-8000-000000000001", "grant_no": "GR-2026-000099",
                "request_no": "REQ-2026-000099"}')).* FROM share_grant g"""
            )
        numbers = ("GR-2026-000099", world.grant_no)
        for told in ((numbers[0],), (numbers[1],), numbers):
            is_right = told == numbers
            with (
                nullcontext() if is_right else pytest.raises(InsufficientPrivilege, match=NO_EVENT),
                superuser.transaction(),
            ):
                superuser.execute(moved, numbers)
                for number in told:
                    record(superuser, "Grant", number)


def test_an_attached_file_tells_of_its_resource_but_not_of_an_item(worlds: Worlds) -> None:
    with worlds.cloned("attached_resource") as world, as_app(world) as app:
        code = world.resource_code.replace("-", "/")
        seen = "UPDATE data_resource SET version = version + 1"
        item = "UPDATE resource_item SET description = '改'"
        with app.transaction():
            app.execute(seen)
            record(app, "Attachment", str(world.attachment_id), stream=code)
        with (  # noqa: PT012
            pytest.raises(InsufficientPrivilege, match=f"resource_item {NO_EVENT}"),
            app.transaction(),
        ):
            app.execute(item)
            record(app, "Attachment", str(world.attachment_id), stream=code)


@pytest.mark.parametrize("column", ["xact", "written_at"])
def test_nobody_states_the_transaction_of_an_event(worlds: Worlds, column: str) -> None:
    for statement in (
        f"INSERT INTO audit_event ({column}) VALUES (DEFAULT)",
        f"INSERT INTO audit_event ({column}) SELECT {column} FROM audit_event",
        f"COPY audit_event ({column}) FROM STDIN",
    ):
        with (
            as_app(worlds.at("accounts")) as app,
            pytest.raises(InsufficientPrivilege, match="permission denied"),
        ):
            app.execute(statement.encode())


def test_an_event_restored_from_elsewhere_covers_no_transaction_of_the_same_number(
    worlds: Worlds,
) -> None:
    """Transactions are numbered anew in a new server; when one began cannot come again."""
    with (
        worlds.cloned("accounts") as world,
        as_app(world) as app,
        worlds.as_superuser(world) as superuser,
    ):
        for is_same in (False, True):
            with (
                nullcontext() if is_same else pytest.raises(InsufficientPrivilege, match=NO_EVENT),
                app.transaction(),
            ):
                app.execute(RENAMED)
                now = app.execute(
                    "SELECT pg_current_xact_id()::text, transaction_timestamp()"
                ).fetchone()
                assert now is not None
                superuser.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
                superuser.execute(
                    """INSERT INTO audit_event (id, at, stream, seq, action, result, actor,
                    object_type, object_id, request_id, canon, leaf_hash, xact, written_at)
                    VALUES (%s, now(), 'restored', 1 + %s, 'a:b:c', 'allow', 'x', 'Department',
                    %s, 'r', '{}', %s, %s::xid8, %s::timestamptz - %s * interval '1 day')""",
                    [
                        uuid4(),
                        int(is_same),
                        BUREAU,
                        sha256(b"\0{}").digest(),
                        *now,
                        int(not is_same),
                    ],
                )


def test_the_owner_is_excused_for_a_transaction_and_it_stands_there_why(worlds: Worlds) -> None:
    with worlds.cloned("accounts") as world, worlds.as_owner(world) as owner:
        with pytest.raises(InsufficientPrivilege, match=NO_EVENT):
            owner.execute(RENAMED)
        with pytest.raises(CheckViolation):
            owner.execute("SELECT guard.excuse('')")
        for first in (True, False):
            with owner.transaction():
                if first:
                    owner.execute("SELECT guard.excuse('names as in the new list')")
                owner.execute(RENAMED)
                if not first:
                    owner.execute("SELECT guard.excuse('names as in the new list')")
        with pytest.raises(InsufficientPrivilege, match=NO_EVENT):
            owner.execute(RENAMED)
        told = "SELECT by FROM guard.excused WHERE reason = 'names as in the new list'"
        assert owner.execute(told).fetchall() == [("shuqiao_owner",)] * 2


def test_nothing_is_left_behind(worlds: Worlds) -> None:
    with worlds.cloned("crowded") as world, worlds.as_owner(world) as owner:
        assert owner.execute("SELECT * FROM guard.pending").fetchall() == []
