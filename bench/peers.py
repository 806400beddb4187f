"""What ours is compared with, each a process of its own: a bare Flight
server, a bare FastAPI with psycopg.

``python -m bench.peers flight PARQUET PORT`` scans one Parquet file, the columns and the condition
of the ticket, with no duty at all; ``python -m bench.peers api DSN PORT`` reads one row by its key
and gives it as JSON, for anybody.
"""

import json
import sys
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.flight as flight


class BareFlight(flight.FlightServerBase):
    """Sends what a scan of the file gives.

    Ticket: ``{"columns": […], "not": [column, value] | null}``.
    """

    def __init__(self, location: str, file: str) -> None:
        super().__init__(location)
        self._data = ds.dataset(file)

    def do_get(
        self, _context: flight.ServerCallContext, ticket: flight.Ticket
    ) -> flight.FlightDataStream:
        asked = json.loads(ticket.ticket)
        keep = pc.field(asked["not"][0]) != asked["not"][1] if asked["not"] else None
        scanner = self._data.scanner(columns=asked["columns"], filter=keep, batch_size=65_536)
        return flight.RecordBatchStream(scanner.to_reader())


def serve_flight(file: str, port: int) -> None:
    BareFlight(f"grpc://127.0.0.1:{port}", file).serve()


def serve_api(dsn: str, port: int) -> None:
    import uvicorn
    from fastapi import FastAPI
    from psycopg.rows import dict_row
    from psycopg_pool import ConnectionPool

    pool: ConnectionPool[Any] = ConnectionPool(
        dsn, min_size=2, max_size=4, kwargs={"row_factory": dict_row}
    )
    app = FastAPI()

    @app.get("/grants/{no}")
    def grant(no: str) -> dict[str, Any]:
        with pool.connection() as connection:
            row = connection.execute(
                "SELECT * FROM share_grant WHERE grant_no = %s", (no,)
            ).fetchone()
        return {name: str(value) for name, value in (row or {}).items()}

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)


def read_all(
    client: flight.FlightClient, columns: list[str], without: tuple[str, Any] | None
) -> tuple[int, int]:
    """Rows and bytes of one whole answer, every batch decoded and let go."""
    ticket = flight.Ticket(
        json.dumps({"columns": columns, "not": list(without) if without else None}).encode()
    )
    return _counted(chunk.data for chunk in client.do_get(ticket))


def _counted(batches: Any) -> tuple[int, int]:
    rows = size = 0
    batch: pa.RecordBatch
    for batch in batches:
        rows += batch.num_rows
        size += batch.nbytes
    return rows, size


if __name__ == "__main__":
    {"flight": serve_flight, "api": serve_api}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
