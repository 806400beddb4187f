"""What leads to a seat takes two people of two offices, by whatever door."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from fixtures import callers, people
from fixtures.worlds import World
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from starlette.testclient import TestClient

from audit.models import AuditEvent
from auth.accounts import repository as accounts
from auth.accounts.errors import RolesChanged, StateAlready, TwoNeeded
from auth.accounts.models import AppUser
from auth.administration import service as administration
from auth.errors import NotAllowed
from auth.roles import ADMINISTRATORS, SEATS, Role
from auth.seats import repository
from auth.seats import service as seats
from auth.seats.errors import NoSeat, ProposerGone, SeatChangeDecided, SeatChangeOpen, TwoCould
from auth.seats.models import SeatChange
from auth.seats.schemas import SeatProposal
from auth.seats.words import SeatChangeKind, SeatChangeStatus
from auth.sessions.service import sessions
from auth.tokens import service as tokens
from shuqiao import clock
from shuqiao.db import reading, unit_of_work
from shuqiao.subject import Subject
from tests.auth.conftest import change, events, scalar

At = Callable[[str], World]
K = SeatChangeKind
CLI = Subject.system("cli")


@pytest.fixture
def world(world_at: At) -> World:
    return world_at("proposed_seat")


def user_of(session: Any, account: str) -> AppUser:
    user = accounts.by_account(session, account, lock=True)
    assert user is not None
    return user


def propose(world: World, who: str, account: str, kind: K, *roles: Role) -> str:
    with unit_of_work() as session:
        user = user_of(session, account)
        before = [Role(role) for role in user.roles]
        body = SeatProposal(kind=kind, reason="任命文件", roles=list(roles), roles_before=before)
        return seats.propose(session, world.subjects[who], user, body).seat_no


def decide(world: World, who: str, seat_no: str) -> str:
    with unit_of_work() as session:
        case = repository.by_no(session, seat_no, lock=True)
        assert case is not None
        return seats.confirm(session, world.subjects[who], case)


def give(account: str, *roles: Role) -> None:
    with unit_of_work() as session:
        user, basis = user_of(session, account), {"operator": "test"}
        administration.assign_roles(
            session, CLI, user, roles=roles, before=list(user.roles), basis=basis
        )


def why(action: str) -> dict[str, Any]:
    with reading() as session:
        query = select(AuditEvent).where(AuditEvent.action == action)
        found = session.exec(query.order_by(col(AuditEvent.id).desc())).first()
        assert found is not None
        return dict(json.loads(found.canon).get("why", {}))


def status_of(client: TestClient, path: str, **body: Any) -> int:
    return client.post(path, json=body or None, headers=callers.once()).status_code


class TestOneAlone:
    """What was the way of one administrator into all offices."""

    @pytest.mark.parametrize("account", list(people.PEOPLE))
    def test_no_office_resets_the_password_of_a_seat(self, world: World, account: str) -> None:
        held = set(people.PEOPLE[account][1])
        if account == "system_admin":  # nobody resets their own
            return
        client = callers.client(world, "system_admin")
        expected = 409 if held & SEATS else 201
        assert status_of(client, f"/api/v1/users/{account}/password-resets") == expected
        assert scalar(
            "SELECT is_password_temporary FROM app_user WHERE account = :a", a=account
        ) is (expected == 201)

    @pytest.mark.parametrize("role", Role)
    def test_no_office_gives_a_seat(self, world: World, role: Role) -> None:
        client = callers.client(world, "security_admin")
        wanted = {"roles": [role.value], "roles_before": ["applicant"]}
        answer = client.put("/api/v1/users/stranger/roles", json=wanted)
        assert answer.status_code == (409 if role in SEATS or role is Role.APPLICANT else 200)
        if role in SEATS:
            assert answer.json()["code"] == "two_needed"

    def test_the_seats_are_all_but_those_who_only_ask_and_register(self) -> None:
        assert frozenset(Role) - SEATS == {Role.APPLICANT, Role.REGISTRAR}

    def test_no_office_opens_the_account_of_a_seat_again(self, world: World) -> None:
        client = callers.client(world, "system_admin")
        assert status_of(client, "/api/v1/users/head/suspensions", reason="外出") == 201
        assert status_of(client, "/api/v1/users/head/restorations") == 409
        assert status_of(client, "/api/v1/users/applicant/suspensions", reason="外出") == 201
        assert status_of(client, "/api/v1/users/applicant/restorations") == 201

    def test_the_services_hold_it_whoever_calls(self, world: World) -> None:
        """Also a caller that forgets to ask."""
        with unit_of_work() as session:
            head = user_of(session, "head")
            with pytest.raises(TwoNeeded):
                administration.reset_password(session, CLI, head)
            with pytest.raises(TwoNeeded):
                administration.assign_roles(
                    session, CLI, head, roles=[Role.DATA_ADMIN], before=list(head.roles)
                )

    def test_taking_a_seat_away_needs_nobody_else(self, world: World) -> None:
        client = callers.client(world, "security_admin")
        wanted = {"roles": [], "roles_before": ["department_head"]}
        assert client.put("/api/v1/users/head/roles", json=wanted).status_code == 200


class TestTwo:
    def test_neither_half_opens_the_account_and_both_together_do(self, world: World) -> None:
        with reading() as session:
            case = repository.by_no(session, world.seat_no)
            assert case is not None
            first = seats.half_of(case)
        second = decide(world, "security_admin", world.seat_no)
        for password, opens in ((first, False), (second, False), (f"{first}-{second}", True)):
            with unit_of_work() as session:
                opened = sessions.sign_in(session, account="head", password=password)
                assert (opened is not None) is opens
        assert opened is not None
        assert opened.is_password_temporary
        facts = why("auth:user:password_reset")
        assert facts["seat_change"] == world.seat_no
        assert facts["proposer"] == str(world.subjects["system_admin"].user_id)
        assert events(world.seat_no) == ["auth:seat:proposed", "auth:seat:confirmed"]

    def test_the_halves_are_each_shown_to_one_and_once(self, world_at: At) -> None:
        world = world_at("token")
        path, key = "/api/v1/users/head/seat-changes", callers.once()
        proposer = callers.client(world, "system_admin")
        body = {"kind": "password_reset", "reason": "忘记密码"}
        made = proposer.post(path, json=body, headers=key).json()
        assert len(made["password_half"]) == 11
        assert proposer.post(path, json=body, headers=key).json()["password_half"] == ""
        one = f"/api/v1/seat-changes/{made['seat_no']}"
        assert "password_half" not in proposer.get(one).json()
        done = callers.client(world, "audit_admin").post(
            f"{one}/confirmations", headers=callers.once()
        )
        assert done.json()["password_half"] not in ("", made["password_half"])
        stored = scalar("SELECT string_agg(t::text, '') FROM idempotency_key AS t")
        for half in (made["password_half"], done.json()["password_half"]):
            assert half not in stored

    def test_roles_are_given_by_the_second_office(self, world: World) -> None:
        seat_no = propose(world, "security_admin", "applicant", K.ROLES, Role.DEPARTMENT_HEAD)
        assert scalar("SELECT roles FROM app_user WHERE account = 'applicant'") == ["applicant"]
        decide(world, "system_admin", seat_no)
        held = scalar("SELECT roles FROM app_user WHERE account = 'applicant'")
        assert held == ["department_head"]
        assert why("auth:user:roles_assigned")["seat_change"] == seat_no

    def test_roles_that_changed_in_between_are_not_overrun(self, world: World) -> None:
        seat_no = propose(world, "security_admin", "applicant", K.ROLES, Role.DEPARTMENT_HEAD)
        give("applicant", Role.REGISTRAR)
        with pytest.raises(RolesChanged):
            decide(world, "system_admin", seat_no)

    @pytest.mark.parametrize(
        ("who", "status"),
        [("system_admin", 403), ("security_admin", 201), ("audit_admin", 201), ("head", 404)],
    )
    def test_who_confirms(self, world: World, who: str, status: int) -> None:
        path = f"/api/v1/seat-changes/{world.seat_no}/confirmations"
        assert status_of(callers.client(world, who), path) == status

    def test_the_same_office_is_no_second_one(self, world: World) -> None:
        """Another person of it."""
        give("stranger", Role.SYSTEM_ADMIN)
        with unit_of_work() as session:
            world.cookies["stranger"] = people.sign_in(session, "stranger")
        path = f"/api/v1/seat-changes/{world.seat_no}/confirmations"
        assert status_of(callers.client(world, "stranger"), path) == 403

    def test_nobody_confirms_for_their_own_account(self, world: World) -> None:
        seat_no = propose(world, "system_admin", "security_admin", K.PASSWORD_RESET)
        path = f"/api/v1/seat-changes/{seat_no}/confirmations"
        assert status_of(callers.client(world, "security_admin"), path) == 403
        asked = scalar("SELECT role FROM todo WHERE case_no = :no AND done_at IS NULL", no=seat_no)
        assert asked == "audit_admin", "the office that is left is asked"
        assert status_of(callers.client(world, "audit_admin"), path) == 201

    def test_who_lost_the_office_proposes_nothing_any_more(self, world: World) -> None:
        give("stranger", Role.SYSTEM_ADMIN)
        give("system_admin")
        with pytest.raises(ProposerGone):
            decide(world, "security_admin", world.seat_no)

    def test_nor_who_was_suspended(self, world: World) -> None:
        give("stranger", Role.SYSTEM_ADMIN)
        change("UPDATE app_user SET is_active = false WHERE account = 'system_admin'")
        with pytest.raises(ProposerGone):
            decide(world, "security_admin", world.seat_no)

    def test_what_is_so_already_or_was_otherwise_is_not_proposed(self, world: World) -> None:
        with pytest.raises(StateAlready):
            propose(world, "system_admin", "approver", K.RESTORATION)
        kept = (Role.APPROVER, Role.REGISTRAR)
        with pytest.raises(NoSeat):
            propose(world, "security_admin", "approver", K.ROLES, *kept)
        body = SeatProposal(
            kind=K.ROLES, reason="任命文件", roles=[Role.SHARING_HEAD], roles_before=[]
        )
        with unit_of_work() as session:
            user = user_of(session, "approver")
            with pytest.raises(RolesChanged):
                seats.propose(session, world.subjects["security_admin"], user, body)

    def test_each_office_proposes_its_own_kind(self, world: World) -> None:
        for who, kind in (("security_admin", K.PASSWORD_RESET), ("system_admin", K.ROLES)):
            with pytest.raises(NotAllowed):
                propose(world, who, "approver", kind, Role.DATA_ADMIN)

    def test_what_leads_to_no_seat_is_done_directly(self, world: World) -> None:
        with pytest.raises(NoSeat):
            propose(world, "system_admin", "applicant", K.PASSWORD_RESET)
        with pytest.raises(NoSeat):
            propose(world, "security_admin", "applicant", K.ROLES, Role.REGISTRAR)

    def test_one_waits_at_a_time(self, world: World) -> None:
        with pytest.raises(SeatChangeOpen):
            propose(world, "system_admin", "head", K.PASSWORD_RESET)

    def test_the_proposer_and_the_person_are_told(self, world: World) -> None:
        decide(world, "security_admin", world.seat_no)
        told = scalar(
            "SELECT array_agg(account ORDER BY account) FROM message"
            " JOIN app_user ON app_user.id = message.user_id"
        )
        assert told == ["head", "system_admin"]

    def test_what_was_ticked_on_the_page_goes_on_to_the_proposal(self, world: World) -> None:
        client = callers.client(world, "security_admin")
        sent = {
            "roles": ["applicant", "department_head"],
            "roles_before": ["applicant"],
            "csrf_token": client.headers["x-csrf-token"],
            "once_key": "k" * 32,
        }
        answer = client.post("/admin/users/applicant/roles", data=sent)
        assert answer.headers["location"] == (
            "/admin/users/applicant/seat-changes/new?kind=roles&roles=applicant,department_head"
        )
        page = client.get(answer.headers["location"], headers={"accept": "text/html"}).text
        assert page.count("checked") == 3


class TestTime:
    def test_what_nobody_confirmed_in_time_lapses(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with unit_of_work() as session:
            assert seats.expire(session) == 0
        due = scalar("SELECT due_on FROM case_clock WHERE case_no = :no", no=world.seat_no)
        monkeypatch.setattr(seats, "today", lambda: date.fromordinal(due.toordinal() + 1))
        with pytest.raises(SeatChangeDecided):
            decide(world, "security_admin", world.seat_no)
        with unit_of_work() as session:
            assert seats.expire(session) == 1
        monkeypatch.setattr(seats, "today", clock.today)
        with pytest.raises(SeatChangeDecided):
            decide(world, "security_admin", world.seat_no)
        assert events(world.seat_no) == ["auth:seat:proposed", "auth:seat:expired"]
        assert scalar("SELECT count(*) FROM todo WHERE done_at IS NULL") == 0


class TestOperator:
    def test_the_command_stands_back_while_two_offices_could(self, world: World) -> None:
        with unit_of_work() as session:
            head = user_of(session, "head")
            with pytest.raises(TwoCould):
                seats.by_operator(session, head, K.PASSWORD_RESET)
            basis = seats.by_operator(session, head, K.PASSWORD_RESET, because="三员均失联")
        assert basis == {"operator": "三员均失联"}
        assert scalar("SELECT count(*) FROM message") == 3, "every administrator is told"

    @pytest.mark.parametrize("gone", [("system_admin",), ("security_admin", "audit_admin")])
    def test_and_does_it_where_nobody_is_left(self, world: World, gone: tuple[str, ...]) -> None:
        change("UPDATE app_user SET is_active = false WHERE account = ANY(:gone)", gone=list(gone))
        with unit_of_work() as session:
            head = user_of(session, "head")
            basis = seats.by_operator(session, head, K.PASSWORD_RESET)
            administration.reset_password(session, CLI, head, basis=basis)
        assert why("auth:user:password_reset")["operator"] == "nobody is left who could"


class TestDatabase:
    @pytest.mark.parametrize(
        "twisted",
        [
            "decider_id = proposer_id, decided_office = 'security_admin'",
            "decider_id = user_id, decided_office = 'security_admin'",
            "decider_id = (SELECT id FROM app_user WHERE account = 'audit_admin'),"
            " decided_office = 'system_admin'",
            "decided_office = 'audit_admin'",
        ],
    )
    def test_three_people_and_two_offices(self, world: World, twisted: str) -> None:
        with pytest.raises(IntegrityError), unit_of_work() as session:
            session.connection().exec_driver_sql(
                f"UPDATE seat_change SET status = 'confirmed', {twisted}"
            )

    def test_what_was_decided_stays(self, world: World) -> None:
        decide(world, "security_admin", world.seat_no)
        with pytest.raises(IntegrityError), unit_of_work() as session:
            session.connection().exec_driver_sql("UPDATE seat_change SET remark = 'x'")


class TestEnding:
    """Whatever makes an account another's, or another thing, ends what was opened before."""

    @pytest.fixture
    def bearer(self, world: World) -> dict[str, str]:
        assert callers.client(world, None).get("/api/v1/me", headers=callers.bearer(world.token))
        return callers.bearer(world.token)

    @pytest.mark.parametrize("by", ["roles", "reset", "suspension"])
    def test_sessions_and_tokens_end(self, world: World, bearer: dict[str, str], by: str) -> None:
        with unit_of_work() as session:
            user = user_of(session, "applicant")
            if by == "roles":
                before = list(user.roles)
                administration.assign_roles(
                    session, CLI, user, roles=[Role.APPLICANT, Role.REGISTRAR], before=before
                )
            elif by == "reset":
                administration.reset_password(session, CLI, user)
            else:
                administration.suspend(session, CLI, user, reason="调离")
        assert callers.client(world, "applicant").get("/api/v1/me").status_code == 401
        assert callers.client(world, None).get("/api/v1/me", headers=bearer).status_code == 401
        assert "auth:token:revoked" in events("auth:applicant")

    def test_signing_in_again_ends_the_session_the_browser_had(self, world: World) -> None:
        client = callers.client(world, "applicant")
        old = world.cookies["applicant"]
        given = {"account": "stranger", "password": people.password_of("stranger")}
        assert client.post("/api/v1/sessions", json=given).status_code == 201
        assert events("auth:applicant")[-1] == "auth:session:closed"
        with reading() as session:
            assert sessions.find(session, old) is None

    def test_a_failed_try_ends_nothing(self, world: World) -> None:
        client = callers.client(world, "applicant")
        given = {"account": "stranger", "password": "wrong wrong wrong"}
        assert client.post("/api/v1/sessions", json=given).status_code == 401
        assert client.get("/api/v1/me").status_code == 200


def test_tokens_are_for_no_administrator(world: World) -> None:
    """So no program proposes or confirms."""
    for role in ADMINISTRATORS:
        assert not tokens.held_by(world.subjects[role.value])


def test_every_state_is_reached() -> None:
    assert set(SeatChangeStatus) == {"proposed", "confirmed", "refused", "expired"}
    assert SeatChange.__tablename__ == "seat_change"
