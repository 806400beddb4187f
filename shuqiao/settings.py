"""All settings of the service; the only place that reads the environment.

Documented in ``docs/settings.md``.
"""

import ipaddress
import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, IPvAnyNetwork, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Environment = Literal["development", "test", "production"]


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

    host: Annotated[str, Field(description="Address both HTTP roles listen on.")] = "127.0.0.1"
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

    clock: Annotated[
        str | None,
        Field(
            description="Business clock for development: RFC 3339, `@epoch` appended makes it tick."
        ),
    ] = None
    local_deadlines: Annotated[
        Path | None,
        Field(description="The place's own table of limits, shorter than the national ones."),
    ] = None
    calendar_warning_days: Annotated[
        int, Field(ge=0, description="Warn this many days before the calendar ends.")
    ] = 60

    db_pool_size: Annotated[int, Field(ge=1, le=200)] = 10
    db_pool_timeout_seconds: Annotated[float, Field(gt=0)] = 2.0
    statement_timeout_ms: Annotated[int, Field(ge=100)] = 5_000
    lock_timeout_ms: Annotated[int, Field(ge=50)] = 1_000

    body_limit_bytes: Annotated[int, Field(ge=1_024)] = 1_048_576
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
    uploads_at_once: Annotated[
        int, Field(ge=1, description="Files that one account sends at once to one process.")
    ] = 4
    disk_headroom_bytes: Annotated[
        int, Field(ge=0, description="What stays free on the disk: larger files are refused.")
    ] = 256 * 1_048_576
    decode_memory_bytes: Annotated[
        int,
        Field(ge=512 * 1_048_576, description="Address space of the child that decodes uploads."),
    ] = 2 * 1_073_741_824
    comparison_memory_bytes: Annotated[
        int,
        Field(ge=32 * 1_048_576, description="Memory of the comparison of two editions."),
    ] = 256 * 1_048_576
    decode_seconds: Annotated[int, Field(ge=1, description="CPU seconds of that child.")] = 120
    decoders_at_once: Annotated[
        int, Field(ge=1, description="Uploads that one process decodes at once.")
    ] = 2
    decoder_wait_seconds: Annotated[
        float, Field(gt=0, description="Longest wait of a person for a place.")
    ] = 10.0
    decoded_limit_bytes: Annotated[
        int, Field(description="Decoded size at which an upload is refused.")
    ] = 4 * 1_073_741_824

    department_code_kinds: Annotated[
        list[str],
        Field(description="First two characters of the credit codes that departments may have."),
    ] = ["11", "12", "13", "19"]

    session_idle_minutes: Annotated[int, Field(ge=1)] = 30
    session_hours: Annotated[int, Field(ge=1)] = 8
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
    scans_at_once: Annotated[int, Field(ge=1)] = 2

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
    live_reads_at_once: Annotated[
        int, Field(ge=1, description="Live deliveries a data process reads at once.")
    ] = 4

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
    log_level: Literal["debug", "info", "warning", "error"] = "info"

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
