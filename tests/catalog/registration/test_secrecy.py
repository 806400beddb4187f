"""What is declared to contain a secret is refused at the door: by every
way in, and nothing of it is found anywhere.
"""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pytest
import structlog
from fixtures import callers
from fixtures.page_forms import PAGE
from fixtures.registering import drafted, edit, entry, save
from fixtures.routes import events
from fixtures.worlds import World
from fixtures.written import entry as whole_entry
from httpx2 import Response
from sqlalchemy import text
from starlette.testclient import TestClient

from catalog.resources import repository, service
from catalog.resources.errors import SecretDeclared
from catalog.resources.schemas import ResourceCreate, ResourceUpdate
from shuqiao.db import reading, unit_of_work
from shuqiao.ids import uuid7
from shuqiao.web.problem import MEDIA_TYPE

At = Callable[[str], World]
#: What the person typed; plain letters, so that a search index has it as one word.
TYPED: Final = "zqx7f3a"
SECRET: Final = {"conclusion": "secret_found", "assessor": TYPED, "assessed_on": "2026-01-20"}
FIELDS: Final = {f"secrecy_assessment.{name}": value for name, value in SECRET.items()}
NEW, EDIT, HTMX = (
    "/api/v1/resources",
    "/api/v1/resources/{code}",
    {"HX-Request": "true", "HX-Request-Type": "partial"},
)


def body(**changes: Any) -> dict[str, Any]:
    """A whole entry with the typed text in every field that takes one."""
    typed = {
        "title": TYPED,
        "abstract": TYPED,
        "keywords": [TYPED],
        "share_condition": TYPED,
        "category": TYPED,
    }
    items = [{"name": TYPED, "column_name": TYPED, "data_type": "C", "description": TYPED}]
    return whole_entry(**typed, items=items, secrecy_assessment=SECRET) | changes


def update(**changes: Any) -> dict[str, Any]:
    return {name: value for name, value in body(**changes).items() if name != "class_code"}


@dataclass(frozen=True)
class Way:
    """One way in: its address below the entry's or the service's root, what is sent, and how."""

    path: str
    sent: Mapping[str, Any]
    is_page: bool = False
    headers: Mapping[str, str] | None = None
    method: str = "POST"

    @property
    def is_new(self) -> bool:
        return "{code}" not in self.path


def form(path: str, sent: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Way:
    return Way(
        path, {"title": TYPED, "abstract": TYPED, "items.0.name": TYPED, **sent}, True, headers
    )


_SECTION: Final = "/resources/{code}/edit/"
WAYS: Final[Mapping[str, Way]] = {
    "a new entry": Way(NEW, body()),
    "a new entry with other faults": Way(NEW, body(title="", share_type=TYPED, is_admin=TYPED)),
    "a new entry with nothing but that": Way(
        NEW, {"secrecy_assessment": {"conclusion": "secret_found"}}
    ),
    "an edit": Way(EDIT, update(), method="PUT"),
    "an edit with other faults": Way(
        EDIT, {**update(items=TYPED), "class_code": TYPED}, method="PUT"
    ),
    "the form of a new entry": form(
        "/resources/new", {"class_code": "307001", "share_type": "conditional", **FIELDS}
    ),
    "the section, saved": form(f"{_SECTION}assessment", {**FIELDS, "intent": "save"}),
    "the section, half filled": form(
        f"{_SECTION}assessment", {"secrecy_assessment.conclusion": " secret_found "}
    ),
    "the section, kept as a draft": form(f"{_SECTION}assessment", {**FIELDS, "intent": "draft"}),
    "the section, kept by itself": form(f"{_SECTION}assessment/draft", FIELDS, HTMX),
    "another section": form(f"{_SECTION}basic", {**FIELDS, "intent": "save"}),
    "the draft of another section": form(f"{_SECTION}sharing/draft", FIELDS, HTMX),
    "a button of the grid": form(f"{_SECTION}items", {**FIELDS, "grid": "1", "intent": "add"}),
}


def send(client: TestClient, world: World, way: Way, key: str = "") -> Response:
    path, once = way.path.format(code=world.resource_code), key or uuid7().hex
    if way.is_page:
        fields = {
            **way.sent,
            "csrf_token": client.headers["x-csrf-token"],
            "once_key": once,
            "version": "1",
        }
        return client.post(path, data=fields, headers={**PAGE, **(way.headers or {})})
    return client.request(
        way.method, path, json=way.sent, headers={"idempotency-key": once, "if-match": '"v1"'}
    )


def found_in_the_database(word: str) -> list[str]:
    """Every table of ours that has a row with ``word`` in any column, the trail's bytes as text."""
    named = (
        "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = "
        "c.relnamespace"
    )
    with reading() as session:
        run = session.connection().execute
        tables = (
            run(text(f"{named} WHERE c.relkind = 'r' AND n.nspname IN ('public', 'jobs')"))
            .scalars()
            .all()
        )
        assert len(tables) > 30
        held = [
            table
            for table in tables
            if run(
                text(f"SELECT count(*) FROM {table} t WHERE t::text ILIKE :word"),
                {"word": f"%{word}%"},
            ).scalar()
        ]
        canon = "SELECT count(*) FROM audit_event WHERE convert_from(canon, 'UTF8') ILIKE :word"
        return held + (["the trail"] if run(text(canon), {"word": f"%{word}%"}).scalar() else [])


@pytest.fixture
def logged(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> Iterator[Callable[[], str]]:
    """Everything that was logged or printed so far, by whatever library."""
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as lines:
        yield lambda: "".join([repr(lines), caplog.text, *capfd.readouterr()])


def test_the_search_for_the_typed_text_finds_what_is_there(world_at: At) -> None:
    world = world_at("draft_resource")
    stored = update(secrecy_assessment={**SECRET, "conclusion": "no_secret"})
    with unit_of_work() as session:
        row = repository.by_code(session, world.resource_code, lock=True)
        assert row is not None
        service.edit(
            session,
            world.subjects["registrar"],
            row,
            ResourceUpdate.model_validate_json(json.dumps(stored)),
            version=row.version,
        )
    assert save(world, "basic", {"title": TYPED}, intent="draft").status_code == 303
    assert set(found_in_the_database(TYPED)) == {
        "public.data_resource",
        "public.resource_item",
        "public.form_draft",
    }


@pytest.mark.parametrize("way", WAYS)
def test_rule_01_nothing_but_the_event_is_left(
    way: str, world_at: At, logged: Callable[[], str]
) -> None:
    world = world_at("draft_resource")
    before, was, known = entry(world), len(events()), numbers()
    answer = send(callers.client(world, "registrar"), world, WAYS[way])
    assert answer.status_code == 422, answer.text
    assert TYPED not in answer.text
    assert found_in_the_database(TYPED) == []
    assert TYPED not in logged()
    assert (entry(world), numbers()) == (before, known)
    assert [drafted(world, section) for section in ("basic", "items", "sharing", "assessment")] == [
        None
    ] * 4
    (event,) = events()[was:]
    code = world.resource_code.replace("-", "/")
    assert (event.action, event.result, event.actor, event.stream) == (
        "catalog:resource:secret_refused",
        "deny",
        "registrar",
        "auth:registrar" if WAYS[way].is_new else code,
    )
    record = json.loads(event.canon)
    assert record.get("why", {}) == {}
    assert set(record) <= {
        "v",
        "id",
        "stream",
        "seq",
        "ts",
        "act",
        "res",
        "actor",
        "obj",
        "rid",
        "ip",
        "policy",
    }
    assert record["obj"]["id"] == ("dataresource" if WAYS[way].is_new else code)
    assert answer.headers["shuqiao-event-id"] == str(event.id)


def numbers() -> tuple[int, ...]:
    """How many codes were given out, and keys taken: a refusal uses up none."""
    with reading() as session:
        run = session.connection().execute
        asked = (
            "SELECT (SELECT sum(last) FROM resource_series), (SELECT count(*) FROM idempotency_key)"
        )
        return tuple(run(text(asked)).one())


def test_who_declares_it_is_told_what_to_do(world_at: At) -> None:
    world = world_at("draft_resource")
    client = callers.client(world, "registrar")
    answer = send(client, world, WAYS["a new entry"])
    assert (answer.headers["content-type"], answer.json()["code"]) == (
        MEDIA_TYPE,
        "secret_declared",
    )
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == ("#/secrecy_assessment/conclusion", "secret")
    assert "保密工作机构" in error["fix"]
    page = send(client, world, WAYS["the section, saved"]).text
    part = send(client, world, WAYS["the section, kept by itself"]).text
    assert "国家秘密和工作秘密不得进入本平台" in page
    assert "国家秘密和工作秘密不得进入本平台" in part
    assert "保密工作机构" in page
    assert "保密工作机构" in part
    assert "<html" in page
    assert "<html" not in part


def test_what_was_kept_of_the_form_before_goes_too(world_at: At) -> None:
    world = world_at("draft_resource")
    begun = {"assessment": {"secrecy_assessment.assessor": TYPED}, "basic": {"title": "另一名录"}}
    for section, fields in begun.items():
        assert save(world, section, fields, intent="draft").status_code == 303
    assert found_in_the_database(TYPED) == ["public.form_draft"]
    assert (
        send(
            callers.client(world, "registrar"), world, WAYS["the section, kept by itself"]
        ).status_code
        == 422
    )
    assert found_in_the_database(TYPED) == []
    assert drafted(world, "basic") is not None, "another form, in which nothing was declared"


def test_a_key_that_was_refused_is_free_for_the_corrected_form(world_at: At) -> None:
    world = world_at("accounts")
    client, key = callers.client(world, "registrar"), uuid7().hex
    assert send(client, world, WAYS["a new entry"], key).status_code == 422
    corrected = Way(NEW, whole_entry())
    assert send(client, world, corrected, key).json()["code"] == "307001/000001"


@pytest.mark.parametrize(("account", "status"), [(None, 401), ("applicant", 403), ("head", 403)])
def test_who_may_not_register_is_sent_away_first(
    account: str | None, status: int, world_at: At
) -> None:
    world = world_at("accounts")
    answer = send(callers.client(world, account), world, WAYS["a new entry"])
    assert answer.status_code == status
    assert "catalog:resource:secret_refused" not in [event.action for event in events()]


@pytest.mark.parametrize(
    ("account", "status"), [("head", 403), ("applicant", 404), ("consumer_registrar", 404)]
)
def test_who_may_not_edit_leaves_nothing_in_the_entrys_stream(
    account: str, status: int, world_at: At
) -> None:
    world = world_at("draft_resource")
    for way in ("an edit", "the section, kept by itself"):
        assert send(callers.client(world, account), world, WAYS[way]).status_code == status
    assert "catalog:resource:secret_refused" not in [event.action for event in events()]


def test_rule_01_the_service_takes_none_either(world_at: At) -> None:
    """What comes in by a way that is none of the routes: an import, the command line."""
    world = world_at("draft_resource")
    registrar = world.subjects["registrar"]
    new, changed = (
        model.model_validate_json(json.dumps(sent))
        for model, sent in ((ResourceCreate, body()), (ResourceUpdate, update()))
    )
    with unit_of_work() as session:
        row = repository.by_code(session, world.resource_code, lock=True)
        assert row is not None
        with pytest.raises(SecretDeclared) as refused:
            service.register(session, registrar, new)
        assert refused.value.stream == "auth:registrar"
        with pytest.raises(SecretDeclared) as refused:
            service.edit(session, registrar, row, changed, version=row.version)
        assert refused.value.stream == row.code
    assert found_in_the_database(TYPED) == []


def test_the_section_still_offers_the_conclusion(world_at: At) -> None:
    """Who finds a secret must be able to say so: that is what the refusal is recorded from."""
    world = world_at("draft_resource")
    page = callers.client(world, "registrar").get(f"{edit(world)}/assessment", headers=PAGE).text
    assert 'value="secret_found"' in page
