from datetime import date
from typing import Any

import pytest

from shuqiao_client import Client, errors
from tests.sdk.stand_in import Answer, Seen, StandIn, answer

HIT = {
    "code": "307001/000001",
    "title": "中小学校名录",
    "abstract": "",
    "provider": "教育厅",
    "share_type": "conditional",
    "update_cycle": None,
    "keywords": ["学校"],
    "published_at": "2026-02-11T09:00:00+08:00",
    "published_version": 1,
    "matched_items": ["学校名称"],
    "added_later": 1,
}


def paged(count: int) -> Any:
    """A catalogue of ``count`` hits, as many a page as asked for, at most 200."""

    def page(seen: Seen) -> Answer:
        start, limit = int(seen.query.get("cursor", ["0"])[0]), int(seen.query["limit"][0])
        assert limit <= 200
        following = str(start + limit) if start + limit < count else None
        codes = range(start, min(start + limit, count))
        return answer(
            {
                "items": [{**HIT, "code": f"307001/{n:06d}"} for n in codes],
                "next": following,
                "total": count,
            }
        )

    return page


def test_pages_are_fetched_as_they_are_read(client: Client, service: StandIn) -> None:
    service.on("GET", "/catalog", paged(450))
    found = client.catalog.search("学校", share_type="conditional")
    assert service.seen == []
    hits = iter(found)
    next(hits)
    assert len(service.seen) == 1
    assert [hit.code for hit in found] == [f"307001/{n:06d}" for n in range(450)]
    assert len(service.seen) == 1 + 3
    assert {(seen.query["q"][0], seen.query["share_type"][0]) for seen in service.seen} == {
        ("学校", "conditional")
    }
    assert "provider" not in service.seen[0].query


def test_a_limit_asks_for_no_more_than_it_gives(client: Client, service: StandIn) -> None:
    service.on("GET", "/catalog", paged(450))
    assert len(list(client.catalog.search(limit=3))) == 3
    assert service.seen[0].query["limit"] == ["3"]
    assert len(list(client.catalog.search(limit=250))) == 250
    assert len(service.seen) == 3


def test_a_cursor_that_comes_back_ends_the_list(client: Client, service: StandIn) -> None:
    service.on("GET", "/catalog", answer({"items": [HIT], "next": "same"}))
    assert len(list(client.catalog.search())) == 2


def test_a_list_becomes_a_frame_an_empty_one_too(client: Client, service: StandIn) -> None:
    service.on("GET", "/catalog", paged(2))
    frame = client.catalog.search().to_polars()
    assert frame["code"].to_list() == ["307001/000000", "307001/000001"]
    assert frame["matched_items"].to_list() == [["学校名称"]] * 2
    assert list(client.catalog.search().to_pandas()["title"]) == ["中小学校名录"] * 2
    service.on("GET", "/catalog", paged(0))
    empty = client.catalog.search().to_polars()
    assert (empty.height, empty.columns) == (0, frame.columns)
    assert client.catalog.search().first() is None


def test_every_kind_of_list_becomes_a_frame(client: Client, service: StandIn) -> None:
    for path in ("/requests", "/grants", "/deliveries"):
        service.on("GET", path, answer({"items": [], "next": None}))
    for lists in (client.requests, client.grants, client.deliveries):
        assert lists.list().to_arrow().num_rows == 0


def test_members_that_are_new_are_kept_and_missing_ones_named(
    client: Client, service: StandIn
) -> None:
    service.on("GET", "/catalog", paged(1))
    hit = client.catalog.search().first()
    assert hit is not None
    assert hit.raw["added_later"] == 1
    assert hit.published_at.date() == date(2026, 2, 11)
    broken = {name: value for name, value in HIT.items() if name != "title"}
    service.on("GET", "/catalog", answer({"items": [broken], "next": None}))
    with pytest.raises(errors.ShuqiaoError) as raised:
        client.catalog.search().first()
    assert raised.value.code == "not_shuqiao"
