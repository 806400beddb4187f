"""The table our benchmarks run on: twelve columns of an imaginary service hall, made from a seed.

Every figure is invented. A block of rows depends on the seed and its first row only, so any stretch
can be made alone and equal seeds give equal snapshots. The widths, the share of empty values and
the checksum of the identity number (GB 11643) are those of real registers.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from shuqiao.arrow.snapshots.manifest import Manifest
from shuqiao.arrow.snapshots.writer import write_snapshot

SCHEMA: Final = pa.schema(
    [
        ("id", pa.int64()),
        ("person_id", pa.string()),
        ("name", pa.string()),
        ("birth_date", pa.date32()),
        ("region_code", pa.string()),
        ("credit_code", pa.string()),
        ("amount_fen", pa.int64()),
        ("status", pa.int16()),
        ("apply_time", pa.timestamp("us")),
        ("phone", pa.string()),
        ("address", pa.string()),
        ("remark", pa.string()),
    ]
)
BLOCK_ROWS: Final = 65_536
REGIONS: Final = tuple(
    f"{city}{district:02}"
    for city in ("4103", "1502", "3301", "4401", "5101")
    for district in range(2, 6)
)
_SURNAMES: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
)
_GIVEN: Final = "安邦宝彬博灿昌承川春达德东恩芳飞峰福刚国海涵航浩和宏华慧佳建洁金静娟凯兰立丽林玲梅"
_DISTRICTS: Final = ("洛阳市涧西区", "包头市东河区", "杭州市西湖区", "广州市海珠区", "成都市武侯区")
_STREETS: Final = (
    "和平路",
    "滨河大道",
    "学府街",
    "新华东路",
    "长江路",
    "文津路",
    "东风大街",
    "湖滨路",
)
_REMARKS: Final = (
    "一次受理,当场办结",
    "申请人补充了证明材料",
    "代办,已核验委托书",
    "自助终端提交",
    "转交主管部门复核",
)
_WEIGHTS: Final = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECKS: Final = np.frombuffer(b"10X98765432", np.uint8)
_FIRST_BIRTH, _LAST_BIRTH = np.datetime64("1941-01-01"), np.datetime64("2007-12-31")
_FIRST_APPLY: Final = np.datetime64("2020-01-01", "us").astype(np.int64)
_SIX_YEARS_SECONDS: Final = 6 * 365 * 86_400

Bytes = npt.NDArray[np.uint8]


def blocks(rows: int, *, seed: int = 20_260_211) -> Iterator[pa.RecordBatch]:
    """``rows`` rows in record batches of 65,536 (the last one shorter), about 145 bytes a row."""
    for first in range(0, rows, BLOCK_ROWS):
        yield block(first, min(BLOCK_ROWS, rows - first), seed=seed)


def block(first: int, rows: int, *, seed: int) -> pa.RecordBatch:
    """The rows ``first … first + rows - 1``; ``first`` must be a
    multiple of 65,536 to be repeatable.
    """
    dice = np.random.default_rng([seed, first])
    birth = dice.integers(_FIRST_BIRTH.astype(int), _LAST_BIRTH.astype(int), rows, dtype=np.int32)
    region = dice.integers(0, len(REGIONS), rows)
    region_digits = np.array(REGIONS, "S6").view(np.uint8).reshape(-1, 6)[region]
    columns = [
        pa.array(np.arange(first, first + rows, dtype=np.int64)),
        _texts(_person_ids(dice, region_digits, birth)),
        _picked(dice, _names(), rows),
        pa.array(birth).cast(pa.date32()),
        _texts(region_digits),
        _texts(_credit_codes(dice, region_digits), empty=dice.random(rows) < 0.4),
        pa.array(dice.lognormal(11.0, 1.2, rows).astype(np.int64)),
        pa.array(dice.integers(0, 6, rows, dtype=np.int16)),
        pa.array(_FIRST_APPLY + dice.integers(0, _SIX_YEARS_SECONDS, rows) * 1_000_000).cast(
            pa.timestamp("us")
        ),
        _texts(
            _number(dice.integers(13 * 10**9, 20 * 10**9, rows), 11), empty=dice.random(rows) < 0.1
        ),
        _picked(dice, _addresses(), rows, empty=0.15),
        _picked(dice, pa.array(_REMARKS), rows, empty=0.7),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def write_table(root: Path, rows: int, *, seed: int = 20_260_211) -> Manifest:
    """Stream the table into a snapshot below ``root``; memory does not depend on ``rows``."""
    return write_snapshot(root, blocks(rows, seed=seed), SCHEMA)


def _number(values: npt.NDArray[np.int64], width: int) -> Bytes:
    """Decimal digits as ASCII, leading zeros kept: shape (rows, width)."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return (values[:, None] // powers % 10 + ord("0")).astype(np.uint8)


def _person_ids(dice: np.random.Generator, region: Bytes, birth: npt.NDArray[np.int32]) -> Bytes:
    days = birth.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    year, month = np.divmod(months.astype(np.int64), 12)
    day = (days - months).astype(np.int64) + 1
    date = _number((year + 1970) * 10_000 + (month + 1) * 100 + day, 8)
    body = np.hstack([region, date, _number(dice.integers(0, 1000, len(birth)), 3)])
    check = _CHECKS[(body.astype(np.int64) - ord("0")) @ _WEIGHTS % 11]
    return np.hstack([body, check[:, None]])


def _credit_codes(dice: np.random.Generator, region: Bytes) -> Bytes:
    kind = np.broadcast_to(np.frombuffer(b"91", np.uint8), (len(region), 2))
    return np.hstack([kind, region, _number(dice.integers(0, 10**10, len(region)), 10)])


def _texts(digits: Bytes, empty: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """Rows of ASCII bytes as strings, NULL where ``empty``."""
    width = digits.shape[1]
    flat = pa.Array.from_buffers(
        pa.binary(width), len(digits), [None, pa.py_buffer(np.ascontiguousarray(digits))]
    )
    texts = flat.cast(pa.binary()).cast(pa.string())
    return (
        texts if empty is None else pc.if_else(pa.array(empty), pa.scalar(None, pa.string()), texts)
    )


def _picked(
    dice: np.random.Generator, pool: pa.Array, rows: int, *, empty: float = 0.0
) -> pa.Array:
    places = dice.integers(0, len(pool), rows)
    return pool.take(pa.array(places, mask=dice.random(rows) < empty))


@cache
def _names() -> pa.Array:
    return pa.array(
        [family + given for family in _SURNAMES for given in (*_GIVEN, *(a + b for a, b in _PAIRS))]
    )


@cache
def _addresses() -> pa.Array:
    return pa.array([f"{d}{s}{n}号" for d in _DISTRICTS for s in _STREETS for n in range(1, 400)])


_PAIRS: Final = tuple(zip(_GIVEN, reversed(_GIVEN), strict=True))


def main(arguments: list[str]) -> None:
    """``python -m bench.table FOLDER [--rows N]``: write the snapshot
    and print what it cost as one JSON object.
    """
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=10_000_000)
    chosen = parser.parse_args(arguments)
    started = time.perf_counter()
    manifest = write_table(chosen.folder, chosen.rows)
    seconds = time.perf_counter() - started
    size = manifest.decoded_bytes
    report = {
        "snapshot": manifest.id,
        "rows": manifest.rows,
        "decoded_bytes": size,
        "seconds": round(seconds, 2),
    }
    print(json.dumps({**report, "mb_per_second": round(size / 1e6 / seconds, 1)}))


if __name__ == "__main__":
    main(sys.argv[1:])
