"""The automatic checks: what passes each one, and what it says of what does not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from fixtures.exchanging import changing
from fixtures.worlds import World

from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.words import SecurityLevel, ShareType
from exchange.approvals.views.advice import Check, checks
from exchange.approvals.views.decision import asked
from exchange.approvals.views.history import History, history
from exchange.requests import repository
from exchange.requests.models import ShareRequest

At = Callable[[str], World]
Spoil = Callable[[ShareRequest, DataResource, Sequence[ResourceItem]], None]


def results(world: World, spoil: Spoil = lambda *_rows: None, **given: Any) -> Mapping[str, Check]:
    """The checks by number, of rows that ``spoil`` changed in memory only."""
    with changing(world) as (session, request):
        wanted = asked(session, request)
        past = history(session, request)
        resource = repository.resource(session, request.resource_id)
        with session.no_autoflush:
            spoil(request, resource, wanted.items)
            schema = given.get("schema", wanted.schema)
            known: History = replace(past, **given.get("past", {}))
            found = checks(session, request, wanted.items, schema, known)
            for row in (request, resource, *wanted.items):
                session.expunge(row)
        return {check.code: check for check in found}


def test_a_request_in_order_passes_all_of_them(world_at: At) -> None:
    assert {check.result for check in results(world_at("submitted_request")).values()} == {"pass"}


def _set(row: int, name: str, value: Any) -> Spoil:
    def spoil(request: ShareRequest, resource: DataResource, items: Sequence[ResourceItem]) -> None:
        setattr((request, resource, items[0])[row], name, value)

    return spoil


@pytest.mark.parametrize(
    ("code", "result", "words", "spoil"),
    [
        ("C1", "attention", "未识别到文件名称", _set(0, "basis", "工作需要")),
        ("C2", "fail", "使用至2026-02-11", _set(0, "until", date(2026, 2, 11))),
        ("C2", "fail", "使用至2031-01-01", _set(0, "until", date(2031, 1, 1))),
        ("C3", "attention", "现已发布第2版", _set(1, "published_version", 2)),
        ("C4", "fail", "不予共享：学校代码", _set(2, "share_type", ShareType.WITHHELD)),
        ("C5", "attention", "申请：文件下载；提供：批量交换", _set(0, "share_way", "file")),
        ("C6", "fail", "没有对应的列：学校代码", _set(2, "column_name", "别的列")),
        ("C7", "attention", "属于个人信息：学校代码", _set(2, "is_personal", True)),
        (
            "C8",
            "attention",
            "三级及以上：学校代码",
            _set(2, "security_level", SecurityLevel.GENERAL_3),
        ),
    ],
)
def test_what_is_out_of_order_is_named(
    world_at: At, code: str, result: str, words: str, spoil: Spoil
) -> None:
    found = results(world_at("submitted_request"), spoil)
    assert (found[code].result, words in str(found[code].found)) == (result, True), str(
        found[code].found
    )
    assert {check.result for other, check in found.items() if other != code} == {"pass"}


def test_without_data_nothing_can_be_granted(world_at: At) -> None:
    found = results(world_at("submitted_request"), schema=None)
    assert (found["C6"].result, str(found["C6"].found)) == (
        "fail",
        "数据尚未挂接，暂不能作出共享授权。",
    )


def test_earlier_refusals_and_live_grants_are_named_with_their_numbers(world_at: At) -> None:
    world = world_at("submitted_request")
    with changing(world) as (_session, request):
        refused = [request.model_copy()]
    found = results(
        world, past={"refused": refused, "holdings": {world.item_ids[0]: ["GR-2026-000009"]}}
    )
    assert (found["C10"].result, found["C10"].cases) == ("attention", [world.request_no])
    assert (found["C9"].result, found["C9"].cases) == ("attention", ("GR-2026-000009",))


def test_a_schema_is_asked_for_names_only(world_at: At) -> None:
    more = pa.schema(
        [pa.field(name, pa.string()) for name in ("代码", "名称", "地址", "经度", "别的")]
    )
    assert results(world_at("submitted_request"), schema=more)["C6"].result == "pass"
