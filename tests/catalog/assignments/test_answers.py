"""What departments answer, how it is settled, and that silence claims nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fixtures.assigning import EDUCATION, POLICE
from fixtures.callers import client, once
from fixtures.database import run_sql
from fixtures.exchanging import last_fact, task_kinds, told, trail
from fixtures.listing import answer, asked, get, later, pointers, send, status
from fixtures.page_forms import shown
from fixtures.worlds import World
from sqlalchemy.exc import IntegrityError, ProgrammingError

from auth import escalation
from catalog.assignments.tasks import miss
from shuqiao.db import unit_of_work

At = Callable[[str], World]
FIRST, SECOND, OTHERS = "AS-2026-000001", "AS-2026-000002", "AS-2026-000003"
CIVIL = "111500000099000483"


def test_whoever_is_asked_has_a_task_and_a_limit_until_the_deadline(world_at: At) -> None:
    world = world_at("issued_template")
    assert task_kinds(world, "registrar") == ["claim_line", "claim_line"]
    assert task_kinds(world, "consumer_registrar") == ["claim_line"]
    shown_now = get(world, "registrar", f"/assignments/{FIRST}").json()
    assert (shown_now["status"], shown_now["due_on"]) == ("open", "2026-03-06")
    assert shown_now["upper_code"] == "150000-JY-0001"


def test_a_claim_asks_for_the_entry_next(world_at: At) -> None:
    world = world_at("issued_template")
    claimed = answer(world, FIRST, answer="claimed")
    assert claimed.status_code == 201, claimed.text
    assert (claimed.json()["status"], claimed.json()["answer"]) == ("claimed", "claimed")
    assert task_kinds(world, "registrar") == ["claim_line", "fill_registration"]
    assert trail(FIRST) == ["assignment:made", "assignment:claimed"]


SAID = {"reason": "三定规定未列此项"}


@pytest.mark.parametrize(
    ("refusal", "said", "lacking"),
    [
        ("no_such_duty", {**SAID, "belongs_to": POLICE}, {"belongs_to": POLICE}),
        ("upper_system", {}, None),
        ("no_information_system", SAID, {}),
        ("state_secret", {}, {**SAID}),
        ("out_of_use", SAID, {}),
        ("duplicate", {"duplicate_of": "307001/000009"}, {}),
    ],
)
def test_each_refusal_says_what_it_must(
    world_at: At, refusal: str, said: dict[str, str], lacking: dict[str, str] | None
) -> None:
    world = world_at("issued_template")
    if lacking is not None:
        (pointer,) = pointers(answer(world, FIRST, answer="refused", refusal=refusal, **lacking))
        assert pointer in ("#/reason", "#/duplicate_of")
        assert status(world, FIRST) == "open"
    refused = answer(world, FIRST, answer="refused", refusal=refusal, **said)
    assert refused.status_code == 201, refused.text
    assert (refused.json()["status"], refused.json()["refusal"]) == ("refused", refusal)
    assert last_fact(FIRST)["why"]["refusal"] == refusal
    assert "settle_claim" in task_kinds(world, "data_admin")


def test_of_a_secret_nothing_is_kept(world_at: At) -> None:
    world = world_at("issued_template")
    typed = "某型装备保障名录"
    said = {"answer": "refused", "refusal": "state_secret"}
    refused = answer(world, FIRST, **said, reason=typed)
    assert pointers(refused) == ["#/reason"]
    assert typed not in refused.text
    assert answer(world, FIRST, **said).status_code == 201
    for table in ("assignment", "audit_event", "form_draft", "idempotency_key", "message", "todo"):
        kept = f"SELECT count(*) FROM {table} AS t WHERE to_jsonb(t)::text LIKE '%装备%'"
        assert asked(kept) == 0, table
    with pytest.raises((IntegrityError, ProgrammingError)):
        run_sql("UPDATE assignment SET reason = 'x' WHERE refusal = 'state_secret'")


@pytest.mark.parametrize(
    "said",
    [
        {"answer": "claimed", "refusal": "out_of_use"},
        {"answer": "claimed", "part": "学校代码"},
        {"answer": "refused"},
        {"answer": "partly", "part": "学校代码"},
        {"answer": "partly", "part": "学校代码", "rest": "办学类型", "rest_department": EDUCATION},
        {"answer": "refused", "refusal": "upper_system", "belongs_to": POLICE},
        {"answer": "refused", "refusal": "no_such_duty", "reason": "无", "belongs_to": "X"},
    ],
)
def test_what_does_not_belong_together_is_refused(world_at: At, said: dict[str, str]) -> None:
    world = world_at("issued_template")
    assert pointers(answer(world, FIRST, **said))
    assert status(world, FIRST) == "open"


def test_a_refusal_goes_to_the_department_that_it_names_and_keeps_its_history(
    world_at: At,
) -> None:
    world = world_at("refused_assignment")
    page = shown(client(world, "data_admin"), f"/assignments/{FIRST}")
    assert "转派给内蒙古自治区公安厅" in page, "one click"
    made = send(world, "data_admin", f"/assignments/{FIRST}/reassignments", {})
    assert made.status_code == 201, made.text
    new = made.json()
    assert (new["department_code"], new["previous"], new["status"]) == (POLICE, FIRST, "open")
    old = get(world, "data_admin", f"/assignments/{FIRST}").json()
    assert (old["status"], old["refusal"], old["reason"]) == (
        "reassigned",
        "no_such_duty",
        "三定规定未列此项",
    )
    assert old["following"] == [new["assignment_no"]]
    assert trail(FIRST) == ["assignment:made", "assignment:refused", "assignment:reassigned"]
    assert "“%(title)s” (%(no)s) went to another department" in told(world, "registrar")
    assert "settle_claim" not in task_kinds(world, "data_admin")
    assert send(world, "data_admin", f"/assignments/{FIRST}/acceptances").status_code == 409


def test_a_refusal_that_is_accepted_leaves_a_gap(world_at: At) -> None:
    world = world_at("refused_assignment")
    accepted = send(world, "data_admin", f"/assignments/{FIRST}/acceptances")
    assert (accepted.status_code, accepted.json()["status"]) == (201, "accepted")
    gaps = get(world, "data_admin", "/assignments/board").json()["gaps"]
    assert gaps == ["LT-2026-000001#1 中小学校名录", "LT-2026-000001#3 户籍人口信息"]
    assert answer(world, FIRST, answer="claimed").status_code == 409


def test_whoever_refused_does_not_accept_it(world_at: At) -> None:
    world = world_at("issued_template")
    answer(world, FIRST, answer="refused", refusal="upper_system")
    run_sql("UPDATE app_user SET roles = roles || ARRAY['data_admin'] WHERE account = 'registrar'")
    refused = send(world, "registrar", f"/assignments/{FIRST}/acceptances")
    assert refused.status_code == 403, refused.text


def test_nobody_gets_a_line_twice(world_at: At) -> None:
    world = world_at("issued_template")
    body = {"departments": [POLICE]}
    path = "/list-templates/LT-2026-000001/lines/2/assignments"
    twice = send(world, "data_admin", path, body)
    assert (twice.status_code, twice.json()["code"]) == (409, "assigned_already")
    said = {**SAID, "belongs_to": POLICE}
    answer(world, SECOND, answer="refused", refusal="no_such_duty", **said)
    held = send(world, "data_admin", f"/assignments/{SECOND}/reassignments", {})
    assert (held.status_code, held.json()["code"]) == (409, "assigned_already")
    assert status(world, SECOND) == "refused"


def test_a_claim_in_part_goes_on_when_the_rest_is_assigned(world_at: At) -> None:
    world = world_at("issued_template")
    said = {"part": "学校代码、学校名称", "rest": "办学类型", "rest_department": CIVIL}
    partly = answer(world, FIRST, answer="partly", **said)
    assert (partly.status_code, partly.json()["status"]) == (201, "partly")
    assert "settle_rest" in task_kinds(world, "data_admin")
    rest = send(world, "data_admin", f"/assignments/{FIRST}/reassignments", {}).json()
    assert (rest["department_code"], rest["previous"]) == (CIVIL, FIRST)
    own = get(world, "registrar", f"/assignments/{FIRST}").json()
    assert (own["status"], own["is_partly"], own["part"]) == ("claimed", True, said["part"])
    assert "fill_registration" in task_kinds(world, "registrar")


def test_an_answer_is_given_once(world_at: At) -> None:
    world = world_at("issued_template")
    key = once()
    headers = {**key, "if-match": get(world, "registrar", f"/assignments/{FIRST}").headers["etag"]}
    caller, path = client(world, "registrar"), f"/api/v1/assignments/{FIRST}/answers"
    first = caller.post(path, json={"answer": "claimed"}, headers=headers)
    again = caller.post(path, json={"answer": "claimed"}, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json(), "a second click is the first one"
    other = caller.post(path, json={"answer": "claimed"}, headers={**headers, **once()})
    assert other.status_code == 409
    assert trail(FIRST).count("assignment:claimed") == 1


def test_of_two_answers_at_once_one_wins(committed_world: At) -> None:
    world = committed_world("issued_template")
    tag = {"if-match": get(world, "registrar", f"/assignments/{FIRST}").headers["etag"]}

    def said(body: dict[str, Any]) -> int:
        path = f"/api/v1/assignments/{FIRST}/answers"
        headers = {**once(), **tag}
        return client(world, "registrar").post(path, json=body, headers=headers).status_code

    bodies = [{"answer": "claimed"}, {"answer": "refused", "refusal": "upper_system"}] * 2
    with ThreadPoolExecutor(4) as pool:
        codes = sorted(pool.map(said, bodies))
    assert codes[0] == 201
    assert set(codes[1:]) <= {409, 412}
    assert len(trail(FIRST)) == 2


def test_several_are_answered_at_once_or_none(world_at: At) -> None:
    world = world_at("issued_template")
    both = {"numbers": [FIRST, SECOND, FIRST], "answer": "claimed"}
    strange = send(world, "registrar", "/assignments/answers", {**both, "numbers": [FIRST, OTHERS]})
    assert pointers(strange) == ["#/numbers/1"], "of another department: none of mine"
    assert status(world, FIRST) == "open"
    done = send(world, "registrar", "/assignments/answers", both)
    assert done.status_code == 201, done.text
    assert [each["status"] for each in done.json()["items"]] == ["claimed", "claimed"]
    again = send(world, "registrar", "/assignments/answers", both)
    assert (again.status_code, again.json()["code"]) == (409, "answered_already")
    assert FIRST in again.json()["detail"]


def test_silence_is_named_after_the_deadline_and_claims_nothing(
    world_at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = world_at("issued_template")
    answer(world, FIRST, answer="claimed")
    later(monkeypatch, "2026-03-06")
    assert miss() == 0, "the last day counts"
    later(monkeypatch, "2026-03-09")
    assert miss() == 2
    assert miss() == 0
    assert [status(world, no) for no in (FIRST, SECOND, OTHERS)] == [
        "claimed",
        "unanswered",
        "unanswered",
    ]
    board = get(world, "data_admin", "/assignments/board").json()
    assert board["silent"] == ["内蒙古自治区教育厅", "内蒙古自治区公安厅"]
    assert [each["silent"] for each in board["items"]] == [1, 1]
    assert "“%(title)s” (%(no)s) was not answered in time" in told(world, "head")
    assert task_kinds(world, "data_admin").count("settle_claim") == 2
    assert "claim_line" in task_kinds(world, "registrar"), "it can still be answered"
    later(monkeypatch, "2026-03-11")
    with unit_of_work() as session:
        escalation.escalate(session)
    assert any(kind.endswith("claim_line") for kind in task_kinds(world, "head"))
    assert answer(world, SECOND, answer="claimed").status_code == 201
    assert task_kinds(world, "data_admin").count("settle_claim") == 1


def test_who_is_bound_by_reference_only_is_not_named(
    world_at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = world_at("issued_template")
    run_sql("UPDATE department SET regime = 'by_reference' WHERE name LIKE '%公安厅'")
    later(monkeypatch, "2026-03-09")
    miss()
    assert get(world, "data_admin", "/assignments/board").json()["silent"] == ["内蒙古自治区教育厅"]


def test_what_is_unanswered_can_go_to_another_department(
    world_at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = world_at("issued_template")
    later(monkeypatch, "2026-03-09")
    miss()
    path = f"/assignments/{FIRST}/reassignments"
    assert pointers(send(world, "data_admin", path, {})) == ["#/department"]
    assert pointers(send(world, "data_admin", path, {"department": EDUCATION})) == ["#/department"]
    made = send(world, "data_admin", path, {"department": CIVIL})
    assert (made.status_code, made.json()["due_on"]) == (201, "2026-03-23")


def test_only_the_registrar_of_the_department_answers(world_at: At) -> None:
    world = world_at("issued_template")
    tag = {"if-match": get(world, "data_admin", f"/assignments/{FIRST}").headers["etag"]}
    for who, refused in (
        ("head", 403),
        ("data_admin", 403),
        ("consumer_registrar", 404),
        ("applicant", 404),
    ):
        path = f"/api/v1/assignments/{FIRST}/answers"
        headers = {**once(), **tag}
        found = client(world, who).post(path, json={"answer": "claimed"}, headers=headers)
        assert found.status_code == refused, who
    listed = get(world, "consumer_registrar", "/assignments").json()["items"]
    assert [each["assignment_no"] for each in listed] == [OTHERS]
    assert get(world, "applicant", "/assignments").json()["items"] == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assignment SET reason = '另一理由' WHERE answer = 'refused'",
        "UPDATE assignment SET status = 'claimed' WHERE status = 'open'",
        "UPDATE assignment SET status = 'claimed' WHERE answer = 'refused'",
        "UPDATE assignment SET matter = 'x' WHERE status = 'open'",
        "UPDATE template_line SET department_id = NULL WHERE position = 1",
        "DELETE FROM template_line",
        "UPDATE list_template SET title = '另一标题'",
    ],
)
def test_the_database_keeps_what_was_said(world_at: At, statement: str) -> None:
    world_at("refused_assignment")
    with pytest.raises((IntegrityError, ProgrammingError)):
        run_sql(statement)


@pytest.mark.parametrize("area", ["xx", "%00", "15000", "十五万"])
def test_an_area_that_is_none_is_refused(world_at: At, area: str) -> None:
    world = world_at("issued_template")
    assert pointers(get(world, "data_admin", f"/assignments?area={area}")) == ["#/area"]
