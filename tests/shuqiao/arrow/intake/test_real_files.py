"""Real files of offices through the child: previewed right and decoded.

Every other one: ``test_every_file.py``.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from shuqiao.arrow.intake.options import Preview, ReadOptions
from shuqiao.arrow.intake.readers import DecodeResult, decode, preview


@pytest.fixture
def tables(shared_data: Path) -> Path:
    return shared_data / "tables"


def look(path: Path) -> Preview:
    return preview(path, file_name=path.name)


def read(path: Path, target: Path, found: Preview, **changes: object) -> DecodeResult:
    options = replace(found.options, types=found.proposed_types, **changes)  # type: ignore[arg-type]
    return decode(path, file_name=path.name, options=options, target=target)


def test_customs_codes_in_gb18030(tables: Path, tmp_path: Path) -> None:
    path = tables / "gbk" / "customs_hs8_zh_2023.csv"
    found = look(path)
    assert (found.options.encoding, found.row_count, len(found.columns)) == ("gb18030", 8_957, 7)
    assert found.columns[0].name == "商品编码"
    assert found.rows[0][0] == "01012100"
    assert found.options.drop_columns == ("column_8",)
    result = read(path, tmp_path / "o", found)
    first = next(result.record_batches()).slice(0, 1).to_pylist()[0]
    assert (result.rows, first["商品编码"], first["年份"]) == (8_957, "01012100", 2023)


def test_catalogue_in_big5(shared_data: Path) -> None:
    found = look(shared_data / "catalogues" / "zh_hant" / "yilan_catalogue_big5.csv")
    assert (found.options.encoding, found.row_count) == ("cp950", 356)
    assert [column.name for column in found.columns][:2] == ["資料集名稱", "資料來源"]


def test_zip_codes_keep_their_zeros(tables: Path, tmp_path: Path) -> None:
    found = look(tables / "us" / "zipcodes.csv")
    result = read(tables / "us" / "zipcodes.csv", tmp_path / "o", found)
    assert next(result.record_batches())["zip_code"][0].as_py() == "00501"
    assert result.rows == 42_049


def test_air_quality_means_the_same_in_csv_and_parquet(tables: Path, tmp_path: Path) -> None:
    csv, parquet = (
        tables / "air" / "PRSA_Wanshouxigong_2013-2017.csv",
        tables / "air" / "PRSA_Dongsi_2013-2017.parquet",
    )
    of_csv, of_parquet = look(csv), look(parquet)
    assert [c.name for c in of_csv.columns] == [c.name for c in of_parquet.columns]
    assert (of_csv.row_count, of_parquet.row_count) == (35_064, 35_064)
    assert {c.name: c.null_count for c in of_parquet.columns}["PM2.5"] == 750
    with_nulls = preview(
        csv, file_name=csv.name, options=replace(of_csv.options, null_values=("NA",))
    )
    assert with_nulls.proposed_types["PM2.5"] == "float"  # 4 beside 129.5: not all have a place
    result = read(csv, tmp_path / "o", with_nulls)
    nulls = sum(column.null_count for batch in result.record_batches() for column in batch.columns)
    assert (result.rows, nulls) == (35_064, 5_146)
    assert (
        decode(parquet, file_name="a.parquet", options=ReadOptions(), target=tmp_path / "p").rows
        == 35_064
    )
