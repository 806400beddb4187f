"""The machinery of OpenTelemetry, of the extra ``otel``: loaded only where a collector is named."""

import os
import threading
from importlib.metadata import version
from typing import Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from shuqiao import tracing

#: Longest that the end of a process waits for the collector.
_LAST_SECONDS: Final = 3.0


def begin(role: str) -> None:
    """Trace this process until ``tracing.end``, which hands over what is left; a collector that is
    away is not waited for.
    """
    own = Resource.create(
        {
            "service.name": "shuqiao",
            "service.version": version("shuqiao"),
            "shuqiao.role": role,
            "process.pid": os.getpid(),
        }
    )
    provider = TracerProvider(resource=own, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))

    def hand_over() -> None:
        last = threading.Thread(target=provider.shutdown, daemon=True)
        last.start()
        last.join(_LAST_SECONDS)

    tracing.begin(provider.get_tracer("shuqiao"), hand_over)
