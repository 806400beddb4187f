"""What may be written down of a failure: its kind, its reason and where it happened, no values.

A database quotes the row it refuses: in DETAIL ("Key (id_number)=(…) already exists"), in CONTEXT
("COPY person, line 1, column id_number: …"), in the lines of the statement, and for a value that
cannot be read in the primary message itself. Libraries that read data do the same. None of it
belongs into a log, a reason or a traceback; the constraint, the code and the place are enough.
"""

import re
import traceback
from collections.abc import Iterator
from typing import Final

import psycopg
from pydantic import ValidationError
from sqlalchemy.exc import StatementError

#: SQLSTATE classes whose primary message quotes the value: data exceptions, and what functions
#: raise about data they were given.
_QUOTING: Final = ("22",)
_QUOTED: Final = re.compile(r"""["'“‘`].*["'”’`]""", re.DOTALL)
#: Modules whose errors quote cells of the data they read.
_READERS: Final = frozenset({"pyarrow", "datafusion", "polars", "duckdb", "python_calamine"})


def reason(failure: BaseException) -> str:
    """Why it failed, in one line without values of rows, parameters or cells."""
    known = database_error(failure)
    if known is not None:
        return _of_database(known)
    if isinstance(failure, ValidationError):
        wrong = ", ".join(
            f"{'.'.join(map(str, each['loc']))}: {each['type']}"
            for each in failure.errors(include_input=False, include_context=False)
        )
        return f"{failure.title}: {wrong}"
    if isinstance(failure, StatementError) and failure.orig is not None:
        return f"{type(failure.orig).__name__} in the parameters of a statement"
    said = str(failure).strip().partition("\n")[0] or type(failure).__name__
    if _reads_data(failure) or said.startswith("DataFusion error"):
        said = _QUOTED.sub("…", said)
    return said


def database_error(failure: BaseException) -> psycopg.Error | None:
    """The driver's error that ``failure`` is or carries."""
    if isinstance(failure, StatementError) and isinstance(failure.orig, psycopg.Error):
        return failure.orig
    return failure if isinstance(failure, psycopg.Error) else None


def trace(failure: BaseException) -> str:
    """As Python prints a traceback, every failure of its chain by its :func:`reason`."""
    return "".join(_lines(failure, set())).rstrip("\n")


def _of_database(error: psycopg.Error) -> str:
    said = error.diag.message_primary
    if said is None:  # the driver's own: a connection that failed, a value it could not carry
        if isinstance(error, psycopg.DataError):
            return "database: a value cannot be carried"
        return f"database: {str(error).strip().partition(chr(10))[0] or 'connection lost'}"
    state = error.sqlstate or "database"
    if state.startswith(_QUOTING):
        said = _QUOTED.sub("…", said)
    return f"{state}: {said.partition(chr(10))[0]}"


def _reads_data(failure: BaseException) -> bool:
    return any(kind.__module__.partition(".")[0] in _READERS for kind in type(failure).__mro__)


def _lines(failure: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(failure))
    earlier, link = failure.__cause__, "The above exception was the direct cause of the following:"
    if earlier is None and not failure.__suppress_context__:
        earlier, link = failure.__context__, "While handling it, another exception occurred:"
    if earlier is not None and id(earlier) not in seen:
        yield from _lines(earlier, seen)
        yield f"\n{link}\n\n"
    if failure.__traceback__ is not None:
        yield "Traceback (most recent call last):\n"
        yield from traceback.format_tb(failure.__traceback__)
    kind = type(failure)
    yield f"{kind.__module__}.{kind.__qualname__}: {reason(failure)}\n"
    if isinstance(failure, BaseExceptionGroup):
        for number, each in enumerate(failure.exceptions, start=1):
            yield f"  of the group, {number}:\n"
            yield from _lines(each, seen)
