"""Traces for a collector of OpenTelemetry, where ``server.process.collector`` has begun them; else
a span is nothing.

A span says words of the program: route template, status, name of a task, kind of a statement, class
of an error. Never an address as it was sent, an account, a token, a value or an error's own words.
What callers send of a trace is not believed: each request begins one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import SpanKind, StatusCode, Tracer
from sqlalchemy import Engine, event

#: The setting of OpenTelemetry itself that names a collector; its other ones hold too.
ENDPOINT: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"
_STATEMENTS: Final = frozenset(
    {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "SET", "LOCK", "SAVEPOINT", "RELEASE"}
)
_SPAN: Final = "shuqiao_span"
Kind = Literal["internal", "server", "client", "consumer"]

_tracer: Tracer | None = None
_hand_over: Callable[[], None] | None = None


class Span:
    """What runs now, as a collector is told of it; nothing where none is told."""

    def __init__(self, own: trace.Span | None = None) -> None:
        self._own = own

    def call(self, name: str) -> None:
        """What it is called, where that is known late."""
        if self._own is not None:
            self._own.update_name(name)

    def say(self, **facts: str | int) -> None:
        """Words of the program only; ``http__route`` is ``http.route``."""
        if self._own is not None:
            for key, value in facts.items():
                self._own.set_attribute(key.replace("__", "."), value)

    def failed(self, error: str) -> None:
        """``error``: its class, never its words."""
        if self._own is not None:
            self._own.set_attribute("error.type", error)
            self._own.set_status(StatusCode.ERROR)

    def end(self) -> None:
        if self._own is not None:
            self._own.end()


def begin(tracer: Tracer, hand_over: Callable[[], None]) -> None:
    """Make spans by ``tracer`` from now on; ``hand_over`` is called at the end."""
    global _tracer, _hand_over
    _tracer, _hand_over = tracer, hand_over


def end() -> None:
    """No more spans; what is left is handed over."""
    global _tracer, _hand_over
    last, _tracer, _hand_over = _hand_over, None, None
    if last is not None:
        last()


@contextmanager
def span(name: str, kind: Kind = "internal") -> Iterator[Span]:
    """What the block does, within what runs already; a request is within nothing."""
    if _tracer is None:
        yield Span()
        return
    around = Context() if kind == "server" else None
    own = _tracer.start_span(name, context=around, kind=SpanKind[kind.upper()])
    made = Span(own)
    with trace.use_span(own, record_exception=False, set_status_on_exception=False):
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
    if _tracer is not None:
        event.listen(engine, "before_cursor_execute", _statement_begins)
        event.listen(engine, "after_cursor_execute", _statement_ends)
        event.listen(engine, "handle_error", _statement_fails)


def _statement_begins(
    connection: Any, _cursor: Any, statement: str, _given: Any, context: Any, _many: bool
) -> None:
    is_within = trace.get_current_span().get_span_context().is_valid
    if _tracer is None or context is None or not is_within:
        return
    word = statement.split(None, 1)[0].upper() if statement.strip() else ""
    word = word if word in _STATEMENTS else "other"
    made = Span(_tracer.start_span(word, kind=SpanKind.CLIENT))
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
