"""Traces for a collector of OpenTelemetry, where the extra ``otel`` is installed and
``OTEL_EXPORTER_OTLP_ENDPOINT`` names one; else neither SDK nor exporter is imported, and a span is
nothing.

A span says words of the program: route template, status, name of a task, kind of a statement, class
of an error. Never an address as it was sent, an account, a token, a value or an error's own words.
What callers send of a trace is not believed: each request begins one.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any, Final, Literal

import structlog
from sqlalchemy import Engine, event

log = structlog.get_logger("tracing")

#: The setting of OpenTelemetry itself; its other ones hold too.
ENDPOINT: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"
#: Longest that the end of a process waits for the collector.
_LAST_SECONDS: Final = 3.0
_STATEMENTS: Final = frozenset(
    {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "SET", "LOCK", "SAVEPOINT", "RELEASE"}
)
_SPAN: Final = "shuqiao_span"
Kind = Literal["internal", "server", "client", "consumer"]

_tracer: Any = None
_providers: Final[list[Any]] = []


class Span:
    """What runs now, as a collector is told of it; nothing where none is told."""

    def __init__(self, own: Any = None) -> None:
        self._own = own

    def call(self, name: str) -> None:
        """What it is called, where that is known late."""
        if self._own is not None:
            self._own.update_name(name)

    def say(self, **facts: str | int) -> None:
        """Words of the program only; ``http__route`` is ``http.route``."""
        if self._own is None:
            return
        for key, value in facts.items():
            self._own.set_attribute(key.replace("__", "."), value)

    def failed(self, error: str) -> None:
        """``error``: its class, never its words."""
        if self._own is not None:
            from opentelemetry.trace import StatusCode

            self._own.set_attribute("error.type", error)
            self._own.set_status(StatusCode.ERROR)

    def end(self) -> None:
        if self._own is not None:
            self._own.end()


def begin(role: str) -> bool:
    """Trace this process from now on; gives whether it is traced."""
    global _tracer
    if not os.environ.get(ENDPOINT):
        return False
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        log.warning("not_traced", reason=f"{ENDPOINT} is set: install the extra shuqiao[otel]")
        return False
    own: dict[str, str | int] = {
        "service.name": "shuqiao",
        "service.version": version("shuqiao"),
        "shuqiao.role": role,
        "process.pid": os.getpid(),
    }
    provider = TracerProvider(resource=Resource.create({**own}), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _tracer = provider.get_tracer("shuqiao")
    _providers.append(provider)
    return True


def end() -> None:
    """Hand over what is left; a collector that is away is not waited for."""
    global _tracer
    _tracer = None
    while _providers:
        last = threading.Thread(target=_providers.pop().shutdown, daemon=True)
        last.start()
        last.join(_LAST_SECONDS)


@contextmanager
def span(name: str, kind: Kind = "internal") -> Iterator[Span]:
    """What the block does, within what runs already."""
    if _tracer is None:
        yield Span()
        return
    from opentelemetry.trace import use_span

    made = Span(_started(name, kind))
    with use_span(made._own, record_exception=False, set_status_on_exception=False):
        try:
            yield made
        except BaseException as fault:
            made.failed(type(fault).__name__)
            raise
        finally:
            made.end()


def follow(engine: Engine) -> None:
    """A span for each statement of ``engine`` within another one: its kind and the pool, not its
    text. What a process asks every second for itself is none.
    """
    if _tracer is None:
        return
    event.listen(engine, "before_cursor_execute", _statement_begins)
    event.listen(engine, "after_cursor_execute", _statement_ends)
    event.listen(engine, "handle_error", _statement_fails)


def _started(name: str, kind: Kind) -> Any:
    from opentelemetry.trace import SpanKind

    return _tracer.start_span(name, kind=SpanKind[kind.upper()])


def _is_within_a_span() -> bool:
    from opentelemetry.trace import get_current_span

    return bool(get_current_span().get_span_context().is_valid)


def _statement_begins(
    connection: Any, _cursor: Any, statement: str, _given: Any, context: Any, _many: bool
) -> None:
    if _tracer is None or context is None or not _is_within_a_span():
        return
    word = statement.split(None, 1)[0].upper() if statement.strip() else ""
    word = word if word in _STATEMENTS else "other"
    made = Span(_started(word, "client"))
    pool = connection.engine.pool.logging_name or ""
    made.say(db__system__name="postgresql", db__operation__name=word, shuqiao__pool=pool)
    setattr(context, _SPAN, made)


def _statement_ends(
    _connection: Any, _cursor: Any, _statement: str, _given: Any, context: Any, _many: bool
) -> None:
    made = context.__dict__.pop(_SPAN, None)
    if made is not None:
        made.end()


def _statement_fails(failure: Any) -> None:
    context = failure.execution_context
    made = None if context is None else context.__dict__.pop(_SPAN, None)
    if made is not None:
        made.failed(type(failure.original_exception).__name__)
        made.end()
