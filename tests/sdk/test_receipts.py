import copy
import io
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuqiao.arrow.scans.plan import DeliveryPlan
from shuqiao.arrow.scans.receipts import ReceiptBuilder
from shuqiao.arrow.scans.scan import scan
from shuqiao.arrow.snapshots.digests import merkle_root
from shuqiao_client.receipts import Arrived, Tree
from tests.sdk.conftest import pieces_of
from tests.shuqiao.arrow.tables import KEYS


def receipt_of(plan: DeliveryPlan) -> tuple[list[pa.RecordBatch], dict[str, Any]]:
    builder, batches = ReceiptBuilder(plan), []
    for batch in scan(plan, KEYS):
        builder.add(batch)
        batches.append(batch)
    return batches, builder.receipt()


def arrived(batches: list[pa.RecordBatch], schema: pa.Schema) -> Arrived:
    found = Arrived(schema)
    for batch in batches:
        found.add(batch)
    return found


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70))
def test_both_trees_have_the_same_root(leaves: list[bytes]) -> None:
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    assert tree.root() == merkle_root(leaves)


@pytest.mark.parametrize("kind", ["ready", "masked"])
def test_the_service_s_receipt_says_what_arrived(kind: str, request: pytest.FixtureRequest) -> None:
    plan = request.getfixturevalue(kind)
    batches, receipt = receipt_of(plan)
    assert arrived(batches, plan.schema).differences(receipt) == []


def test_what_is_read_back_from_the_wire_is_what_left(ready: DeliveryPlan) -> None:
    _batches, receipt = receipt_of(ready)
    reader = pa.ipc.open_stream(io.BytesIO(b"".join(pieces_of(ready))))
    assert (
        arrived([batch for batch in reader if batch.num_rows], reader.schema).differences(receipt)
        == []
    )


@pytest.mark.parametrize(
    "member", ["format", "plan", "rows", "bytes", "batches", "columns", "root"]
)
def test_every_member_of_the_receipt_is_compared(ready: DeliveryPlan, member: str) -> None:
    batches, receipt = receipt_of(ready)
    changed = copy.deepcopy(receipt)
    del changed[member]
    assert arrived(batches, ready.schema).differences(changed) == [member]


def test_it_is_said_what_was_checked_and_what_the_service_only_names(ready: DeliveryPlan) -> None:
    batches, receipt = receipt_of(ready)
    checked = arrived(batches, ready.schema).checked()
    assert checked == sorted(["format", "plan", "rows", "bytes", "batches", "columns", "root"])
    assert set(receipt) - set(checked) == {"snapshot", "snapshot_root", "source"}


def test_one_changed_value_is_found(ready: DeliveryPlan) -> None:
    batches, receipt = receipt_of(ready)
    values = batches[0].column("班级数").to_pylist()
    values[17] += 1
    place = batches[0].schema.get_field_index("班级数")
    batches[0] = batches[0].set_column(
        place, batches[0].schema.field(place), pa.array(values, pa.int32())
    )
    assert arrived(batches, ready.schema).differences(receipt) == ["columns", "root"]


def test_a_lost_a_doubled_and_a_moved_batch_are_found(ready: DeliveryPlan) -> None:
    batches, receipt = receipt_of(ready)
    first, second, *rest = batches
    for wrong in ([second, *rest], [first, first, second, *rest], [second, first, *rest]):
        assert arrived(wrong, ready.schema).differences(receipt) != []


def test_no_rows_have_a_receipt_too(ready: DeliveryPlan) -> None:
    empty = ReceiptBuilder(ready).receipt()
    assert arrived([], ready.schema).differences(empty) == []
