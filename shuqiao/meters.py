"""Everything that is counted for whoever watches the service: the one place that names it.

Names stand in `docs/operations.md` (section 4), in the alert rules and on the dashboard below
`deploy/monitoring`; a test compares. Labels are words of ours – routes, tasks, reasons –, never
what somebody sent: so their number is bounded, and nothing here tells about a person. What has to
be asked for (the database, the disk) is in ``server/metrics``.
"""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

REQUESTS: Final = Counter(
    "shuqiao_requests",
    "Requests answered, by route template and class of the status (cut: no answer began)",
    ["method", "route", "status"],
)
#: The last whole one is the time that a request may wait (``SHUQIAO_REQUEST_SECONDS``).
REQUEST_SECONDS: Final = Histogram(
    "shuqiao_request_seconds",
    "Seconds until the answer began; a transfer goes on after that",
    ["route"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1.5, 5.0),
)
REQUESTS_RUNNING: Final = Gauge(
    "shuqiao_requests_running", "Requests being answered, transfers too"
)

CONNECTION_SECONDS: Final = Histogram(
    "shuqiao_connection_wait_seconds",
    "Seconds until a connection to the database was had, by pool",
    ["pool"],
    buckets=(0.001, 0.01, 0.1, 0.5, 2.0),
)
DATABASE_FAILURES: Final = Counter(
    "shuqiao_database_failures",
    "Requests answered 503 because of the database, by code of the answer",
    ["code"],
)
DISK_REFUSALS: Final = Counter(
    "shuqiao_disk_refusals", "Requests answered 507 or 503 because of a disk", ["code"]
)
UNRECORDED: Final = Counter(
    "shuqiao_unrecorded_changes", "Transactions refused for a change without its event"
)

JOB_TRIES: Final = Counter(
    "shuqiao_job_tries", "Tries of jobs that this worker ended", ["task", "outcome"]
)

STREAMS_RUNNING: Final = Gauge("shuqiao_streams_running", "Transfers that run")
ROWS: Final = Counter("shuqiao_rows_delivered", "Rows handed to readers")
BYTES: Final = Counter("shuqiao_bytes_delivered", "Bytes of Arrow streams handed to readers")
DELIVERIES_ENDED: Final = Counter(
    "shuqiao_deliveries_ended",
    "Deliveries whose end this process recorded: finished, or why they ended early",
    ["reason"],
)

PLACES: Final = Gauge("shuqiao_places", "Places for long work: decoder, scan, live", ["kind"])
PLACES_TAKEN: Final = Gauge("shuqiao_places_taken", "Of these taken by this process", ["kind"])
PLACES_WAITING: Final = Gauge(
    "shuqiao_places_waiting", "Who waits in this process: decoder, live, transfer", ["kind"]
)
LIMITS_REACHED: Final = Counter(
    "shuqiao_limits_reached",
    "Requests answered 429, by policy and by whether a person or an address had too much",
    ["policy", "of"],
)
