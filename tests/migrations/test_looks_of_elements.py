"""0065: elements that looked alike already stay; the later ones name the first."""

from fixtures.database import Cluster

from catalog.elements.checks import looks
from catalog.elements.schemas import ElementContent
from catalog.elements.words import DataType
from server.process import migrating
from shuqiao.roles import administering

#: 学校代码 plainly, then with a blank of no width, then of another object class.
_OLD = """
SELECT guard.excuse('as it was before');
INSERT INTO data_element (id, identifier, name, name_en, object_class, definition, data_type,
    standard_no,
    status, adopted_at, published_version, version)
SELECT gen_random_uuid(), identifier, name, '', of, '定义', 'C', '', 'standard', day, 1, 1
FROM (VALUES
    ('DE-000002', '学校' || chr(8203) || '代码', '', now()),
    ('DE-000001', '学校代码', '', now() - interval '1 day'),
    ('DE-000003', '学校代码', '学校', now())
) AS said (identifier, name, of, day);
"""
_FOUND = """
SELECT e.identifier, first.identifier, e.looks FROM data_element e
LEFT JOIN data_element first ON first.id = e.duplicate_of_id ORDER BY 1
"""


def test_elements_that_look_alike_name_the_first_and_come_back(cluster: Cluster) -> None:
    made = cluster.empty("looks")
    owner = made.owner_url.render_as_string(hide_password=False)
    migrating.upgrade(owner, "0064")
    with administering(made.owner_url) as connection:
        connection.execute(_OLD.encode())
    migrating.upgrade(owner)
    plain, other = (
        looks(
            ElementContent(
                name="学校代码", object_class=of, definition="定义", data_type=DataType.TEXT
            )
        )
        for of in ("", "学校")
    )
    with administering(made.owner_url) as connection:
        assert connection.execute(_FOUND.encode()).fetchall() == [
            ("DE-000001", None, plain),
            ("DE-000002", "DE-000001", plain),
            ("DE-000003", None, other),
        ]
    migrating.downgrade(owner, "0064")
