"""Accounts of others: what must hold whoever asks, and what ends at once."""

import json
import re
from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest
from fixtures import callers
from fixtures.people import DEPARTMENTS, password_of
from fixtures.worlds import World
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from starlette.testclient import TestClient

from audit.models import AuditEvent
from auth.accounts import repository as accounts
from auth.accounts.errors import LastAdministrator, RolesChanged, StateAlready
from auth.accounts.models import AppUser
from auth.administration import repository, views
from auth.administration import service as administration
from auth.administration.schemas import Wanted
from auth.administration.words import NEEDED, AccountState
from auth.departments import service as departments
from auth.departments.errors import NameChanged
from auth.roles import Role, clash
from auth.sessions.service import sessions, throttle
from auth.tokens import service as tokens
from shuqiao.db import insert_once, reading, start_over, unit_of_work
from shuqiao.errors import Conflict, Invalid
from shuqiao.settings import settings
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest
from tests.auth.conftest import events, scalar

At = Callable[[str], World]
CLI = Subject.system("cli")


@pytest.fixture
def world(world_at: At) -> World:
    return world_at("token")


def change(account: str, step: Callable[..., Any], **more: Any) -> Any:
    with unit_of_work() as session:
        user = accounts.by_account(session, account, lock=True)
        assert user is not None
        return step(session, CLI, user, **more)


def assign(account: str, *roles: Role, before: tuple[str, ...] | None = None) -> None:
    def step(session: Any, subject: Subject, user: AppUser) -> None:
        seen = user.roles if before is None else before
        administration.assign_roles(
            session, subject, user, roles=roles, before=seen, basis={"operator": "test"}
        )

    change(account, step)


def why(stream: str) -> dict[str, Any]:
    with reading() as session:
        query = (
            select(AuditEvent)
            .where(AuditEvent.stream == stream)
            .order_by(col(AuditEvent.seq).desc())
        )
        return dict(json.loads(session.exec(query).first().canon).get("why", {}))  # type: ignore[union-attr]


class TestRoles:
    def test_exactly_the_wanted_roles_are_held_and_the_sessions_end(self, world: World) -> None:
        assign("applicant", Role.APPLICANT, Role.REGISTRAR)
        assert scalar("SELECT roles FROM app_user WHERE account = 'applicant'") == [
            "applicant",
            "registrar",
        ]
        assert why("auth:applicant") == {
            "given": ["registrar"],
            "taken": [],
            "sessions": 1,
            "tokens": 1,
            "operator": "test",
        }
        assert callers.client(world, "applicant").get("/api/v1/me").status_code == 401

    def test_a_token_ends_with_the_roles_it_was_issued_under(self, world: World) -> None:
        assign("applicant", Role.REGISTRAR)
        with reading() as session:
            assert tokens.find(session, world.token) is None

    def test_all_roles_can_be_taken(self, world: World) -> None:
        assign("applicant")
        assert scalar("SELECT roles FROM app_user WHERE account = 'applicant'") == []

    @pytest.mark.parametrize(
        "roles",
        [
            (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN),
            (Role.AUDIT_ADMIN, Role.SYSTEM_ADMIN),
            (Role.SYSTEM_ADMIN, Role.APPROVER),
            (Role.SECURITY_ADMIN, Role.SECURITY_REVIEWER, Role.APPLICANT),
            (Role.SECURITY_REVIEWER, Role.APPLICANT),
            (Role.AUDIT_ADMIN, Role.DATA_ADMIN),
        ],
    )
    def test_roles_that_exclude_each_other_are_a_named_refusal(
        self, world: World, roles: tuple[Role, ...]
    ) -> None:
        with pytest.raises(Invalid) as refused:
            assign("applicant", *roles)
        assert refused.value.errors[0].pointer == "/roles"

    def test_the_database_holds_apart_every_pair_that_the_rules_hold_apart(
        self, world: World
    ) -> None:
        """The three administrators, the business roles, the security reviewer: by raw SQL."""
        statement = text("UPDATE app_user SET roles = :roles WHERE account = 'applicant'")
        held_apart = []
        for pair in combinations(Role, 2):
            with unit_of_work() as session:
                tried = session.begin_nested()
                try:
                    session.connection().execute(
                        statement, {"roles": [each.value for each in pair]}
                    )
                except IntegrityError:
                    held_apart.append(pair)
                tried.rollback()
        assert held_apart == [pair for pair in combinations(Role, 2) if clash(frozenset(pair))]
        assert len(held_apart) == 33

    def test_who_saw_other_roles_is_told(self, world: World) -> None:
        with pytest.raises(RolesChanged):
            assign("applicant", Role.REGISTRAR, before=("approver",))

    def test_the_same_roles_again_are_a_conflict(self, world: World) -> None:
        with pytest.raises(StateAlready):
            assign("applicant", Role.APPLICANT)

    @pytest.mark.parametrize("account", ["system_admin", "security_admin", "audit_admin"])
    def test_the_last_administrator_keeps_the_role_until_another_has_it(
        self, world: World, account: str
    ) -> None:
        for step in (
            lambda: assign(account),
            lambda: change(account, administration.suspend, reason="调离"),
        ):
            with pytest.raises(LastAdministrator):
                step()
        assign("stranger", Role(account))
        assign(account)
        assert scalar("SELECT roles FROM app_user WHERE account = :account", account=account) == []

    def test_a_suspended_administrator_does_not_count(self, world: World) -> None:
        assign("stranger", Role.AUDIT_ADMIN)
        change("stranger", administration.suspend, reason="调离")
        with pytest.raises(LastAdministrator):
            assign("audit_admin")


class TestSuspension:
    def test_sessions_and_tokens_stop_at_once_and_stay_ended(self, world: World) -> None:
        client = callers.client(world, "applicant")
        bearer = callers.bearer(world.token)
        assert client.get("/api/v1/me").status_code == 200
        change("applicant", administration.suspend, reason="已调离")
        assert why("auth:applicant") == {"reason": "已调离", "sessions": 1, "tokens": 1}
        for headers in ({}, bearer):
            assert (
                callers.client(world, None if headers else "applicant")
                .get("/api/v1/me", headers=headers)
                .status_code
                == 401
            )
        change("applicant", administration.restore)
        assert client.get("/api/v1/me").status_code == 401
        assert callers.client(world, None).get("/api/v1/me", headers=bearer).status_code == 401
        with unit_of_work() as session:
            assert (
                sessions.sign_in(session, account="applicant", password=password_of("applicant"))
                is not None
            )

    def test_a_suspended_account_cannot_sign_in(self, world: World) -> None:
        change("applicant", administration.suspend, reason="已调离")
        with unit_of_work() as session:
            assert (
                sessions.sign_in(session, account="applicant", password=password_of("applicant"))
                is None
            )

    def test_each_state_is_entered_once(self, world: World) -> None:
        with pytest.raises(StateAlready):
            change("applicant", administration.restore)
        change("applicant", administration.suspend, reason="已调离")
        with pytest.raises(StateAlready):
            change("applicant", administration.suspend, reason="已调离")


class TestOneTimePassword:
    @pytest.fixture
    def fresh(self, world: World) -> tuple[TestClient, str]:
        """A browser just signed in with a one-time password."""
        password = change("applicant", administration.reset_password)
        client = callers.client(world, None)
        answer = client.post(
            "/sign-in", data={"account": "applicant", "password": password, "next": "/requests"}
        )
        assert answer.headers["location"] == "/me/password?next=/requests"
        client.headers["x-csrf-token"] = sessions.csrf_token(answer.cookies["sq"])
        return client, password

    def test_is_readable_and_different_each_time(self) -> None:
        made = {administration.one_time_password() for _number in range(50)}
        assert len(made) == 50
        assert all(re.fullmatch(r"[a-z2-9]{5}(-[a-z2-9]{5}){3}", each) for each in made)

    def test_opens_nothing_but_the_change_of_the_password(
        self, fresh: tuple[TestClient, str]
    ) -> None:
        client, _password = fresh
        page = client.get("/requests", headers={"accept": "text/html"})
        assert (page.status_code, page.headers["location"]) == (303, "/me/password")
        refused = client.get("/api/v1/requests")
        assert (refused.status_code, refused.json()["code"]) == (403, "password_temporary")
        assert client.get("/me/password", headers={"accept": "text/html"}).status_code == 200

    def test_gives_way_to_a_password_of_ones_own(self, fresh: tuple[TestClient, str]) -> None:
        client, password = fresh
        wanted = {"old_password": password, "new_password": "青城 河套 草原 云中 2026"}
        assert client.put("/api/v1/me/password", json=wanted).status_code == 200
        assert client.get("/api/v1/requests").status_code == 200
        assert "auth:user:password_changed" in events("auth:applicant")

    def test_ends_sessions_and_a_lock(self, world: World) -> None:
        with unit_of_work() as session:
            for _try in range(settings().sign_in_failures):
                throttle.admit(session, "applicant")
        change("applicant", administration.reset_password)
        assert callers.client(world, "applicant").get("/api/v1/me").status_code == 401
        with reading() as session:
            assert throttle.seconds_left(session, "applicant") == 0


class TestDepartments:
    def test_a_name_changes_and_the_code_never(self, world: World) -> None:
        name, code = DEPARTMENTS["police"]
        with unit_of_work() as session:
            found = departments.department_by_code(session, code)
            departments.rename_department(session, CLI, found, name="公安局", before=name)
        assert scalar("SELECT name FROM department WHERE code = :code", code=code) == "公安局"
        with unit_of_work() as session:
            found = departments.department_by_code(session, code)
            with pytest.raises(NameChanged):
                departments.rename_department(session, CLI, found, name="另一名称", before=name)

    def test_two_departments_cannot_have_one_name(self, world: World) -> None:
        with unit_of_work() as session:
            found = departments.department_by_code(session, DEPARTMENTS["police"][1])
            with pytest.raises(Conflict):
                departments.rename_department(
                    session,
                    CLI,
                    found,
                    name=DEPARTMENTS["civil"][0],
                    before=DEPARTMENTS["police"][0],
                )

    def test_vacant_roles_are_named(self, world: World) -> None:
        with reading() as session:
            rows = {row.code: row for row in views.departments(session)}
        assert rows[DEPARTMENTS["education"][1]].vacant == ()
        assert rows[DEPARTMENTS["education"][1]].accounts == 5
        assert rows[DEPARTMENTS["civil"][1]].vacant == NEEDED
        change("registrar", administration.suspend, reason="调离")
        with reading() as session:
            found = departments.department_by_code(session, DEPARTMENTS["education"][1])
            assert views.department_row(session, found).vacant == (Role.REGISTRAR,)


class TestRegister:
    @pytest.mark.parametrize(
        ("wanted", "found"),
        [
            (Wanted("教育 head"), {"head", "provider_head"}),
            (Wanted("100%"), set()),
            (
                Wanted(role=Role.SHARING_HEAD, department=DEPARTMENTS["police"][1]),
                {"consumer_head", "consumer_approver"},
            ),
            (Wanted(state=AccountState.SUSPENDED), {"both"}),
            (Wanted(state=AccountState.WITHOUT_ROLES), {"stranger"}),
        ],
    )
    def test_accounts_are_found_by_word_department_role_and_state(
        self, world: World, wanted: Wanted, found: set[str]
    ) -> None:
        change("both", administration.suspend, reason="调离")
        assign("stranger")
        with reading() as session:
            rows, _next = views.page(session, wanted, PageRequest())
            assert {row.account for row in rows} == found
            assert repository.count(session, wanted) == len(found)

    def test_a_row_tells_sessions_tokens_and_the_last_sign_in(self, world: World) -> None:
        with reading() as session:
            row = views.page(session, Wanted("applicant"), PageRequest())[0][0]
        assert (row.account, row.sessions, row.tokens, row.is_locked) == ("applicant", 1, 1, False)
        assert row.signed_in_at is not None

    def test_two_who_take_one_account_name_at_once_end_in_a_conflict(self, world: World) -> None:
        """The look before the insert sees nothing of the other: the
        database refuses, and it is a sentence.
        """
        home = world.subjects["applicant"].department_id
        user = AppUser(
            account="applicant", name="甲", department_id=home, roles=[], password_hash="x"
        )  # type: ignore[arg-type]
        with unit_of_work() as session:
            with pytest.raises(Conflict):
                insert_once(session, user, Conflict())
            start_over(session)
