"""0023: lists of one name become editions of one domain, with their codes, their elements, and the
digest that the service would write.
"""

import psycopg
from fixtures.database import Cluster

from catalog.domains.checks import digest, listed
from server.process import migrating
from shuqiao.roles import administering

_OLD = """
SELECT guard.excuse('as it was before');
INSERT INTO value_domain (id, name, edition, source, created_at) VALUES
    ('00000000-0000-7000-8000-000000000001', '行政区划代码', '2019', 'x', '2025-01-31T17:00Z'),
    ('00000000-0000-7000-8000-000000000002', '行政区划代码', '2023', 'x', '2025-06-01T01:00Z'),
    ('00000000-0000-7000-8000-000000000003', '性别代码', '2003', 'x', '2025-03-01T01:00Z');
INSERT INTO value_domain_entry (domain_id, code, label, position) VALUES
    ('00000000-0000-7000-8000-000000000001', '410307', '洛龙区', 0),
    ('00000000-0000-7000-8000-000000000002', '410307', '偃师区', 1),
    ('00000000-0000-7000-8000-000000000002', '410308', '孟津区', 0);
INSERT INTO data_element (id, identifier, name, name_en, object_class, definition, data_type,
    standard_no, value_domain_id, status, adopted_at, version)
SELECT gen_random_uuid(), 'DE-00000' || n, '数据元' || n, '', '', '定义', 'C', '',
    ('00000000-0000-7000-8000-00000000000' || n)::uuid, 'standard', now(), 1
FROM generate_series(1, 3) n;
"""
_EDITIONS = """
SELECT identifier, number, label, in_force_from::text, in_force_until::text, code_count, reference
FROM domain_version v JOIN value_domain d ON d.id = v.domain_id ORDER BY reference
"""
_ELEMENTS = """
SELECT e.identifier, d.identifier FROM data_element e
JOIN value_domain d ON d.id = e.value_domain_id ORDER BY 1
"""


def test_lists_of_one_name_become_editions_and_come_back(cluster: Cluster) -> None:
    made = cluster.empty("editions")
    owner = made.owner_url.render_as_string(hide_password=False)
    migrating.upgrade(owner, "0019")
    with administering(made.owner_url) as connection:
        connection.execute(_OLD.encode())
    migrating.upgrade(owner)
    with administering(made.owner_url) as connection:
        assert connection.execute(_EDITIONS.encode()).fetchall() == [
            ("VD-000001", 1, "2019", "2025-02-01", "2025-06-01", 1, "VD-000001#1"),
            ("VD-000001", 2, "2023", "2025-06-01", None, 2, "VD-000001#2"),
            ("VD-000002", 1, "2003", "2025-03-01", None, 0, "VD-000002#1"),
        ]
        assert connection.execute(_ELEMENTS.encode()).fetchall() == [
            ("DE-000001", "VD-000001"),
            ("DE-000002", "VD-000001"),
            ("DE-000003", "VD-000002"),
        ]
        rows = [{"code": "410308", "label": "孟津区"}, {"code": "410307", "label": "偃师区"}]
        assert one(connection, "SELECT digest FROM domain_version WHERE label = '2023'") == digest(
            listed(rows)
        )
        assert one(connection, "SELECT last FROM number_series WHERE prefix = 'VD'") == 2
    migrating.downgrade(owner, "0019")
    with administering(made.owner_url) as connection:
        kept = connection.execute(b"SELECT name, edition FROM value_domain ORDER BY edition")
        assert kept.fetchall() == [
            ("性别代码", "2003"),
            ("行政区划代码", "2019"),
            ("行政区划代码", "2023"),
        ]
        assert one(connection, "SELECT count(*) FROM value_domain_entry") == 3
    migrating.upgrade(owner)


def one(connection: psycopg.Connection, query: str) -> object:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]
