"""The pages on which a registrar renews the data of a published entry."""

from collections.abc import Callable

from fixtures.callers import client
from fixtures.page_forms import shown
from fixtures.registering import upload
from fixtures.worlds import World


def test_new_rows_are_attached_on_the_pages_of_a_draft_and_lead_to_the_editions(
    world_at: Callable[[str], World],
) -> None:
    world = world_at("held_edition")
    registrar = client(world, "registrar")
    listed = shown(registrar, f"/resources/{world.resource_code}/editions")
    assert "待确认" in listed and "现行批次" in listed
    assert f'href="/resources/{world.resource_code}/edit/data"' in listed
    data = shown(registrar, f"/resources/{world.resource_code}/edit/data")
    assert "返回数据更新批次" in data and "返回登记清单" not in data
    answer = upload(world, registrar, "代码,名称\n1,一小\n".encode(), "学校.csv")
    assert answer.status_code in (200, 303)
    missing = shown(registrar, f"/resources/{world.resource_code}/edit/data")
    assert "变更稿" in missing
    entry = shown(registrar, f"/catalog/{world.resource_code}")
    assert f'href="/resources/{world.resource_code}/editions"' in entry
    assert "150200" in entry
