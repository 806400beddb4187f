"""People, a running application and the steps of a registration, for the tests of the catalogue."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from fixtures import callers
from fixtures.database import Cluster, arranged
from sqlalchemy import Engine
from sqlmodel import Session, select

from audit.models import AuditEvent
from auth.accounts.models import AppUser
from auth.accounts.service.subjects import subject_of
from auth.departments.models import Department
from auth.identify import identify
from catalog.attachments.endpoints import files, tables
from catalog.attachments.tasks import make_snapshot
from catalog.copies import endpoints as copies
from catalog.domains import endpoints as domains
from catalog.editions import endpoints as editions
from catalog.elements import endpoints as elements
from catalog.publication import endpoints as publication
from catalog.registration import endpoints as resources
from catalog.search import endpoints as search
from catalog.updates.endpoints import changes as updates
from server.process import failures
from shuqiao import db
from shuqiao.context import working_on
from shuqiao.desk.notices import load_packaged_calendars
from shuqiao.ids import uuid7
from shuqiao.subject import Subject

#: account → (department, role)
PEOPLE = {
    "data_admin": ("数据局", "data_admin"),
    "registrar": ("教育厅", "registrar"),
    "head": ("教育厅", "department_head"),
    "approver": ("教育厅", "approver"),
    "provider_head": ("教育厅", "sharing_head"),
    "applicant": ("公安厅", "applicant"),
    "other_registrar": ("公安厅", "registrar"),
    "other_head": ("公安厅", "department_head"),
    "reviewer": ("数据局", "security_reviewer"),
    "system_admin": ("数据局", "system_admin"),
}
CODES = {
    "数据局": "11150000000012343U",
    "教育厅": "1115020001160001X4",
    "公安厅": "114103000054321012",
}


@pytest.fixture(scope="session")
def app_engine(cluster: Cluster) -> Iterator[Engine]:
    """Connections to a database with one person a role, three departments, and the calendar."""
    address = cluster.database("staffed").app_url
    engine = db.make_engine(address.render_as_string(hide_password=False))
    with Session(engine) as session:
        departments = {name: Department(code=code, name=name) for name, code in CODES.items()}
        session.add_all(departments.values())
        session.flush()
        session.add_all(
            AppUser(
                account=account,
                name=account,
                department_id=departments[home].id,
                roles=[role],
                password_hash="none",
            )
            for account, (home, role) in PEOPLE.items()
        )
        load_packaged_calendars(session)
        arranged(session)
        session.commit()
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def staff(app_engine: Engine) -> dict[str, Subject]:
    """Who they are, by account."""
    with Session(app_engine) as session:
        return {user.account: subject_of(session, user) for user in session.exec(select(AppUser))}


@pytest.fixture
def people(session: Session, staff: dict[str, Subject]) -> dict[str, Subject]:
    """The same, for a test that changes what they know or do."""
    return dict(staff)


@dataclass
class Caller:
    """HTTP as one of the people; every POST gets a key of its own unless one is given."""

    client: TestClient
    account: str = ""

    def __call__(self, method: str, path: str, **options: Any) -> Any:
        headers = {"x-account": self.account, **options.pop("headers", {})}
        if method == "POST":
            headers.setdefault("idempotency-key", uuid7().hex)
        return self.client.request(method, f"/api/v1{path}", headers=headers, **options)


@pytest.fixture(scope="session")
def catalogue() -> FastAPI:
    """The real routes, guards, errors; who calls is named by a header, among ``state.people``."""
    app = FastAPI()
    for stage in (
        domains,
        elements,
        resources,
        files,
        tables,
        copies,
        editions,
        updates,
        publication,
        search,
    ):
        app.include_router(stage.router, prefix="/api/v1")
    failures.install(app)

    def as_named(request: Request) -> Subject:
        people: dict[str, Subject] = app.state.people
        named = people.get(request.headers.get("x-account", ""), Subject.anonymous())
        request.state.subject = named
        return named

    app.dependency_overrides[identify] = as_named
    return app


@pytest.fixture
def api(catalogue: FastAPI, people: dict[str, Subject]) -> Callable[[str], Caller]:
    """``api("registrar")("POST", "/resources", json=…)``"""
    catalogue.state.people = people
    client = callers.sharing(TestClient(catalogue))
    return lambda account: Caller(client, account)


@pytest.fixture(autouse=True)
def _request() -> Iterator[None]:
    with working_on(request_id="test"):
        yield


@pytest.fixture
def trail(session: Session) -> Callable[[str], list[str]]:
    """Tags of a stream, in order."""

    def tags(stream: str) -> list[str]:
        query = (
            select(AuditEvent.action).where(AuditEvent.stream == stream).order_by(AuditEvent.seq)
        )  # type: ignore[arg-type]
        return list(session.exec(query))

    return tags


def complete_entry(**changes: Any) -> dict[str, Any]:
    """A catalogue entry with nothing missing; ``changes`` replace fields."""
    entry: dict[str, Any] = {
        "title": "中小学校名录",
        "abstract": "全区中小学校的名称、代码、地址与位置。",
        "category": "教育/基础教育",
        "format": "spreadsheet",
        "share_type": "conditional",
        "share_condition": "限履行校园安全职责的部门使用。",
        "use_condition": "不得用于其他目的，不得提供给第三方。",
        "share_way": "batch",
        "update_cycle": "yearly",
        "keywords": ["学校", "教育机构"],
        "security_level": "general_2",
        "secrecy_assessment": {
            "conclusion": "no_secret",
            "assessor": "王敏",
            "assessed_on": "2026-01-20",
        },
        "privacy_assessment": {
            "conclusion": "no_personal_information",
            "assessor": "王敏",
            "assessed_on": "2026-01-20",
        },
        "items": [
            {"name": "学校代码", "column_name": "代码", "data_type": "C"},
            {"name": "学校名称", "column_name": "名称", "data_type": "C"},
            {"name": "经度", "column_name": "经度", "data_type": "B"},
        ],
    }
    entry.update(changes)
    return {name: value for name, value in entry.items() if value is not ...}


SCHOOLS = "代码,名称,经度\n0101,一小,120.21\n0102,二小,120.19\n0103,三中,\n".encode()


@dataclass
class Story:
    """The steps of a registration over HTTP, each asserted to succeed."""

    api: Callable[[str], Caller]

    def register(self, who: str = "registrar", **changes: Any) -> str:
        class_code = changes.pop("class_code", "307001")
        answer = self.api(who)(
            "POST", "/resources", json={"class_code": class_code, **complete_entry(**changes)}
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["code"]).replace("/", "-")

    def attach(
        self, code: str, content: bytes = SCHOOLS, name: str = "学校.csv", who: str = "registrar"
    ) -> str:
        answer = self.api(who)(
            "POST", f"/resources/{code}/attachments", files={"file": (name, content, "text/csv")}
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def confirm(
        self, code: str, attachment_id: str, body: Any = None, who: str = "registrar"
    ) -> None:
        path = f"/resources/{code}/attachments/{attachment_id}/snapshots"
        answer = self.api(who)("POST", path, json=body or {})
        assert answer.status_code == 202, answer.text

    def stored(self, who: str = "registrar", **changes: Any) -> str:
        """A registered resource whose data is a snapshot."""
        code = self.register(who, **changes)
        attachment_id = self.attach(code, who=who)
        self.confirm(code, attachment_id, who=who)
        make_snapshot(attachment_id)
        return code

    def seen(self, code: str, who: str = "registrar") -> dict[str, str]:
        """``If-Match`` for the version of the resource that ``who`` sees."""
        return {"if-match": self.api(who)("GET", f"/resources/{code}").headers["etag"]}

    def tried(self, who: str, code: str, step: str, body: Any = None) -> Any:
        options = {} if body is None else {"json": body}
        return self.api(who)(
            "POST", f"/resources/{code}/{step}", headers=self.seen(code), **options
        )

    def step(self, who: str, code: str, step: str, body: Any = None) -> Any:
        answer = self.tried(who, code, step, body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def submitted(self, **changes: Any) -> str:
        """In review; without data, as a service interface, where data
        does not matter (decoding takes a second).
        """
        code = self.register(**{"format": "service", **changes})
        self.step("registrar", code, "submissions")
        return code

    def consented(self, **changes: Any) -> str:
        code = self.submitted(**changes)
        self.step("head", code, "consents", {})
        return code

    def published_with_data(self) -> str:
        code = self.stored()
        self.step("registrar", code, "submissions")
        self.step("head", code, "consents", {})
        self.step("data_admin", code, "reviews", {"outcome": "published"})
        return code

    def published(self, **changes: Any) -> str:
        code = self.consented(**changes)
        self.step("data_admin", code, "reviews", {"outcome": "published"})
        return code


@pytest.fixture
def story(api: Callable[[str], Caller], home: Any) -> Story:
    return Story(api)


def pointers(answer: Any) -> list[str]:
    """Where the problem's errors point to."""
    with suppress(KeyError):
        return [error["pointer"] for error in answer.json()["errors"]]
    return []
