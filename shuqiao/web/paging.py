"""Lists by keyset: a page is ``limit`` rows after the last row seen, never an offset.

The cursor is opaque to the caller: the last row's sort key and id, authenticated and bound to the
list and filters it was made for, so an edited cursor is a 422 and not a way to ask the database
something else.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, Final, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, literal, tuple_
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import Response

from shuqiao import keys
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _

Item = TypeVar("Item")
Row = TypeVar("Row")
Statement = TypeVar("Statement", bound=Select[*tuple[Any, ...]])

LIMIT_DEFAULT: Final = 50
LIMIT_MAX: Final = 200
_MAC_BYTES: Final = 16
_READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "s": str,
    "i": int,
    "u": UUID,
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
}


class Page(BaseModel, Generic[Item]):
    """The answer of every list: the items, and the cursor of the next page when there is one."""

    items: list[Item]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is asked for.

    ``after`` is the sort key and id of the last row of the page before.
    """

    limit: int = LIMIT_DEFAULT
    after: tuple[Any, ...] | None = None
    scope: str = ""
    url: URL = field(default_factory=lambda: URL("/"))
    response: Response | None = None

    def keyset(
        self, statement: Statement, *columns: ColumnElement[Any], descending: bool = False
    ) -> Statement:
        """``statement`` ordered by ``columns`` (NOT NULL, the last one
        unique), one row more than the page.
        """
        order = [column.desc() if descending else column.asc() for column in columns]
        if self.after is not None:
            if len(self.after) != len(columns):
                raise _bad_cursor()
            last = tuple_(
                *(
                    literal(value, column.type)
                    for value, column in zip(self.after, columns, strict=True)
                )
            )
            row = tuple_(*columns)
            statement = statement.where(row < last if descending else row > last)
        return statement.order_by(*order).limit(self.limit + 1)

    def cut(
        self, rows: Sequence[Row], key: Callable[[Row], tuple[Any, ...]]
    ) -> tuple[Sequence[Row], str | None]:
        """The rows of this page and the cursor of the next; sets the ``Link`` header.

        ``rows`` are from `keyset`.
        """
        if len(rows) <= self.limit:
            return rows, None
        kept = rows[: self.limit]
        cursor = encode(key(kept[-1]), self.scope)
        if self.response is not None:
            self.response.headers["Link"] = f'<{self.href(cursor)}>; rel="next"'
        return kept, cursor

    def href(self, cursor: str) -> str:
        """The same list from ``cursor`` on, as path and query."""
        url = self.url.include_query_params(cursor=cursor)
        return f"{url.path}?{url.query}"


def encode(values: Sequence[Any], scope: str) -> str:
    """An opaque cursor for ``values`` (str, int, UUID, aware datetime,
    date), valid within ``scope`` only.
    """
    body = json.dumps([_tagged(value) for value in values], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_mac(body, scope) + body).decode().rstrip("=")


def decode(cursor: str, scope: str) -> tuple[Any, ...]:
    """The values of ``cursor``.

    Raises ``Invalid`` (422) when it was edited or made for another list.
    """
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise _bad_cursor() from None
    mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(body, scope)):
        raise _bad_cursor()
    return tuple(_READERS[kind](value) for kind, value in json.loads(body))


def page_request(
    request: Request,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=LIMIT_MAX, description="Rows a page.")] = LIMIT_DEFAULT,
    cursor: Annotated[
        str | None, Query(max_length=1_000, description="`next` of the page before.")
    ] = None,
) -> PageRequest:
    """Dependency behind ``PageDep``."""
    scope = _scope_of(request)
    after = decode(cursor, scope) if cursor else None
    return PageRequest(limit, after, scope, request.url, response)


PageDep = Annotated[PageRequest, Depends(page_request)]


def _scope_of(request: Request) -> str:
    """The list and its filters: a cursor of one search must not continue another."""
    filters = sorted(
        pair for pair in request.query_params.multi_items() if pair[0] not in ("cursor", "limit")
    )
    return json.dumps([request.url.path, filters])


def _tagged(value: Any) -> tuple[str, Any]:
    if isinstance(value, datetime):
        return "t", value.isoformat()
    if isinstance(value, date):
        return "d", value.isoformat()
    if isinstance(value, UUID):
        return "u", str(value)
    return ("i", value) if isinstance(value, int) else ("s", str(value))


def _mac(body: bytes, scope: str) -> bytes:
    message = hashlib.sha256(scope.encode()).digest() + body
    return hmac.new(keys.key("cursor"), message, hashlib.sha256).digest()[:_MAC_BYTES]


def _bad_cursor() -> Invalid:
    detail, fix = _("This cursor does not belong to this list"), _("Start again without it.")
    return Invalid(errors=[FieldError("/cursor", "bad_cursor", detail, fix)])
