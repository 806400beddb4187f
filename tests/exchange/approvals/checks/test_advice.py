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
from exchange.approvals.checks.advice import CHECKS
from exchange.approvals.views.decision import asked, check_facts
from exchange.approvals.views.history import History, history
from exchange.requests import repository
from exchange.requests.models import ShareRequest
from shuqiao.checks import Result, Weight
from shuqiao.checks import results as results_of

At = Callable[[str], World]
Spoil = Callable[[ShareRequest, DataResource, Sequence[ResourceItem]], None]


def results(world: World, spoil: Spoil = lambda *_rows: None, **given: Any) -> Mapping[str, Result]:
    """The checks by number, of rows that ``spoil`` changed in memory only."""
    with changing(world) as (session, request):
        wanted = asked(session, request)
        past = history(session, request)
        resource = repository.resource(session, request.resource_id)
        with session.no_autoflush:
            spoil(request, resource, wanted.items)
            wanted = replace(wanted, schema=given.get("schema", wanted.schema))
            known: History = replace(past, **given.get("past", {}))
            found = results_of(CHECKS, check_facts(request, resource, wanted, known))
            for row in (request, resource, *wanted.items):
                session.expunge(row)
        return {each.check.id: each for each in found}


def test_a_request_in_order_passes_all_of_them(world_at: At) -> None:
    assert {each.verdict for each in results(world_at("submitted_request")).values()} == {
        Weight.INFORMS
    }


def _set(row: int, name: str, value: Any) -> Spoil:
    def spoil(request: ShareRequest, resource: DataResource, items: Sequence[ResourceItem]) -> None:
        setattr((request, resource, items[0])[row], name, value)

    return spoil


@pytest.mark.parametrize(
    ("code", "result", "words", "spoil"),
    [
        ("C1", Weight.ASKS, "未识别到文件名称", _set(0, "basis", "工作需要")),
        ("C2", Weight.BLOCKS, "使用至2026-02-11", _set(0, "until", date(2026, 2, 11))),
        ("C2", Weight.BLOCKS, "使用至2031-01-01", _set(0, "until", date(2031, 1, 1))),
        ("C2", Weight.BLOCKS, "最迟至2029-02-11", _set(0, "until", date(2029, 2, 12))),
        ("C3", Weight.ASKS, "现已发布第2版", _set(1, "published_version", 2)),
        ("C4", Weight.BLOCKS, "不予共享：学校代码", _set(2, "share_type", ShareType.WITHHELD)),
        ("C5", Weight.ASKS, "申请：文件下载；提供：批量交换", _set(0, "share_way", "file")),
        ("C6", Weight.BLOCKS, "没有对应的列：学校代码", _set(2, "column_name", "别的列")),
        ("C7", Weight.ASKS, "属于个人信息：学校代码", _set(2, "is_personal", True)),
        (
            "C8",
            Weight.ASKS,
            "三级及以上：学校代码",
            _set(2, "security_level", SecurityLevel.GENERAL_3),
        ),
    ],
)
def test_what_is_out_of_order_is_named(
    world_at: At, code: str, result: Weight, words: str, spoil: Spoil
) -> None:
    found = results(world_at("submitted_request"), spoil)
    said = " ".join(str(each.words) for each in found[code].found)
    assert (found[code].verdict, words in said) == (result, True), said
    assert {each.verdict for other, each in found.items() if other != code} == {Weight.INFORMS}


def test_a_term_of_exactly_three_years_passes_and_the_last_day_is_said(world_at: At) -> None:
    world = world_at("submitted_request")
    (found,) = results(world, _set(0, "until", date(2029, 2, 11)))["C2"].found
    assert found.weight is Weight.INFORMS
    assert found.words.render("zh_CN") == "2026-02-11申请，使用至2029-02-11；最迟至2029-02-11"
    assert found.words.render("en") == (
        "Asked on 2026-02-11, until 2029-02-11; 2029-02-11 at the latest"
    )


def test_without_data_nothing_can_be_granted(world_at: At) -> None:
    found = results(world_at("submitted_request"), schema=None)
    assert (found["C6"].verdict, str(found["C6"].found[0].words)) == (
        Weight.BLOCKS,
        "数据尚未挂接，暂不能作出共享授权。",
    )


def test_earlier_refusals_and_live_grants_are_named_with_their_numbers(world_at: At) -> None:
    world = world_at("submitted_request")
    with changing(world) as (_session, request):
        refused = [request.model_copy()]
    found = results(
        world, past={"refused": refused, "holdings": {world.item_ids[0]: ["GR-2026-000009"]}}
    )
    assert (found["C10"].verdict, found["C10"].found[0].cases) == (Weight.ASKS, [world.request_no])
    assert (found["C9"].verdict, found["C9"].found[0].cases) == (Weight.ASKS, ("GR-2026-000009",))


def test_a_schema_is_asked_for_names_only(world_at: At) -> None:
    more = pa.schema(
        [pa.field(name, pa.string()) for name in ("代码", "名称", "地址", "经度", "别的")]
    )
    assert results(world_at("submitted_request"), schema=more)["C6"].verdict is Weight.INFORMS
