from datetime import datetime

import pyarrow as pa
import pytest

from shuqiao.arrow.snapshots.columntypes import (
    UnsupportedColumn,
    stored_schema,
    stored_type,
    to_stored,
    type_name,
    type_of,
)
from tests.shuqiao.arrow.tables import VALUES


@pytest.mark.parametrize("type_", VALUES, ids=str)
def test_names_lead_back_to_the_type(type_: pa.DataType) -> None:
    assert type_of(type_name(type_)) == stored_type(type_) == type_


@pytest.mark.parametrize(
    "name", ["", "string", "decimal128(39,0)", "decimal128(3,-1)", "timestamp[us,]", "list<int8>"]
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a stored type"):
        type_of(name)


def test_relatives_become_the_stored_type() -> None:
    assert (
        stored_type(pa.large_string())
        == stored_type(pa.dictionary(pa.int8(), pa.string_view()))
        == pa.string()
    )
    assert stored_type(pa.timestamp("ns", "UTC")) == pa.timestamp("us", "UTC")
    assert stored_type(pa.date64()) == pa.date32()


def test_nothing_is_lost_on_the_way() -> None:
    table = pa.record_batch(
        {"t": pa.array([datetime.fromisoformat("2026-02-11")], pa.timestamp("ns"))}
    )
    fine = pa.record_batch({"t": pa.array([1], pa.timestamp("ns"))})
    schema = stored_schema(table.schema)

    assert to_stored(table, schema).to_pylist() == [{"t": datetime.fromisoformat("2026-02-11")}]
    with pytest.raises(UnsupportedColumn):
        to_stored(fine, schema)


def test_a_complete_column_stays_complete() -> None:
    field = pa.field("a", pa.int8(), nullable=False)
    with pytest.raises(UnsupportedColumn):
        to_stored(pa.record_batch({"a": pa.array([None], pa.int8())}), pa.schema([field]))


def test_names_are_unique_and_there() -> None:
    for names in (["a", "a"], [""], []):
        with pytest.raises(UnsupportedColumn):
            stored_schema(pa.schema([(name, pa.int8()) for name in names]))
