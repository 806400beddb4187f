"""A grant on the generated table, as the services leave it after a
decision: for benchmarks and for stream tests.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlalchemy import create_engine, text
from sqlmodel import Session

from auth.accounts.models import AppUser
from auth.accounts.service.passwords import hashed
from auth.departments.models import Department
from auth.tokens import service
from auth.tokens.words import USUAL
from bench.table import SCHEMA, write_table
from catalog.elements.words import DataType
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.words import SecurityLevel, ShareType
from exchange.deliveries.service.plans import compile_grant
from exchange.grants.models import GrantedItem, ShareGrant
from exchange.grants.words import GrantStatus
from shuqiao.arrow.snapshots.manifest import Manifest
from shuqiao.settings import settings
from shuqiao.subject import Subject

#: The applicant's password; the account is ``shen``.
PASSWORD: Final = "correct-horse-7-staple"
GRANT_NO: Final = "GR-2026-000001"


@dataclass(frozen=True, slots=True)
class Granted:
    """What a benchmark or test needs to fetch: the token's secret, the
    grant, the snapshot it is on.
    """

    token: str
    grant_no: str
    manifest: Manifest


def grant_on_table(
    owner_url: str,
    home: Path,
    rows: int,
    *,
    columns: Sequence[str],
    masks: Mapping[str, Mapping[str, Any]],
    keep: tuple[str, str, Any] | None,
) -> Granted:
    """Write ``rows`` rows below ``home`` and grant ``columns`` of them,
    masked, of the rows that ``keep`` names.

    ``keep``: (column, operator, value), for example ``("status", "ne", 5)``; None: all rows.
    """
    with _at(home):
        manifest = write_table(home / "snapshots", rows)
        engine = create_engine(owner_url)
        try:
            with Session(engine, expire_on_commit=False) as session:
                session.execute(text("SELECT guard.excuse('a grant made up for measuring')"))
                secret = _granted(session, manifest, columns, masks, keep)
                session.commit()
        finally:
            engine.dispose()
    return Granted(secret, GRANT_NO, manifest)


def _granted(
    session: Session,
    manifest: Manifest,
    columns: Sequence[str],
    masks: Mapping[str, Mapping[str, Any]],
    keep: tuple[str, str, Any] | None,
) -> str:
    provider, user, resource = _people_and_resource(session)
    items = _items(session, resource)
    row_filter = {"item": str(items[keep[0]].id), "op": keep[1], "value": keep[2]} if keep else None
    grant = ShareGrant(
        grant_no=GRANT_NO,
        request_no="REQ-2026-000001",
        resource_id=resource.id,
        resource_code=resource.code,
        resource_title=resource.title,
        resource_version=1,
        consumer_id=user.department_id,
        provider_id=provider.id,
        purpose="测试",
        follows_editions=False,
        snapshot_id=manifest.id,
        filter_columns={str(item.id): [name, name] for name, item in items.items()},
        status=GrantStatus.ACTIVE,
        valid_until=date(2026, 12, 31),
        row_filter=row_filter,
    )
    session.add(grant)
    session.flush()
    for position, name in enumerate(columns):
        mask = dict(masks[name]) if name in masks else None
        session.add(
            GrantedItem(
                grant_id=grant.id,
                item_id=items[name].id,
                position=position,
                name=name,
                column_name=name,
                data_type=items[name].data_type,
                mask=mask,
            )
        )
    session.flush()
    grant.plan_fingerprint = compile_grant(session, grant).proof
    subject = Subject(
        user.id,
        user.account,
        user.name,
        user.department_id,
        "公安厅",
        frozenset(user.roles),
        "session",
    )
    return service.issue(session, subject, name="t", scopes=USUAL, days=30).secret


def _people_and_resource(session: Session) -> tuple[Department, AppUser, DataResource]:
    provider, consumer = Department(code="P", name="教育厅"), Department(code="C", name="公安厅")
    session.add_all([provider, consumer])
    session.flush()
    user = AppUser(
        account="shen",
        name="申",
        department_id=consumer.id,
        roles=["applicant"],
        password_hash=hashed(PASSWORD),
    )
    clerk = AppUser(
        account="bian", name="编", department_id=provider.id, roles=["registrar"], password_hash="-"
    )
    session.add_all([user, clerk])
    session.flush()
    resource = DataResource(
        code="307001/1",
        class_code="307001",
        title="生成数据",
        provider_id=provider.id,
        registrar_id=clerk.id,
        share_type=ShareType.CONDITIONAL,
    )
    session.add(resource)
    session.flush()
    return provider, user, resource


def _items(session: Session, resource: DataResource) -> dict[str, ResourceItem]:
    items = {
        name: ResourceItem(
            resource_id=resource.id,
            position=position,
            name=name,
            column_name=name,
            data_type=DataType.TEXT,
            share_type=ShareType.CONDITIONAL,
            security_level=SecurityLevel.GENERAL_2,
        )
        for position, name in enumerate(SCHEMA.names)
    }
    session.add_all(items.values())
    session.flush()
    return items


@contextmanager
def _at(home: Path) -> Iterator[None]:
    """Keys and snapshots below ``home`` while the block runs."""
    old = os.environ.get("SHUQIAO_HOME")
    os.environ["SHUQIAO_HOME"] = str(home)
    settings.cache_clear()
    try:
        yield
    finally:
        if old is None:
            del os.environ["SHUQIAO_HOME"]
        else:
            os.environ["SHUQIAO_HOME"] = old
        settings.cache_clear()
