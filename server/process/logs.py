"""Operators' logs: one JSON line an event, Chinese as it is, no secrets, no payload.

Whoever writes the line: the product, a library, or Python about what nobody caught. Every line has
its time, and of a request, job or command being worked on the id.
"""

import logging
import re
import sys
import threading
from collections.abc import MutableMapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, TextIO

import structlog

from shuqiao import context
from shuqiao.codes.identity import mask_valid_inside
from shuqiao.reasons import reason, trace
from shuqiao.settings import settings

_TOKEN: Final = re.compile(r"sq_[0-9a-f]{12}_[A-Za-z0-9_-]{20,}")
_PASSWORD: Final = re.compile(r"(postgresql[^:\s]*://[^:/@\s]+):[^@\s]+@")
_render: Final = structlog.processors.JSONRenderer(ensure_ascii=False)


def configure(role: str) -> None:
    """Send structlog, the libraries' own logging and uncaught
    exceptions to standard error as JSON lines.
    """
    level = getattr(logging, settings().log_level.upper())
    library_lines = _Handler(sys.stderr)
    library_lines.setFormatter(_LibraryLine(role))
    logging.basicConfig(handlers=[library_lines], level=max(level, logging.WARNING), force=True)
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_values,
            _placed(role),
            _rendered,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable


def redact(text: str) -> str:
    """``text`` without service tokens, database passwords and whole identity numbers."""
    return mask_valid_inside(_PASSWORD.sub(r"\1:…@", _TOKEN.sub("sq_…", text)))


def _placed(role: str) -> Any:
    """Which process wrote the line, and what for: a request, a job (``job-17``), a command."""

    def add(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        line["role"] = role
        if identity := context.request_id():
            line.setdefault("request_id", identity)
        return line

    return add


def _without_values(
    _logger: Any, _name: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Failures by their reason: their own words quote the rows they are about."""
    raised = line.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()
    if isinstance(raised, tuple):
        raised = raised[1]
    if isinstance(raised, BaseException):
        line["exception"] = trace(raised)
    for name, value in line.items():
        if isinstance(value, BaseException):
            line[name] = reason(value)
    return line


def _rendered(logger: Any, name: str, line: MutableMapping[str, Any]) -> str:
    """The line as JSON; redacted as a whole, so that nothing hides in a member of a member."""
    return redact(str(_render(logger, name, line)))


class _LibraryLine(logging.Formatter):
    """Lines of libraries in the same form."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self._place = _placed(role)

    def format(self, record: logging.LogRecord) -> str:
        if isinstance(record.args, tuple):  # the driver says why by the exception itself
            record.args = tuple(
                reason(each) if isinstance(each, BaseException) else each for each in record.args
            )
        line: dict[str, Any] = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            "logger": record.name,
        }
        raised = record.exc_info[1] if record.exc_info else None
        if raised is not None:
            line["exception"] = trace(raised)
        return _rendered(None, "", self._place(None, "", line))


class _Handler(logging.StreamHandler[TextIO]):
    """A line that cannot be made is told as such, without the traceback that Python prints then."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        failure = sys.exc_info()[1]
        structlog.get_logger("logs").error(
            "line_not_written",
            logger=record.name,
            where=record.pathname,
            why=type(failure).__name__,
        )


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger("uncaught").critical("%s", kind.__name__, exc_info=(kind, error, trace))


def _unraisable(given: "sys.UnraisableHookArgs") -> None:
    """What failed where nobody can be told: in a finaliser, a callback of the collector."""
    if given.exc_value is not None:
        _uncaught(given.exc_type, given.exc_value, given.exc_traceback)


def _uncaught_in_thread(given: threading.ExceptHookArgs) -> None:
    if given.exc_value is not None:
        _uncaught(given.exc_type, given.exc_value, given.exc_traceback)
