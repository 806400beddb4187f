"""Finding what is published: words, items, facets, paging; the same set
for list, search, count and single check.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import pytest
from fixtures.database import arranged
from sqlmodel import Session, select

from auth.visibility import principal_facts
from catalog.publication.models import Publication, PublicationReview
from catalog.publication.words import ReviewOutcome
from catalog.resources import repository
from catalog.resources import service as registering
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.words import (
    Format,
    PrivacyConclusion,
    ResourceStatus,
    ReviewStep,
    SecrecyConclusion,
    SecurityLevel,
    ShareType,
    ShareWay,
    UpdateCycle,
    WithheldKind,
)
from catalog.search.repository.hits import Search
from catalog.search.schemas import CatalogPage
from catalog.search.service import everything, search
from catalog.search.words import Sort, Widening
from policies.actions import Action
from policies.decide import decide
from shuqiao.clock import now, today
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest
from tests.catalog.conftest import CODES

Add = Callable[..., DataResource]


@pytest.fixture
def add(session: Session, people: Mapping[str, Subject]) -> Add:
    """A resource written straight to the table, in any status, with its index."""
    numbers = iter(range(1, 1_000))

    def write(
        title: str,
        *,
        items: tuple[str, ...] = (),
        abstract: str = "",
        owner: str = "registrar",
        share_type: ShareType = ShareType.CONDITIONAL,
        status: ResourceStatus = ResourceStatus.PUBLISHED,
        **more: Any,
    ) -> DataResource:
        is_published = status is ResourceStatus.PUBLISHED
        person = people[owner]
        row = DataResource(
            code=f"307001/{next(numbers):06d}",
            class_code="307001",
            title=title,
            abstract=abstract,
            provider_id=person.department_id,
            registrar_id=person.user_id,
            share_type=share_type,
            published_version=int(is_published),
            published_at=now() if is_published else None,
            secrecy_conclusion=SecrecyConclusion.NO_SECRET,
            secrecy_assessed_on=today(),
            secrecy_assessor="王敏",
            privacy_assessor="王敏",
            privacy_conclusion=PrivacyConclusion.NO_PERSONAL_INFORMATION,
            privacy_assessed_on=today(),
            withheld_kind=WithheldKind.LAW,
            withheld_basis="某法",
            withheld_reason="禁止",
            **more,
        )
        repository.index(row, items, person.department_name)
        session.add(row)
        session.flush()
        for position, name in enumerate(items):
            session.add(
                ResourceItem(
                    resource_id=row.id,
                    position=position,
                    name=name,
                    column_name=name,
                    data_type="C",
                    share_type=share_type,
                )
            )
        session.flush()
        row.status = status  # last: items of what is in review or published cannot be added
        if status is ResourceStatus.TAKEN_DOWN:
            row.taken_down_at, row.taken_down_reason = now(), "依据已废止"
        row.review_step = ReviewStep.HEAD_CONSENT if status is ResourceStatus.IN_REVIEW else None
        if is_published:
            publish(session, people, row)
        arranged(session)
        return row

    return write


def publish(session: Session, people: Mapping[str, Subject], row: DataResource) -> None:
    """What the database wants of a published entry: two reviews, and the version itself."""
    for step, outcome, who in (
        (ReviewStep.HEAD_CONSENT, ReviewOutcome.CONSENTED, "head"),
        (ReviewStep.ADMINISTRATION, ReviewOutcome.PUBLISHED, "data_admin"),
    ):
        told = {"step": step, "outcome": outcome, "reviewer_id": people[who].user_id}
        session.add(PublicationReview(resource_id=row.id, version=1, **told))
        session.flush()
    kept = registering.read(session, row).model_dump(mode="json")
    kept["resource_id"] = str(row.id)
    by = people["data_admin"].user_id
    session.add(Publication(resource_id=row.id, version=1, entry=kept, published_by=by))
    session.flush()


def counts(found: CatalogPage, name: str) -> dict[str, int]:
    return {facet.value: facet.count for facet in found.facets[name]}


def find(
    session: Session, subject: Subject, query: str, sort: Sort | None = None, **chosen: Any
) -> list[str]:
    found = search(session, subject, Search.of(query, chosen, sort), PageRequest())
    return [hit.title for hit in found.items]


@pytest.mark.parametrize(
    "query",
    [
        "学校",
        "小学",
        "中小学校名录",
        "名录 学校",
        "教育厅",
        "经度",
        "307001-000001",
        "307001/000001",
        "学",
        "名　录",
        "ＷＧＳ",
    ],
)
def test_a_resource_is_found_by_its_words(
    session: Session, people: dict[str, Subject], add: Add, query: str
) -> None:
    add("中小学校名录", items=("学校代码", "所在地经度（WGS-84）"))
    add("不动产登记信息", items=("坐落",), owner="other_registrar")
    assert find(session, people["applicant"], query) == ["中小学校名录"]


@pytest.mark.parametrize(
    "query", ["医院", "银行 医院", "';--", "& | !", ":*", "()", "\x00", "a\x00b", "%", "a" * 200]
)
def test_what_no_resource_says_finds_nothing_and_operators_are_text(
    session: Session, people: dict[str, Subject], add: Add, query: str
) -> None:
    add("中小学校名录")
    assert find(session, people["applicant"], query) == []


def test_no_query_shows_everything_newest_first(
    session: Session, people: dict[str, Subject], add: Add
) -> None:
    add("甲名录")
    add("乙名录")
    assert find(session, people["applicant"], "  ") == ["乙名录", "甲名录"]


def test_words_of_the_title_weigh_most(
    session: Session, people: dict[str, Subject], add: Add
) -> None:
    add("学校名录", abstract="学校")
    add("教育机构", abstract="含学校")
    assert find(session, people["applicant"], "学校") == ["学校名录", "教育机构"]


def test_the_items_in_which_words_were_found_are_told(
    session: Session, people: dict[str, Subject], add: Add
) -> None:
    add("中小学校名录", items=("学校代码", "经度", "学校名称"))
    found = search(session, people["applicant"], Search.of("代码 学校"), PageRequest()).items
    assert found[0].matched_items == ["学校代码", "学校名称"]


def test_facets_count_the_hits_as_if_their_own_filter_were_off(
    session: Session, people: dict[str, Subject], add: Add
) -> None:
    add("学校一", share_type=ShareType.CONDITIONAL)
    add("学校二", share_type=ShareType.UNCONDITIONAL)
    add("学校三", share_type=ShareType.UNCONDITIONAL, owner="other_registrar")
    add("医院", share_type=ShareType.WITHHELD)
    wanted = Search.of("学校", {"share_type": [ShareType.UNCONDITIONAL]})
    found = search(session, people["applicant"], wanted, PageRequest())
    assert (found.total, found.exact, len(found.items)) == (2, True, 2)
    assert counts(found, "share_type") == {"unconditional": 2, "conditional": 1}
    assert counts(found, "provider") == {CODES["教育厅"]: 1, CODES["公安厅"]: 1}


def test_counts_hold_under_several_choices_of_several_filters(
    session: Session, people: dict[str, Subject], add: Add
) -> None:
    """Against counting by hand: a value's count is what choosing it
    alone in its filter would find.
    """
    cycles = (UpdateCycle.DAILY, UpdateCycle.WEEKLY, UpdateCycle.YEARLY)
    for number in range(24):
        add(
            f"学校{number}",
            share_type=(ShareType.CONDITIONAL, ShareType.UNCONDITIONAL)[number % 2],
            owner=("registrar", "other_registrar")[number // 2 % 2],
            update_cycle=cycles[number % 3],
            security_level=list(SecurityLevel)[number % 4],
            is_open=number % 5 == 0,
        )
    subject = people["applicant"]
    chosen: dict[str, Any] = {
        "share_type": [ShareType.CONDITIONAL],
        "update_cycle": [UpdateCycle.DAILY, UpdateCycle.YEARLY],
        "provider": [people["registrar"].department_id],
    }
    found = search(session, subject, Search.of("学校", chosen), PageRequest())
    for name, value, label in (
        ("share_type", ShareType.UNCONDITIONAL, "unconditional"),
        ("update_cycle", UpdateCycle.WEEKLY, "weekly"),
        ("update_cycle", UpdateCycle.DAILY, "daily"),
        ("is_open", True, "true"),
        ("is_open", False, "false"),
        ("security_level", SecurityLevel.GENERAL_1, "general_1"),
        ("provider", people["other_registrar"].department_id, CODES["公安厅"]),
    ):
        alone = search(
            session, subject, Search.of("学校", {**chosen, name: [value]}), PageRequest()
        )
        assert counts(found, name).get(label, 0) == alone.total, (name, label)
    assert found.total == len(found.items) == 4


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("data_format", Format.DATABASE),
        ("share_way", ShareWay.SERVICE),
        ("update_cycle", UpdateCycle.DAILY),
        ("security_level", SecurityLevel.CORE),
        ("is_open", True),
    ],
)
def test_every_filter_narrows(
    session: Session, people: dict[str, Subject], add: Add, name: str, value: Any
) -> None:
    add("甲名录", **{"format" if name == "data_format" else name: value})
    add(
        "乙名录",
        format=Format.DOCUMENT,
        share_way=ShareWay.FILE,
        update_cycle=UpdateCycle.YEARLY,
        security_level=SecurityLevel.GENERAL_1,
    )
    assert find(session, people["applicant"], "", **{name: [value]}) == ["甲名录"]


def test_orders_are_by_match_by_date_and_by_name(
    session: Session, people: dict[str, Subject], add: Add
) -> None:
    add("中医院名录", abstract="附属学校")
    add("学校安全信息登记")
    add("学校名录")
    subject = people["applicant"]
    assert find(session, subject, "学校") == ["学校名录", "学校安全信息登记", "中医院名录"]
    assert find(session, subject, "学校", Sort.NEWEST) == [
        "学校名录",
        "学校安全信息登记",
        "中医院名录",
    ]
    add("包办学校")
    by_name = find(session, subject, "学校", Sort.TITLE)
    assert by_name == ["包办学校", "学校安全信息登记", "学校名录", "中医院名录"], (
        "by pinyin: b, x-x-a, x-x-m, z"
    )


def test_counts_are_capped_and_say_so(
    session: Session, people: dict[str, Subject], add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.search.repository.hits.COUNT_LIMIT", 2)
    for number in range(3):
        add(f"学校{number}")
    found = search(session, people["applicant"], Search.of("学校"), PageRequest())
    assert (found.total, found.exact, len(found.items)) == (2, False, 3)
    exact = search(session, people["applicant"], Search.of("学校"), PageRequest(), "exact")
    assert (exact.total, exact.exact) == (3, True)
    none = search(session, people["applicant"], Search.of("学校"), PageRequest(), "none")
    assert (none.total, none.exact, none.facets, len(none.items)) == (None, False, {}, 3)


@pytest.mark.parametrize(
    ("query", "sort"), [("", "newest"), ("学校", "relevance"), ("", "title"), ("学校", "title")]
)
def test_pages_join_without_gap_or_repetition(
    api: Callable[[str], Any], add: Add, query: str, sort: str
) -> None:
    titles = {add(f"学校{number}号名录").title for number in range(7)}
    seen: list[str] = []
    first_page = f"/catalog?limit=3&q={quote(query)}&sort={sort}"
    path: str | None = first_page
    while path:
        answer = api("applicant")("GET", path).json()
        seen += [hit["title"] for hit in answer["items"]]
        path = f"{first_page}&cursor={answer['next']}" if answer["next"] else None
    assert (len(seen), set(seen)) == (7, titles)
    first = api("applicant")("GET", "/catalog?limit=3").json()["next"]
    assert api("applicant")("GET", f"/catalog?limit=3&q=x&cursor={first}").status_code == 422


def test_filters_come_from_the_address(api: Callable[[str], Any], add: Add) -> None:
    add("甲名录")
    add("乙名录", owner="other_registrar")
    for provider, expected in ((CODES["公安厅"], ["乙名录"]), ("0" * 18, []), ("%00", [])):
        answer = api("applicant")("GET", f"/catalog?provider={provider}")
        assert [hit["title"] for hit in answer.json()["items"]] == expected
    assert api("applicant")("GET", "/catalog?share_type=none").status_code == 422
    assert api("")("GET", "/catalog").status_code == 401


def test_list_search_count_and_single_check_show_the_same(
    session: Session, people: dict[str, Subject], add: Add, api: Callable[[str], Any]
) -> None:
    kinds = (ShareType.CONDITIONAL, ShareType.WITHHELD)
    for number, status in enumerate(s for s in ResourceStatus for _each in range(2)):
        owner = ("registrar", "other_registrar")[number % 2]
        add(f"资源{number}", status=status, owner=owner, share_type=kinds[number // 2 % 2])
    rows = session.exec(select(DataResource)).all()
    assert len(rows) == 10
    for account, subject in people.items():
        facts = principal_facts(subject)
        allowed = {
            r.title for r in rows if decide(Action.RESOURCE_READ, facts, r.policy_facts()).allowed
        }
        published = {
            r.title for r in rows if r.title in allowed and r.status is ResourceStatus.PUBLISHED
        }
        listed = api(account)("GET", "/resources?limit=200").json()["items"]
        assert {each["title"] for each in listed} == allowed, account
        opened = {
            r.title
            for r in rows
            if api(account)("GET", f"/resources/{r.url_code}").status_code == 200
        }
        assert opened == allowed, account
        for query in ("", "资源"):
            found = search(session, subject, Search.of(query), PageRequest(limit=200))
            assert {hit.title for hit in found.items} == published, (account, query)
            assert found.total == len(published)
            assert sum(counts(found, "share_type").values()) == len(published)
            assert sum(counts(found, "provider").values()) == len(published)
            whole = {
                hit.title for page in everything(session, subject, Search.of(query)) for hit in page
            }
            assert whole == published


@pytest.mark.parametrize(
    ("query", "widening", "expected"),
    [
        ("昆都仑", None, ["昆都仑区校外培训机构名录"]),
        ("崑都侖區", None, ["昆都仑区校外培训机构名录"]),
        ("辅导班", None, ["昆都仑区校外培训机构名录"]),
        ("昆都仑区名录", Widening.APART, ["昆都仑区校外培训机构名录"]),
        ("教育厅培训机构", Widening.APART, ["昆都仑区校外培训机构名录"]),
        ("kundulun", Widening.SOUND, ["昆都仑区校外培训机构名录"]),
        ("kun dou lun", Widening.SOUND, ["昆都仑区校外培训机构名录"]),
        ("kdlq", Widening.SOUND, ["昆都仑区校外培训机构名录"]),
        ("陪训机构", Widening.NEAR, ["昆都仑区校外培训机构名录"]),
        ("校外培川机构", Widening.NEAR, ["昆都仑区校外培训机构名录"]),
        ("培训机构 医院", Widening.ANY, ["昆都仑区校外培训机构名录"]),
        ("医院 银行", None, []),
    ],
)
def test_what_nothing_fits_as_typed_is_widened_and_said_so(
    session: Session,
    people: dict[str, Subject],
    add: Add,
    query: str,
    widening: Widening | None,
    expected: list[str],
) -> None:
    add("昆都仑区校外培训机构名录")
    add("不动产登记信息", owner="other_registrar")
    found = search(session, people["applicant"], Search.of(query), PageRequest())
    assert (found.widened, [hit.title for hit in found.items]) == (widening, expected)
    assert found.total == len(expected) == sum(counts(found, "provider").values())
    pages = everything(session, people["applicant"], Search.of(query))
    assert [hit.title for page in pages for hit in page] == expected


def test_a_search_that_a_filter_empties_is_not_widened(
    session: Session, people: dict[str, Subject], add: Add
) -> None:
    add("学校名录")
    chosen = {"share_type": [ShareType.UNCONDITIONAL]}
    found = search(session, people["applicant"], Search.of("学校 名录", chosen), PageRequest())
    assert (found.widened, found.items, found.total) == (None, [], 0)


def test_the_title_itself_comes_first_then_titles_then_items_then_the_rest(
    session: Session, people: dict[str, Subject], add: Add
) -> None:
    add("甲名录", abstract="含学校代碼、学校代码")
    add("乙名录", items=("学校代码",))
    add("学校代碼")
    add("全区学校代码表")
    add("学校代码")
    assert find(session, people["applicant"], "学校代码") == [
        "学校代码",
        "学校代碼",
        "全区学校代码表",
        "乙名录",
        "甲名录",
    ]
