"""Fetching over real sockets: whole streams, and every way in which one is not whole."""

import gc
from collections.abc import Callable

import duckdb
import pyarrow as pa
import pytest

from shuqiao.arrow.scans.plan import DeliveryPlan
from shuqiao.arrow.scans.receipts import ReceiptBuilder, closing_bytes
from shuqiao_client import Client, errors
from tests.sdk.conftest import GRANT, TOKEN, data, grant, pieces_of
from tests.sdk.stand_in import Answer, StandIn, answer, problem

Offer = Callable[[Answer], None]


def test_the_whole_table_arrives_with_its_receipt(
    client: Client, serve_data: Offer, ready: DeliveryPlan, table: pa.Table
) -> None:
    serve_data(data(pieces_of(ready)))
    handle = client.grant(GRANT)
    found = handle.to_arrow()
    assert found.equals(table)
    assert found.schema.metadata[b"shuqiao.grant"] == b"GR-2026-000001"
    assert b"shuqiao.delivery" not in found.schema.metadata
    assert handle.receipt is not None
    assert client.last_receipt == handle.receipt
    assert (handle.receipt.rows, handle.receipt.delivery_no) == (table.num_rows, "DL-2026-000001")
    assert handle.receipt.event_id == "e-1"


def test_masked_and_filtered_rows_agree_with_their_receipt(
    client: Client, serve_data: Offer, masked: DeliveryPlan
) -> None:
    serve_data(data(pieces_of(masked)))
    found = client.grant(GRANT).to_arrow()
    assert 0 < found.num_rows < 5_000
    assert min(found["经度"].to_pylist()) >= 120.2
    assert client.last_receipt is not None
    assert client.last_receipt.rows == found.num_rows


def test_frames_and_readers_hold_the_same_rows(
    client: Client, serve_data: Offer, ready: DeliveryPlan, table: pa.Table
) -> None:
    serve_data(data(pieces_of(ready)))
    handle = client.grant(GRANT)
    assert handle.to_polars()["班级数"].sum() == sum(range(5_000))
    assert int(handle.to_pandas()["班级数"].sum()) == sum(range(5_000))
    client.last_receipt = None
    counted = duckdb.from_arrow(handle.reader()).aggregate("count(*), sum(班级数)").fetchall()
    assert counted == [(5_000, sum(range(5_000)))]
    assert client.last_receipt is not None
    assert handle.reader().read_all().equals(table)


def test_an_empty_delivery_is_whole_too(
    client: Client, serve_data: Offer, ready: DeliveryPlan
) -> None:
    last = closing_bytes(ready.schema, ReceiptBuilder(ready).receipt())
    serve_data(data([ready.schema.serialize().to_pybytes(), last]))
    found = client.grant(GRANT).to_arrow()
    assert (found.num_rows, found.column_names) == (0, ready.schema.names)


def test_columns_are_asked_for_by_name(
    client: Client, service: StandIn, serve_data: Offer, ready: DeliveryPlan
) -> None:
    serve_data(data(pieces_of(ready)))
    client.grant(GRANT).to_arrow(columns=["学校代码", "经度"])
    [seen] = service.requests(f"/grants/{GRANT}/data")
    assert seen.query == {"column": ["学校代码", "经度"]}
    assert seen.headers["authorization"] == f"Bearer {TOKEN}"
    assert seen.headers["accept"] == "application/vnd.apache.arrow.stream"


def test_any_chunking_of_the_bytes_is_read(
    client: Client, serve_data: Offer, masked: DeliveryPlan
) -> None:
    whole = b"".join(pieces_of(masked))
    serve_data(data([whole[start : start + 1_021] for start in range(0, len(whole), 1_021)]))
    assert client.grant(GRANT).to_arrow().num_rows > 0


def cuts(pieces: list[bytes]) -> dict[str, Answer]:
    """Ways in which a stream ends early: rudely, politely, inside a
    message, just before or inside the receipt.
    """
    whole = b"".join(pieces)
    return {
        "the connection dies between batches": data(pieces[:3], is_cut=True),
        "the connection dies inside a batch": data([whole[: len(whole) // 2]], is_cut=True),
        "the connection dies before the first byte": data([], is_cut=True),
        "the connection dies after the receipt": data(pieces, is_cut=True),
        "it ends politely between batches": data(pieces[:3]),
        "it ends politely inside a batch": data([whole[: len(whole) // 2]]),
        "it ends politely before the receipt": data(pieces[:-1]),
        "it ends politely inside the receipt": data([whole[:-200]]),
        "it ends with Arrow's end marker and no receipt": data(
            [*pieces[:-1], b"\xff\xff\xff\xff\0\0\0\0"]
        ),
        "it is empty": data([]),
        "it is no Arrow at all": data([b"<html>not found</html>"]),
    }


@pytest.mark.parametrize("way", list(cuts([b""] * 8)))
def test_a_cut_stream_is_never_a_shorter_table(
    client: Client, serve_data: Offer, ready: DeliveryPlan, way: str
) -> None:
    serve_data(cuts(pieces_of(ready))[way])
    with pytest.raises(errors.StreamCut) as cut:
        client.grant(GRANT).to_arrow()
    assert "中断" in str(cut.value)
    assert client.last_receipt is None


def test_a_cut_stream_fails_the_query_that_reads_it(
    client: Client, serve_data: Offer, ready: DeliveryPlan
) -> None:
    serve_data(data(pieces_of(ready)[:3]))
    with pytest.raises(duckdb.Error, match=r"StreamCut|中断"):
        duckdb.from_arrow(client.grant(GRANT).reader()).aggregate("count(*)").fetchall()


def tampered(pieces: list[bytes], plan: DeliveryPlan) -> dict[str, Answer]:
    schema, *batches, last = pieces
    flipped = bytearray(batches[1])
    flipped[-5] ^= 1
    other = closing_bytes(plan.schema, {"format": "shuqiao.receipt/1", "rows": 1})
    nonsense = closing_bytes(plan.schema, {}).replace(b"{}", b"[]")
    return {
        "one bit": data([schema, batches[0], bytes(flipped), *batches[2:], last]),
        "a batch left out": data([schema, *batches[1:], last]),
        "a batch twice": data([schema, batches[0], batches[0], *batches[1:], last]),
        "batches changed over": data([schema, batches[1], batches[0], *batches[2:], last]),
        "another receipt": data([schema, *batches, other]),
        "a receipt that is none": data([schema, *batches, nonsense]),
        "bytes after the end": data([schema, *batches, last, b"more"]),
    }


@pytest.mark.parametrize(
    "what",
    [
        "one bit",
        "a batch left out",
        "a batch twice",
        "batches changed over",
        "another receipt",
        "a receipt that is none",
        "bytes after the end",
    ],
)
def test_a_stream_that_differs_from_its_receipt_is_refused(
    client: Client, serve_data: Offer, ready: DeliveryPlan, what: str
) -> None:
    serve_data(tampered(pieces_of(ready), ready)[what])
    with pytest.raises(errors.ReceiptDiffers, match="DL-2026-000001"):
        client.grant(GRANT).to_arrow()
    assert client.last_receipt is None


def test_the_token_does_not_follow_a_redirect_of_the_data(
    client: Client, serve_data: Offer, elsewhere: StandIn
) -> None:
    serve_data(Answer(307, [], {"location": f"{elsewhere.origin}/api/v1/grants/{GRANT}/data"}))
    with pytest.raises(errors.UnsafeAddress):
        client.grant(GRANT).to_arrow()
    assert elsewhere.seen == []


def test_data_on_another_origin_is_fetched_when_the_grant_names_it(
    client: Client, service: StandIn, elsewhere: StandIn, ready: DeliveryPlan
) -> None:
    service.on("GET", f"/grants/{GRANT}", answer(grant(elsewhere.origin)))
    elsewhere.on("GET", f"/grants/{GRANT}/data", data(pieces_of(ready)))
    assert client.grant(GRANT).to_arrow().num_rows == 5_000


def test_a_busy_data_service_is_asked_again(
    client: Client,
    service: StandIn,
    serve_data: Offer,
    ready: DeliveryPlan,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    serve_data(data([]))
    service.on("GET", f"/grants/{GRANT}/data", problem(503, "unavailable"), data(pieces_of(ready)))
    monkeypatch.setattr(client._connection, "sleep", lambda _seconds: None)
    assert client.grant(GRANT).to_arrow().num_rows == 5_000


@pytest.mark.parametrize(
    ("code", "kind"),
    [("grant_not_live", errors.GrantNotLive), ("column_not_granted", errors.ColumnNotGranted)],
)
def test_a_refused_fetch_says_why(
    client: Client, serve_data: Offer, code: str, kind: type[errors.ShuqiaoError]
) -> None:
    serve_data(problem(403, code, detail="共享已终止"))
    with pytest.raises(kind, match="共享已终止"):
        client.grant(GRANT).to_arrow()


def test_a_stream_is_read_once_and_may_be_left_early(
    client: Client, serve_data: Offer, ready: DeliveryPlan
) -> None:
    serve_data(data(pieces_of(ready)))
    with client.grant(GRANT).fetch() as stream:
        batches = iter(stream)
        assert next(batches).num_rows > 0
        again_batches = iter(stream)
        with pytest.raises(errors.ShuqiaoError) as again:
            next(again_batches)
    assert again.value.code == "stream_used"
    assert client.last_receipt is None


def test_a_reader_holds_one_batch_at_a_time(
    client: Client, serve_data: Offer, ready: DeliveryPlan
) -> None:
    pieces = pieces_of(ready)
    many = [
        pieces[0],
        *pieces[1:-1] * 8,
        closing_bytes(ready.schema, {"format": "of another stream"}),
    ]
    serve_data(data(many))
    largest = max(map(len, pieces))
    gc.collect()
    before, held = pa.total_allocated_bytes(), [0]

    def measured() -> None:
        held.extend(pa.total_allocated_bytes() - before for _batch in client.grant(GRANT).reader())

    with pytest.raises(errors.ReceiptDiffers):
        measured()
    assert len(held) == len(many) - 1
    assert sum(map(len, many)) > 12 * largest
    assert max(held) < 4 * largest
