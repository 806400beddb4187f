"""Who writes, who consents and who publishes one version are three people, whatever roles one
of them holds: by the rules, in the queue, on the page and in the database.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest
from fixtures.database import arranged
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from audit.models import AuditEvent
from auth.accounts.models import AppUser
from auth.accounts.service.subjects import subject_of
from catalog.publication.repository import reviews as repository
from catalog.publication.views.under_way import barred
from catalog.resources import repository as resources
from catalog.resources.models import DataResource
from catalog.resources.views import course
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest
from tests.catalog.conftest import Story, complete_entry
from tests.catalog.copies.test_working_copies import Change

People = dict[str, Subject]
Api = Callable[[str], Any]
PUBLISHED: Final = {"outcome": "published"}
RETURNED: Final = {"outcome": "returned", "remark": "使用条件写得不清楚"}
#: account → whose colleague, roles
MORE: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "everything": ("registrar", ("registrar", "department_head", "data_admin")),
    "head_and_admin": ("head", ("department_head", "data_admin")),
    "bureau_registrar": ("data_admin", ("registrar",)),
    "bureau_head": ("data_admin", ("department_head",)),
}


@pytest.fixture
def story(story: Story, people: People, session: Session) -> Story:
    """The story with people who hold several roles, and with colleagues of the administration."""
    for account, (colleague, roles) in MORE.items():
        user = AppUser(
            account=account,
            name=account,
            department_id=people[colleague].department_id,
            roles=list(roles),
            password_hash="none",
        )
        session.add(user)
        session.flush()
        people[account] = subject_of(session, user)
    arranged(session)
    return story


def refused_by(answer: Any) -> str:
    assert answer.status_code == 403, answer.text
    return str(answer.json()["detail"])


def of(session: Session, code: str) -> DataResource:
    found = resources.by_code(session, code)
    assert found is not None
    return found


def waiting(session: Session, who: Subject) -> list[str]:
    rows, _next = repository.waiting_for(session, who, PageRequest())
    return [row.url_code for row in rows]


def test_one_account_with_every_role_takes_one_step(
    story: Story, people: People, session: Session
) -> None:
    code = story.register("everything", format="service")
    assert course(session, people["everything"], of(session, code)).heads == [
        "head",
        "head_and_admin",
    ]
    story.step("everything", code, "submissions")
    assert "不得同意或者审核发布" in refused_by(story.tried("everything", code, "consents", {}))
    assert waiting(session, people["everything"]) == []
    assert waiting(session, people["head"]) == [code]
    found = barred(session, people["everything"], of(session, code))
    assert found is not None
    assert (str(found.why), list(found.others)) == (
        "编制、修改、提交过本版目录的人员，不得同意或者审核发布该目录。",
        ["head", "head_and_admin"],
    )
    assert barred(session, people["head"], of(session, code)) is None

    story.step("head_and_admin", code, "consents", {})
    for who, said in (("everything", "编制、修改、提交过"), ("head_and_admin", "同意本版目录")):
        assert said in refused_by(story.tried(who, code, "reviews", PUBLISHED)), who
        assert said in refused_by(story.tried(who, code, "reviews", RETURNED)), who
        assert waiting(session, people[who]) == []
        found = barred(session, people[who], of(session, code))
        assert found is not None
        assert list(found.others) == ["data_admin"]
    story.step("data_admin", code, "reviews", PUBLISHED)
    row = of(session, code)
    assert (row.writer_ids, row.consenter_id) == ([], None), "the next version has its own people"


def test_whoever_edited_after_a_return_does_not_consent(
    story: Story, api: Api, people: People, session: Session
) -> None:
    code = story.consented()
    story.step("data_admin", code, "reviews", RETURNED)
    assert of(session, code).consenter_id is None
    body = complete_entry(use_condition="仅用于校园安全检查。", format="service")
    edited = api("everything")("PUT", f"/resources/{code}", json=body, headers=story.seen(code))
    assert edited.status_code == 200
    story.step("registrar", code, "submissions")
    assert set(of(session, code).writer_ids) == {
        people["registrar"].user_id,
        people["everything"].user_id,
    }
    assert "不得同意" in refused_by(story.tried("everything", code, "consents", {}))
    story.step("head_and_admin", code, "consents", {})
    story.step("data_admin", code, "reviews", PUBLISHED)


_REVIEW: Final = (
    "INSERT INTO publication_review (id, resource_id, version, step, outcome, remark, reviewer_id,"
    " reviewed_at, is_self_reviewed, submitter_id) SELECT gen_random_uuid(), r.id, r.version,"
    " :step, :outcome, '', u.id, now(), :own, r.submitter_id FROM data_resource r, app_user u"
    " WHERE u.account = :who AND r.copy_of IS NULL"
)
_PUBLICATION: Final = (
    "INSERT INTO publication (id, resource_id, version, entry, published_at, published_by,"
    " is_self_reviewed) SELECT gen_random_uuid(), r.id, 9, '{}', now(), u.id, :own"
    " FROM data_resource r, app_user u WHERE u.account = :who"
    " AND r.copy_of IS NULL"
)
_CONSENT: Final = {"step": "head_consent", "outcome": "consented", "own": False}
_ADMINISTRATION: Final = {"step": "administration", "outcome": "published", "own": False}


@pytest.mark.parametrize(
    ("statement", "values", "why"),
    [
        (_REVIEW, {**_CONSENT, "who": "everything"}, "what they wrote"),
        (_REVIEW, {**_ADMINISTRATION, "who": "everything", "own": True}, "what they wrote"),
        (
            _REVIEW,
            {**_ADMINISTRATION, "who": "head_and_admin", "own": True},
            "consent of somebody else",
        ),
        (_REVIEW, {**_ADMINISTRATION, "who": "head"}, "is marked"),
        (
            _REVIEW.replace("r.submitter_id", "u.id"),
            {**_CONSENT, "who": "head"},
            "a review says who submitted",
        ),
        (_REVIEW, {**_ADMINISTRATION, "who": "data_admin", "own": True}, "is marked"),
        (_PUBLICATION, {"who": "data_admin", "own": False}, "has reviewed"),
        (_PUBLICATION, {"who": "head_and_admin", "own": False}, "has reviewed"),
        (
            "UPDATE data_resource SET writer_ids = '{}', version = version + 1",
            {},
            "among its writers",
        ),
    ],
)
def test_the_database_holds_the_three_apart(
    statement: str, values: dict[str, Any], why: str, story: Story, session: Session
) -> None:
    code = story.register("everything", format="service")
    story.step("everything", code, "submissions")
    story.step("head_and_admin", code, "consents", {})
    with pytest.raises(IntegrityError, match=why), session.begin_nested():
        session.connection().execute(text(statement), values)


def test_a_working_copy_has_people_of_its_own(story: Story, session: Session) -> None:
    """Reviews stand under the entry; who wrote is asked of its working copy too."""
    change = Change(story, story.published())
    story.step("everything", change.code, "working-copy")
    change.edit(abstract="变更后的摘要")
    change.step("registrar", "submissions")
    answer = change.tried("everything", "POST", "/consents", json={})
    assert "不得同意" in refused_by(answer)
    values = {**_CONSENT, "who": "everything"}
    with pytest.raises(IntegrityError, match="what they wrote"), session.begin_nested():
        session.connection().execute(text(_REVIEW), values)
    change.step("head_and_admin", "consents", {})
    for who in ("everything", "head_and_admin"):
        refused_by(change.tried(who, "POST", "/reviews", json=PUBLISHED))
    assert change.step("data_admin", "reviews", PUBLISHED)["published_version"] == 2
    assert of(session, change.code).writer_ids == []


def test_a_publication_names_its_reviewer(story: Story, session: Session) -> None:
    story.published()
    session.connection().execute(text(_PUBLICATION), {"who": "data_admin", "own": False})
    arranged(session)
    for values in ({"who": "head", "own": False}, {"who": "data_admin", "own": True}):
        with pytest.raises(IntegrityError, match="has reviewed"), session.begin_nested():
            session.connection().execute(text(_PUBLICATION), values)


def more_time_for(api: Api, code: str) -> None:
    """The bureau asks for more time to update an entry of its own, and its data administrator gives
    it.
    """
    law = {"on": "2026-02-11", "kind": "law", "basis": "《数据法》修改"}
    recorded = api("bureau_registrar")("POST", f"/resources/{code}/change-events", json=law)
    assert recorded.status_code == 201, recorded.text
    path = f"/change-events/{recorded.json()['change_no']}"
    for who, step, body in (
        ("bureau_registrar", "extensions", {"working_days": 3, "reason": "逐项核实"}),
        ("data_admin", "decisions", {"outcome": "consented"}),
    ):
        assert api(who)("POST", f"{path}/{step}", json=body).status_code == 201


def test_who_submitted_is_told_while_it_waits_and_afterwards(story: Story, api: Api) -> None:
    code = story.register("registrar", format="service")
    story.step("registrar", code, "submissions")
    (waits,) = api("head")("GET", "/reviews").json()["items"]
    assert waits["submitter"] == "registrar"
    story.step("head", code, "consents", {})
    answer = story.step("data_admin", code, "reviews", PUBLISHED)
    assert [each["submitter"] for each in answer["reviews"]] == ["registrar", "registrar"]


def test_the_administration_reviews_its_own_entry_by_another_person_and_it_is_marked(
    story: Story, api: Api, session: Session
) -> None:
    """Practice: the data administration is a department too; the rule is no dead end for it."""
    story.published(title="别处的名录")
    code = story.register("bureau_registrar", format="service", title="数据目录统计")
    answer = {}
    for who, step, body in (
        ("bureau_registrar", "submissions", None),
        ("bureau_head", "consents", {}),
        ("data_admin", "reviews", PUBLISHED),
    ):
        seen = story.seen(code, "bureau_registrar")
        sent = api(who)("POST", f"/resources/{code}/{step}", headers=seen, json=body)
        assert sent.status_code == 201, sent.text
        answer = sent.json()
    assert [each["is_self_reviewed"] for each in answer["reviews"]] == [False, True]
    assert api("applicant")("GET", f"/catalog/{code}").json()["is_self_reviewed"] is True
    query = select(AuditEvent).where(AuditEvent.action == "catalog:resource:published")
    why = [json.loads(event.canon)["why"].get("self_reviewed") for event in session.exec(query)]
    assert why == [None, True]
    listed = api("reviewer")("GET", "/self-reviews")
    assert listed.status_code == 200
    (row,) = listed.json()["items"]
    assert (row["kind"], row["code"], row["department"], row["version"], row["decided_by"]) == (
        "entry",
        code.replace("-", "/"),
        "数据局",
        1,
        "data_admin",
    )
    assert api("data_admin")("GET", "/self-reviews").json()["items"] == [row]
    more_time_for(api, code)
    listed = api("reviewer")("GET", "/self-reviews?limit=1")
    (first,) = listed.json()["items"]
    assert (first["kind"], first["code"], first["decided_by"], first["version"]) == (
        *("extension", code.replace("-", "/"), "data_admin"),
        None,
    )
    case = api("bureau_registrar")("GET", f"/change-events/{first['number']}").json()
    assert case["is_self_reviewed"] is True
    following = api("reviewer")("GET", f"/self-reviews?limit=1&cursor={listed.json()['next']}")
    assert following.json() == {"items": [row], "next": None}
    for who in ("registrar", "head", "applicant"):
        assert api(who)("GET", "/self-reviews").status_code in (403, 404), who
