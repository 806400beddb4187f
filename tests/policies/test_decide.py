"""Role x action x ownership, as a table: every permit, every forbid and what a denial says."""

from dataclasses import replace

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
    proposal,
    request,
    resource,
    scope,
    tokens,
)
from fixtures.seats import ADMINISTRATORS, WHO_MAY

from policies.actions import Action
from policies.decide import DEFAULT_DENY, decide
from policies.facts import ROLES, VOCABULARY, PrincipalFacts, ResourceFacts
from policies.rulebook import rulebook


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

    def test_a_draft_element_is_read_and_proposed_by_those_whose_it_is(self) -> None:
        own = person("registrar", department=PROVIDER)
        for action in (Action.ELEMENT_READ, Action.ELEMENT_PROPOSE):
            assert decide(action, own, element("draft", PROVIDER)).allowed
            assert not decide(action, own, element("draft", CONSUMER)).allowed
        for status in ("recorded", "superseded", "retired"):
            assert not decide(Action.ELEMENT_PROPOSE, own, element(status, PROVIDER)).allowed

    def test_nobody_decides_on_what_they_proposed(self) -> None:
        admin = person("data_admin", department=BUREAU)
        assert decide(Action.PROPOSAL_DECIDE, admin, proposal()).allowed
        own = decide(Action.PROPOSAL_DECIDE, admin, proposal(author=ME))
        assert (own.allowed, own.rules) == (False, ("CAT-PRO-6",))

    def test_before_its_hearing_a_proposal_stays_with_its_department(self) -> None:
        inside = proposal(has_left=False)
        for action in (Action.PROPOSAL_READ, Action.PROPOSAL_ANSWER):
            assert not decide(action, person("registrar", department=CONSUMER), inside).allowed
        own = person("registrar", department=PROVIDER)
        assert decide(Action.PROPOSAL_READ, own, inside).allowed
        assert not decide(Action.PROPOSAL_ANSWER, own, proposal()).allowed


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
        and not a.endswith(
            (
                *("element:read", "source:read", "domain:read", "proposal:read"),
                *("list:read", "negative_entry:read"),
            )
        )
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
        "action", [Action.ELEMENT_READ, Action.SOURCE_READ, Action.RESOURCE_READ, Action.LIST_READ]
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
        facts = {"department": PROVIDER, "proposer": ME, "by_administration": True, "judge": ""}
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
