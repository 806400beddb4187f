"""Published resources for benchmarks and for looking at a full
catalogue: invented, and the same for the same seed.

``fill(connection, resources=10_000)`` writes departments, data elements, resources with items and
their publications by COPY. Names are put together from districts, subjects and kinds of records, so
that words repeat about as often as they do in a real catalogue; the index words are those the
service itself would write.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.types.json import Jsonb
from sqlalchemy.dialects.postgresql import JSONB

from auth.accounts.models import AppUser
from auth.departments.models import Department
from auth.roles import Role
from catalog.elements.models import DataElement
from catalog.elements.words import DataType, ElementStatus
from catalog.publication.models import Publication, PublicationReview
from catalog.publication.words import ReviewOutcome
from catalog.resources import repository
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.schemas import ItemRead, ResourceRead
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
from shuqiao.db import Table

SEED: Final = 20_260_211
CLASS_CODE: Final = "309001"
NEWEST: Final = datetime(2026, 2, 10, 1, tzinfo=UTC)
_AREAS: Final = (
    "全区",
    "青城市",
    "包钢市",
    "赤山市",
    "通辽河市",
    "鄂多市",
    "海浪市",
    "彦淖市",
    "乌兰市",
    "兴安岭盟",
    "锡林盟",
    "善盟",
)
#: Provider → what it keeps records of.
_SUBJECTS: Final[dict[str, tuple[str, ...]]] = {
    "市场监督管理局": (
        "企业登记",
        "个体工商户登记",
        "食品经营许可",
        "特种设备使用登记",
        "药品零售企业",
    ),
    "自然资源厅": ("不动产登记", "不动产抵押", "不动产查封", "采矿权登记", "土地供应"),
    "住房和城乡建设厅": (
        "商品房预售许可",
        "建筑施工许可",
        "住房公积金缴存",
        "燃气经营许可",
        "物业服务企业",
    ),
    "人力资源和社会保障厅": ("社会保险参保", "就业登记", "失业登记", "专业技术资格", "养老金发放"),
    "卫生健康委员会": (
        "医疗机构执业许可",
        "医师执业注册",
        "出生医学证明",
        "疫苗接种单位",
        "护士执业注册",
    ),
    "教育厅": ("中小学校名录", "幼儿园名录", "教师资格", "学历证书", "民办学校办学许可"),
    "民政厅": ("婚姻登记", "社会组织登记", "最低生活保障", "养老机构备案", "殡葬服务机构"),
    "公安厅": ("机动车登记", "驾驶证核发", "居住证", "户籍人口", "旅馆业特种行业许可"),
    "交通运输厅": ("道路运输经营许可", "道路客运班线", "出租汽车经营资格", "公路养护", "船舶登记"),
    "农牧厅": ("农药经营许可", "兽药经营许可", "草原承包", "种子生产经营许可", "农机登记"),
    "水利厅": ("取水许可", "水库大坝", "河湖名录", "水土保持方案"),
    "生态环境厅": ("排污许可", "环境影响评价审批", "空气质量监测", "水质监测断面"),
    "税务局": ("纳税信用等级", "非正常户", "完税证明"),
    "应急管理厅": ("安全生产许可", "危险化学品经营许可", "应急避难场所"),
    "文化和旅游厅": ("旅行社经营许可", "导游证", "星级饭店", "公共图书馆名录"),
    "林业和草原局": ("林权登记", "森林防火责任区", "野生动物驯养许可"),
    "统计局": ("规模以上工业企业", "人口抽样调查", "行政区划代码"),
    "数据局": ("政务服务事项", "电子证照目录", "信用信息归集"),
}
_KINDS: Final = (
    "信息",
    "明细",
    "汇总表",
    "名录",
    "变更记录",
    "注销记录",
    "年度报告",
    "核验接口",
    "电子证照",
    "统计表",
)
#: Item → (data type, column, whether it tells of a person).
_ITEMS: Final[dict[str, tuple[DataType, str, bool]]] = {
    "统一社会信用代码": (DataType.TEXT, "uscc", False),
    "单位名称": (DataType.TEXT, "org_name", False),
    "法定代表人姓名": (DataType.TEXT, "legal_person", True),
    "公民身份号码": (DataType.TEXT, "id_no", True),
    "联系电话": (DataType.TEXT, "phone", True),
    "住所": (DataType.TEXT, "address", False),
    "行政区划代码": (DataType.TEXT, "area_code", False),
    "证书编号": (DataType.TEXT, "cert_no", False),
    "许可编号": (DataType.TEXT, "permit_no", False),
    "发证机关": (DataType.TEXT, "issuer", False),
    "发证日期": (DataType.DATE, "issued_on", False),
    "有效期至": (DataType.DATE, "valid_to", False),
    "状态": (DataType.TEXT, "status", False),
    "经营范围": (DataType.MEMO, "scope", False),
    "注册资本": (DataType.MONEY, "capital", False),
    "面积": (DataType.DOUBLE, "area", False),
    "不动产单元号": (DataType.TEXT, "unit_no", False),
    "权利人名称": (DataType.TEXT, "holder", True),
    "经度": (DataType.DOUBLE, "lon", False),
    "纬度": (DataType.DOUBLE, "lat", False),
    "从业人数": (DataType.INTEGER, "staff", False),
    "更新时间": (DataType.DATETIME, "updated_at", False),
    "登记机关": (DataType.TEXT, "registry", False),
    "备注": (DataType.MEMO, "remark", False),
}


@dataclass(frozen=True, slots=True)
class Provider:
    """A department with the person who registers for it."""

    id: UUID
    name: str
    registrar_id: UUID


def fill(
    connection: psycopg.Connection[Any],
    resources: int,
    *,
    is_excused: bool = True,
    titles: Sequence[str] = (),
) -> None:
    """Write ``resources`` published resources in one transaction, then VACUUM and ANALYZE what
    grew, as the service of the database does by itself within minutes. Raises when done twice.
    The first of them bear ``titles``.

    The connection is of the owner's role, who is excused from the events of what is made up here;
    unless ``is_excused``, it may be anybody's who answers for that. In a transaction of the
    caller's nothing is vacuumed.
    """
    dice = random.Random(SEED)  # not a secret: the same seed must give the same catalogue
    with connection.transaction():
        if is_excused:
            connection.execute("SELECT guard.excuse('a catalogue made up for measuring')")
        providers = _providers(connection, dice)
        elements = _elements(connection, dice)
        rows, items, reviews, publications = [], [], [], []
        for number in range(1, resources + 1):
            entry, provider = _entry(dice, number, resources, providers)
            if number <= len(titles):
                entry["title"] = titles[number - 1]
            row = _resource(entry, provider)
            shown = [
                _item(dice, row, elements, name, place) for place, name in enumerate(entry["items"])
            ]
            rows.append(row)
            items += shown
            publisher = providers[providers.index(provider) - 1].registrar_id
            reviews += _reviews(dice, row, provider, publisher)
            publications.append(_publication(dice, row, publisher, provider, shown, elements))
        _copy(connection, rows)
        _copy(connection, items)
        _copy(connection, reviews)
        _copy(connection, publications)
        # items can only be written while the entry is a draft
        connection.execute(
            "UPDATE data_resource SET status = 'published' WHERE class_code = %s", (CLASS_CODE,)
        )
    if connection.info.transaction_status is TransactionStatus.IDLE:
        _tidy(connection)


def _tidy(connection: psycopg.Connection[Any]) -> None:
    was = connection.autocommit
    connection.autocommit = True  # VACUUM runs in no transaction
    try:
        connection.execute(
            "VACUUM (ANALYZE) data_resource, resource_item, publication, department, data_element"
        )
    finally:
        connection.autocommit = was


def _providers(connection: psycopg.Connection[Any], dice: random.Random) -> list[Provider]:
    made = [
        Provider(_uuid(dice), f"{area}{body}", _uuid(dice)) for area in _AREAS for body in _SUBJECTS
    ]
    departments = [
        Department(id=each.id, code=f"11159{number:012d}X", name=each.name, created_at=NEWEST)
        for number, each in enumerate(made)
    ]
    people = [
        AppUser(
            id=each.registrar_id,
            account=f"registrar{number}",
            name="编目员",
            department_id=each.id,
            roles=[Role.REGISTRAR.value],
            password_hash="none",
            created_at=NEWEST,
        )
        for number, each in enumerate(made)
    ]
    _copy(connection, departments)
    _copy(connection, people)
    return made


def _elements(connection: psycopg.Connection[Any], dice: random.Random) -> dict[str, DataElement]:
    """Two in three items conform to a data element: item name → element."""
    made = {
        name: DataElement(
            id=_uuid(dice),
            identifier=f"BENCH-{number:04d}",
            name=name,
            name_en=column,
            data_type=kind,
            definition=f"{name}：按照有关国家标准登记的{name}。",
            status=ElementStatus.STANDARD,
            adopted_at=NEWEST,
            published_version=1,
        )
        for number, (name, (kind, column, _is_personal)) in enumerate(_ITEMS.items())
        if number % 3 != 2
    }
    _copy(connection, list(made.values()))
    return made


def _entry(
    dice: random.Random, number: int, total: int, providers: Sequence[Provider]
) -> tuple[dict[str, Any], Provider]:
    """Values of one resource, and its item names under ``items``."""
    place = int(len(providers) * dice.random() ** 1.7)  # a few departments register most
    provider = providers[place]
    body = provider.name.removeprefix(_AREAS[place // len(_SUBJECTS)])
    subject = dice.choice(_SUBJECTS[body])
    share = dice.choices(tuple(ShareType), (30, 64, 6))[0]
    names = dice.sample(list(_ITEMS), dice.randint(4, 13))
    entry: dict[str, Any] = {
        "id": _uuid(dice),
        "code": f"{CLASS_CODE}/{number:06d}",
        "items": names,
        "title": f"{place}{subject}{dice.choice(_KINDS)}（{number:05d}）",
        "abstract": f"由{provider.name}依职责登记，含{'、'.join(names[:4])}"
        f"等{len(names)}个信息项，用于跨部门核验。",
        "category": f"{body}/{subject}",
        "format": dice.choice(tuple(Format)),
        "share_type": share,
        "share_way": dice.choice(tuple(ShareWay)),
        "is_open": dice.random() < 0.15,
        "share_condition": "限履行相应职责的部门使用。" if share is ShareType.CONDITIONAL else "",
        "update_cycle": dice.choice(tuple(UpdateCycle)),
        "keywords": [subject, dice.choice(_KINDS)],
        "security_level": dice.choices(tuple(SecurityLevel), (30, 30, 25, 10, 4, 1))[0],
        "published_at": NEWEST - timedelta(minutes=37 * (total - number)),
    }
    if share is ShareType.WITHHELD:
        entry |= {
            "withheld_kind": WithheldKind.LAW,
            "withheld_basis": "某法第一条",
            "withheld_reason": "法律禁止提供",
        }
    return entry, provider


def _resource(entry: Mapping[str, Any], provider: Provider) -> DataResource:
    has_person = any(_ITEMS[name][2] for name in entry["items"])
    conclusion = (
        PrivacyConclusion.ACCEPTABLE if has_person else PrivacyConclusion.NO_PERSONAL_INFORMATION
    )
    at = entry["published_at"]
    row = DataResource(
        **{name: value for name, value in entry.items() if name != "items"},
        class_code=CLASS_CODE,
        use_condition="不得用于其他目的，不得提供给第三方。",
        provider_id=provider.id,
        registrar_id=provider.registrar_id,
        secrecy_conclusion=SecrecyConclusion.NO_SECRET,
        secrecy_assessor="编目员",
        secrecy_assessed_on=at.date(),
        privacy_conclusion=conclusion,
        privacy_assessor="编目员",
        privacy_assessed_on=at.date(),
        version=4,
        published_version=1,
        created_at=at,
        updated_at=at,
    )
    repository.index(row, entry["items"], provider.name)
    return row


def _item(
    dice: random.Random,
    row: DataResource,
    elements: Mapping[str, DataElement],
    name: str,
    place: int,
) -> ResourceItem:
    kind, column, is_personal = _ITEMS[name]
    return ResourceItem(
        id=_uuid(dice),
        resource_id=row.id,
        position=place,
        name=name,
        column_name=column,
        data_type=kind,
        element_id=elements[name].id if name in elements else None,
        is_personal=is_personal,
        share_type=row.share_type,
        security_level=row.security_level,
    )


def _reviews(
    dice: random.Random, row: DataResource, provider: Provider, publisher: UUID
) -> tuple[PublicationReview, PublicationReview]:
    """Consent and review, in this order; each department has one person."""
    at = row.published_at or NEWEST
    consent, review = (
        PublicationReview(
            id=_uuid(dice),
            resource_id=row.id,
            version=row.version,
            step=step,
            outcome=outcome,
            reviewer_id=person,
            reviewed_at=at,
        )
        for step, outcome, person in (
            (ReviewStep.HEAD_CONSENT, ReviewOutcome.CONSENTED, provider.registrar_id),
            (ReviewStep.ADMINISTRATION, ReviewOutcome.PUBLISHED, publisher),
        )
    )
    # the later of the two has the later id
    consent.id, review.id = sorted((consent.id, review.id))
    return consent, review


def _publication(
    dice: random.Random,
    row: DataResource,
    publisher: UUID,
    provider: Provider,
    items: Sequence[ResourceItem],
    elements: Mapping[str, DataElement],
) -> Publication:
    """The version as the service keeps it."""
    shown = [
        ItemRead.of(item, elements[item.name].identifier if item.name in elements else None)
        for item in items
    ]
    entry = ResourceRead.of(row, provider.name, shown).model_dump(mode="json")
    return Publication(
        id=_uuid(dice),
        resource_id=row.id,
        version=1,
        published_at=row.published_at or NEWEST,
        published_by=publisher,
        entry={**entry, "status": ResourceStatus.PUBLISHED.value, "resource_id": str(row.id)},
    )


def _copy(connection: psycopg.Connection[Any], rows: Sequence[Table]) -> None:
    """Write rows of one table as their model says."""
    table = vars(type(rows[0]))["__table__"]
    columns = [column for column in table.columns if not (column.computed or column.identity)]
    names = [column.name for column in columns]
    is_json = {column.name: isinstance(column.type, JSONB) for column in columns}
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy,
    ):
        for row in rows:
            values = ((name, getattr(row, name)) for name in names)
            copy.write_row([_kept(value) if is_json[name] else value for name, value in values])


def _kept(value: Any) -> Jsonb | None:
    """Nothing said is no value, not the null of JSON."""
    return None if value is None else Jsonb(value)


def _uuid(dice: random.Random) -> UUID:
    return UUID(int=dice.getrandbits(128) & ~(0xF << 76) | (7 << 76))


def main(arguments: list[str]) -> None:
    """``python -m bench.catalogue DATABASE_URL [--resources N]``: fill
    the catalogue, print what it cost as JSON.
    """
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("database_url")
    parser.add_argument("--resources", type=int, default=10_000)
    chosen = parser.parse_args(arguments)
    started = time.perf_counter()
    with psycopg.connect(chosen.database_url) as connection:
        fill(connection, chosen.resources)
    print(
        json.dumps(
            {"resources": chosen.resources, "seconds": round(time.perf_counter() - started, 2)}
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
