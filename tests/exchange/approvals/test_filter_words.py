"""What a row filter is said to do with empty values, and what it does with the story's rows: of
four schools one has no 经度.
"""

from collections.abc import Callable
from typing import Any, Final

import pytest
from fixtures.callers import client
from fixtures.exchanging import grant_now, granting, last_fact, looking, prepare_anew, release
from fixtures.page_forms import PAGE
from fixtures.worlds import World

from exchange.deliveries.service.plans import compile_grant, mask_keys
from exchange.deliveries.service.proving import prove
from exchange.grants import repository as grants
from shuqiao.arrow.scans.scan import scan

At = Callable[[str], World]


def other(value: float) -> dict[str, Any]:
    return {"op": "ne", "value": value}


def unlike(value: float) -> dict[str, Any]:
    return {"op": "not", "args": [{"op": "eq", "value": value}]}


EMPTY: Final = {"op": "is_null"}
CASES: Final = (
    (
        other(120.19),
        ["0101", "0103"],
        "经度 ≠ 120.19（空值不算在内）",
        "经度 ≠ 120.19 (an empty value does not count)",
    ),
    (
        {"op": "or", "args": [other(120.19), EMPTY]},
        ["0101", "0103", "0104"],
        "经度 ≠ 120.19（空值不算在内） 或 经度 为空",
        "经度 ≠ 120.19 (an empty value does not count) or 经度 is empty",
    ),
    (
        unlike(120.19),
        ["0101", "0103"],
        "非(经度 = 120.19)（因空值无从判断的不算）",
        "not (经度 = 120.19) (what an empty value leaves open does not count)",
    ),
    (
        {"op": "not", "args": [EMPTY]},
        ["0101", "0102", "0103"],
        "非(经度 为空)",
        "not (经度 is empty)",
    ),
)


def about(document: dict[str, Any], item: str) -> dict[str, Any]:
    """The document with its conditions asking about ``item``."""
    if "args" in document:
        return {**document, "args": [about(arg, item) for arg in document["args"]]}
    return {**document, "item": item}


@pytest.mark.parametrize(("document", "codes", "chinese", "english"), CASES)
def test_the_words_of_a_filter_hold_for_the_rows_that_leave(
    world_at: At, document: dict[str, Any], codes: list[str], chinese: str, english: str
) -> None:
    world = world_at("prepared_request")
    prepare_anew(world, granting(world, row_filter=about(document, str(world.item_ids[3]))))
    approver, path = client(world, "approver"), f"/requests/{world.request_no}/decision"
    for language, words in (("zh-CN", chinese), ("en", english)):
        assert words in approver.get(path, headers={**PAGE, "accept-language": language}).text
    release(world)
    grant = grant_now(world)
    prove(grant.grant_no)
    assert last_fact(grant.grant_no)["why"]["trial_rows"] == len(codes)
    for language, words in (("zh-CN", chinese), ("en", english)):
        shown = approver.get(
            f"/api/v1/grants/{grant.grant_no}", headers={"accept-language": language}
        ).json()
        assert shown["row_filter_label"] == words
    with looking() as session:
        found = grants.by_no(session, grant.grant_no)
        assert found is not None
        plan = compile_grant(session, found).plan
        left = [row for batch in scan(plan, mask_keys(plan)) for row in batch.to_pylist()]
    assert [row["学校代码"] for row in left] == codes


@pytest.mark.parametrize(
    ("language", "hint", "choice"),
    [
        ("zh-CN", "该信息项为空的行只满足“为空”，“不等于”也不包含这些行。", "不等于（不含空值）"),
        ("en", "“is not” leaves them out as well.", "is not (nor empty)"),
    ],
)
def test_the_form_says_it_where_it_is_chosen(
    world_at: At, language: str, hint: str, choice: str
) -> None:
    world = world_at("submitted_request")
    page = f"/requests/{world.request_no}/decision"
    html = client(world, "approver").get(page, headers={**PAGE, "accept-language": language}).text
    assert hint in html
    assert f">{choice}</option>" in html
