from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from bench.table import block
from shuqiao.arrow.scans.plan import DeliveryPlan, Limits, PlanColumn, PlanRefused, Watermark
from shuqiao.arrow.snapshots.reader import Snapshot
from shuqiao.arrow.terms.mask_kinds import KeepBoth, KeepPrefix, Pseudonym, Stars, Year
from tests.shuqiao.arrow.tables import plan, snapshot

WHERE = {"item": "status", "op": "ne", "value": 5}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return snapshot(tmp_path_factory.mktemp("plan"), pa.Table.from_batches([block(0, 100, seed=1)]))


def test_declares_the_schema_of_the_wire(source: Snapshot) -> None:
    declared = plan(
        source,
        ["id", "person_id", "birth_date"],
        {"person_id": KeepBoth(6, 4, 18), "birth_date": Year()},
    ).schema

    assert declared.names == ["id", "person_id", "birth_date"]
    assert declared.types == [pa.int64(), pa.string(), pa.int32()]
    assert declared.metadata[b"shuqiao.recipient"] == "公安厅".encode()
    assert declared.metadata[b"shuqiao.grant"] == b"GR-2026-000001"
    assert declared.metadata.keys() == {b"shuqiao.recipient", b"shuqiao.grant", b"shuqiao.plan"}


def test_fingerprint_is_stable_and_names_the_rows(source: Snapshot) -> None:
    usual = plan(source, ["id", "phone"], {"phone": Pseudonym()}, WHERE)
    again = plan(
        source, ["id", "phone"], {"phone": Pseudonym()}, {"value": 5, "op": "ne", "item": "status"}
    )
    told = replace(usual, watermark=Watermark("税务局"), limits=Limits(rows=1))

    assert usual.fingerprint() == again.fingerprint() == told.fingerprint()
    tag = usual.etag("text/csv")
    assert tag == again.etag("text/csv") == told.etag("text/csv")
    assert tag not in (
        usual.etag("application/vnd.apache.parquet"),
        replace(usual, row_filter=None).etag("text/csv"),
    )


def test_fingerprint_changes_with_everything_that_changes_rows(
    source: Snapshot, tmp_path: Path
) -> None:
    other = snapshot(tmp_path, pa.Table.from_batches([block(0, 100, seed=2)]))
    usual = plan(source, ["id", "phone"], {"phone": Pseudonym()}, WHERE)
    changed = [
        plan(other, ["id", "phone"], {"phone": Pseudonym()}, WHERE),
        plan(source, ["phone", "id"], {"phone": Pseudonym()}, WHERE),
        plan(source, ["id", "phone"], {"phone": Pseudonym(16)}, WHERE),
        plan(source, ["id", "phone"], {"phone": Stars()}, WHERE),
        plan(source, ["id", "phone"], {"phone": Pseudonym()}, {**WHERE, "value": 4}),
        plan(source, ["id", "phone"], {"phone": Pseudonym()}),
        replace(usual, mask_key="a newer key"),
        replace(usual, columns=(replace(usual.columns[0], name="ID"), usual.columns[1])),
    ]
    assert len({one.fingerprint() for one in [usual, *changed]}) == 9


def column(**changes: Any) -> PlanColumn:
    return replace(PlanColumn("id", "id", "id", pa.int64()), **changes)


@pytest.mark.parametrize(
    "columns",
    [
        (),
        (column(), column()),
        (column(name=""),),
        (column(source="nowhere"),),
        (column(type=pa.string()),),
        (column(mask=KeepPrefix(1)),),
        (column(mask=Pseudonym()),),
    ],
)
def test_a_plan_that_does_not_fit_its_snapshot_is_refused(
    source: Snapshot, columns: tuple[PlanColumn, ...]
) -> None:
    with pytest.raises(PlanRefused):
        DeliveryPlan(source, columns)


def test_a_filter_over_an_unknown_column_is_refused(source: Snapshot) -> None:
    usual = plan(source, ["id"], where=WHERE)
    for sources in ({}, {"status": "nowhere"}, {"status": "phone"}):
        with pytest.raises(PlanRefused):
            replace(usual, filter_sources=sources)


def test_a_filter_may_ask_what_is_not_delivered(source: Snapshot) -> None:
    assert plan(source, ["phone", "id"], where=WHERE).needed_sources() == ("id", "status", "phone")
