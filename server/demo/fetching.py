"""The applicant's side of the story: the SDK into Arrow, polars, pandas
and DuckDB, or the refusal it is given.
"""

from dataclasses import dataclass, field

import duckdb

from shuqiao_client import Client, Profile, ShuqiaoError


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one fetch brought: rows with a checked receipt, or the refusal."""

    status: int = 200
    code: str = ""
    detail: str = ""
    columns: list[str] = field(default_factory=list)
    rows: int = 0
    bytes: int = 0
    is_same_everywhere: bool = False
    event_id: str = ""
    leaf_hash: str = ""


def fetch(origin: str, token: str, grant_no: str, columns: list[str] | None = None) -> Fetched:
    """Fetch the grant four times, once with each library; the SDK
    checks every receipt against the rows.
    """
    with Client(Profile(origin, token)) as client:
        grant = client.grant(grant_no)
        try:
            with grant.fetch(columns) as stream:
                table = stream.read_all()
        except ShuqiaoError as refusal:
            return Fetched(refusal.status or 0, refusal.code, refusal.detail)
        assert stream.receipt is not None, "the SDK raises when there is no receipt"
        rows = {
            len(grant.to_polars(columns)),
            len(grant.to_pandas(columns)),
            duckdb.from_arrow(grant.reader(columns)).aggregate("count(*)").fetchall()[0][0],
        }
        return Fetched(
            columns=table.column_names,
            rows=table.num_rows,
            bytes=stream.receipt.bytes,
            is_same_everywhere=rows == {table.num_rows},
            event_id=stream.receipt.event_id,
            leaf_hash=stream.receipt.leaf_hash,
        )
