"""All settings of the service; the only place that reads the environment.

Documented in ``docs/settings.md``.
"""

import ipaddress
import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, IPvAnyNetwork, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Environment = Literal["development", "test", "production"]
#: Below this address space Arrow may hang in a decoder.
SMALLEST_DECODER: Final = 512 * 1_048_576
#: Settings that mean something else by now: refused, not passed over.
_REPLACED: Final = {"SHUQIAO_DECODE_MEMORY_BYTES": "SHUQIAO_DECODERS_MEMORY_BYTES"}


class Settings(BaseSettings):
    """Read once from ``SHUQIAO_*``; sizes are bytes, durations carry their unit in the name."""

    model_config = SettingsConfigDict(env_prefix="SHUQIAO_", extra="ignore")

    environment: Environment = "development"
    home: Annotated[
        Path | None,
        Field(description="Folder for keys, snapshots, uploads and the embedded database."),
    ] = None
    database_url: Annotated[
        str | None, Field(description="Application role's database; unset: embedded PostgreSQL.")
    ] = None
    owner_database_url: Annotated[
        str | None, Field(description="Owner role's database, for `shuqiao migrate` only.")
    ] = None
    admin_database_url: Annotated[
        str | None, Field(description="An administrator's, for `shuqiao migrate --bootstrap` only.")
    ] = None
    owner_role: Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]{0,62}$")] = "shuqiao_owner"
    app_role: Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]{0,62}$")] = "shuqiao_app"

    host: Annotated[str, Field(description="Address that the roles listen on.")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="Port of the control role.")] = 8700
    data_port: Annotated[int, Field(ge=0, le=65535, description="Port of the data role.")] = 8701
    public_url: Annotated[
        str | None, Field(description="Address people use; unset: http://host:port.")
    ] = None
    data_url: Annotated[
        str | None, Field(description="Address of the data role; unset: http://host:data_port.")
    ] = None
    allowed_hosts: Annotated[
        list[str], Field(description="Host headers answered; empty: those of the URLs above.")
    ] = []
    trusted_proxies: Annotated[
        list[IPvAnyNetwork],
        Field(description="Proxies whose X-Forwarded-For and -Proto are believed."),
    ] = []

    metrics_networks: Annotated[
        list[IPvAnyNetwork],
        Field(description="Addresses and networks that may read /metrics."),
    ] = [ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128")]
    worker_port: Annotated[
        int | None,
        Field(ge=0, le=65535, description="Port of the worker's health; unset: none."),
    ] = None

    clock: Annotated[
        str | None,
        Field(
            description="Business clock for development: RFC 3339, `@epoch` appended makes it tick."
        ),
    ] = None
    clock_limit_seconds: Annotated[
        float,
        Field(ge=0.5, le=60, description="Farther apart, system and database are not believed."),
    ] = 5.0
    clock_check_seconds: Annotated[
        float, Field(gt=0, le=60, description="How often the database's clock is read.")
    ] = 1.0
    local_deadlines: Annotated[
        Path | None,
        Field(description="The place's own table of limits, shorter than the national ones."),
    ] = None
    calendar_warning_days: Annotated[
        int, Field(ge=0, description="Warn this many days before the calendar ends.")
    ] = 60

    request_seconds: Annotated[
        float, Field(gt=0, description="Longest wait of a request for all it needs of us.")
    ] = 1.5
    export_seconds: Annotated[
        float, Field(gt=0, description="Longest time in which a file of a list is written.")
    ] = 120.0
    db_pool_size: Annotated[int, Field(ge=1, le=200)] = 10
    db_pool_timeout_seconds: Annotated[float, Field(gt=0)] = 2.0
    statement_timeout_ms: Annotated[int, Field(ge=100)] = 5_000
    lock_timeout_ms: Annotated[int, Field(ge=50)] = 1_000

    body_limit_bytes: Annotated[int, Field(ge=1_024)] = 1_048_576
    upload_days: Annotated[
        int, Field(ge=1, description="Days that an uploaded file and the cells shown of it stay.")
    ] = 30
    upload_limit_bytes: Annotated[int, Field(ge=1_024)] = 512 * 1_048_576
    body_grace_seconds: Annotated[
        float, Field(gt=0, description="Longest wait for more of a body.")
    ] = 10.0
    body_bytes_per_second: Annotated[
        int, Field(ge=1, description="Slower bodies are cut when the wait above is used up.")
    ] = 8_192
    body_seconds: Annotated[
        float, Field(gt=0, description="Longest wait for all of a body together.")
    ] = 3_600.0
    department_quota_bytes: Annotated[
        int,
        Field(
            ge=1_048_576,
            description="What a department may keep of snapshots and uploads, unless it has a "
            "value of its own.",
        ),
    ] = 100 * 1_073_741_824
    disk_headroom_bytes: Annotated[
        int, Field(ge=0, description="What stays free on the disk: larger files are refused.")
    ] = 256 * 1_048_576
    space_warning_bytes: Annotated[
        int, Field(ge=0, description="`/readyz` warns when less is free in the home.")
    ] = 1_073_741_824
    decoders_memory_bytes: Annotated[
        int,
        Field(ge=SMALLEST_DECODER, description="Address space of all decoders of the machine."),
    ] = 4 * 1_073_741_824
    comparison_memory_bytes: Annotated[
        int,
        Field(ge=32 * 1_048_576, description="Memory of the comparison of two editions."),
    ] = 256 * 1_048_576
    decode_seconds: Annotated[int, Field(ge=1, description="CPU seconds of that child.")] = 120
    decoders_at_once: Annotated[
        int, Field(ge=1, description="Most decoders of the machine; never more than its cores.")
    ] = 2
    decoder_queue: Annotated[
        int, Field(ge=1, le=32, description="People of one process that wait for a place.")
    ] = 16
    decoder_wait_seconds: Annotated[
        float, Field(gt=0, description="Longest wait of a person for a place.")
    ] = 10.0
    decoded_limit_bytes: Annotated[
        int, Field(description="Decoded size at which an upload is refused.")
    ] = 4 * 1_073_741_824

    requests_a_minute: Annotated[
        int, Field(ge=1, description="Requests of one person to one process.")
    ] = 3_000
    body_bytes_a_minute: Annotated[
        int, Field(ge=1_024, description="Bytes that one person sends to one process.")
    ] = 1_073_741_824
    denials_a_minute: Annotated[
        int, Field(ge=1, description="Refusals of one person that one process records.")
    ] = 300
    uploads_per_person: Annotated[
        int, Field(ge=1, description="Uploads of one person at once in one process.")
    ] = 8
    transfers_per_person: Annotated[
        int, Field(ge=1, description="Transfers of one person at once in one process.")
    ] = 512
    store_seals: Annotated[
        Literal["xxh3", "gmac"],
        Field(description="What stored rows are known again by: gmac where the store is not ours."),
    ] = "xxh3"

    department_code_kinds: Annotated[
        list[str],
        Field(description="First two characters of the credit codes that departments may have."),
    ] = ["11", "12", "13", "19"]

    session_idle_minutes: Annotated[int, Field(ge=1)] = 30
    session_hours: Annotated[int, Field(ge=1)] = 8
    session_kept_days: Annotated[
        int, Field(ge=1, description="Days that a session that is over stays in the table.")
    ] = 30
    sessions_per_user: Annotated[int, Field(ge=1)] = 3
    sign_in_failures: Annotated[
        int, Field(ge=1, description="Wrong passwords before an account is locked at an address.")
    ] = 5
    sign_in_lock_minutes: Annotated[int, Field(ge=1)] = 15
    token_days: Annotated[
        int, Field(ge=1, le=90, description="Longest life of a service token.")
    ] = 90
    idempotency_hours: Annotated[int, Field(ge=1)] = 24

    stream_check_ms: Annotated[
        int, Field(ge=50, description="How often live streams are checked.")
    ] = 250
    stream_stale_ms: Annotated[
        int, Field(ge=100, description="Streams stop when unchecked for this long.")
    ] = 1_000
    stream_idle_seconds: Annotated[
        float, Field(gt=0, description="A reader stalled this long is cut.")
    ] = 30.0
    stream_slow_seconds: Annotated[
        float, Field(gt=0, description="A reader below the least rate for this long is cut.")
    ] = 60.0
    stream_least_bytes_a_second: Annotated[
        int, Field(ge=0, description="The least rate of a reader; 0: none.")
    ] = 16_384
    scans_at_once: Annotated[
        int, Field(ge=1, description="Row groups that a data process computes at once.")
    ] = 2
    places_waiting: Annotated[
        int, Field(ge=1, description="Transfers that may wait for their first place.")
    ] = 64
    place_wait_seconds: Annotated[
        float, Field(gt=0, description="Longest wait for the first place.")
    ] = 30.0

    connector_hosts: Annotated[
        list[str],
        Field(description="Database servers that connections may reach: host, host:port, network."),
    ] = []
    connector_connect_seconds: Annotated[
        float, Field(gt=0, description="Longest wait to get in.")
    ] = 5.0
    connector_answer_seconds: Annotated[
        float, Field(gt=0, description="Longest wait for the next rows.")
    ] = 30.0
    connector_looks_at_once: Annotated[
        int, Field(ge=1, description="Looks of people at one connection's database at once.")
    ] = 2
    connector_looks_in_all: Annotated[
        int, Field(ge=1, description="Of all connections of a process, who wait counted in.")
    ] = 16
    connector_look_wait_seconds: Annotated[
        float, Field(gt=0, description="Longest wait for such a place.")
    ] = 5.0
    live_reads_at_once: Annotated[
        int, Field(ge=1, description="Live deliveries a data process reads at once.")
    ] = 4
    live_reads_of_one: Annotated[
        int, Field(ge=1, description="Of these at most so many from one department.")
    ] = 2
    live_spool_bytes: Annotated[
        int,
        Field(ge=1_048_576, description="Live rows that one slow reader has not taken yet."),
    ] = 1_073_741_824
    live_wait_seconds: Annotated[
        float,
        Field(gt=0, description="Longest that a source waits, in all, for room for its rows."),
    ] = 60.0

    outbox_days: Annotated[
        int, Field(ge=1, description="Days that what the message list took stays in the outbox.")
    ] = 30
    job_days: Annotated[int, Field(ge=1, description="Days that a job that succeeded is kept.")] = (
        30
    )
    job_attempts: Annotated[
        int, Field(ge=1, description="Tries before a job is parked as failed.")
    ] = 5
    sweep_seconds: Annotated[
        float, Field(gt=0, description="How often dead workers and lost streams are swept.")
    ] = 5.0
    worker_concurrency: Annotated[int, Field(ge=1)] = 4
    drain_seconds: Annotated[
        float, Field(gt=0, description="Time running requests get after SIGTERM.")
    ] = 10.0
    unready_seconds: Annotated[
        float,
        Field(
            ge=0, le=300, description="Time after SIGTERM in which all is served, but not ready."
        ),
    ] = 0.0
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def decoder_places(self) -> int:
        """Decoders at once: no more than chosen, than cores, than the memory for all allows."""
        room = self.decoders_memory_bytes // SMALLEST_DECODER
        return min(self.decoders_at_once, os.cpu_count() or 1, room)

    @property
    def decoder_memory_bytes(self) -> int:
        """Address space of one decoder: its part of what there is for all."""
        return self.decoders_memory_bytes // self.decoder_places

    @property
    def is_development(self) -> bool:
        return self.environment in ("development", "test")

    @property
    def control_origin(self) -> str:
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def data_origin(self) -> str:
        return (self.data_url or f"http://{self.host}:{self.data_port}").rstrip("/")

    @property
    def has_plain_cookie(self) -> bool:
        """Plain http on loopback in development: ``__Host-`` cookies would never come back."""
        return (
            self.is_development
            and self.control_origin.startswith("http://")
            and _is_loopback(self.host)
        )

    @model_validator(mode="after")
    def _refuse_unsafe(self) -> "Settings":
        for old, new in _REPLACED.items():
            if old in os.environ:
                raise ValueError(f"{old} is no longer read: set {new}, which bounds all decoders")
        if self.clock and not self.is_development:
            raise ValueError(
                "SHUQIAO_CLOCK is refused outside development: deadlines must run on real time"
            )
        if not self.is_development and not self.control_origin.startswith("https://"):
            raise ValueError("SHUQIAO_PUBLIC_URL must be https:// outside development")
        if any(network.prefixlen == 0 for network in self.trusted_proxies):
            raise ValueError(
                "SHUQIAO_TRUSTED_PROXIES must not hold every address: list proxies only"
            )
        return self


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def secret_folders() -> list[Path]:
    """Folders in which a file is a setting (``shuqiao_database_url``):
    systemd's credentials, secrets of a container.

    A variable of the environment wins over a file.
    """
    named = (os.environ.get("CREDENTIALS_DIRECTORY"), "/run/secrets")
    return [Path(each) for each in named if each and Path(each).is_dir()]


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process.

    Tests change the environment and call ``settings.cache_clear()``.
    """
    return Settings(_secrets_dir=secret_folders() or None)
