"""What the law is strict about, each by its number of the list of rules: an entry is published with
all nine fields, both assessments and the head's consent, and withheld on one of three bases only.
"""

from collections.abc import Callable
from typing import Any, Final

import pytest
from fixtures.bases import BASIS
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from tests.catalog.conftest import Story, complete_entry, pointers
from tests.catalog.copies.test_working_copies import Change, hold

Api = Callable[[str], Any]
PUBLISHED: Final = {"outcome": "published"}
ITEMS: Final = complete_entry()["items"]
#: What is set by SQL, past every form → the field that is then named.
_DROPPED: Final = {
    "title = ''": "#/title",
    "format = NULL": "#/format",
    "update_cycle = NULL": "#/update_cycle",
    "share_condition = ''": "#/share_condition",
    "share_way = NULL": "#/share_way",
    "use_condition = ''": "#/use_condition",
    "category = ''": "#/category",
    "security_level = NULL": "#/security_level",
    "secrecy_conclusion = NULL": "#/secrecy_assessment",
    "privacy_conclusion = NULL": "#/privacy_assessment",
    "secrecy_conclusion = 'secret_found'": "#/secrecy_assessment/conclusion",
    "privacy_conclusion = 'not_acceptable'": "#/privacy_assessment/conclusion",
}


def run(session: Session, statements: str) -> None:
    for statement in statements.split(";"):
        session.connection().execute(text(statement))
    session.expire_all()


@pytest.mark.parametrize(("dropped", "pointer"), _DROPPED.items())
def test_rule_02_without_one_of_the_nine_or_an_assessment_nothing_is_published(
    dropped: str, pointer: str, story: Story, session: Session
) -> None:
    code = story.consented()
    run(session, f"UPDATE data_resource SET {dropped}, version = version + 1")
    answer = story.tried("data_admin", code, "reviews", PUBLISHED)
    named = [each for each in pointers(answer) if each != "#/attachments"]  # no data without format
    assert (answer.status_code, named) == (422, [pointer])
    assert session.connection().execute(text("SELECT count(*) FROM publication")).scalar() == 0


def test_rule_02_without_items_nothing_is_published(story: Story, session: Session) -> None:
    code = story.consented()
    run(session, "UPDATE data_resource SET status = 'draft', review_step = NULL")
    run(session, "DELETE FROM resource_item")
    run(
        session,
        "UPDATE data_resource SET status = 'in_review', review_step = 'administration',"
        " version = version + 1",
    )
    answer = story.tried("data_admin", code, "reviews", PUBLISHED)
    assert (answer.status_code, pointers(answer)) == (422, ["#/items"])


@pytest.mark.parametrize("column", ["provider_id", "share_type"])
def test_rule_02_provider_and_share_attribute_cannot_be_absent(
    column: str, story: Story, session: Session
) -> None:
    story.consented()
    with pytest.raises(IntegrityError), session.begin_nested():
        run(session, f"UPDATE data_resource SET {column} = NULL")


def test_rule_02_without_the_heads_consent_nothing_is_published(
    story: Story, session: Session
) -> None:
    code = story.submitted()
    assert story.tried("data_admin", code, "reviews", PUBLISHED).status_code == 404
    for statement in (
        "UPDATE data_resource SET review_step = 'administration'",
        "INSERT INTO publication_review (id, resource_id, version, step, outcome, remark,"
        " reviewer_id, reviewed_at, is_self_reviewed) SELECT gen_random_uuid(), r.id, 1,"
        " 'administration', 'published', '', u.id, now(), false FROM data_resource r, app_user u"
        " WHERE u.account = 'data_admin'",
        "INSERT INTO publication (id, resource_id, version, entry, published_at, published_by,"
        " is_self_reviewed) SELECT gen_random_uuid(), r.id, 1, '{}', now(), u.id, false"
        " FROM data_resource r, app_user u WHERE u.account = 'data_admin'",
    ):
        with pytest.raises(IntegrityError), session.begin_nested():
            run(session, statement)


_WRONG: Final = [
    ({**BASIS, "kind": "local_regulation"}, "/kind"),
    ({**BASIS, "kind": "ministry_rule"}, "/kind"),
    ({**BASIS, "kind": ""}, "/kind"),
    ({**BASIS, "basis": " "}, "/basis"),
    ({**BASIS, "reason": ""}, "/reason"),
    ({"kind": "law", "reason": "保密"}, "/basis"),
]


@pytest.mark.parametrize(("wrong", "part"), _WRONG)
def test_rule_03_only_three_kinds_of_basis_with_article_and_reason(
    wrong: dict[str, str], part: str, api: Api
) -> None:
    body = complete_entry(class_code="307001")
    withheld = {"share_type": "withheld", "withholding": wrong}
    answer = api("registrar")("POST", "/resources", json=body | withheld)
    assert (answer.status_code, pointers(answer)) == (422, [f"#/withholding{part}"])
    items = [*ITEMS[:2], {**ITEMS[2], **withheld}]
    answer = api("registrar")("POST", "/resources", json=body | {"items": items})
    assert (answer.status_code, pointers(answer)) == (422, [f"#/items/2/withholding{part}"])


def test_rule_03_an_item_is_withheld_on_a_basis_of_its_own(
    story: Story, api: Api, session: Session
) -> None:
    closed = {**ITEMS[2], "share_type": "withheld"}
    code = story.register(format="service", items=[*ITEMS[:2], closed])
    answer = story.tried("registrar", code, "submissions")
    assert (answer.status_code, pointers(answer)) == (422, ["#/items/2/withholding"])
    items = [*ITEMS[:2], {**closed, "withholding": BASIS}]
    body = complete_entry(format="service", items=items)
    assert (
        api("registrar")("PUT", f"/resources/{code}", json=body, headers=story.seen(code))
    ).status_code == 200
    story.step("registrar", code, "submissions")
    story.step("head", code, "consents", {})
    shown = story.step("data_admin", code, "reviews", PUBLISHED)
    run(session, "SET CONSTRAINTS ALL IMMEDIATE")
    assert [item["withholding"] for item in shown["items"]] == [None, None, dict(BASIS)]


def test_rule_03_what_shares_no_item_is_withheld_as_a_whole(story: Story) -> None:
    items = [{**item, "share_type": "withheld", "withholding": BASIS} for item in ITEMS]
    code = story.register(format="service", items=items)
    answer = story.tried("registrar", code, "submissions")
    assert (answer.status_code, pointers(answer)) == (422, ["#/share_type"])


def test_rule_03_a_change_may_withhold_the_whole_and_share_it_again(
    story: Story, session: Session
) -> None:
    change = Change(story, story.published())
    change.open()
    change.edit(share_type="withheld", withholding=BASIS, share_condition="", share_way=None)
    change.published()
    hold(session)
    change.open()
    change.edit(items=[*ITEMS[:2], {**ITEMS[2], "share_type": "withheld"}])
    answer = change.tried("registrar", "POST", "/submissions")
    assert (answer.status_code, pointers(answer)) == (422, ["#/items/2/withholding"])
    change.edit(items=[*ITEMS[:2], {**ITEMS[2], "share_type": "withheld", "withholding": BASIS}])
    change.published()
    hold(session)


_PUBLISH: Final = (
    "UPDATE data_resource SET status = 'published', published_version = 1;"
    "SET CONSTRAINTS data_resource_withheld IMMEDIATE"
)
_TOLD: Final = "withheld_kind = 'law', withheld_basis = '某法', withheld_reason = '禁止'"


@pytest.mark.parametrize(
    ("statements", "why"),
    [
        ("UPDATE data_resource SET withheld_kind = 'local_regulation'", "withheld_kind"),
        (
            "UPDATE data_resource SET status = 'published', published_version = 1,"
            " share_type = 'withheld'",
            "data_resource_withheld_basis_check",
        ),
        (
            "UPDATE resource_item SET share_type = 'withheld', withheld_kind = 'local_regulation',"
            " withheld_basis = '某条例', withheld_reason = '安全'",
            "withheld_kind",
        ),
        (
            "UPDATE resource_item SET share_type = 'withheld', withheld_kind = 'law'",
            "resource_item_withheld_basis_check",
        ),
        (f"UPDATE resource_item SET {_TOLD}", "resource_item_withheld_basis_check"),
        (
            f"UPDATE resource_item SET share_type = 'withheld' WHERE position = 0;{_PUBLISH}",
            "has its legal basis",
        ),
        (
            f"UPDATE resource_item SET share_type = 'withheld', {_TOLD};{_PUBLISH}",
            "shares no item",
        ),
    ],
)
def test_rule_03_the_database_takes_no_other_basis(
    statements: str, why: str, story: Story, session: Session
) -> None:
    story.register(format="service")
    with pytest.raises(IntegrityError, match=why), session.begin_nested():
        run(session, statements)
