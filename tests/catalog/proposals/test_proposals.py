"""A proposal for the standards: heard by those who follow the element, decided by somebody else
than its author, published as the next version.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from fixtures import proposing, sourcing
from fixtures.callers import client, once
from fixtures.database import run_sql
from fixtures.disputing import SECOND, hire_another_admin
from fixtures.exchanging import last_fact, looking, task_kinds, told, trail
from fixtures.page_forms import shown
from fixtures.worlds import World
from fixtures.written import entry
from sqlalchemy.exc import IntegrityError, ProgrammingError

from catalog.elements import repository as elements
from catalog.elements.service import versions
from catalog.proposals import checks, repository
from catalog.proposals.schemas import ProposalDecision
from catalog.proposals.service import deciding
from catalog.proposals.words import ProposalOutcome
from catalog.publication.tasks import element_changed
from shuqiao.db import unit_of_work
from shuqiao.settings import settings

At = Callable[[str], World]
Be = Callable[[str], None]
NEW = {
    "name": "在校生数",
    "definition": "学年初在校的学生人数",
    "data_type": "I",
    "reason": "口径不一",
}
YES = {"outcome": "published"}


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Be:
    """Let it be that day."""

    def be(day: str) -> None:
        monkeypatch.setenv("SHUQIAO_CLOCK", f"{day}T09:00:00+08:00")
        settings.cache_clear()

    return be


def post(world: World, who: str, path: str, body: Any = None, **headers: str) -> Any:
    sent = client(world, who)
    return sent.post(f"/api/v1{path}", json=body, headers={**once(), **headers})


def step(world: World, who: str, name: str, body: Any = None) -> Any:
    """A step on the proposal of the world, on the version that is there."""
    path = f"/element-proposals/{world.proposal_no}"
    seen = client(world, "data_admin").get(f"/api/v1{path}").headers["etag"]
    return post(
        world, who, f"{path}/{name}", body, **({} if name == "opinions" else {"if-match": seen})
    )


def case(world: World, who: str = "data_admin") -> Any:
    return client(world, who).get(f"/api/v1/element-proposals/{world.proposal_no}").json()


def element(world: World, who: str = "applicant") -> Any:
    return client(world, who).get(f"/api/v1/elements/{world.element_identifier}").json()


def propose(world: World, who: str, **changes: Any) -> Any:
    answer = post(world, who, "/element-proposals", NEW | changes)
    if answer.status_code == 201:
        world.proposal_no = answer.json()["proposal_no"]
    return answer


def test_a_new_element_is_a_draft_then_heard_then_a_standard(world_at: At, on: Be) -> None:
    world = world_at("adopted_element")
    answer = propose(world, "registrar")
    assert answer.status_code == 201, answer.text
    world.element_identifier = answer.json()["element"]
    hidden = client(world, "applicant").get(f"/api/v1/elements/{world.element_identifier}")
    assert hidden.status_code == 404
    assert element(world, "registrar")["status"] == "draft"
    assert task_kinds(world, "data_admin") == ["record_element_proposal"]

    assert step(world, "data_admin", "hearings").status_code == 201
    assert (element(world)["status"], case(world)["heard_until"]) == ("recorded", "2026-03-03")
    assert task_kinds(world, "data_admin") == ["decide_element_proposal"]
    said = {"verdict": "comments", "remark": "宜注明是否含寄读生"}
    assert step(world, "consumer_registrar", "opinions", said).status_code == 201
    (opinion,) = case(world)["opinions"]
    assert (opinion["department"], opinion["remark"]) == ("内蒙古自治区公安厅", said["remark"])

    on("2026-03-04")
    assert step(world, "data_admin", "decisions", YES).status_code == 201
    found = element(world)
    assert (found["status"], found["published_version"]) == ("standard", 1)
    assert [each for each in trail(world.element_identifier) if each != "action:denied"] == [
        *("element:drafted", "element:recorded", "element:adopted")
    ]
    assert trail(world.proposal_no) == [
        f"proposal:{did}" for did in ("filed", "recorded", "answered", "published")
    ]
    assert task_kinds(world, "data_admin") == []
    assert any("was published" in each for each in told(world, "registrar"))


def test_who_follows_it_is_asked_and_an_early_publication_needs_them_or_a_reason(
    world_at: At,
) -> None:
    world = world_at("heard_change")
    assert case(world)["asked"] == ["内蒙古自治区教育厅"]
    assert "answer_element_proposal" in task_kinds(world, "registrar")
    early = step(world, "data_admin", "decisions", YES)
    assert (early.status_code, early.json()["errors"][0]["pointer"]) == (422, "#/remark")
    assert element(world)["max_length"] is None

    assert step(world, "provider_head", "opinions", {"verdict": "agrees"}).status_code == 201
    assert "answer_element_proposal" not in task_kinds(world, "registrar")
    again = step(world, "registrar", "opinions", {"verdict": "agrees"})
    assert (again.status_code, again.json()["code"]) == (409, "answered_already")
    assert step(world, "data_admin", "decisions", YES).status_code == 201
    assert (element(world)["max_length"], element(world)["published_version"]) == (10, 2)


def test_where_nobody_follows_it_only_a_reason_shortens_the_hearing(world_at: At) -> None:
    world = world_at("adopted_element")
    propose(world, "registrar")
    step(world, "data_admin", "hearings")
    assert case(world)["asked"] == []
    assert step(world, "data_admin", "decisions", YES).status_code == 422
    reason = YES | {"remark": "国家标准已颁布"}
    assert step(world, "data_admin", "decisions", reason).status_code == 201
    assert last_fact(world.proposal_no)["why"]["early"] == "国家标准已颁布"


def test_returned_it_is_mended_and_heard_anew(world_at: At) -> None:
    world = world_at("heard_change")
    bare = step(world, "data_admin", "decisions", {"outcome": "returned"})
    assert (bare.status_code, bare.json()["errors"][0]["pointer"]) == (422, "#/remark")
    step(world, "registrar", "opinions", {"verdict": "comments", "remark": "十二位"})
    said = {"outcome": "returned", "remark": "长度改为十二位"}
    assert step(world, "data_admin", "decisions", said).status_code == 201
    assert task_kinds(world, "consumer_registrar") == ["correct_element_proposal"]
    assert any("was returned" in each for each in told(world, "consumer_registrar"))
    body = {**_content(world), "max_length": 12, "reason": "按意见修改"}
    assert step(world, "registrar", "revisions", body).status_code == 403
    assert step(world, "consumer_registrar", "revisions", body).status_code == 201
    assert step(world, "data_admin", "hearings").status_code == 201
    assert step(world, "registrar", "opinions", {"verdict": "agrees"}).status_code == 201
    assert [each["round"] for each in case(world)["opinions"]] == [1, 2]
    assert step(world, "data_admin", "decisions", YES).status_code == 201
    assert element(world)["max_length"] == 12


def test_nobody_decides_on_their_own_proposal(world_at: At) -> None:
    """By the rules, and by the database."""
    world = world_at("adopted_element")
    assert propose(world, "data_admin").status_code == 201
    refused = step(world, "data_admin", "hearings")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    with pytest.raises(IntegrityError, match="element_proposal_own_check"):
        run_sql(
            "UPDATE element_proposal SET decider_id = author_id, decided_at = now()"
            " WHERE proposal_no = :no",
            no=world.proposal_no,
        )


def test_a_data_administrator_mends_nothing_of_anybody_else(world_at: At) -> None:
    """Whoever decides would else decide on the own words."""
    world = world_at("adopted_element")
    hire_another_admin(world)
    propose(world, "data_admin")
    said = {"outcome": "returned", "remark": "请补充口径"}
    assert step(world, SECOND, "decisions", said).status_code == 201
    body = NEW | {"definition": "复核人写的定义"}
    assert step(world, SECOND, "revisions", body).status_code == 403
    assert step(world, "data_admin", "revisions", body).status_code == 201
    assert step(world, "data_admin", "hearings").status_code == 403


def test_what_has_a_source_is_not_made_a_derived_one(world_at: At) -> None:
    """Proposed before or after somebody claims: an element with a rule has no source."""
    world = world_at("adopted_element")
    derived = {**_content(world), "sourcing": "derived", "derivation": "甲减乙", "reason": "无"}
    body = derived | {"element": world.element_identifier}
    filed = post(world, "consumer_registrar", "/element-proposals", body)
    assert filed.status_code == 201, filed.text
    world.proposal_no = filed.json()["proposal_no"]
    step(world, "data_admin", "hearings")
    world.claim_no = sourcing.propose(world, "registrar")
    refused = step(world, "data_admin", "decisions", YES | {"remark": "急"})
    assert (refused.status_code, world.claim_no in refused.json()["detail"]) == (409, True)
    step(world, "consumer_registrar", "withdrawals")
    sourcing.named_source(world)
    again = post(world, "consumer_registrar", "/element-proposals", body)
    assert (again.status_code, world.claim_no in again.json()["detail"]) == (409, True)
    assert element(world)["sourcing"] == "authoritative"


def test_of_two_elements_one_can_take_the_place_of_the_other(committed_world: At) -> None:
    """A successor that ends at the same moment is seen, whichever is decided first."""
    world = committed_world("adopted_element")
    words = {"name": "学校标识", "definition": "新标识", "data_type": "C"}
    other = post(world, "data_admin", "/elements", words).json()["identifier"]
    numbers = []
    for ending, body in (
        (world.element_identifier, {"reason": "改用新标识", "successor": other}),
        (other, {"reason": "不再使用"}),
    ):
        filed = post(world, "consumer_registrar", f"/elements/{ending}/endings", body)
        world.proposal_no = filed.json()["proposal_no"]
        step(world, "data_admin", "hearings")
        numbers.append(world.proposal_no)
    said = ProposalDecision(outcome=ProposalOutcome.PUBLISHED, remark="急")
    who = world.subjects["data_admin"]
    with ThreadPoolExecutor(1) as beside, unit_of_work() as session:
        first = repository.by_no(session, numbers[0], lock=True)
        assert first is not None
        named = (first.element_id, first.successor_id)
        checks.QUEUED.held(session, [each for each in named if each is not None])
        repository.elements_of(session, first)
        world.proposal_no = numbers[1]
        waiting = beside.submit(step, world, "data_admin", "decisions", YES | {"remark": "急"})
        with pytest.raises(TimeoutError):
            waiting.result(0.3)
        deciding.decide(session, who, first, said, first.version)
        session.commit()
        assert waiting.result().status_code == 201
    assert element(world)["status"] == "superseded"


def test_the_administrations_own_proposal_is_decided_by_another_and_marked(world_at: At) -> None:
    world = world_at("published_resource")
    home = world.subjects["data_admin"].department_id
    author = replace(world.subjects["consumer_registrar"], department_id=home)
    world.subjects["consumer_registrar"] = author
    proposing.proposed_change(world)
    for name, body in (("hearings", None), ("decisions", YES | {"remark": "已会签"})):
        assert step(world, "data_admin", name, body).status_code == 201
    assert case(world)["is_self_reviewed"] is True
    assert last_fact(world.proposal_no)["why"]["self_reviewed"] is True
    (row,) = client(world, "reviewer").get("/api/v1/self-reviews").json()["items"]
    assert (row["kind"], row["number"]) == ("element", world.proposal_no)
    page = shown(client(world, "reviewer"), "/self-reviews")
    assert f"/element-proposals/{world.proposal_no}" in page


def test_one_proposal_at_a_time_and_never_a_change_of_nothing(world_at: At) -> None:
    world = world_at("adopted_element")
    same = {**_content(world), "element": world.element_identifier, "reason": "无"}
    answer = post(world, "registrar", "/element-proposals", same)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "unchanged")
    other = same | {"max_length": 9}
    first = post(world, "registrar", "/element-proposals", other)
    second = post(world, "consumer_registrar", "/element-proposals", other)
    assert (second.status_code, second.json()["code"]) == (409, "proposal_open")
    assert first.json()["proposal_no"] in second.json()["detail"]
    taken = post(world, "registrar", "/element-proposals", NEW | {"name": "学校代码"})
    assert (taken.status_code, taken.json()["code"]) == (409, "adopted_already")


def test_a_withdrawn_new_element_is_a_draft_of_its_department(world_at: At) -> None:
    world = world_at("adopted_element")
    world.element_identifier = propose(world, "registrar").json()["element"]
    step(world, "data_admin", "hearings")
    assert step(world, "data_admin", "withdrawals").status_code == 403
    assert step(world, "provider_head", "withdrawals").status_code == 201
    assert element(world, "registrar")["status"] == "draft"
    hidden = client(world, "applicant").get(f"/api/v1/elements/{world.element_identifier}")
    assert hidden.status_code == 404
    again = NEW | {"element": world.element_identifier, "definition": "秋季学期初的人数"}
    answer = post(world, "registrar", "/element-proposals", again)
    assert (answer.status_code, answer.json()["element"]) == (201, world.element_identifier)


def test_a_published_version_stays_and_can_be_compared(world_at: At) -> None:
    world = world_at("published_change")
    path = f"/api/v1/elements/{world.element_identifier}"
    reader = client(world, "applicant")
    newest, first = reader.get(f"{path}/versions").json()["items"]
    assert [(each["number"], each["is_current"]) for each in (newest, first)] == [
        (2, True),
        (1, False),
    ]
    assert (first["content"]["max_length"], newest["content"]["max_length"]) == (None, 10)
    for each in (newest, first):
        assert each["digest"] == versions.digest(each["content"])
    (difference,) = reader.get(f"{path}/differences?before=1&after=2").json()["items"]
    assert (difference["field"], difference["after"]) == ("max_length", "10")
    assert reader.get(f"{path}/versions/3").status_code == 404
    with pytest.raises(ProgrammingError, match="permission denied"):
        run_sql("UPDATE element_version SET digest = '' WHERE number = 1")


def test_what_a_change_means_is_told_before_it_is_made(world_at: At) -> None:
    world = world_at("heard_change")
    effect = case(world)["effect"]
    assert (effect["items"], effect["entries"], effect["departments"]) == (
        *(1, 1),
        ["内蒙古自治区教育厅"],
    )
    (misfit,) = effect["misfits"]
    assert (misfit["item"], effect["misfit_count"]) == ("学校代码", 1)
    assert "10" in misfit["why"]
    page = shown(client(world, "data_admin"), f"/element-proposals/{world.proposal_no}")
    assert "超过 10 个字符的文本将不再相符" in page


@pytest.mark.parametrize("is_replaced", [True, False])
def test_what_ended_is_not_bound_anew_and_stays_where_it_is(
    world_at: At, is_replaced: bool
) -> None:
    world = world_at("published_resource")
    other = post(
        world,
        "data_admin",
        "/elements",
        {"name": "学校标识", "definition": "新标识", "data_type": "C"},
    ).json()["identifier"]
    body = {"reason": "改用新标识"} | ({"successor": other} if is_replaced else {})
    ending = post(world, "registrar", f"/elements/{world.element_identifier}/endings", body)
    world.proposal_no = ending.json()["proposal_no"]
    assert case(world)["effect"]["misfit_count"] == 1
    step(world, "data_admin", "hearings")
    assert step(world, "data_admin", "decisions", YES | {"remark": "本部门提出"}).status_code == 201
    assert element_changed(world.element_identifier, world.proposal_no) == 1
    word = "was replaced" if is_replaced else "was retired"
    assert any(word in each for each in told(world, "registrar"))
    found = element(world)
    assert found["status"] == ("superseded" if is_replaced else "retired")
    assert (found["successor"], found["ended_on"]) == (other if is_replaced else None, "2026-02-11")

    item = {"name": "代码", "column_name": "c", "data_type": "C"}
    item["element"] = world.element_identifier
    refused = post(world, "registrar", "/resources", entry(title="新的名录", items=[item]))
    (error,) = refused.json()["errors"]
    assert (refused.status_code, error["code"]) == (422, "not_in_force")
    assert (other in error["fix"]) is is_replaced
    path = f"/resources/{world.resource_code}"
    seen = {"if-match": client(world, "registrar").get(f"/api/v1{path}").headers["etag"]}
    copy = post(world, "registrar", f"{path}/working-copy", **seen)
    assert copy.status_code == 201, copy.text


def test_a_missing_element_is_proposed_from_where_one_stands_and_leads_back(world_at: At) -> None:
    world = world_at("draft_resource")
    registrar = client(world, "registrar")
    back = f"/resources/{world.resource_code}/edit/items"
    query = {"name": "在校生数", "data_type": "I", "definition": "人数", "next": back}
    page = registrar.get("/elements/new", params=query)
    assert page.status_code == 200
    assert 'value="在校生数"' in page.text
    assert f'<input type="hidden" name="next" value="{back}">' in page.text
    stolen = registrar.get("/elements/new", params=query | {"next": "//evil.example/"})
    assert '<input type="hidden" name="next" value="/">' in stolen.text


def _content(world: World) -> dict[str, Any]:
    with looking() as session:
        found = elements.by_identifier(session, world.element_identifier)
        assert found is not None
        return versions.content_of(session, found).model_dump(mode="json")
