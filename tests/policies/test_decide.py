"""Role x action x ownership, as a table: every permit, every forbid and what a denial says."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import product

import pytest
from fixtures.asked import (
    BUREAU,
    CONSUMER,
    ME,
    PROVIDER,
    SOMEONE,
    USUAL,
    account,
    element,
    person,
    request,
    resource,
    scope,
    tokens,
)

from policies.actions import Action
from policies.decide import DEFAULT_DENY, decide
from policies.facts import ROLES, VOCABULARY, PrincipalFacts, ResourceFacts
from policies.rulebook import rulebook

Seat = tuple[str, str]
TOKEN_HOLDERS = ("applicant", "registrar", "data_admin")
ADMINISTRATORS = ("system_admin", "security_admin", "audit_admin")


def anywhere(*roles: str) -> set[Seat]:
    """These roles, whatever the department."""
    return set(product(roles, (PROVIDER, CONSUMER, BUREAU)))


CATALOGUE_READERS = anywhere(*(ROLES - {"system_admin", "security_admin"}))
#: For every action but those with tables of their own below: who may,
#: as (role, department), on the usual resource.
WHO_MAY: Mapping[Action, set[Seat]] = {
    Action.DOMAIN_READ: anywhere(*ROLES),
    Action.DOMAIN_IMPORT: anywhere("data_admin"),
    Action.ELEMENT_ADOPT: anywhere("data_admin"),
    Action.RESOURCE_REGISTER: {("registrar", PROVIDER)},
    Action.RESOURCE_EDIT: {("registrar", PROVIDER)},
    Action.RESOURCE_ATTACH: {("registrar", PROVIDER)},
    Action.RESOURCE_SUBMIT: {("registrar", PROVIDER)},
    Action.RESOURCE_CONSENT: {("department_head", PROVIDER)},
    Action.RESOURCE_REVIEW: anywhere("data_admin"),
    Action.CONNECTION_READ: anywhere("registrar"),
    Action.CONNECTION_USE: {("registrar", PROVIDER)},
    Action.REQUEST_CREATE: {("applicant", CONSUMER), ("applicant", BUREAU)},
    Action.DUPLICATE_READ: {
        ("registrar", PROVIDER),
        ("department_head", PROVIDER),
        *anywhere("data_admin"),
    },
    Action.DUPLICATE_DISMISS: {("registrar", PROVIDER), *anywhere("data_admin")},
    **dict.fromkeys(
        (Action.SOURCE_SCOPE, Action.SOURCE_NAME, Action.SOURCE_EXCEPT, Action.SOURCE_END),
        anywhere("data_admin"),
    ),
    Action.SOURCE_CLAIM: anywhere("registrar", "data_admin"),
    Action.SOURCE_WITHDRAW: {("registrar", PROVIDER), *anywhere("data_admin")},
    Action.SOURCE_COUNTERSIGN: {("sharing_head", PROVIDER)},
    Action.UPDATE_RECORD: {
        ("registrar", PROVIDER),
        *anywhere("data_admin"),
    },
    Action.UPDATE_READ: {
        ("registrar", PROVIDER),
        ("department_head", PROVIDER),
        *anywhere("data_admin"),
    },
    Action.UPDATE_ASK: {("registrar", PROVIDER)},
    Action.UPDATE_EXTEND: anywhere("data_admin"),
    Action.SYSTEM_READ: {
        *product(("registrar", "department_head", "approver", "sharing_head"), (PROVIDER,)),
        *anywhere("data_admin", "security_reviewer"),
    },
    Action.SUCCESSION_READ: anywhere("data_admin", "security_reviewer"),
    Action.SUCCESSION_NAME: anywhere("data_admin"),
    Action.SYSTEM_REGISTER: anywhere("registrar"),
    Action.SYSTEM_EDIT: {("registrar", PROVIDER)},
    Action.CENSUS_READ: anywhere("registrar", "department_head", "data_admin", "security_reviewer"),
    Action.CENSUS_OPEN: anywhere("data_admin"),
    Action.CENSUS_REPORT: {("registrar", PROVIDER)},
    Action.REQUEST_READ: {
        ("applicant", CONSUMER),
        ("sharing_head", CONSUMER),
        ("approver", PROVIDER),
        ("sharing_head", PROVIDER),
        ("department_head", CONSUMER),
        ("department_head", PROVIDER),
        *anywhere("data_admin"),
    },
    Action.REQUEST_CONSENT: {("sharing_head", CONSUMER)},
    Action.REQUEST_PREPARE_REPLY: {("approver", PROVIDER)},
    Action.REQUEST_RELEASE: {("sharing_head", PROVIDER)},
    Action.GRANT_READ: {
        ("applicant", CONSUMER),
        ("sharing_head", CONSUMER),
        ("approver", PROVIDER),
        ("sharing_head", PROVIDER),
        ("department_head", PROVIDER),
        *anywhere("data_admin"),
    },
    Action.GRANT_REVOKE: {
        ("approver", PROVIDER),
        ("sharing_head", PROVIDER),
        *anywhere("data_admin"),
    },
    Action.GRANT_FETCH: {("applicant", CONSUMER)},
    Action.GRANT_PROVE: {("approver", PROVIDER)},
    Action.GRANT_SETTLE_ITEM: {("approver", PROVIDER)},
    Action.DELIVERY_READ: {
        ("applicant", CONSUMER),
        ("sharing_head", CONSUMER),
        ("approver", PROVIDER),
        ("sharing_head", PROVIDER),
        *anywhere("data_admin"),
    },
    Action.TRAIL_READ: anywhere("security_reviewer", "audit_admin"),
    Action.TRAIL_EXPORT: anywhere("security_reviewer", "audit_admin"),
    Action.TOKEN_ISSUE: anywhere(*TOKEN_HOLDERS),
    Action.SCOPE_HOLD: anywhere(*TOKEN_HOLDERS),
    Action.TOKEN_READ: anywhere(*ROLES),
    Action.TOKEN_REVOKE: anywhere(*(ROLES - {"security_reviewer"})),
    Action.SELF_REVIEW_READ: anywhere("data_admin", "security_reviewer"),
    **dict.fromkeys(
        (
            *(Action.DEPARTMENT_CREATE, Action.DEPARTMENT_RENAME, Action.ACCOUNT_CREATE),
            Action.DEPARTMENT_REORGANISE,
            *(Action.ACCOUNT_SUSPEND, Action.ACCOUNT_RESTORE, Action.ACCOUNT_RESET_PASSWORD),
            *(Action.JOB_RETRY, Action.CALENDAR_LOAD),
        ),
        anywhere("system_admin"),
    ),
    **dict.fromkeys(
        (Action.ACCOUNT_UNLOCK, Action.ACCOUNT_END_SESSIONS, Action.ROLES_ASSIGN),
        anywhere("security_admin"),
    ),
    **dict.fromkeys(
        (Action.DEPARTMENT_READ, Action.ACCOUNT_LIST, Action.ACCOUNT_READ),
        anywhere(*ADMINISTRATORS),
    ),
    **dict.fromkeys(
        (Action.DEPARTMENT_DESCRIBE, Action.DUTY_RECORD, Action.AREA_REGISTER),
        anywhere("data_admin"),
    ),
    **dict.fromkeys((Action.DEPARTMENT_BROWSE, Action.AREA_BROWSE), anywhere(*ROLES)),
    Action.PROFILE_CHANGE: set(),  # of somebody else; one's own is a case of its own below
    Action.JOB_READ: anywhere("system_admin", "data_admin"),
    Action.CALENDAR_READ: anywhere(*ROLES),
    Action.TODO_READ: anywhere(*ROLES),
    Action.OVERDUE_READ: anywhere("department_head", "sharing_head", "data_admin"),
    Action.ELEMENT_READ: CATALOGUE_READERS,
    Action.SOURCE_READ: CATALOGUE_READERS,
    Action.RESOURCE_READ: CATALOGUE_READERS,
    Action.REQUEST_EDIT: set(),
    Action.REQUEST_SUBMIT: set(),
    Action.REQUEST_WITHDRAW: set(),
}


def test_the_table_covers_every_action() -> None:
    assert set(WHO_MAY) == set(Action)


@pytest.mark.parametrize("action", Action)
def test_exactly_the_named_seats_may(action: Action) -> None:
    thing = USUAL[rulebook().by_action[action].resource_type]
    seats = {(role, department) for role in ROLES for department in (PROVIDER, CONSUMER, BUREAU)}
    allowed = {
        (role, dept)
        for role, dept in seats
        if decide(action, person(role, department=dept), thing).allowed
    }
    assert allowed == WHO_MAY[action]


class TestReadResource:
    @pytest.mark.parametrize("status", ["in_review", "returned"])
    @pytest.mark.parametrize("role", sorted(ROLES))
    def test_unpublished_is_for_the_owner_and_the_data_administration(
        self, role: str, status: str
    ) -> None:
        own = decide(
            Action.RESOURCE_READ, person(role, department=PROVIDER), resource(status)
        ).allowed
        other = decide(
            Action.RESOURCE_READ, person(role, department=CONSUMER), resource(status)
        ).allowed
        insiders = {"registrar", "department_head", "approver", "sharing_head", "data_admin"}
        assert (own, other) == (role in insiders, role == "data_admin")

    @pytest.mark.parametrize("status", ["draft", "in_review", "returned"])
    def test_what_never_left_its_department_is_not_for_the_data_administration(
        self, status: str
    ) -> None:
        inside = resource(status, has_left=False)
        assert not decide(Action.RESOURCE_READ, person("data_admin"), inside).allowed
        assert not decide(Action.RESOURCE_REVIEW, person("data_admin"), inside).allowed
        assert decide(
            Action.RESOURCE_READ, person("registrar", department=PROVIDER), inside
        ).allowed

    def test_a_draft_element_is_for_the_data_administration_only(self) -> None:
        assert decide(Action.ELEMENT_READ, person("data_admin"), element("draft")).allowed
        assert not decide(Action.ELEMENT_READ, person("registrar"), element("draft")).allowed


class TestCreateRequest:
    @pytest.mark.parametrize("status", ["draft", "in_review", "returned", "taken_down"])
    def test_needs_a_published_resource(self, status: str) -> None:
        answer = decide(
            Action.REQUEST_CREATE, person("applicant", department=CONSUMER), resource(status)
        )
        assert (answer.allowed, answer.rules) == (False, (DEFAULT_DENY,))

    def test_refuses_what_is_not_shared(self) -> None:
        withheld = resource(share_type="withheld")
        assert decide(
            Action.REQUEST_CREATE, person("applicant", department=CONSUMER), withheld
        ).rules == ("EXC-CRE-2",)

    def test_refuses_the_own_departments_resource(self) -> None:
        answer = decide(Action.REQUEST_CREATE, person("applicant", department=PROVIDER), resource())
        assert (answer.allowed, answer.rules) == (False, ("EXC-CRE-3",))


class TestAccounts:
    @pytest.mark.parametrize("role", sorted(ROLES))
    def test_everybody_changes_their_own_profile_and_nobody_elses(self, role: str) -> None:
        assert decide(Action.PROFILE_CHANGE, person(role), account(ME)).allowed
        assert not decide(Action.PROFILE_CHANGE, person(role), account(SOMEONE)).allowed

    def test_a_token_changes_no_profile(self) -> None:
        by_token = person("applicant", scopes={str(Action.RESOURCE_READ)})
        assert decide(Action.PROFILE_CHANGE, by_token, account(ME)).rules == ("ACC-SCO-1",)

    @pytest.mark.parametrize(
        ("action", "role"),
        [
            (Action.ACCOUNT_SUSPEND, "system_admin"),
            (Action.ACCOUNT_RESTORE, "system_admin"),
            (Action.ACCOUNT_RESET_PASSWORD, "system_admin"),
            (Action.ROLES_ASSIGN, "security_admin"),
            (Action.ACCOUNT_UNLOCK, "security_admin"),
            (Action.ACCOUNT_END_SESSIONS, "security_admin"),
        ],
    )
    def test_nobody_administers_their_own_account(self, action: Action, role: str) -> None:
        assert decide(action, person(role), account(SOMEONE)).allowed
        assert decide(action, person(role), account(ME)).rules == ("ACC-USR-6",)


class TestApplicantInPerson:
    ACTIONS = (Action.REQUEST_EDIT, Action.REQUEST_SUBMIT, Action.REQUEST_WITHDRAW)

    @pytest.mark.parametrize("action", ACTIONS)
    def test_may(self, action: Action) -> None:
        answer = decide(
            action, person("applicant", department=CONSUMER), request("draft", applicant=ME)
        )
        assert (answer.allowed, answer.rules) == (True, ("EXC-OWN-1",))

    @pytest.mark.parametrize("action", ACTIONS)
    @pytest.mark.parametrize(
        ("who", "applicant"),
        [
            (person("applicant", department=CONSUMER), SOMEONE),  # a colleague
            (person("sharing_head", department=CONSUMER), ME),  # no applicant any more
            (person("applicant", department=BUREAU), ME),  # moved to another department
            (person("data_admin", department=BUREAU), SOMEONE),
        ],
    )
    def test_nobody_else_may(self, action: Action, who: PrincipalFacts, applicant: str) -> None:
        assert not decide(action, who, request("draft", applicant=applicant)).allowed


class TestReadRequest:
    @pytest.mark.parametrize("status", sorted(VOCABULARY["ShareRequest", "status"]))
    @pytest.mark.parametrize("role", ["approver", "sharing_head", "data_admin"])
    def test_stays_in_the_consumer_department_until_its_head_consents(
        self, role: str, status: str
    ) -> None:
        inside, outside = request(status, has_left=False), request(status)
        assert not decide(Action.REQUEST_READ, person(role, department=PROVIDER), inside).allowed
        assert decide(Action.REQUEST_READ, person(role, department=PROVIDER), outside).allowed
        assert decide(Action.REQUEST_READ, person("applicant", department=CONSUMER), inside).allowed


class TestDecideRequest:
    DECISIONS = (
        (Action.REQUEST_PREPARE_REPLY, "approver"),
        (Action.REQUEST_RELEASE, "sharing_head"),
    )

    @pytest.mark.parametrize(("action", "role"), DECISIONS)
    def test_nobody_decides_their_own_request(self, action: Action, role: str) -> None:
        answer = decide(
            action, person(role, "applicant", department=PROVIDER), request(applicant=ME)
        )
        assert (answer.allowed, answer.rules) == (False, ("EXC-DEC-3",))

    @pytest.mark.parametrize(("action", "role"), DECISIONS)
    def test_nobody_decides_their_own_departments_request(self, action: Action, role: str) -> None:
        within = request(consumer=PROVIDER, provider=PROVIDER)
        answer = decide(action, person(role, department=PROVIDER), within)
        assert (answer.allowed, answer.rules) == (False, ("EXC-DEC-4",))

    @pytest.mark.parametrize(("action", "role"), DECISIONS)
    def test_both_walls_are_named_when_both_stand(self, action: Action, role: str) -> None:
        within = request(consumer=PROVIDER, provider=PROVIDER, applicant=ME)
        assert decide(action, person(role, department=PROVIDER), within).rules == (
            "EXC-DEC-3",
            "EXC-DEC-4",
        )


class TestWalls:
    """Roles the database keeps apart: should they ever meet in one
    account, the wall still stands.
    """

    BUSINESS = tuple(
        a
        for a in Action
        if a.startswith(("catalog:", "exchange:"))
        and not a.endswith(("element:read", "source:read", "domain:read"))
    )

    @pytest.mark.parametrize("admin", ADMINISTRATORS)
    @pytest.mark.parametrize("action", [a for a in BUSINESS if a != Action.RESOURCE_READ])
    def test_an_administrator_takes_no_part_in_business(self, action: Action, admin: str) -> None:
        """One administrator's role, together with every other that could."""
        business = ROLES - {"security_reviewer", *ADMINISTRATORS}
        thing = USUAL[rulebook().by_action[action].resource_type]
        answer = decide(action, person(*business, admin, department=PROVIDER), thing)
        assert not answer.allowed
        assert "ACC-ADM-1" in answer.rules
        assert "ACC-ADM-1" not in decide(action, person(*business), thing).rules

    @pytest.mark.parametrize(
        "action", [Action.ELEMENT_READ, Action.SOURCE_READ, Action.RESOURCE_READ]
    )
    @pytest.mark.parametrize("admin", ["system_admin", "security_admin"])
    def test_system_and_security_administrators_do_not_read_the_catalogue(
        self, action: Action, admin: str
    ) -> None:
        answer = decide(
            action, person(admin, "data_admin"), USUAL[rulebook().by_action[action].resource_type]
        )
        assert (answer.allowed, answer.rules) == (False, ("ACC-ADM-2",))

    @pytest.mark.parametrize(
        "action",
        [
            a
            for a in Action
            if not a.endswith((":read", ":list", ":export", ":browse"))
            and a is not Action.PROFILE_CHANGE
        ],
        ids=lambda action: str(action),
    )
    def test_a_security_reviewer_changes_nothing(self, action: Action) -> None:
        """But for the own profile: a reviewer too chooses a password."""
        business = ROLES - {"system_admin", "security_admin", "audit_admin"}
        answer = decide(
            action,
            person(*business, department=PROVIDER),
            USUAL[rulebook().by_action[action].resource_type],
        )
        assert not answer.allowed
        assert "ACC-REV-1" in answer.rules

    def test_no_department_no_business(self) -> None:
        nowhere = resource("draft", owner="")
        answer = decide(Action.RESOURCE_EDIT, person("registrar", department=""), nowhere)
        assert (answer.allowed, answer.rules) == (False, ("ACC-DEP-1",))


class TestScopes:
    @pytest.mark.parametrize("action", Action)
    def test_a_token_does_only_what_its_scopes_name(self, action: Action) -> None:
        thing = USUAL[rulebook().by_action[action].resource_type]
        without = person(*ROLES, scopes={str(other) for other in Action if other != action})
        assert "ACC-SCO-1" in decide(action, without, thing).rules
        assert (
            "ACC-SCO-1"
            not in decide(action, replace(without, scopes=frozenset({action})), thing).rules
        )

    def test_scopes_never_add_to_the_roles(self) -> None:
        reviewer = person("security_reviewer", scopes={str(action) for action in Action})
        assert not decide(Action.RESOURCE_REVIEW, reviewer, resource()).allowed

    @pytest.mark.parametrize(
        ("name", "roles"),
        [
            ("catalog:read", {"applicant", "registrar", "data_admin"}),
            ("desk:read", {"applicant", "registrar", "data_admin"}),
            ("data:fetch", {"applicant"}),
            ("requests:write", {"applicant"}),
            ("catalog:write", {"registrar"}),
            ("catalog:review", {"data_admin"}),
        ],
    )
    def test_a_scope_is_given_by_its_roles(self, name: str, roles: set[str]) -> None:
        givers = {
            role for role in ROLES if decide(Action.SCOPE_HOLD, person(role), scope(name)).allowed
        }
        assert givers == roles

    def test_who_does_no_business_holds_no_scope(self) -> None:
        for wall in (*ADMINISTRATORS, "security_reviewer"):
            both = person("registrar", wall)
            assert not decide(Action.SCOPE_HOLD, both, scope("catalog:write")).allowed
        homeless = person("registrar", department="")
        assert not decide(Action.SCOPE_HOLD, homeless, scope("catalog:write")).allowed


class TestTokens:
    @pytest.mark.parametrize("action", [Action.TOKEN_ISSUE, Action.TOKEN_READ, Action.TOKEN_REVOKE])
    def test_are_ones_own_business(self, action: Action) -> None:
        assert decide(action, person("applicant"), tokens(ME)).allowed
        assert not decide(action, person("applicant"), tokens(SOMEONE)).allowed


class TestSources:
    def test_whoever_made_a_claim_does_not_decide_on_it(self) -> None:
        facts = {"department": PROVIDER, "proposer": ME, "by_administration": True}
        claim = ResourceFacts("SourceClaim", "SC-2026-000001", facts)
        answer = decide(Action.SOURCE_NAME, person("data_admin"), claim)
        assert (answer.allowed, answer.rules) == (False, ("CAT-EYE-3",))
        assert decide(Action.SOURCE_END, person("data_admin"), claim).allowed


class TestReasons:
    def test_a_permit_is_named_with_its_reason(self) -> None:
        answer = decide(Action.RESOURCE_EDIT, person("registrar", department=PROVIDER), resource())
        assert answer.rules == ("CAT-REG-1",)
        assert "编目员" in answer.reasons[0].zh
        assert "registrar" in answer.reasons[0].en

    def test_a_default_denial_says_who_may(self) -> None:
        answer = decide(Action.REQUEST_READ, person("registrar"), request())
        assert answer.rules == (DEFAULT_DENY,)
        assert [reason.rule for reason in answer.reasons] == ["EXC-REQ-1", "EXC-REQ-2", "EXC-REQ-3"]

    @pytest.mark.parametrize("action", Action)
    def test_every_answer_names_rules_reasons_and_files(self, action: Action) -> None:
        thing = USUAL[rulebook().by_action[action].resource_type]
        for who in (person(*ROLES), person(), person(scopes=set())):
            answer = decide(action, who, thing)
            assert answer.rules
            assert answer.reasons
            assert answer.policy_hash == rulebook().policy_hash
            assert all(reason.zh and reason.en for reason in answer.reasons)


def test_no_decision_reads_the_rules_again() -> None:
    who = person("approver", department=PROVIDER)
    decide(Action.REQUEST_RELEASE, who, request())
    read = rulebook.cache_info().misses
    for number in range(20):
        decide(Action.REQUEST_RELEASE, who, replace(request(), id=f"REQ-2026-{number:06}"))
    assert rulebook.cache_info().misses == read
    assert rulebook.cache_info().currsize == 1
