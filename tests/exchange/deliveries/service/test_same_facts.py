"""What the first check asks is asked again while a transfer runs: two lists, drawn from what both
really read, so that a fact which only the first one learns to ask is seen here.
"""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
import sqlglot
from fixtures import callers
from fixtures.exchanging import looking
from fixtures.worlds import World
from sqlalchemy import Engine, event
from sqlalchemy.orm.attributes import InstrumentedAttribute
from sqlglot import exp
from sqlmodel import SQLModel

from tests.exchange.deliveries.service.test_standing import Running

At = Callable[[str], World]
Facts = set[str]
WATCHER: Final = "watcher"
#: What the first check reads and the watcher need not, and why.
_NAMED: Final = "finds or names something; the watcher has it by its identity"
_TERM: Final = "a term of the grant: the database lets nobody change it"
_TELLS: Final = "tells why; that it does not leave is asked"
FIXED: Final = {
    "attachment.connection": "asked of the connection's file (``source_stands``)",
    "attachment.id": _NAMED,
    "attachment.resource_id": _NAMED,
    "attachment.shape": "asked of the source itself",
    "data_resource.provider_id": _NAMED,
    "delivery.delivery_no": _NAMED,
    "department.code": "asked of the connection's file (``source_stands``)",
    "edition.attachment_id": _NAMED,
    "edition.id": _NAMED,
    "edition.snapshot_id": "the rows of an edition never change; whether they are there is asked",
    "edition.status": "a transfer goes on over the edition it began with",
    "granted_item.column_name": _TERM,
    "granted_item.column_type": _TERM,
    "granted_item.mask": _TERM,
    "granted_item.position": _TERM,
    "granted_item.suspended_why": _TELLS,
    "login_session.token_hash": _NAMED,
    "service_token.public_id": _NAMED,
    "share_grant.edition_no": _TERM,
    "share_grant.filter_columns": _TERM,
    "share_grant.first_consumer_id": _NAMED,
    "share_grant.follows_editions": _TERM,
    "share_grant.live_id": _TERM,
    "share_grant.row_filter": _TERM,
    "share_grant.snapshot_id": _TERM,
}


class Noted:
    """Facts that are read meanwhile: ``table.column``, of rows and of conditions."""

    def __init__(self) -> None:
        self.looked_at: Facts = set()
        self.statements: list[str] = []
        self.is_over = False

    def attribute(self, found: Any) -> None:
        if not self.is_over and threading.current_thread().name != WATCHER:
            self.looked_at.add(f"{found.class_.__tablename__}.{found.key}")

    def statement(self, text: str) -> None:
        """What is written ends it: the transfer has begun."""
        if threading.current_thread().name == WATCHER:
            return
        self.is_over = self.is_over or text.startswith("INSERT INTO delivery")
        if not self.is_over and re.match(r"\s*(SELECT|WITH)", text):
            self.statements.append(text)

    @property
    def facts(self) -> Facts:
        return self.looked_at.union(*map(facts_of, self.statements))


def facts_of(text: str) -> Facts:
    """Columns that a statement reads; those of whole rows are noted when somebody looks at them."""
    plain = re.sub(r"%\(\w+\)s", "NULL", text)
    found: Facts = set()
    for select in sqlglot.parse_one(plain, dialect="postgres").find_all(exp.Select):
        names = {each.alias_or_name: each.name for each in select.find_all(exp.Table)}
        listed = [each.unalias() for each in select.expressions]
        whole = {name for name, table in names.items() if _is_whole(name, table, listed)}
        for column in select.find_all(exp.Column):
            is_row = column.table in whole and any(column is each for each in listed)
            tables = [names.get(column.table, "")] if column.table else list(names.values())
            found |= {
                f"{table}.{column.name}"
                for table in tables
                if not is_row and column.name in _columns(table)
            }
    return found


def _columns(table: str) -> Any:
    return getattr(SQLModel.metadata.tables.get(table), "columns", ())


def _is_whole(name: str, table: str, listed: list[Any]) -> bool:
    """Whether a row of the table is read as an object; a few columns may be left for later."""
    own = [each for each in listed if isinstance(each, exp.Column) and each.table == name]
    return bool(own) and len(own) > len(_columns(table)) * 3 // 4


@contextmanager
def noting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Noted]:
    noted, get = Noted(), InstrumentedAttribute.__get__

    def attribute(self: Any, instance: Any, owner: Any) -> Any:
        if instance is not None:
            noted.attribute(self)
        return get(self, instance, owner)

    def statement(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        noted.statement(text)

    with monkeypatch.context() as patched:
        patched.setattr(InstrumentedAttribute, "__get__", attribute)
        event.listen(Engine, "before_cursor_execute", statement)
        try:
            yield noted
        finally:
            event.remove(Engine, "before_cursor_execute", statement)


def asked_first(
    world_at: At, monkeypatch: pytest.MonkeyPatch, state: str, by: str
) -> tuple[Facts, Facts]:
    """By the first check, and then by the watcher."""
    world = world_at(state)
    running = Running(world, by)
    with noting(monkeypatch) as first, callers.data_client(world, "applicant") as client:
        if by == "token":
            client.headers["authorization"] = f"Bearer {running.secret}"
            client.cookies.clear()
        answer = client.get(f"/api/v1/grants/{world.grant_no}/data")
        assert answer.status_code == 200, answer.text
    with noting(monkeypatch) as again, looking() as session:
        assert running.standing.ask(session, {running.id: running.proof}).ended == {}
    assert first.statements and again.statements
    return first.facts, again.facts


@pytest.mark.parametrize("state", ["active_grant", "live_grant"])
@pytest.mark.parametrize("by", ["token", "session"])
def test_the_watcher_asks_every_fact_that_the_first_check_asks(
    committed_world: At, monkeypatch: pytest.MonkeyPatch, state: str, by: str
) -> None:
    first, again = asked_first(committed_world, monkeypatch, state, by)
    assert first - again - set(FIXED) == set()
